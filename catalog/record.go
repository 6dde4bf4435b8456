package catalog

import (
	"net/netip"
	"strconv"
	"strings"
)

// recordProblem returns what a record of a type looks like where a text can be none; empty: it can.
func recordProblem(t RecordType, s string) (example string) {
	words := strings.Fields(s)
	numbers := func(words []string) bool {
		for _, w := range words {
			if _, err := strconv.ParseUint(w, 10, 32); err != nil {
				return false
			}
		}
		return true
	}
	a, err := netip.ParseAddr(s)
	fits := true
	switch t {
	case "", "A":
		fits, example = err == nil && a.Is4(), "192.0.2.1"
	case "AAAA":
		fits, example = err == nil && a.Is6() && a.Zone() == "", "2001:db8::1"
	case "CNAME", "NS", "PTR":
		fits, example = len(words) == 1, "www.example.com."
	case "MX":
		fits, example = len(words) == 2 && numbers(words[:1]), `"10 mail.example.com."`
	case "CAA":
		fits, example = len(words) > 2, `'0 issue "ca.example.com"'`
		if fits {
			_, err := strconv.ParseUint(words[0], 10, 8)
			fits = err == nil
		}
	case "SRV":
		fits, example = len(words) == 4 && numbers(words[:3]), `"10 5 5060 sip.example.com."`
	case "SOA":
		fits, example = len(words) == 7 && numbers(words[2:]), `"ns.example.com. admin.example.com. 1 7200 900 1209600 86400"`
	}
	if fits {
		return ""
	}
	return example
}
