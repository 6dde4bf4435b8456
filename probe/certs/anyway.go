package certs

import (
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

// rawFacts is what can be read of a certificate that crypto/x509 refuses to parse.
type rawFacts struct {
	facts           Certificate
	subject, issuer []byte   // in DER; nil where the certificate cannot be read so far
	names           []string // of the subjectAltName
	addresses       []net.IP
	extensions      []pkix.Extension // the subjectAltName, if there is one
	extended        bool             // there are any
	nameless        bool             // the subjectAltName cannot be read, or not to its end
}

// readAnyway reads names and dates (RFC 5280, section 4.1) of a certificate whose key, serial
// number or extensions crypto/x509 refuses. What cannot be read stays zero.
func readAnyway(der []byte) (r rawFacts) {
	sum := sha256.Sum256(der)
	r.facts = Certificate{SHA256: hex.EncodeToString(sum[:]), DNSNames: []string{}}
	in := cryptobyte.String(der)
	var cert, tbs, validity, key, keyAlgorithm, signature, extensions cryptobyte.String
	var issuer, subject cryptobyte.String
	var signed, keyed asn1.ObjectIdentifier
	if !in.ReadASN1(&cert, tag.SEQUENCE) || !cert.ReadASN1(&tbs, tag.SEQUENCE) ||
		!tbs.SkipOptionalASN1(tag.Tag(0).Constructed().ContextSpecific()) || !tbs.SkipASN1(tag.INTEGER) ||
		!tbs.ReadASN1(&signature, tag.SEQUENCE) || !signature.ReadASN1ObjectIdentifier(&signed) ||
		!tbs.ReadASN1Element(&issuer, tag.SEQUENCE) || !tbs.ReadASN1(&validity, tag.SEQUENCE) ||
		!tbs.ReadASN1Element(&subject, tag.SEQUENCE) {
		return r
	}
	r.subject, r.issuer = subject, issuer
	r.facts.Subject, r.facts.Issuer, r.facts.SignatureAlgorithm = nameOf(subject), nameOf(issuer), algorithmName(signed)
	r.facts.NotBefore, r.facts.NotAfter = readTime(&validity), readTime(&validity)
	if !tbs.ReadASN1(&key, tag.SEQUENCE) || !key.ReadASN1(&keyAlgorithm, tag.SEQUENCE) || !keyAlgorithm.ReadASN1ObjectIdentifier(&keyed) {
		return r
	}
	r.facts.Key = algorithmName(keyed)
	var curve asn1.ObjectIdentifier
	if keyAlgorithm.PeekASN1Tag(tag.OBJECT_IDENTIFIER) && keyAlgorithm.ReadASN1ObjectIdentifier(&curve) {
		r.facts.Key += " on " + algorithmName(curve)
	}
	for tbs.PeekASN1Tag(tag.Tag(1).ContextSpecific()) || tbs.PeekASN1Tag(tag.Tag(2).ContextSpecific()) {
		var skipped cryptobyte.String
		if !tbs.ReadAnyASN1(&skipped, new(tag.Tag)) {
			return r
		}
	}
	if !tbs.ReadASN1(&extensions, tag.Tag(3).Constructed().ContextSpecific()) || !extensions.ReadASN1(&extensions, tag.SEQUENCE) {
		return r
	}
	r.extended = true
	r.readExtensions(extensions)
	r.facts.DNSNames = listed(r.names)
	return r
}

func (r *rawFacts) readExtensions(in cryptobyte.String) {
	for !in.Empty() {
		var extension, value, names cryptobyte.String
		var id asn1.ObjectIdentifier
		if !in.ReadASN1(&extension, tag.SEQUENCE) || !extension.ReadASN1ObjectIdentifier(&id) ||
			!extension.SkipOptionalASN1(tag.BOOLEAN) || !extension.ReadASN1(&value, tag.OCTET_STRING) {
			return
		}
		if !id.Equal(oidSubjectAltName) {
			continue
		}
		r.extensions = []pkix.Extension{{Id: id}}
		if !value.ReadASN1(&names, tag.SEQUENCE) {
			r.nameless = true
			continue
		}
		for !names.Empty() {
			var name cryptobyte.String
			var kind tag.Tag
			if !names.ReadAnyASN1(&name, &kind) {
				r.nameless = true
				return
			}
			switch kind {
			case tag.Tag(2).ContextSpecific():
				r.names = append(r.names, string(name))
			case tag.Tag(7).ContextSpecific():
				r.addresses = append(r.addresses, net.IP(name))
			}
		}
	}
}

// readTime reads a UTCTime or a GeneralizedTime.
func readTime(in *cryptobyte.String) (t time.Time) {
	if in.PeekASN1Tag(tag.UTCTime) {
		in.ReadASN1UTCTime(&t)
	} else {
		in.ReadASN1GeneralizedTime(&t)
	}
	return t
}

func nameOf(der []byte) string {
	var rdn pkix.RDNSequence
	var name pkix.Name
	if _, err := asn1.Unmarshal(der, &rdn); err != nil {
		return ""
	}
	name.FillFromRDNSequence(&rdn)
	return nameText(name)
}

// named is a certificate with these names and no more.
func (r rawFacts) named() *x509.Certificate {
	c := &x509.Certificate{DNSNames: r.names, IPAddresses: r.addresses, Extensions: r.extensions}
	var rdn pkix.RDNSequence
	if _, err := asn1.Unmarshal(r.subject, &rdn); err == nil {
		c.Subject.FillFromRDNSequence(&rdn)
	}
	return c
}

// trimmed is an error of crypto/x509, which may quote a certificate at any length.
func trimmed(err error) error { return errors.New(Cut(strings.TrimPrefix(err.Error(), "x509: "))) }

var oidSubjectAltName = asn1.ObjectIdentifier{2, 5, 29, 17}

// algorithms are the signatures, keys and curves that crypto/x509 does not know and other
// programs do, and those that go with them.
var algorithms = map[string]string{
	"1.2.840.113549.1.1.1": "RSA", "1.2.840.113549.1.1.10": "RSA-PSS", "1.2.840.113549.1.1.14": "SHA224-RSA",
	"1.2.840.113549.1.1.5": "SHA1-RSA", "1.2.840.113549.1.1.11": "SHA256-RSA", "1.2.840.113549.1.1.12": "SHA384-RSA", "1.2.840.113549.1.1.13": "SHA512-RSA",
	"1.2.840.113549.1.1.15": "SHA512/224-RSA", "1.2.840.113549.1.1.16": "SHA512/256-RSA",
	"1.2.840.10045.2.1": "ECDSA", "1.2.840.10045.4.1": "ECDSA-SHA1", "1.2.840.10045.4.3.1": "ECDSA-SHA224", "1.2.840.10045.4.3.2": "ECDSA-SHA256",
	"1.2.840.10045.4.3.3": "ECDSA-SHA384", "1.2.840.10045.4.3.4": "ECDSA-SHA512",
	"1.2.840.10040.4.1": "DSA", "1.2.840.10040.4.3": "DSA-SHA1", "2.16.840.1.101.3.4.3.1": "DSA-SHA224", "2.16.840.1.101.3.4.3.2": "DSA-SHA256",
	"2.16.840.1.101.3.4.3.9": "ECDSA-SHA3-224", "2.16.840.1.101.3.4.3.10": "ECDSA-SHA3-256",
	"2.16.840.1.101.3.4.3.11": "ECDSA-SHA3-384", "2.16.840.1.101.3.4.3.12": "ECDSA-SHA3-512",
	"2.16.840.1.101.3.4.3.13": "SHA3-224-RSA", "2.16.840.1.101.3.4.3.14": "SHA3-256-RSA",
	"2.16.840.1.101.3.4.3.15": "SHA3-384-RSA", "2.16.840.1.101.3.4.3.16": "SHA3-512-RSA",
	"2.16.840.1.101.3.4.3.17": "ML-DSA-44", "2.16.840.1.101.3.4.3.18": "ML-DSA-65", "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
	"1.3.101.112": "Ed25519", "1.3.101.113": "Ed448", "1.2.156.10197.1.501": "SM2-SM3", "1.2.156.10197.1.301": "SM2",
	"1.3.36.3.3.2.8.1.1.7": "brainpoolP256r1", "1.3.36.3.3.2.8.1.1.11": "brainpoolP384r1", "1.3.36.3.3.2.8.1.1.13": "brainpoolP512r1",
	"1.3.132.0.10": "secp256k1", "1.2.840.10045.3.1.1": "P-192", "1.3.132.0.33": "P-224", "1.2.840.10045.3.1.7": "P-256",
}

func algorithmName(id asn1.ObjectIdentifier) string {
	if name, ok := algorithms[id.String()]; ok {
		return name
	}
	return fmt.Sprintf("algorithm %s", id)
}
