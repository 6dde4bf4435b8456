package catalog

import (
	"net/netip"
	"strings"
)

// HostProblem says what keeps s from being a host name as RFC 952 and RFC 1123, section
// 2.1 have it: letters, digits and hyphens, in labels of 1 to 63 octets, 253 in all. It
// returns "" for a good one. The catalogue writes them in lower case and without a final
// dot, so that one host has one spelling; a name outside ASCII is written in its A-label
// form (RFC 5890).
func HostProblem(s string) string {
	if isAddress(s) {
		return "it is an address"
	}
	if len(s) > 253 {
		return "it is longer than 253 characters"
	}
	if strings.HasSuffix(s, ".") {
		return "it ends in a dot"
	}
	last := ""
	for l := range strings.SplitSeq(s, ".") {
		last = l
		switch {
		case l == "":
			return "it has an empty label"
		case len(l) > 63:
			return "it has a label longer than 63 characters"
		case l[0] == '-' || l[len(l)-1] == '-':
			return "it has a label that begins or ends with a hyphen"
		case strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
			if strings.ToLower(l) != l {
				return "it is not in lower case"
			}
			return "it has a character other than a-z, 0-9, hyphen and dot"
		}
	}
	if strings.Trim(last, "0123456789") == "" {
		return "its last label is a number"
	}
	return ""
}

// isAddress looks twice at what may be one alone: a list has many names, and each that is none costs
// an error.
func isAddress(s string) bool {
	if s == "" || strings.IndexByte(s, ':') < 0 && strings.IndexByte("0123456789", s[len(s)-1]) < 0 {
		return false
	}
	_, err := netip.ParseAddr(s)
	return err == nil
}
