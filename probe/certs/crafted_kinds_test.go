package certs

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"prober/probe/certs/certstest"
)

// craftedChains are certificates that crypto/x509 does not make, and some that it does not read: odd
// numbers, dates, strings, encodings, extensions, keys and signatures.
func craftedChains(t *testing.T) (all []judged) {
	t.Helper()
	type change = func(*crafted)
	good := craftedFor(certstest.Host)
	root := craft("Root", newKey(), nil, craftedAuthority)
	ca := craft("Issuing CA", newKey(), root, craftedAuthority)
	rsaCA := craft("RSA CA", goKey(certstest.RSAKey(2048)), root, craftedAuthority)
	leafKey, otherKey := newKey(), newKey()
	addTo := func(trusted *craftedEntity, name, host string, chain ...*craftedEntity) {
		j := judged{name: name, host: host, roots: [][]byte{trusted.der}}
		for _, c := range chain {
			j.chain = append(j.chain, c.der)
		}
		all = append(all, j)
	}
	add := func(name string, chain ...*craftedEntity) { addTo(root, name, "", chain...) }
	// leaf, issuer and trusted root with the same change each.
	leaf := func(name string, changes ...change) {
		add("a leaf with "+name, craft("Leaf", leafKey, ca, append([]change{good}, changes...)...), ca)
	}
	each := func(name string, changes ...change) {
		leaf(name, changes...)
		odd := craft("Odd CA", otherKey, root, append([]change{craftedAuthority}, changes...)...)
		add("an issuer with "+name, craft("Leaf", leafKey, odd, good), odd)
		top := craft("Odd root", otherKey, nil, append([]change{craftedAuthority}, changes...)...)
		addTo(top, "a trusted root with "+name, "", craft("Leaf", leafKey, top, good))
		add("an unknown root with "+name+", sent", craft("Leaf", leafKey, top, good), top)
	}
	set := func(f change) change { return f }

	// Numbers and versions.
	for name, serial := range map[string][]byte{
		"a negative serial number": {0xff, 0x12, 0x34}, "the serial number zero": {0}, "a serial number of 21 octets": append([]byte{1}, make([]byte, 20)...),
		"a serial number of 300 octets": bytes.Repeat([]byte{0x55}, 300), "a serial number with a zero in front": {0, 0, 1}, "an empty serial number": {},
	} {
		each(name, set(func(c *crafted) { c.serial = tlv(2, serial) }))
	}
	each("version 1 and no extensions", set(func(c *crafted) { c.version, c.bare = nil, true }))
	each("version 1 and extensions", set(func(c *crafted) { c.version = nil }))
	each("version 2 and unique identifiers", set(func(c *crafted) {
		c.version, c.bare, c.uniqueIDs = tlv(0xa0, []byte{2, 1, 1}), true, slices.Concat(tlv(0x81, []byte{0, 1}), tlv(0x82, []byte{0, 2}))
	}))
	each("version 3 and unique identifiers", set(func(c *crafted) { c.uniqueIDs = slices.Concat(tlv(0x81, []byte{0, 1}), tlv(0x82, []byte{0, 2})) }))
	leaf("version 4", set(func(c *crafted) { c.version = tlv(0xa0, []byte{2, 1, 3}) }))

	// Dates.
	now := time.Now().UTC()
	at := func(tag byte, format string, t time.Time) []byte { return tlv(tag, []byte(t.Format(format))) }
	past, future := now.Add(-9*certstest.Day), now.Add(9*certstest.Day)
	for name, dates := range map[string][2][]byte{
		"dates without seconds":                  {at(utcTime, "0601021504Z", past), at(utcTime, "0601021504Z", future)},
		"dates of another zone":                  {at(utcTime, "060102150405+0100", past), at(utcTime, "060102150405+0100", future)},
		"GeneralizedTime before 2050":            {at(generalTime, "20060102150405Z", past), at(generalTime, "20060102150405Z", future)},
		"GeneralizedTime with fractions":         {utc(past), at(generalTime, "20060102150405.5Z", future)},
		"GeneralizedTime without a zone":         {utc(past), at(generalTime, "20060102150405", future)},
		"no end":                                 {utc(past), tlv(generalTime, []byte("99991231235959Z"))},
		"an end in the year 2049":                {utc(past), tlv(utcTime, []byte("491231235959Z"))},
		"an end in UTCTime of 50, which is 1950": {utc(past), tlv(utcTime, []byte("500101000000Z"))},
		"a beginning in 1950":                    {tlv(utcTime, []byte("500101000000Z")), utc(future)},
		"a date that does not exist":             {utc(past), tlv(utcTime, []byte("300231000000Z"))},
		"a second of 60":                         {utc(past), tlv(utcTime, []byte("301231235960Z"))},
		"an end long ago, of a year 0":           {utc(past), tlv(generalTime, []byte("00000101000000Z"))},
		"an end a week ago":                      {at(utcTime, "060102150405Z", past.Add(-9*certstest.Day)), utc(past)},
		"an end a week ago in GeneralizedTime":   {at(utcTime, "060102150405Z", past.Add(-9*certstest.Day)), at(generalTime, "20060102150405Z", past)},
	} {
		each(name, set(func(c *crafted) { c.notBefore, c.notAfter = dates[0], dates[1] }))
	}

	// Encodings.
	last := func(c *craftedEntity, change func([]byte) []byte) *craftedEntity {
		return &craftedEntity{change(slices.Clone(c.der)), c.name, c.key}
	}
	plain := craft("Leaf", leafKey, ca, good)
	add("a leaf in BER of indefinite length", last(plain, func(der []byte) []byte { return slices.Concat([]byte{0x30, 0x80}, der[4:], []byte{0, 0}) }), ca)
	add("a leaf with a length of too many octets", last(plain, func(der []byte) []byte { return slices.Concat([]byte{0x30, 0x83, 0}, der[2:]) }), ca)
	add("a leaf with octets behind it", last(plain, func(der []byte) []byte { return append(der, 0, 0) }), ca)
	add("a leaf that is cut short", last(plain, func(der []byte) []byte { return der[:len(der)-20] }), ca)
	add("an issuer that is cut short", plain, last(ca, func(der []byte) []byte { return der[:len(der)-20] }))
	add("an issuer with octets behind it", plain, last(ca, func(der []byte) []byte { return append(der, 0, 0) }))
	leaf("something behind its extensions", set(func(c *crafted) { c.behind = []byte{5, 0} }))
	leaf("another signature algorithm inside", set(func(c *crafted) { c.inner, c.outer = rsaSHA256, ecdsaSHA256 }))
	leaf("parameters with ECDSA", set(func(c *crafted) { c.inner = seq(oid(1, 2, 840, 10045, 4, 3, 2), []byte{5, 0}) }))
	add("a leaf without parameters with RSA", craft("Leaf", leafKey, rsaCA, good, func(c *crafted) { c.inner = seq(oid(1, 2, 840, 113549, 1, 1, 11)) }), rsaCA)
	leaf("TRUE as 1", set(func(c *crafted) {
		c.extensions = append(c.extensions, seq(oid(2, 5, 29, 15), []byte{1, 1, 1}, tlv(4, []byte{3, 2, 7, 0x80})))
	}))
	leaf("FALSE written", set(func(c *crafted) {
		c.extensions = append(c.extensions, seq(oid(2, 5, 29, 15), []byte{1, 1, 0}, tlv(4, []byte{3, 2, 7, 0x80})))
	}))
	leaf("two subjectAltNames", craftedFor("other.test"))
	leaf("two equal key usages", with(true, []byte{3, 2, 7, 0x80}, 2, 5, 29, 15), with(true, []byte{3, 2, 7, 0x80}, 2, 5, 29, 15))
	leaf("a key usage with spare zeros", with(true, []byte{3, 3, 0, 0x80, 0}, 2, 5, 29, 15))
	add("a leaf with no extension in its list", craft("Leaf", leafKey, ca, func(c *crafted) { c.extensions = nil }), ca)

	// Names.
	utf := func(s string, size int) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, []byte{0, 0, byte(u >> 8), byte(u)}[4-size:]...)
		}
		return string(b)
	}
	for name, subject := range map[string][]byte{
		"a PrintableString":                  commonName(printable, certstest.Host),
		"a PrintableString with what it may": commonName(printable, "a*b_c@good.test"),
		"a TeletexString":                    commonName(teletex, "M\xfcnchen"),
		"a BMPString":                        commonName(bmp, utf("München", 2)),
		"a UniversalString":                  commonName(universal, utf("München", 4)),
		"an IA5String":                       commonName(ia5, certstest.Host),
		"UTF-8 that is none":                 commonName(utf8Text, "M\xfcnchen"),
		"a NUL in it":                        commonName(utf8Text, "good.test\x00.evil.test"),
		"an empty common name":               commonName(utf8Text, ""),
		"two common names":                   seq(tlv(0x31, seq(oid(2, 5, 4, 3), tlv(utf8Text, []byte("one")))), tlv(0x31, seq(oid(2, 5, 4, 3), tlv(utf8Text, []byte("two"))))),
		"an attribute that nobody knows":     seq(tlv(0x31, seq(oid(1, 2, 3, 4, 5), tlv(utf8Text, []byte("x"))))),
		"nothing in it":                      seq(),
		"an attribute of no string":          seq(tlv(0x31, seq(oid(2, 5, 4, 3), []byte{2, 1, 1}))),
		"a set of two attributes":            seq(tlv(0x31, seq(oid(2, 5, 4, 3), tlv(utf8Text, []byte("one"))), seq(oid(2, 5, 4, 10), tlv(utf8Text, []byte("two"))))),
		"control characters":                 commonName(utf8Text, "a\x1b[2Jb\n0 ok"),
	} {
		each("a subject of "+name, set(func(c *crafted) { c.subject = subject }))
		add("a leaf with a subject of "+name+" and no subjectAltName", craft("Leaf", leafKey, ca, func(c *crafted) { c.subject = subject }), ca)
	}
	spelt := func(name string, tag byte, as string) {
		speller := *ca
		speller.name = commonName(tag, as)
		add("an issuer's name with "+name, craft("Leaf", leafKey, &speller, good), ca)
		root2 := *root
		root2.name = commonName(tag, strings.Replace(as, "Issuing CA", "Root", 1))
		add("a trusted root's name with "+name, craft("Leaf", leafKey, &root2, good))
	}
	spelt("another type of string", printable, "Issuing CA")
	for name, as := range map[string]string{"capitals": "ISSUING CA", "two spaces": "Issuing  CA", "a space at its end": "Issuing CA "} {
		spelt(name, utf8Text, as)
	}
	san := func(name, host string, critical bool, value []byte) {
		addTo(root, "a subjectAltName of "+name, host, craft("Leaf", leafKey, ca, with(critical, value, 2, 5, 29, 17)), ca)
	}
	dns := func(s string) []byte { return tlv(0x82, []byte(s)) }
	san("a critical name", "", true, seq(dns(certstest.Host)))
	san("nothing", "", false, seq())
	san("a name with a NUL", certstest.Host, false, seq(dns("good.test\x00.evil.test")))
	san("a name in UTF-8", "xn--mnchen-3ya.test", false, seq(dns("münchen.test")))
	san("a name in A-labels", "xn--mnchen-3ya.test", false, seq(dns("xn--mnchen-3ya.test")))
	san("an address of five octets beside the name", "", false, seq(tlv(0x87, []byte{1, 2, 3, 4, 5}), dns(certstest.Host)))
	san("an address of five octets alone", "127.0.0.1", false, seq(tlv(0x87, []byte{127, 0, 0, 1, 0})))
	san("another kind of name", "", false, seq(tlv(0xa0, oid(1, 2, 3), tlv(0xa0, tlv(utf8Text, []byte("x"))))))
	san("another kind beside the name", "", false, seq(tlv(0xa0, oid(1, 2, 3), tlv(0xa0, tlv(utf8Text, []byte("x")))), dns(certstest.Host)))
	san("a registered number beside the name", "", false, seq(tlv(0x88, []byte{0x2a, 3}), dns(certstest.Host)))
	san("a directory name beside the name", "", false, seq(tlv(0xa4, commonName(utf8Text, "x")), dns(certstest.Host)))
	san("a name that ends in a dot", "", false, seq(dns("good.test.")))
	san("a name with a port", "", false, seq(dns("good.test:443")))
	san("a URL as a name", "", false, seq(dns("https://good.test")))
	san("a name with spaces around", "", false, seq(dns(" good.test ")))
	san("a URI that cannot be parsed beside the name", "", false, seq(tlv(0x86, []byte("http://[::1")), dns(certstest.Host)))
	san("a mail address that cannot be parsed beside the name", "", false, seq(tlv(0x81, []byte("@@")), dns(certstest.Host)))
	san("an address as IPv6 with a port of the host's", "::1", false, seq(tlv(0x87, append(make([]byte, 15), 1))))
	san("the name twice", "", false, seq(dns(certstest.Host), dns(certstest.Host)))
	san("no list", "", false, []byte{5, 0})
	san("the name, and octets behind", "", false, append(seq(dns(certstest.Host)), 5, 0))

	// Extensions.
	constraints := func(tree byte, names ...[]byte) []byte {
		var list [][]byte
		for _, n := range names {
			list = append(list, seq(n))
		}
		return seq(tlv(tree, list...))
	}
	const permitted, excluded = 0xa0, 0xa1
	directory := func(cn string) []byte { return tlv(0xa4, commonName(utf8Text, cn)) }
	for name, value := range map[string][]byte{
		"permits the directory name of the leaf": constraints(permitted, directory("Leaf")), "permits another directory name": constraints(permitted, directory("Other")),
		"excludes the directory name of the leaf": constraints(excluded, directory("Leaf")), "excludes another directory name": constraints(excluded, directory("Other")),
		"permits the host with a dot in front": constraints(permitted, dns("."+certstest.Host)), "permits all above with a dot": constraints(permitted, dns(".test")),
		"permits everything": constraints(permitted, dns("")), "excludes everything": constraints(excluded, dns("")), "permits a wildcard": constraints(permitted, dns("*.test")),
		"permits the host in capitals": constraints(permitted, dns("GOOD.TEST")), "excludes the host in capitals": constraints(excluded, dns("GOOD.TEST")),
		"excludes mail": constraints(excluded, tlv(0x81, []byte("good.test"))), "permits one mail address": constraints(permitted, tlv(0x81, []byte("a@good.test"))),
		"permits a URI": constraints(permitted, tlv(0x86, []byte(".good.test"))), "permits a mask with holes": constraints(permitted, tlv(0x87, []byte{10, 0, 0, 0, 255, 0, 255, 0})),
		"permits an address of the wrong length": constraints(permitted, tlv(0x87, []byte{10, 0, 0, 0})), "permits another kind of name": constraints(permitted, tlv(0xa0, oid(1, 2, 3), tlv(0xa0, tlv(utf8Text, []byte("x"))))),
		"permits a registered number": constraints(permitted, tlv(0x88, []byte{0x2a, 3})), "has empty constraints": seq(),
		"has a minimum": seq(tlv(permitted, seq(dns("test"), tlv(0x80, []byte{1})))), "permits nothing in its list": seq(tlv(permitted)),
		"has constraints that are none": {5, 0},
	} {
		for _, critical := range []bool{true, false} {
			odd := craft("Odd CA", otherKey, root, craftedAuthority, with(critical, value, 2, 5, 29, 30))
			add(fmt.Sprintf("an issuer that %s, critical %v", name, critical), craft("Leaf", leafKey, odd, good), odd)
		}
		top := craft("Odd root", otherKey, nil, craftedAuthority, with(true, value, 2, 5, 29, 30))
		addTo(top, "a trusted root that "+name, "", craft("Leaf", leafKey, top, good))
	}
	for name, value := range map[string][]byte{
		"requires a policy": {0x30, 3, 0x80, 1, 0}, "inhibits mapping": {0x30, 3, 0x81, 1, 0}, "has empty policy constraints": {0x30, 0}, "requires a policy below nine": {0x30, 3, 0x80, 1, 9},
		"has negative policy constraints": {0x30, 3, 0x80, 1, 0xff}, "has policy constraints that are none": {5, 0},
	} {
		for _, more := range [][]change{nil, {with(false, seq(seq(oid(1, 2, 3))), 2, 5, 29, 32)}, {with(false, seq(seq(oid(2, 5, 29, 32, 0))), 2, 5, 29, 32)}} {
			odd := craft("Odd CA", otherKey, root, append([]change{craftedAuthority, with(true, value, 2, 5, 29, 36)}, more...)...)
			add(fmt.Sprintf("an issuer that %s, and %d policies", name, len(more)), craft("Leaf", leafKey, odd, append([]change{good}, more...)...), odd)
		}
	}
	for name, change := range map[string]change{
		"inhibitAnyPolicy that is none":                      with(true, []byte{5, 0}, 2, 5, 29, 54),
		"a policy twice":                                     with(false, seq(seq(oid(1, 2, 3)), seq(oid(1, 2, 3))), 2, 5, 29, 32),
		"policies that are none":                             with(false, []byte{5, 0}, 2, 5, 29, 32),
		"a critical mapping of policies":                     with(true, seq(seq(oid(1, 2, 3), oid(1, 2, 4))), 2, 5, 29, 33),
		"an unknown critical extension":                      with(true, []byte{5, 0}, 1, 3, 6, 1, 4, 1, 99999, 1),
		"the poison of a precertificate":                     with(true, []byte{5, 0}, 1, 3, 6, 1, 4, 1, 11129, 2, 4, 3),
		"certificate timestamps that are none":               with(false, []byte{4, 1, 0}, 1, 3, 6, 1, 4, 1, 11129, 2, 4, 2),
		"a critical Netscape type of a server":               with(true, []byte{3, 2, 6, 0x40}, 2, 16, 840, 1, 113730, 1, 1),
		"a Netscape type of a client":                        with(false, []byte{3, 2, 7, 0x80}, 2, 16, 840, 1, 113730, 1, 1),
		"an ended period of its private key":                 with(false, seq(tlv(0x80, []byte("20010101000000Z")), tlv(0x81, []byte("20020101000000Z"))), 2, 5, 29, 16),
		"critical attributes of a directory":                 with(true, seq(seq(oid(2, 5, 4, 3), tlv(0x31, tlv(utf8Text, []byte("x"))))), 2, 5, 29, 9),
		"access to its issuer that is none":                  with(false, []byte{5, 0}, 1, 3, 6, 1, 5, 5, 7, 1, 1),
		"places of revocation lists that are none":           with(false, []byte{5, 0}, 2, 5, 29, 31),
		"critical places of revocation lists":                with(true, seq(seq(tlv(0xa0, tlv(0xa0, tlv(0x86, []byte("http://crl.test/")))))), 2, 5, 29, 31),
		"a TLS feature that is none":                         with(false, []byte{5, 0}, 1, 3, 6, 1, 5, 5, 7, 1, 24),
		"the TLS feature status_request_v2":                  with(false, seq([]byte{2, 1, 17}), 1, 3, 6, 1, 5, 5, 7, 1, 24),
		"an empty extended key usage":                        with(false, seq(), 2, 5, 29, 37),
		"a critical extended key usage":                      with(true, seq(oid(1, 3, 6, 1, 5, 5, 7, 3, 1)), 2, 5, 29, 37),
		"a critical proxyCertInfo":                           with(true, seq(seq(oid(1, 3, 6, 1, 5, 5, 7, 21, 1))), 1, 3, 6, 1, 5, 5, 7, 1, 14),
		"critical IP address blocks":                         with(true, seq(seq(tlv(4, []byte{0, 1}), []byte{5, 0})), 1, 3, 6, 1, 5, 5, 7, 1, 7),
		"an extension of 60,000 octets":                      with(false, bytes.Repeat([]byte("x"), 60000), 1, 3, 6, 1, 4, 1, 99999, 2),
		"an extension of the number 2.999.3":                 with(false, []byte{5, 0}, 2, 999, 3),
		"an empty list of usages and certificate timestamps": with(false, []byte{}, 1, 3, 6, 1, 4, 1, 11129, 2, 4, 2),
	} {
		each(name, change)
	}
	keyIDs := func(change func(*crafted)) change {
		return func(c *crafted) { c.extensions = c.extensions[:0]; change(c) }
	}
	for name, change := range map[string]change{
		"a critical authority key identifier": with(true, seq(tlv(0x80, keyIDOf(ca.key))), 2, 5, 29, 35), "an empty authority key identifier": with(false, seq(), 2, 5, 29, 35),
		"an authority key identifier of no octets": with(false, seq(tlv(0x80)), 2, 5, 29, 35), "an authority key identifier that is none": with(false, []byte{5, 0}, 2, 5, 29, 35),
		"a critical subject key identifier": with(true, tlv(4, []byte{1, 2}), 2, 5, 29, 14), "a subject key identifier that is none": with(false, []byte{5, 0}, 2, 5, 29, 14),
		"no key identifiers": func(*crafted) {},
	} {
		add("a leaf with "+name, craft("Leaf", leafKey, ca, keyIDs(change), good), ca)
	}
	for name, value := range map[string][]byte{
		"a negative path length": seq([]byte{1, 1, 0xff}, []byte{2, 1, 0xff}), "a path length of an end entity": seq([]byte{2, 1, 0}), "a path length of 300": seq([]byte{1, 1, 0xff}, []byte{2, 2, 1, 44}),
		"constraints that say FALSE": seq([]byte{1, 1, 0}), "constraints that say TRUE as 1": seq([]byte{1, 1, 1}), "constraints that are none": {5, 0}, "a huge path length": seq([]byte{1, 1, 0xff}, []byte{2, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0}),
	} {
		for _, critical := range []bool{true, false} {
			odd := craft("Odd CA", otherKey, root, with(critical, value, 2, 5, 29, 19), with(true, []byte{3, 2, 2, 4}, 2, 5, 29, 15))
			add(fmt.Sprintf("an issuer with %s, critical %v", name, critical), craft("Leaf", leafKey, odd, good), odd)
		}
		leaf(name, with(true, value, 2, 5, 29, 19))
	}

	// Keys and signatures.
	rsaWith := func(arc int) []byte { return seq(oid(1, 2, 840, 113549, 1, 1, arc), []byte{5, 0}) }
	nist := func(arc int) []byte { return seq(oid(2, 16, 840, 1, 101, 3, 4, 3, arc)) }
	ecWith := func(arc int) []byte { return seq(oid(1, 2, 840, 10045, 4, 3, arc)) }
	rsaKey := []string{"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"}
	ecKey := func(curve string) []string {
		return []string{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:" + curve}
	}
	for name, f := range map[string]struct {
		algorithm []byte
		digest    []string
		key       []string
	}{
		"MD5 and RSA":                     {rsaWith(4), []string{"-md5"}, rsaKey},
		"SHA-1 and RSA":                   {rsaWith(5), []string{"-sha1"}, rsaKey},
		"SHA-224 and RSA":                 {rsaWith(14), []string{"-sha224"}, rsaKey},
		"SHA-512/256 and RSA":             {rsaWith(16), []string{"-sha512-256"}, rsaKey},
		"SHA3-256 and RSA":                {nist(14), []string{"-sha3-256"}, rsaKey},
		"SHA3-256 and ECDSA":              {nist(10), []string{"-sha3-256"}, ecKey("P-256")},
		"SHA-224 and ECDSA":               {ecWith(1), []string{"-sha224"}, ecKey("P-256")},
		"Ed25519":                         {seq(oid(1, 3, 101, 112)), nil, []string{"-algorithm", "ED25519"}},
		"Ed448":                           {seq(oid(1, 3, 101, 113)), nil, []string{"-algorithm", "ED448"}},
		"brainpoolP256r1":                 {ecWith(2), []string{"-sha256"}, ecKey("brainpoolP256r1")},
		"brainpoolP512r1":                 {ecWith(4), []string{"-sha512"}, ecKey("brainpoolP512r1")},
		"secp256k1":                       {ecWith(2), []string{"-sha256"}, ecKey("secp256k1")},
		"P-192":                           {ecWith(2), []string{"-sha256"}, ecKey("prime192v1")},
		"P-521 and SHA-512":               {ecWith(4), []string{"-sha512"}, ecKey("P-521")},
		"P-521 and SHA-256":               {ecWith(2), []string{"-sha256"}, ecKey("P-521")},
		"P-256 given explicitly":          {ecWith(2), []string{"-sha256"}, append(ecKey("P-256"), "-pkeyopt", "ec_param_enc:explicit")},
		"RSA of 512 bits":                 {rsaWith(11), []string{"-sha256"}, []string{"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:512"}},
		"RSA of 1024 bits":                {rsaWith(11), []string{"-sha256"}, []string{"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"}},
		"RSA of 2047 bits":                {rsaWith(11), []string{"-sha256"}, []string{"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2047"}},
		"RSA of 3072 bits":                {rsaWith(12), []string{"-sha384"}, []string{"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"}},
		"RSA with the exponent 3":         {rsaWith(11), []string{"-sha256"}, append(slices.Clone(rsaKey), "-pkeyopt", "rsa_keygen_pubexp:3")},
		"RSA with an exponent of 65 bits": {rsaWith(11), []string{"-sha256"}, append(slices.Clone(rsaKey), "-pkeyopt", "rsa_keygen_pubexp:18446744073709551629")},
		"RSA-PSS alone":                   {pssSHA256, []string{"-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"}, []string{"-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"}},
		"RSA-PSS":                         {pssSHA256, []string{"-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"}, rsaKey},
		"SM2":                             {seq(oid(1, 2, 156, 10197, 1, 501)), []string{"-sm3"}, []string{"-algorithm", "SM2"}},
	} {
		key, ok := foreignKey(t, f.algorithm, f.digest, f.key...)
		if !ok {
			continue
		}
		add("a leaf with a key of "+name, craft("Leaf", key, ca, good), ca)
		odd := craft("Odd CA", key, root, craftedAuthority)
		add("an issuer with "+name, craft("Leaf", leafKey, odd, good), odd)
		top := craft("Odd root", key, nil, craftedAuthority)
		addTo(top, "a trusted root with "+name, "", craft("Leaf", leafKey, top, good))
		addTo(top, "a trusted root with "+name+", sent", "", craft("Leaf", leafKey, top, good), top)
		add("an unknown root with "+name+", sent", craft("Leaf", leafKey, top, good), top)
		add("an unknown root with "+name, craft("Leaf", leafKey, top, good))
		ended := craft("Leaf", key, ca, good, func(c *crafted) { c.notBefore, c.notAfter = utc(past.Add(-certstest.Day)), utc(past) })
		add("a leaf with a key of "+name+" that ended", ended, ca)
		add("a leaf with a key of "+name+" for another host", craft("Leaf", key, ca, craftedFor("other.test")), ca)
	}
	return all
}

// pssSHA256 are the usual parameters of RSA-PSS with SHA-256.
var pssSHA256 = seq(oid(1, 2, 840, 113549, 1, 1, 10), seq(
	tlv(0xa0, seq(oid(2, 16, 840, 1, 101, 3, 4, 2, 1), []byte{5, 0})),
	tlv(0xa1, seq(oid(1, 2, 840, 113549, 1, 1, 8), seq(oid(2, 16, 840, 1, 101, 3, 4, 2, 1), []byte{5, 0}))),
	tlv(0xa2, []byte{2, 1, 32})))
