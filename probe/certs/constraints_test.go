package certs

import (
	"crypto/x509"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"

	"prober/probe/certs/certstest"
	"prober/probe/reason"
)

// general are general names, each written as its kind and its text: "dns a.test", "ip 10.0.0.0/8", "mail a@b".
func general(names string) (list [][]byte) {
	for _, n := range strings.Split(names, ", ") {
		kind, text, _ := strings.Cut(n, " ")
		if kind == "" {
			continue
		}
		value := []byte(text)
		if kind == "ip" {
			if _, network, err := net.ParseCIDR(text); err == nil {
				value = slices.Concat([]byte(network.IP), network.Mask)
			} else if value = net.ParseIP(text).To4(); value == nil {
				value = net.ParseIP(text)
			}
		}
		if kind == "dir" {
			value = commonName(utf8Text, text)
		}
		list = append(list, tlv(map[string]byte{"mail": 0x81, "dns": 0x82, "dir": 0xa4, "uri": 0x86, "ip": 0x87}[kind], value))
	}
	return list
}

// constrained gives an issuer name constraints.
func constrained(permitted, excluded string) func(*crafted) {
	var trees [][]byte
	for i, names := range []string{permitted, excluded} {
		var list [][]byte
		for _, n := range general(names) {
			list = append(list, seq(n))
		}
		if list != nil {
			trees = append(trees, tlv(0xa0+byte(i), list...))
		}
	}
	return with(true, seq(trees...), 2, 5, 29, 30)
}

// named gives a certificate a subjectAltName, and the usage of a server.
func named(names string) func(*crafted) {
	return func(c *crafted) {
		c.extensions = append(c.extensions, ext(false, seq(general(names)...), 2, 5, 29, 17), ext(false, seq(oid(1, 3, 6, 1, 5, 5, 7, 3, 1)), 2, 5, 29, 37))
	}
}

// constrainedChains are leaves below name constraints: what these permit, what they exclude, and names that no constraint
// is about, in whatever form they are.
func constrainedChains() (all []struct {
	judged
	want reason.Reason
},
) {
	const host = certstest.Host
	root := craft("Root", newKey(), nil, craftedAuthority)
	for _, tt := range []struct {
		names, permitted, excluded string
		want                       reason.Reason
		host                       string
	}{
		{"dns good.test", "dns test", "", reason.None, ""},
		{"dns good.test", "dns other.test", "", reason.TLSCertUsage, ""},
		{"dns good.test", "dns .test", "dns bad.test", reason.None, ""},
		{"dns good.test", "dns .good.test", "", reason.TLSCertUsage, ""},
		{"dns good.test", "", "dns d.test", reason.None, ""},
		{"dns good.test", "", "dns TEST", reason.TLSCertUsage, ""},
		{"dns good.test", "", "dns ", reason.TLSCertUsage, ""},
		{"dns good.test, dns other.test", "dns good.test", "", reason.TLSCertUsage, ""},
		{"dns good.test", "ip 10.0.0.0/8, mail good.test, uri good.test", "", reason.None, ""},
		{"dns good.test, ip 10.1.2.3", "ip 10.0.0.0/8", "", reason.None, ""},
		{"dns good.test, ip 10.1.2.3", "ip 10.2.0.0/16, ip 2001:db8::/32", "ip 11.0.0.0/8", reason.TLSCertUsage, ""},
		{"dns good.test, ip ::1", "", "ip 0.0.0.0/0", reason.None, ""},
		{"dns good.test, ip ::1", "", "ip ::/0", reason.TLSCertUsage, ""},

		// Names of a kind that nothing is said of.
		{"dns good.test, uri urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427", "dns test", "", reason.None, ""},
		{"dns good.test, uri https://10.1.2.3/x", "dns test", "", reason.None, ""},
		{"dns good.test, uri https://[::1]/", "dns test", "dns a.test", reason.None, ""},
		{"dns good.test, mail a b@good.test", "dns test", "", reason.None, ""},
		{"dns good.test, mail good.test", "", "ip 10.0.0.0/8", reason.None, ""},
		{"dns good.test, dns a b", "", "ip 10.0.0.0/8", reason.None, ""},
		{"dns good.test, dns a..test", "dns test", "", reason.None, ""},
		{"dns good.test, dns good.test.", "", "dns other", reason.None, ""},

		// Mail and URIs are of one host, unless a dot stands in front.
		{"dns good.test, mail a@sub.good.test", "", "mail good.test", reason.None, ""},
		{"dns good.test, mail a@GOOD.test", "", "mail good.test", reason.TLSCertUsage, ""},
		{"dns good.test, mail a@sub.good.test", "mail .good.test", "", reason.None, ""},
		{"dns good.test, mail a@good.test", "mail .good.test", "", reason.TLSCertUsage, ""},
		{"dns good.test, mail a@good.test", "mail a@GOOD.test", "", reason.None, ""},
		{"dns good.test, mail A@good.test", "mail a@good.test", "", reason.TLSCertUsage, ""},
		{"dns good.test, mail good.test", "mail good.test", "", reason.TLSCertUsage, ""},
		{"dns good.test, uri https://u@a.good.test:8443/x", "", "uri good.test", reason.None, ""},
		{"dns good.test, uri https://a.good.test/?x#y", "uri .good.test", "", reason.None, ""},
		{"dns good.test, uri https://good.test", "uri .good.test", "", reason.TLSCertUsage, ""},
		{"dns good.test, uri urn:a", "uri good.test", "", reason.TLSCertUsage, ""},

		// Wildcards.
		{"dns *.good.test", "dns good.test", "", reason.None, "a.good.test"},
		{"dns *.good.test", "dns a.good.test", "", reason.TLSCertUsage, "a.good.test"},
		{"dns *.good.test", "", "dns a.good.test", reason.TLSCertWildcard, "b.good.test"},
		{"dns *.good.test, dns good.test", "", "dns A.good.test", reason.TLSCertWildcard, ""},
		{"dns *.good.test", "", "dns b.a.good.test, dns other.test", reason.None, "b.good.test"},
		{"dns *.good.test", "", "dns good.test", reason.TLSCertUsage, "b.good.test"},
	} {
		issuer := craft("Named CA", newKey(), root, craftedAuthority, constrained(tt.permitted, tt.excluded))
		leaf := craft("Leaf", newKey(), issuer, named(tt.names))
		if tt.host == "" {
			tt.host = host
		}
		all = append(all, struct {
			judged
			want reason.Reason
		}{judged{name: fmt.Sprintf("%s permitted %s excluded %s", tt.names, tt.permitted, tt.excluded), chain: [][]byte{leaf.der, issuer.der}, roots: [][]byte{root.der}, host: tt.host}, tt.want})
	}
	return all
}

// TestConstraints judges leaves below name constraints, those of others among them that crypto/x509 refuses.
func TestConstraints(t *testing.T) {
	for _, tt := range constrainedChains() {
		t.Run(tt.name, func(t *testing.T) {
			got := reason.Worst(tt.findings(t)...)
			if got.Reason != tt.want {
				t.Errorf("%v, want %s", got, tt.want)
			}
		})
	}
}

// TestConstraintsOnTheSubject: mail addresses and, where there is no name of a host, common names of the subject count.
func TestConstraintsOnTheSubject(t *testing.T) {
	root := craft("Root", newKey(), nil, craftedAuthority)
	mail := seq(tlv(0x31, seq(oid(1, 2, 840, 113549, 1, 9, 1), tlv(ia5, []byte("a@good.test")))))
	for name, tt := range map[string]struct {
		permitted string
		leaf      []func(*crafted)
		want      reason.Reason
	}{
		"a mail address":                      {"mail other.test", []func(*crafted){named("dns good.test"), func(c *crafted) { c.subject = mail }}, reason.TLSCertUsage},
		"a mail address that is permitted":    {"mail good.test", []func(*crafted){named("dns good.test"), func(c *crafted) { c.subject = mail }}, reason.None},
		"a common name alone":                 {"dns other.test", []func(*crafted){func(c *crafted) { c.subject = commonName(utf8Text, "good.test") }}, reason.TLSCertUsage},
		"a common name beside a name":         {"dns good.test", []func(*crafted){named("dns good.test"), func(c *crafted) { c.subject = commonName(utf8Text, "other.test") }}, reason.None},
		"a common name that is none of hosts": {"dns good.test", []func(*crafted){named("ip 10.0.0.1"), func(c *crafted) { c.subject = commonName(utf8Text, "Our server") }}, reason.TLSCertHostname},
	} {
		t.Run(name, func(t *testing.T) {
			issuer := craft("Named CA", newKey(), root, craftedAuthority, constrained(tt.permitted, ""))
			f := judged{chain: [][]byte{craft("Leaf", newKey(), issuer, tt.leaf...).der, issuer.der}, roots: [][]byte{root.der}, host: certstest.Host}
			if got := reason.Worst(f.findings(t)...); got.Reason != tt.want {
				t.Errorf("%v, want %s", got, tt.want)
			}
		})
	}
}

// TestWayAroundConstraints: of two paths the one without constraints that forbid a name counts.
func TestWayAroundConstraints(t *testing.T) {
	root, other := alive("Root", nil, certstest.Authority), alive("Other root", nil, certstest.Authority)
	ca := alive("Issuing CA", root, certstest.Authority)
	narrow := aliveWithKey(ca.Key, "Issuing CA", other, certstest.Authority, func(c *x509.Certificate) { c.PermittedDNSDomains = []string{"other.test"} })
	leaf := alive("Leaf", ca, certstest.ForHosts(certstest.Host))
	for _, chain := range [][]*certstest.Entity{{leaf, ca, narrow}, {leaf, narrow, ca}} {
		f := foreign{chain: chain, roots: []*certstest.Entity{root, other}, host: certstest.Host}
		if got := reason.Worst(f.judged().findings(t)...); got.Reason == reason.TLSCertUsage {
			t.Error(got)
		}
	}
}
