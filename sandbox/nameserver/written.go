package nameserver

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"

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
		case nameOf(q.Asked.Type) != kind || len(records) == 0:
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

// typeCAA is one that package dnsmessage has no name for.
const typeCAA dnsmessage.Type = 257

func nameOf(t dnsmessage.Type) string {
	if t == typeCAA {
		return "CAA"
	}
	return strings.TrimPrefix(t.String(), "Type")
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
	if kind == "CAA" {
		return caa(text)
	}
	if kind == "TXT" {
		text = bare(text)
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

// caa reads a CAA record: RFC 8659, section 4.1.
func caa(text string) dnsmessage.ResourceBody {
	words := strings.Fields(text)
	if len(words) < 3 {
		return nil
	}
	flags, err := strconv.ParseUint(words[0], 10, 8)
	if err != nil || len(words[1]) > 255 {
		return nil
	}
	_, value, _ := strings.Cut(strings.TrimLeftFunc(text, unicode.IsSpace)[len(words[0]):], words[1])
	value = bare(strings.TrimSpace(value))
	return &dnsmessage.UnknownResource{Type: typeCAA, Data: append([]byte{byte(flags), byte(len(words[1]))}, words[1]+value...)}
}

// bare is a text without the quotes that dig writes around its parts, and with what stands there for a character in its place.
func bare(text string) string {
	if !strings.HasPrefix(text, `"`) || !strings.HasSuffix(text, `"`) || len(text) < 2 {
		return text
	}
	text = strings.ReplaceAll(text[1:len(text)-1], `" "`, "")
	var out []byte
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			out = append(out, text[i])
			continue
		}
		rest := text[i+1:]
		n, err := strconv.ParseUint(rest[:min(3, len(rest))], 10, 8)
		switch {
		case err == nil && len(rest) >= 3:
			out, i = append(out, byte(n)), i+3
		case rest != "":
			out, i = append(out, rest[0]), i+1
		}
	}
	return string(out)
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
		case "CAA":
			text = `0 issue "` + strings.TrimSuffix(text, ".") + `"`
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
