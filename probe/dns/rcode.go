package dns

import (
	"strconv"

	"golang.org/x/net/dns/dnsmessage"

	"prober/probe/reason"
)

// rcodeNames are the mnemonics of the IANA registry of DNS response codes.
var rcodeNames = map[dnsmessage.RCode]string{
	0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED",
	6: "YXDOMAIN", 7: "YXRRSET", 8: "NXRRSET", 9: "NOTAUTH", 10: "NOTZONE", 11: "DSOTYPENI",
	16: "BADVERS", 17: "BADKEY", 18: "BADTIME", 19: "BADMODE", 20: "BADNAME", 21: "BADALG",
	22: "BADTRUNC", 23: "BADCOOKIE",
}

func rcodeName(code dnsmessage.RCode) string {
	if name, ok := rcodeNames[code]; ok {
		return name
	}
	return "RCODE" + strconv.Itoa(int(code))
}

// className is a class as the IANA registry of DNS classes calls it, and else as RFC 3597, section 5, writes it.
func className(class dnsmessage.Class) string {
	switch class {
	case dnsmessage.ClassINET:
		return "IN"
	case dnsmessage.ClassCHAOS:
		return "CH"
	case dnsmessage.ClassHESIOD:
		return "HS"
	}
	return "CLASS" + strconv.Itoa(int(class))
}

// rcodeReasons are what response codes say by themselves about an address question.
var rcodeReasons = map[dnsmessage.RCode]reason.Reason{
	dnsmessage.RCodeSuccess:        reason.None,
	dnsmessage.RCodeFormatError:    reason.ResolveFormErr,
	dnsmessage.RCodeServerFailure:  reason.ResolveServFail,
	dnsmessage.RCodeNameError:      reason.ResolveNXDomain,
	dnsmessage.RCodeNotImplemented: reason.ResolveNotImp,
	dnsmessage.RCodeRefused:        reason.ResolveRefused,
}

func rcodeReason(code dnsmessage.RCode) reason.Reason {
	if why, ok := rcodeReasons[code]; ok {
		return why
	}
	return reason.ResolveBadRCode
}
