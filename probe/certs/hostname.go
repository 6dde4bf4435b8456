package certs

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"prober/probe/reason"
)

// nameFinding says that the names of a certificate do not cover a host, or only in a way that some
// clients do not take.
func nameFinding(leaf *x509.Certificate, host string) reason.Finding {
	switch {
	case covers(leaf, host):
		return wildcardFinding(leaf, host)
	case commonNameCovers(leaf, host):
		return reason.TLSCertCommonName.Found(fmt.Sprintf("the certificate has no subjectAltName with a DNS name, only the common name %q, which Go and browsers ignore", Cut(leaf.Subject.CommonName)))
	}
	return hostnameFinding(leaf, host)
}

// covers reports whether the subjectAltName covers a host. Addresses are compared by their octets
// (RFC 9525, section 6.5): crypto/x509 takes one of IPv4 that is written as one of IPv6 as well.
func covers(leaf *x509.Certificate, host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return slices.ContainsFunc(leaf.IPAddresses, func(ip net.IP) bool { return bytes.Equal(ip, a.AsSlice()) })
	}
	return leaf.VerifyHostname(host) == nil
}

// commonNameCovers reports whether a certificate without a DNS name has a common name that covers a
// host. OpenSSL, and what is built on it, takes that, and so do GnuTLS and Java in most cases
// (RFC 6125, section 6.4.4); none does for an address.
func commonNameCovers(leaf *x509.Certificate, host string) bool {
	if _, err := netip.ParseAddr(host); err == nil || len(leaf.DNSNames) > 0 {
		return false
	}
	return slices.ContainsFunc(leaf.Subject.Names, func(n pkix.AttributeTypeAndValue) bool {
		name, ok := n.Value.(string)
		return ok && n.Type.Equal(oidCommonName) && !topLevel(name) && (&x509.Certificate{DNSNames: []string{name}}).VerifyHostname(host) == nil
	})
}

var oidCommonName = asn1.ObjectIdentifier{2, 5, 4, 3}

// hostnameFinding says for which names a certificate is that is not for a host.
func hostnameFinding(leaf *x509.Certificate, host string) reason.Finding {
	names := slices.Clip(leaf.DNSNames)
	for _, ip := range leaf.IPAddresses {
		if a, ok := netip.AddrFromSlice(ip); ok {
			names = append(names, a.String())
		}
	}
	_, notAddress := netip.ParseAddr(host)
	switch {
	case len(names) == 0:
		return reason.TLSCertHostname.Found("the certificate is not for " + host + ": " + unnamed(leaf))
	case notAddress == nil && slices.Contains(leaf.DNSNames, host):
		return reason.TLSCertHostname.Found(fmt.Sprintf("the certificate has %s as a DNS name and not as an address, and clients look for an address alone", host))
	case slices.ContainsFunc(leaf.DNSNames, func(n string) bool { return partWildcard(n, host) }):
		return reason.TLSCertHostname.Found(fmt.Sprintf("the certificate is for %s, not for %s: a wildcard for part of a label matches nothing (RFC 9525, section 6.3)", nameList(names), host))
	}
	return reason.TLSCertHostname.Found(fmt.Sprintf("the certificate is for %s, not for %s", nameList(names), host))
}

// unnamed says what a certificate has in place of a DNS name or an address.
func unnamed(leaf *x509.Certificate) string {
	has := "it has no subjectAltName"
	if slices.ContainsFunc(leaf.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidSubjectAltName) }) {
		has = "its subjectAltName has neither a DNS name nor an address"
	}
	if leaf.Subject.CommonName == "" {
		return has + ", and there is no common name"
	}
	return fmt.Sprintf("%s, and its common name is %q", has, Cut(leaf.Subject.CommonName))
}

// partWildcard reports whether name has a wildcard for part of its first label that older
// clients matched with host.
func partWildcard(name, host string) bool {
	label, parent, _ := strings.Cut(strings.ToLower(name), ".")
	of, above, _ := strings.Cut(strings.ToLower(host), ".")
	before, after, wild := strings.Cut(label, "*")
	return wild && label != "*" && parent == above && len(of) >= len(before)+len(after) && strings.HasPrefix(of, before) && strings.HasSuffix(of, after)
}

// topLevel reports whether a name is a wildcard for a whole top-level domain, which no common client
// but Go takes.
func topLevel(name string) bool {
	return strings.HasPrefix(name, "*.") && strings.Count(name, ".") == 1
}

// wildcardFinding says that only a wildcard directly below a public suffix covers host.
// All but Go refuse it below a top-level domain, GnuTLS and browsers below registries'
// suffixes such as co.uk. Below private ones such as github.io, a wildcard is what is meant.
func wildcardFinding(leaf *x509.Certificate, host string) reason.Finding {
	name, parent, _ := strings.Cut(strings.ToLower(strings.TrimSuffix(host, ".")), ".")
	suffix, icann := publicsuffix.PublicSuffix(parent)
	if name == "" || strings.Contains(parent, ".") && (!icann || suffix != parent) {
		return reason.Finding{}
	}
	narrow := *leaf
	narrow.DNSNames = slices.DeleteFunc(slices.Clone(leaf.DNSNames), func(n string) bool { return strings.HasPrefix(n, "*.") })
	if len(narrow.DNSNames) == len(leaf.DNSNames) || narrow.VerifyHostname(host) == nil {
		return reason.Finding{}
	}
	if !strings.Contains(parent, ".") {
		return reason.TLSCertHostname.Found(fmt.Sprintf("the certificate is for *.%s, and a wildcard for a whole top-level domain covers %s for no common client but Go", parent, host))
	}
	return reason.TLSCertWildcard.Found(fmt.Sprintf("only the wildcard *.%s, for a whole public suffix, covers %s", parent, host))
}
