package certs

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"

	"golang.org/x/crypto/ocsp"

	"prober/limit"
	"prober/probe/certs/certstest"
	"prober/probe/reason"
)

// resigned returns c as if its issuer had signed it with another algorithm.
func resigned(t *testing.T, c *x509.Certificate, algorithm pkix.AlgorithmIdentifier, sign func(digest []byte) []byte) *certstest.Entity {
	t.Helper()
	var cert struct {
		TBS       asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}
	var tbs struct {
		Version                        int `asn1:"explicit,tag:0"`
		Serial                         asn1.RawValue
		Algorithm                      pkix.AlgorithmIdentifier
		Issuer, Validity, Subject, Key asn1.RawValue
		Extensions                     asn1.RawValue `asn1:"optional,tag:3"`
	}
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := asn1.Unmarshal(c.Raw, &cert)
	must(err)
	_, err = asn1.Unmarshal(cert.TBS.FullBytes, &tbs)
	must(err)
	tbs.Algorithm, cert.Algorithm = algorithm, algorithm
	der, err := asn1.Marshal(tbs)
	must(err)
	digest := crypto.SHA256.New()
	digest.Write(der)
	cert.TBS = asn1.RawValue{FullBytes: der}
	sig := sign(digest.Sum(nil))
	cert.Signature = asn1.BitString{Bytes: sig, BitLength: 8 * len(sig)}
	der, err = asn1.Marshal(cert)
	must(err)
	made, err := x509.ParseCertificate(der)
	must(err)
	return &certstest.Entity{Cert: made}
}

// longSalt signs c with RSA-PSS and another salt than crypto/x509 takes, which is as well with OpenSSL.
func longSalt(t *testing.T, c *certstest.Entity, issuer *certstest.Entity) *certstest.Entity {
	const salt = 40
	var parameters asn1.RawValue
	sha256 := pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}, Parameters: asn1.NullRawValue}
	mask, err := asn1.Marshal(sha256)
	if err != nil {
		t.Fatal(err)
	}
	der, err := asn1.Marshal(struct {
		Hash pkix.AlgorithmIdentifier `asn1:"explicit,tag:0"`
		MGF  pkix.AlgorithmIdentifier `asn1:"explicit,tag:1"`
		Salt int                      `asn1:"explicit,tag:2"`
	}{sha256, pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}, Parameters: asn1.RawValue{FullBytes: mask}}, salt})
	if err != nil {
		t.Fatal(err)
	}
	parameters.FullBytes = der
	return resigned(t, c.Cert, pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}, Parameters: parameters}, func(digest []byte) []byte {
		sig, err := rsa.SignPSS(rand.Reader, issuer.Key.(*rsa.PrivateKey), crypto.SHA256, digest, &rsa.PSSOptions{SaltLength: salt, Hash: crypto.SHA256})
		if err != nil {
			t.Fatal(err)
		}
		return sig
	})
}

// extension is one that crypto/x509 has no field for.
func extension(critical bool, value []byte, id ...int) certstest.Change {
	return func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: id, Critical: critical, Value: value})
	}
}

// TestTrustIsComputed sends chains in which names say another thing than signatures, and
// those that this program cannot verify and others can.
func TestTrustIsComputed(t *testing.T) {
	good, past := certstest.ForHosts(certstest.Host), certstest.Valid(now.Add(-900*certstest.Day), now.Add(-10*certstest.Day))
	aia := func(c *x509.Certificate) { c.IssuingCertificateURL = []string{"http://ca.test/ca.der"} }
	clients := func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }
	root := certstest.New("Root", nil, certstest.Authority)
	rsaRoot := certstest.NewWithKey(certstest.RSAKey(2048), "RSA root", nil, certstest.Authority)
	bareRoot := certstest.New("Bare root", nil, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCertSign })
	noRoot := certstest.New("No authority", nil, func(c *x509.Certificate) { c.BasicConstraintsValid, c.KeyUsage = true, x509.KeyUsageDigitalSignature })
	clientRoot := certstest.New("Client root", nil, certstest.Authority, clients)
	stranger := certstest.New("Stranger", nil, certstest.Authority)
	rekeyed := certstest.New("Root", nil, certstest.Authority)

	old, renewed := certstest.New("Issuing CA", root, certstest.Authority), certstest.New("Issuing CA", root, certstest.Authority)
	oldTop, renewedTop := certstest.New("Upper CA", root, certstest.Authority), certstest.New("Upper CA", root, certstest.Authority)
	lower := certstest.New("Lower CA", renewedTop, certstest.Authority)
	anonymous := certstest.New("Anonymous CA", root, certstest.Authority)
	alike := func(c *x509.Certificate) { c.SubjectKeyId = []byte{7} }
	twin, otherTwin := certstest.New("Twin CA", root, certstest.Authority, alike), certstest.New("Twin CA", root, certstest.Authority, alike)
	rsaTwin := certstest.NewWithKey(certstest.RSAKey(2048), "Twin CA", root, certstest.Authority, alike)
	anonymousToo := certstest.New("Anonymous CA", root, certstest.Authority)
	anonymous.Cert.SubjectKeyId = nil // so that the leaf does not say whose key it is
	second := certstest.New("Second", nil, certstest.Authority)
	first := certstest.New("First", second, certstest.Authority)
	second = certstest.NewWithKey(second.Key, "Second", first, certstest.Authority)
	foreign := certstest.New("Foreign CA", stranger, certstest.Authority, aia)
	// A root and its cross-signed twin, which ended.
	ancient := certstest.New("Ancient root", nil, certstest.Authority, past)
	cross := certstest.NewWithKey(root.Key, "Root", ancient, certstest.Authority, past)
	ended := certstest.NewWithKey(renewed.Key, "Issuing CA", root, certstest.Authority, past)
	// permitted;dirName=O=Good, beside permitted;DNS=.test
	dirName := []byte{0x30, 0x1d, 0xa0, 0x1b, 0x30, 0x07, 0x82, 0x05, '.', 't', 'e', 's', 't', 0x30, 0x10, 0xa4, 0x0e, 0x30, 0x0c, 0x31, 0x0a, 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, 0x01, 'G'}
	named := certstest.New("Named CA", root, certstest.Authority, extension(true, dirName, 2, 5, 29, 30))
	numberedNames := certstest.New("Numbered CA", root, certstest.Authority, extension(true, []byte{0x30, 8, 0xa0, 6, 0x30, 4, 0x88, 2, 0x2a, 3}, 2, 5, 29, 30))
	namedRoot := certstest.New("Named root", nil, certstest.Authority, extension(true, dirName, 2, 5, 29, 30))
	organization := func(name string) certstest.Change {
		return func(c *x509.Certificate) { c.Subject.Organization = []string{name} }
	}
	shout := func(e *certstest.Entity, name string) *certstest.Entity {
		c := *e.Cert
		c.RawSubject, c.Subject = nil, pkix.Name{CommonName: name}
		return &certstest.Entity{Cert: &c, Key: e.Key}
	}
	shouted, shoutedRoot, shoutedStranger := shout(renewed, "ISSUING  CA"), shout(root, "ROOT"), shout(stranger, "STRANGER")
	mustStaple := certstest.New("Leaf", root, good, extension(false, []byte{0x30, 3, 2, 1, 5}, 1, 3, 6, 1, 5, 5, 7, 1, 24))
	other := *renewed.Cert
	other.SubjectKeyId = []byte{1}
	misnamed := certstest.Entity{Cert: &other, Key: renewed.Key}
	rekeyedTwin := certstest.NewWithKey(renewed.Key, "Issuing CA", root, certstest.Authority, func(c *x509.Certificate) { c.SubjectKeyId = []byte{1} })
	demanding := certstest.New("Demanding CA", root, certstest.Authority, extension(false, []byte{0x30, 3, 2, 1, 5}, 1, 3, 6, 1, 5, 5, 7, 1, 24))
	critical := certstest.New("Leaf", root, good, extension(true, []byte{0x30, 3, 2, 1, 5}, 1, 3, 6, 1, 5, 5, 7, 1, 24))
	estranged := certstest.NewWithKey(renewed.Key, "Issuing CA", stranger, certstest.Authority)
	exit := certstest.New("Exit", root, certstest.Authority)
	looping := certstest.New("Looping", exit, certstest.Authority)
	// A trusted root whose key identifier the leaf does not give, and a certificate of its key and name, which another root signed, whose it gives.
	recast := certstest.New("Recast root", nil, certstest.Authority)
	crossed := certstest.NewWithKey(recast.Key, "Recast root", root, certstest.Authority, func(c *x509.Certificate) { c.SubjectKeyId = []byte{1} })
	numbered := certstest.New("Numbered CA", root, certstest.Authority, func(c *x509.Certificate) { c.SerialNumber = big.NewInt(77) })
	named77 := func(issuer string, serial byte) certstest.Change { // the key identifier of an issuer's certificate by its issuer and serial number
		name := append([]byte{0x30, 15, 0x31, 13, 0x30, 11, 6, 3, 0x55, 4, 3, 0x0c, 4}, issuer...)
		return extension(false, slices.Concat([]byte{0x30, 24, 0xa1, 19, 0xa4, 17}, name, []byte{0x82, 1, serial}), 2, 5, 29, 35)
	}
	anyCA := certstest.New("Any CA", root, certstest.Authority, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} })
	weakRoot := certstest.NewWithKey(certstest.RSAKey(1024), "Weak root", nil, certstest.Authority)
	anchors := Anchors{Usable: certstest.Chain(recast, weakRoot, root, ancient, rsaRoot, bareRoot, noRoot, clientRoot, namedRoot)}

	for _, tt := range []chainCase{
		{name: "issuer of the same name", chain: []*certstest.Entity{certstest.New("Leaf", renewed, good), old}, want: []reason.Reason{reason.TLSCertIncompleteChain}, detail: "the certificate Issuing CA that was sent as the issuer of Leaf did not sign it"},
		{name: "two levels up", chain: []*certstest.Entity{certstest.New("Leaf", lower, good), lower, oldTop}, want: []reason.Reason{reason.TLSCertIncompleteChain}, detail: "sent as the issuer of Lower CA did not sign it"},
		{name: "issuer of the same name, without key identifiers", chain: []*certstest.Entity{certstest.New("Leaf", anonymous, good), anonymousToo}, want: []reason.Reason{reason.TLSCertIncompleteChain}, detail: "the certificate Anonymous CA that was sent as the issuer of Leaf does not verify its signature"},
		{name: "both of the same name", chain: []*certstest.Entity{certstest.New("Leaf", renewed, good), old, renewed}},
		{name: "complete to an unknown root", chain: []*certstest.Entity{certstest.New("Leaf", foreign, good, aia), foreign}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: `the issuer "CN=Stranger" of Foreign CA is not trusted`},
		{name: "complete with an unknown root", chain: []*certstest.Entity{certstest.New("Leaf", foreign, good), foreign, stranger}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: `the chain ends at the root "CN=Stranger", which is not trusted`},
		{name: "a root of a trusted name", chain: []*certstest.Entity{certstest.New("Leaf", rekeyed, good), rekeyed}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: "the trusted root of that name has another key"},
		{name: "a circle", chain: []*certstest.Entity{certstest.New("Leaf", first, good), first, second}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: "in a circle up to Second"},
		{name: "issued under its own name", chain: []*certstest.Entity{certstest.New("Leaf", certstest.New("Leaf", nil, certstest.Authority), good)}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: "under its own name by another key"},

		{name: "RSA-PSS with another salt", chain: []*certstest.Entity{longSalt(t, certstest.New("Leaf", rsaRoot, good), rsaRoot)}, want: []reason.Reason{reason.ProberCertUnsupported}, detail: "RSA-PSS with other parameters"},
		{name: "RSA-PSS with another salt, root sent", chain: []*certstest.Entity{longSalt(t, certstest.New("Leaf", rsaRoot, good), rsaRoot), rsaRoot}, want: []reason.Reason{reason.ProberCertUnsupported}, detail: "RSA-PSS with other parameters"},
		{name: "root without basic constraints", chain: []*certstest.Entity{certstest.New("Leaf", bareRoot, good)}, want: []reason.Reason{reason.ProberCertUnsupported}, detail: "has no basic constraints"},
		{name: "root without basic constraints, sent", chain: []*certstest.Entity{certstest.New("Leaf", bareRoot, good), bareRoot}, want: []reason.Reason{reason.ProberCertUnsupported}, detail: "has no basic constraints"},
		{name: "root that is no authority", chain: []*certstest.Entity{certstest.New("Leaf", noRoot, good)}, want: []reason.Reason{reason.TLSCertUsage}, detail: `the trusted root "CN=No authority" issued a certificate but is no authority`},
		{name: "directoryName constraint", chain: []*certstest.Entity{certstest.New("Leaf", named, good), named}, want: []reason.Reason{reason.TLSCertUsage}, detail: `the name constraints of Named CA do not permit the name "CN=Leaf" of Leaf`},
		{name: "within a directoryName constraint", chain: []*certstest.Entity{certstest.New("Leaf", named, good, organization("g ")), named}},
		{name: "another directory name in the subjectAltName", chain: []*certstest.Entity{certstest.New("Leaf", named, organization("G"), extension(false, slices.Concat([]byte{0x30, 27, 0x82, 9}, []byte(certstest.Host), []byte{0xa4, 14, 0x30, 12, 0x31, 10, 0x30, 8, 6, 3, 0x55, 4, 10, 0x0c, 1, 'H'}), 2, 5, 29, 17)), named}, want: []reason.Reason{reason.TLSCertUsage}, detail: `do not permit the name "O=H"`},
		{name: "a constraint of registered numbers", chain: []*certstest.Entity{certstest.New("Leaf", numberedNames, good), numberedNames}, want: []reason.Reason{reason.ProberCertUnsupported}, detail: "Numbered CA has critical name constraints that"},
		{name: "a trusted root with a directoryName constraint", chain: []*certstest.Entity{certstest.New("Leaf", namedRoot, good, organization("G"))}, want: []reason.Reason{reason.ProberCertUnsupported}, detail: `the trusted root "CN=Named root" has critical name constraints`},
		{name: "an issuer named in other letters", chain: []*certstest.Entity{certstest.New("Leaf", shouted, good), renewed}, want: []reason.Reason{reason.ProberCertUnsupported}, detail: `cannot verify that "CN=Issuing CA" issued Leaf, which names "CN=ISSUING  CA"`},
		{name: "a trusted root named in other letters", chain: []*certstest.Entity{certstest.New("Leaf", shoutedRoot, good)}, want: []reason.Reason{reason.ProberCertUnsupported}},
		{name: "an unknown root named in other letters", chain: []*certstest.Entity{certstest.New("Leaf", shoutedStranger, good), stranger}, want: []reason.Reason{reason.TLSCertUntrusted}, detail: `the chain ends at the root "CN=Stranger"`},
		{name: "directoryName constraint and untrusted", chain: []*certstest.Entity{certstest.New("Leaf", certstest.New("Leaf", nil, certstest.Authority), good), named}, want: []reason.Reason{reason.TLSCertUntrusted}},
		{name: "outside the DNS part of it", chain: []*certstest.Entity{certstest.New("Leaf", named, certstest.ForHosts("good.example")), named}, host: "good.example", want: []reason.Reason{reason.TLSCertUsage}, detail: `do not permit the name "good.example" of Leaf`},
		{name: "root for clients", chain: []*certstest.Entity{certstest.New("Leaf", clientRoot, good)}, want: []reason.Reason{reason.TLSCertUsage}, detail: "the extended key usage of the root Client root lists clientAuth"},

		{name: "a twin of the root that ended", chain: []*certstest.Entity{certstest.New("Leaf", renewed, good), renewed, cross}},
		{name: "the same, for clients", chain: []*certstest.Entity{certstest.New("Leaf", renewed, clients, func(c *x509.Certificate) { c.DNSNames = []string{certstest.Host} }), renewed, cross}, want: []reason.Reason{reason.TLSCertUsage}, detail: "Leaf"},
		{name: "an issuer and its twin that ended, for clients", chain: []*certstest.Entity{certstest.New("Leaf", renewed, clients, func(c *x509.Certificate) { c.DNSNames = []string{certstest.Host} }), ended, renewed}, want: []reason.Reason{reason.TLSCertUsage}, detail: "Leaf"},
		{name: "only an issuer that ended", chain: []*certstest.Entity{certstest.New("Leaf", renewed, good), ended}, want: []reason.Reason{reason.TLSCertExpired}, detail: "Issuing CA expired"},

		{name: "an issuer with the right key identifier and another kind of key", chain: []*certstest.Entity{certstest.New("Leaf", twin, good), rsaTwin}, want: []reason.Reason{reason.TLSCertIncompleteChain}, detail: "Twin CA that was sent as the issuer of Leaf did not sign it"},
		{name: "an issuer with the right key identifier and another key", chain: []*certstest.Entity{certstest.New("Leaf", twin, good), otherTwin}, want: []reason.Reason{reason.TLSCertMalformed}, detail: "it is damaged, or another key made it"},
		{name: "an empty name", chain: []*certstest.Entity{certstest.New("Leaf", root, certstest.ForHosts(""))}, want: []reason.Reason{reason.TLSCertHostname}, detail: `is for "", not for`},
		{name: "another certificate of the issuer's name in front of it", chain: []*certstest.Entity{certstest.New("Leaf", anonymousToo, good), anonymous, anonymousToo}, want: []reason.Reason{reason.TLSCertKeyID}, detail: "the one that was sent first did not sign it"},
		{name: "another authority key identifier", chain: []*certstest.Entity{certstest.New("Leaf", &misnamed, good), renewed}, want: []reason.Reason{reason.TLSCertKeyID}, detail: "the authority key identifier of Leaf is 01"},
		{name: "the same, and the issuer's twin with the right one", chain: []*certstest.Entity{certstest.New("Leaf", &misnamed, good), renewed, rekeyedTwin}},
		{name: "a trusted root with another one, and its twin with the right one", chain: []*certstest.Entity{certstest.New("Leaf", crossed, good), crossed}},
		{name: "an issuer's twin that another root signed, first", chain: []*certstest.Entity{certstest.New("Leaf", renewed, good), estranged, renewed}, want: []reason.Reason{reason.TLSCertKeyID}},
		{name: "the same, with that root", chain: []*certstest.Entity{certstest.New("Leaf", renewed, good), estranged, stranger, renewed}, want: []reason.Reason{reason.TLSCertKeyID}},
		{name: "the same, last", chain: []*certstest.Entity{certstest.New("Leaf", renewed, good), renewed, estranged}},
		{name: "the same, and it ended", chain: []*certstest.Entity{certstest.New("Leaf", renewed, good), certstest.NewWithKey(renewed.Key, "Issuing CA", stranger, certstest.Authority, past), renewed}},
		{name: "a circle with a way out", chain: []*certstest.Entity{certstest.New("Leaf", looping, good), looping, certstest.NewWithKey(exit.Key, "Exit", looping, certstest.Authority), exit}, want: []reason.Reason{reason.TLSCertKeyID}},
		{name: "the serial number of another issuer", chain: []*certstest.Entity{certstest.New("Leaf", numbered, good, named77("Root", 78)), numbered}, want: []reason.Reason{reason.TLSCertKeyID}, detail: "names the certificate with the serial number 4E, and that of its issuer is 4D"},
		{name: "another issuer of the issuer", chain: []*certstest.Entity{certstest.New("Leaf", numbered, good, named77("Tree", 77)), numbered}, want: []reason.Reason{reason.TLSCertKeyID}, detail: `names a certificate that "CN=Tree" issued, and that of its issuer was issued by "CN=Root"`},
		{name: "the right issuer and serial number", chain: []*certstest.Entity{certstest.New("Leaf", numbered, good, named77("Root", 77)), numbered}},
		{name: "an intermediate for any use", chain: []*certstest.Entity{certstest.New("Leaf", anyCA, good), anyCA}, want: []reason.Reason{reason.TLSCertUsage}, detail: "permits any use"},
		{name: "must-staple of the issuer's", chain: []*certstest.Entity{certstest.New("Leaf", demanding, good), demanding}, want: []reason.Reason{reason.TLSStapleMissing}, detail: "Demanding CA demands of what it issues"},
		{name: "must-staple, critical", chain: []*certstest.Entity{certstest.New("Leaf", root, good, extension(true, []byte{0x30, 3, 2, 1, 5}, 1, 3, 6, 1, 5, 5, 7, 1, 24))}, want: []reason.Reason{reason.TLSCertUsage}, detail: "the demand is critical"},
		{name: "must-staple, critical, with a staple", chain: []*certstest.Entity{critical}, staple: certstest.Staple(critical, root, root, ocsp.Response{Status: ocsp.Good}), want: []reason.Reason{reason.ProberCertUnsupported}, detail: "critical TLS feature"},
		{name: "a root with a weak key", chain: []*certstest.Entity{certstest.New("Leaf", weakRoot, good)}, want: []reason.Reason{reason.TLSWeakKey}, detail: TrustedRoot + "Weak root has the key RSA-1024"},
		{name: "policies that the chain lacks", chain: []*certstest.Entity{certstest.New("Leaf", root, good, extension(true, []byte{0x30, 3, 0x80, 1, 0}, 2, 5, 29, 36))}, want: []reason.Reason{reason.TLSCertUsage}, detail: "Leaf comes by a chain with invalid policies"},
		{name: "must-staple without a staple", chain: []*certstest.Entity{mustStaple}, want: []reason.Reason{reason.TLSStapleMissing}},
		{name: "an address as a DNS name", chain: []*certstest.Entity{certstest.New("Leaf", root, certstest.ForHosts("127.0.0.1"))}, host: "127.0.0.1", want: []reason.Reason{reason.TLSCertHostname}, detail: "has 127.0.0.1 as a DNS name and not as an address"},
		{name: "a wildcard for part of a label", chain: []*certstest.Entity{certstest.New("Leaf", root, certstest.ForHosts("go*.good.test"))}, host: "goo.good.test", want: []reason.Reason{reason.TLSCertHostname}, detail: "a wildcard for part of a label"},
		{name: "mail addresses alone", chain: []*certstest.Entity{certstest.New("other.test", root, func(c *x509.Certificate) { c.EmailAddresses = []string{"ops@good.test"} })}, want: []reason.Reason{reason.TLSCertHostname}, detail: "subjectAltName has neither a DNS name nor an address"},
		{name: "must-staple with an outdated staple", chain: []*certstest.Entity{mustStaple, root}, staple: certstest.Staple(mustStaple, root, root, ocsp.Response{
			Status: ocsp.Good, ThisUpdate: now.Add(-9 * certstest.Day), NextUpdate: now.Add(-certstest.Day),
		}), want: []reason.Reason{reason.TLSStapleMissing}, detail: "outside its dates"},
		{name: "must-staple with rubbish", chain: []*certstest.Entity{mustStaple, root}, staple: []byte("x"), want: []reason.Reason{reason.TLSStapleMissing}, detail: "is no OCSP response"},
		{name: "must-staple with a staple", chain: []*certstest.Entity{mustStaple, root}, staple: certstest.Staple(mustStaple, root, root, ocsp.Response{Status: ocsp.Good})},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.run(t, &Judge{Roots: anchors.Pool(), Anchors: anchors}) })
	}
}

// TestManyOfOneName bounds the work that a chain of one name costs.
func TestManyOfOneName(t *testing.T) {
	var chain []*certstest.Entity
	for range limit.ChainSignatures + 10 {
		chain = append(chain, certstest.New("Same", certstest.New("Same", nil, certstest.Authority), certstest.Authority, certstest.ForHosts(certstest.Host)))
	}
	chainCase{chain: chain, want: []reason.Reason{reason.ProberCertUnsupported, reason.TLSCertUsage}, detail: "more signatures than"}.run(t, &Judge{Roots: certstest.Pool(certstest.New("Root", nil, certstest.Authority))})
}
