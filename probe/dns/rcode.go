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

// rcodeReason is what a response code says by itself about an address question.
func rcodeReason(code dnsmessage.RCode) reason.Reason {
	switch code {
	case dnsmessage.RCodeSuccess:
		return reason.None
	case dnsmessage.RCodeNameError:
		return reason.ResolveNXDomain
	case dnsmessage.RCodeServerFailure:
		return reason.ResolveServFail
	case dnsmessage.RCodeRefused:
		return reason.ResolveRefused
	case dnsmessage.RCodeFormatError:
		return reason.ResolveFormErr
	case dnsmessage.RCodeNotImplemented:
		return reason.ResolveNotImp
	}
	return reason.ResolveBadRCode
}
