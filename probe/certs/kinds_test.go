package certs

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/probe/certs/certstest"
)

// moreForeignChains are rarer kinds of certificates, and such as are made to cost much.
func moreForeignChains(t *testing.T) (all []foreign) {
	t.Helper()
	type entity = *certstest.Entity
	good, authority := certstest.ForHosts(certstest.Host), certstest.Change(certstest.Authority)
	day, now := certstest.Day, time.Now()
	root := alive("Root", nil, authority)
	ca := alive("Issuing CA", root, authority)
	add := func(name string, roots []entity, chain ...entity) {
		all = append(all, foreign{name: name, chain: chain, roots: roots})
	}
	trusted := []entity{root}
	also := func(changes ...certstest.Change) certstest.Change {
		return func(c *x509.Certificate) {
			for _, change := range changes {
				change(c)
			}
		}
	}
	keyID := func(id byte) certstest.Change {
		return func(c *x509.Certificate) { c.SubjectKeyId = slices.Repeat([]byte{id}, 20) }
	}
	names := func(n int, format string) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf(format, i))
		}
		return list
	}
	host := func(name, host string, change certstest.Change) {
		all = append(all, foreign{name: name, chain: []entity{alive("Leaf", ca, change), ca}, roots: trusted, host: host})
	}
	below := func(name string, change certstest.Change, leaf ...certstest.Change) {
		issuer := alive("Odd CA", root, also(authority, change))
		add(name, trusted, alive("Leaf", issuer, append([]certstest.Change{good}, leaf...)...), issuer)
	}

	// Issuers that look alike.
	twin := func(changes ...certstest.Change) entity {
		return alive("Twin CA", root, append([]certstest.Change{authority, keyID(7)}, changes...)...)
	}
	first, second := twin(), twin()
	withRSA := aliveWithKey(certstest.RSAKey(2048), "Twin CA", root, authority, keyID(7))
	add("the issuer behind another of its name and key identifier", trusted, alive("Leaf", second, good), first, second)
	add("an issuer of RSA behind one of ECDSA with its name and key identifier", trusted, alive("Leaf", withRSA, good), first, withRSA)
	add("an issuer of ECDSA behind one of RSA with its name and key identifier", trusted, alive("Leaf", first, good), withRSA, first)
	add("an issuer of the right name and key identifier, and another key", trusted, alive("Leaf", second, good), first)
	add("an issuer of the right name and key identifier, and another kind of key", trusted, alive("Leaf", first, good), withRSA)
	add("the issuer among thirty of its name", trusted, slices.Concat([]entity{alive("Leaf", second, good)}, slices.Repeat([]entity{first}, 1), func() (l []entity) {
		for range 28 {
			l = append(l, twin())
		}
		return l
	}(), []entity{second})...)
	add("an issuer that was renewed with its key and another key identifier", trusted, alive("Leaf", first, good), aliveWithKey(first.Key, "Twin CA", root, authority, keyID(8)))

	// Cross-signed authorities.
	other := alive("Other root", nil, authority)
	crossed := aliveWithKey(root.Key, "Root", other, authority)
	add("a root cross-signed by another that is trusted", []entity{other}, alive("Leaf", ca, good), ca, crossed)
	add("the same, both trusted", []entity{root, other}, alive("Leaf", ca, good), ca, crossed)
	add("the same, in front of its issuer", []entity{other}, alive("Leaf", ca, good), crossed, ca)
	add("the same, neither trusted", []entity{alive("Third root", nil, authority)}, alive("Leaf", ca, good), ca, crossed)
	circle := aliveWithKey(other.Key, "Other root", root, authority)
	add("two roots that signed each other, one trusted", []entity{other}, alive("Leaf", ca, good), ca, crossed, circle)
	add("two roots that signed each other, none trusted", []entity{alive("Third root", nil, authority)}, alive("Leaf", ca, good), ca, crossed, circle)
	for _, n := range []int{3, 5} {
		var heads, web []entity
		for i := range n {
			heads = append(heads, alive(fmt.Sprint("Mesh ", i), root, authority))
		}
		for _, subject := range heads {
			for _, issuer := range heads {
				if subject != issuer {
					web = append(web, aliveWithKey(subject.Key, subject.Cert.Subject.CommonName, issuer, authority))
				}
			}
		}
		leaf := alive("Leaf", heads[0], good)
		add(fmt.Sprint("a mesh of ", n, " with a way to a root"), trusted, slices.Concat([]entity{leaf}, web, heads[n-1:])...)
		add(fmt.Sprint("a mesh of ", n, " without one"), trusted, slices.Concat([]entity{leaf}, web)...)
	}

	// Depth.
	for _, n := range []int{3, 6, 9} {
		line := []entity{root}
		for i := range n {
			line = slices.Insert(line, 0, alive(fmt.Sprint("Link ", i), line[0], authority))
		}
		add(fmt.Sprint(n, " authorities deep"), trusted, append([]entity{alive("Leaf", line[0], good)}, line[:n]...)...)
		add(fmt.Sprint(n, " authorities deep, in reverse"), trusted, append([]entity{alive("Leaf", line[0], good)}, func() []entity { l := slices.Clone(line[:n]); slices.Reverse(l); return l }()...)...)
	}
	for _, most := range []int{0, 1, 2} {
		bounded := alive("Bounded CA", root, authority, func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = most, most == 0 })
		middle := alive("Middle CA", bounded, authority)
		lower := alive("Lower CA", middle, authority)
		add(fmt.Sprint("two authorities below a path length of ", most), trusted, alive("Leaf", lower, good), lower, middle, bounded)
		rolled := alive("Bounded CA", bounded, authority)
		add(fmt.Sprint("an authority renewed by itself below a path length of ", most), trusted, alive("Leaf", rolled, good), rolled, bounded)
	}

	// Names.
	for name, dns := range map[string][]string{
		"a name with an underscore": {"a_b.good.test"}, "a wildcard in capitals": {"*.GOOD.TEST"}, "a name that begins with a dot": {".good.test"},
		"an empty name": {""}, "a star alone": {"*"}, "a wildcard of the host itself": {"*.a_b.good.test"}, "five thousand names": append(names(5000, "n%d.good.test"), "a_b.good.test"),
		"five thousand other names": names(5000, "n%d.good.test"), "a very long name": {strings.Repeat("a", 300) + ".good.test"}, "a name with a space": {"a b.good.test"},
	} {
		host(name, "a_b.good.test", certstest.ForHosts(dns...))
	}
	host("a name of a mail address and a URI", certstest.Host, func(c *x509.Certificate) {
		c.EmailAddresses, c.URIs = []string{"a@good.test"}, []*url.URL{{Scheme: "https", Host: certstest.Host}}
	})
	host("no subject", certstest.Host, also(good, func(c *x509.Certificate) { c.Subject = pkix.Name{} }))
	host("a subject of many attributes", certstest.Host, also(good, func(c *x509.Certificate) { c.Subject.OrganizationalUnit = names(300, "Unit %d") }))
	host("a common name beside other names", certstest.Host, also(certstest.ForHosts("other.test"), func(c *x509.Certificate) { c.Subject.CommonName = certstest.Host }))
	host("an address among names", "127.0.0.1", also(good, func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)} }))

	// Name constraints.
	for name, change := range map[string]certstest.Change{
		"permits .test":      func(c *x509.Certificate) { c.PermittedDNSDomains = []string{".test"} },
		"permits the host":   func(c *x509.Certificate) { c.PermittedDNSDomains = []string{certstest.Host} },
		"permits .good.test": func(c *x509.Certificate) { c.PermittedDNSDomains = []string{".good.test"} },
		"permits TEST":       func(c *x509.Certificate) { c.PermittedDNSDomains = []string{"TEST"} },
		"permits all, but it": func(c *x509.Certificate) {
			c.PermittedDNSDomains, c.ExcludedDNSDomains = []string{"test"}, []string{certstest.Host}
		},
		"permits an address": func(c *x509.Certificate) {
			c.PermittedIPRanges = []*net.IPNet{{IP: net.IPv4(10, 0, 0, 0).To4(), Mask: net.CIDRMask(8, 32)}}
		},
		"excludes all addresses": func(c *x509.Certificate) {
			c.ExcludedIPRanges = []*net.IPNet{{IP: net.IPv4zero.To4(), Mask: net.CIDRMask(0, 32)}}
		},
		"permits a URI":         func(c *x509.Certificate) { c.PermittedURIDomains = []string{"other.test"} },
		"permits two thousand":  func(c *x509.Certificate) { c.PermittedDNSDomains = append(names(2000, "p%d.test"), "test") },
		"excludes two thousand": func(c *x509.Certificate) { c.ExcludedDNSDomains = names(2000, "p%d.test") },
	} {
		below("an issuer that "+name, also(change, func(c *x509.Certificate) { c.PermittedDNSDomainsCritical = true }))
	}
	wide := alive("Wide CA", root, authority, func(c *x509.Certificate) { c.PermittedDNSDomains = []string{"test"} })
	narrow := alive("Narrow CA", wide, authority, func(c *x509.Certificate) { c.PermittedDNSDomains = []string{"other.test"} })
	add("constraints of two issuers, the lower narrower", trusted, alive("Leaf", narrow, good), narrow, wide)
	strict := alive("Strict root", nil, authority, func(c *x509.Certificate) {
		c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"other.test"}
	})
	add("constraints of the trusted root", []entity{strict}, alive("Leaf", strict, good))

	// Dates.
	for name, dates := range map[string][2]time.Time{
		"valid until 2060": {now.Add(-day), time.Date(2060, 1, 1, 0, 0, 0, 0, time.UTC)}, "valid since 1999": {time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), now.Add(day)},
		"ended before it began": {now.Add(day), now.Add(-day)}, "ended a second ago": {now.Add(-day), now.Add(-time.Second)}, "longer than its issuer": {now.Add(-200 * day), now.Add(200 * day)},
	} {
		add("a leaf "+name, trusted, alive("Leaf", ca, good, certstest.Valid(dates[0], dates[1])), ca)
		below("an issuer "+name, certstest.Valid(dates[0], dates[1]))
	}

	// Usages, serial numbers and constraints of the leaf.
	for name, change := range map[string]certstest.Change{
		"usage of a gateway of Netscape's": func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageNetscapeServerGatedCrypto}
		},
		"usage of a gateway and a server": func(c *x509.Certificate) {
			c.ExtKeyUsage = append(c.ExtKeyUsage, x509.ExtKeyUsageMicrosoftServerGatedCrypto)
		},
		"usage that nobody knows": func(c *x509.Certificate) {
			c.ExtKeyUsage, c.UnknownExtKeyUsage = nil, []asn1.ObjectIdentifier{{1, 2, 3, 4}}
		},
		"usage that nobody knows besides": func(c *x509.Certificate) { c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 2, 3, 4}} },
		"authority of its own":            authority,
		"constraints that say no":         func(c *x509.Certificate) { c.BasicConstraintsValid = true },
		"serial number 1":                 func(c *x509.Certificate) { c.SerialNumber = big.NewInt(1) },
		"serial number of 20 octets":      func(c *x509.Certificate) { c.SerialNumber = new(big.Int).Lsh(big.NewInt(1), 158) },
		"policies":                        func(c *x509.Certificate) { c.PolicyIdentifiers = []asn1.ObjectIdentifier{{2, 23, 140, 1, 2, 1}} },
	} {
		add("a leaf with "+name, trusted, alive("Leaf", ca, good, change), ca)
	}
	for name, change := range map[string]certstest.Change{
		"usages of a server and a gateway": func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageNetscapeServerGatedCrypto}
		},
		"usage of a gateway": func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageMicrosoftServerGatedCrypto}
		},
		"usage for OCSP": func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning} },
		"a policy that is required": also(func(c *x509.Certificate) { c.PolicyIdentifiers = []asn1.ObjectIdentifier{{1, 2, 3}} },
			extension(true, []byte{0x30, 3, 0x80, 1, 0}, 2, 5, 29, 36)),
		"inhibitAnyPolicy": extension(true, []byte{2, 1, 0}, 2, 5, 29, 54),
	} {
		below("an issuer with "+name, change)
	}

	// Keys and signatures.
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edCA := aliveWithKey(ed, "Ed25519 CA", root, authority)
	add("an issuer with Ed25519", trusted, alive("Leaf", edCA, good), edCA)
	for _, a := range []x509.SignatureAlgorithm{x509.ECDSAWithSHA1, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512} {
		add("signed with "+a.String(), trusted, alive("Leaf", ca, good, func(c *x509.Certificate) { c.SignatureAlgorithm = a }), ca)
		below("an issuer signed with "+a.String(), func(c *x509.Certificate) { c.SignatureAlgorithm = a })
		r := alive("Root of "+a.String(), nil, authority, func(c *x509.Certificate) { c.SignatureAlgorithm = a })
		add("a root signed with "+a.String(), []entity{r}, alive("Leaf", r, good))
	}
	short := aliveWithKey(certstest.RSAKey(1024), "Short CA", root, authority)
	add("an issuer with RSA-1024", trusted, alive("Leaf", short, good), short)
	for _, key := range []elliptic.Curve{elliptic.P384(), elliptic.P521()} {
		k, err := ecdsa.GenerateKey(key, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		r := aliveWithKey(k, "Root on "+key.Params().Name, nil, authority)
		add("a root on "+key.Params().Name, []entity{r}, alive("Leaf", r, good))
	}
	brokenCA := *ca
	brokenCA.Cert = damaged(t, brokenCA.Cert)
	add("an issuer with a damaged signature", trusted, alive("Leaf", ca, good), &brokenCA)
	brokenRoot := *root
	brokenRoot.Cert = damaged(t, brokenRoot.Cert)
	add("a trusted root with a damaged signature", []entity{&brokenRoot}, alive("Leaf", ca, good), ca)

	// What is sent besides.
	add("the leaf of somebody else first", trusted, alive("Other leaf", ca, certstest.ForHosts("other.test")), alive("Leaf", ca, good), ca)
	add("the issuer twice, and the root", trusted, alive("Leaf", ca, good), ca, ca, root)
	add("the leaf is trusted, and its issuer is not", []entity{alive("Any", nil, authority)}, alive("Leaf", ca, good), ca)
	leaf := alive("Leaf", ca, good)
	add("the leaf itself is trusted, not its issuer", []entity{leaf}, leaf, ca)
	ended := alive("Leaf", ca, good, certstest.Valid(now.Add(-9*day), now.Add(-day)))
	add("the leaf itself is trusted, and ended", []entity{ended}, ended, ca)
	return all
}
