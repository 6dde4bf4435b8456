package dns

import (
	"encoding/binary"
	"strconv"
	"strings"

	"golang.org/x/net/dns/dnsmessage"

	"prober/limit"
	"prober/plain"
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

// admission is what a resolver says of itself by an extended error.
type admission uint8

const (
	admitsNothing  admission = iota
	admitsPolicy             // it hides what it knows, or made it up
	admitsNotReady           // it cannot tell yet
)

// admitted returns the first admission among options.
func admitted(options []dnsmessage.Option) admission {
	for _, o := range options {
		if o.Code != edeOption || len(o.Data) < 2 {
			continue
		}
		switch binary.BigEndian.Uint16(o.Data) {
		case 4, 15, 16, 17, 18: // Forged Answer, Blocked, Censored, Filtered, Prohibited
			return admitsPolicy
		case 14: // Not Ready
			return admitsNotReady
		}
	}
	return admitsNothing
}

func extendedError(data []byte) string {
	code := int(binary.BigEndian.Uint16(data))
	s := strconv.Itoa(code)
	if code < len(edeNames) {
		s += " " + edeNames[code]
	}
	if text := strings.TrimSpace(plain.Line(string(data[2:]), limit.ExtraText)); text != "" {
		s += ": " + text
	}
	return s
}
