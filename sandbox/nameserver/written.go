package nameserver

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// Written is what a server of one name answers: a code, and records as dig +short writes them. It knows
// no other name, and no other type of this one.
func Written(name, kind, code string, records []string) AnswerFunc {
	rcode := rcodes()[code]
	return func(q Question, _ Host) Answer {
		switch {
		case q.Name != strings.TrimSuffix(strings.ToLower(name), "."):
			return Answer{RCode: dnsmessage.RCodeRefused, NotAuthoritative: true}
		case rcode == dnsmessage.RCodeNameError:
			return noSuchName(q)
		case rcode != dnsmessage.RCodeSuccess:
			return Answer{RCode: rcode, NotAuthoritative: true}
		case strings.TrimPrefix(q.Asked.Type.String(), "Type") != kind || len(records) == 0:
			return noData(q)
		}
		var a Answer
		for _, text := range records {
			if body := read(kind, text); body != nil {
				a.Records = append(a.Records, record(q.Name, positiveTTL, body))
			}
		}
		return a
	}
}

func rcodes() map[string]dnsmessage.RCode {
	return map[string]dnsmessage.RCode{
		"FORMERR": dnsmessage.RCodeFormatError, "SERVFAIL": dnsmessage.RCodeServerFailure, "NXDOMAIN": dnsmessage.RCodeNameError,
		"NOTIMP": dnsmessage.RCodeNotImplemented, "REFUSED": dnsmessage.RCodeRefused, "NOTAUTH": 9,
	}
}

// read reads a record; nil for what is none.
func read(kind, text string) dnsmessage.ResourceBody {
	words := strings.Fields(text)
	number := func(i int) uint32 {
		n, _ := strconv.ParseUint(words[i], 10, 32) // which who wrote it saw to
		return uint32(n)
	}
	if kind == "TXT" {
		if strings.HasPrefix(text, `"`) && strings.HasSuffix(text, `"`) && len(text) > 1 {
			text = strings.ReplaceAll(text[1:len(text)-1], `" "`, "")
		}
		var parts []string
		for p := range slices.Chunk([]byte(text), 255) {
			parts = append(parts, string(p))
		}
		return &dnsmessage.TXTResource{TXT: parts}
	}
	if want := map[string]int{"MX": 2, "SRV": 4, "SOA": 7}[kind]; len(words) != max(1, want) {
		return nil
	}
	switch kind {
	case "A", "AAAA":
		a, err := netip.ParseAddr(text)
		switch {
		case err != nil || a.Is4() != (kind == "A"):
			return nil
		case a.Is4():
			return &dnsmessage.AResource{A: a.As4()}
		}
		return &dnsmessage.AAAAResource{AAAA: a.As16()}
	case "CNAME":
		return &dnsmessage.CNAMEResource{CNAME: dnsName(text)}
	case "NS":
		return &dnsmessage.NSResource{NS: dnsName(text)}
	case "PTR":
		return &dnsmessage.PTRResource{PTR: dnsName(text)}
	case "MX":
		return &dnsmessage.MXResource{Pref: uint16(number(0)), MX: dnsName(words[1])}
	case "SRV":
		return &dnsmessage.SRVResource{Priority: uint16(number(0)), Weight: uint16(number(1)), Port: uint16(number(2)), Target: dnsName(words[3])}
	case "SOA":
		return &dnsmessage.SOAResource{
			NS: dnsName(words[0]), MBox: dnsName(words[1]), Serial: number(2),
			Refresh: number(3), Retry: number(4), Expire: number(5), MinTTL: number(6),
		}
	}
	return nil
}

// MadeUp is a record of a type that is none of some others.
func MadeUp(kind string, others []string) string {
	for i := 1; ; i++ {
		n := strconv.Itoa(i)
		text := "host" + n + ".sandbox.test."
		switch kind {
		case "A":
			text = "192.0.2." + n
		case "AAAA":
			text = "2001:db8::" + n
		case "TXT":
			text = "made up " + n
		case "MX":
			text = n + " " + text
		case "SRV":
			text = n + " 0 443 " + text
		case "SOA":
			text = text + " hostmaster.sandbox.test. " + n + " 3600 600 86400 30"
		}
		if !slices.Contains(others, text) {
			return text
		}
	}
}
