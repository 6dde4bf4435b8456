package dns

import (
	"encoding/binary"
	"strconv"
	"strings"

	"golang.org/x/net/dns/dnsmessage"

	"prober/limit"
)

const edeOption = 15 // the option code of RFC 8914

// edeNames are the purposes of the info codes, from the IANA registry of extended DNS
// error codes.
var edeNames = [...]string{
	"Other", "Unsupported DNSKEY Algorithm", "Unsupported DS Digest Type", "Stale Answer",
	"Forged Answer", "DNSSEC Indeterminate", "DNSSEC Bogus", "Signature Expired",
	"Signature Not Yet Valid", "DNSKEY Missing", "RRSIGs Missing", "No Zone Key Bit Set",
	"NSEC Missing", "Cached Error", "Not Ready", "Blocked", "Censored", "Filtered",
	"Prohibited", "Stale NXDOMAIN Answer", "Not Authoritative", "Not Supported",
	"No Reachable Authority", "Network Error", "Invalid Data", "Signature Expired before Valid",
	"Too Early", "Unsupported NSEC3 Iterations Value", "Unable to conform to policy", "Synthesized",
}

// extendedErrors renders the extended errors among options, separated by "; ".
func extendedErrors(options []dnsmessage.Option) string {
	var found []string
	for _, o := range options {
		if o.Code != edeOption || len(o.Data) < 2 {
			continue
		}
		if found = append(found, extendedError(o.Data)); len(found) == limit.ExtendedErrors {
			break
		}
	}
	return strings.Join(found, "; ")
}

func extendedError(data []byte) string {
	code := int(binary.BigEndian.Uint16(data))
	s := strconv.Itoa(code)
	if code < len(edeNames) {
		s += " " + edeNames[code]
	}
	if text := printable(data[2:]); text != "" {
		s += ": " + text
	}
	return s
}

// printable makes a resolver's text one bounded line without control characters.
func printable(text []byte) string {
	if len(text) > limit.ExtraText {
		text = text[:limit.ExtraText]
	}
	s := strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(string(text), " "))
	return strings.TrimSpace(s)
}
