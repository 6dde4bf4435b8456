package certs

import (
	"crypto/x509"
	"fmt"
	"regexp"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"

	"prober/limit"
	"prober/probe/reason"
)

// sizeFinding says that the Certificate message of a chain (RFC 5246, section 7.4.2) is larger than others read: OpenSSL, and
// curl and much else with it. GnuTLS stops a little above.
func sizeFinding(chain []*x509.Certificate) reason.Finding {
	const length = 3
	size := length
	for _, c := range chain {
		size += length + len(c.Raw)
	}
	if size <= limit.OthersCertificates {
		return reason.Finding{}
	}
	return Oversize(fmt.Sprintf("%d bytes", size))
}

// Oversize is the finding about certificates of so many bytes.
func Oversize(bytes string) reason.Finding {
	return reason.TLSCertMalformed.Found(fmt.Sprintf("the certificates that the server sends are too large: they come to %s, and OpenSSL takes %d at most", bytes, limit.OthersCertificates))
}

// encodingFinding says which certificate is encoded in a way that crypto/x509 takes and OpenSSL
// does not: with dates in another form than RFC 5280 has, or with something behind its extensions.
func encodingFinding(line []*x509.Certificate) reason.Finding {
	for _, c := range line {
		var dates [2]cryptobyte.String
		tbs := cryptobyte.String(c.RawTBSCertificate)
		var validity cryptobyte.String
		if !tbs.ReadASN1(&tbs, tag.SEQUENCE) || !tbs.SkipOptionalASN1(tag.Tag(0).Constructed().ContextSpecific()) ||
			!tbs.SkipASN1(tag.INTEGER) || !tbs.SkipASN1(tag.SEQUENCE) || !tbs.SkipASN1(tag.SEQUENCE) || !tbs.ReadASN1(&validity, tag.SEQUENCE) {
			return reason.Finding{}
		}
		for i := range dates {
			var kind tag.Tag
			if validity.ReadAnyASN1(&dates[i], &kind); !dateForms[kind].Match(dates[i]) {
				return reason.TLSCertMalformed.Found(fmt.Sprintf("%s has the date %q, and a date of a certificate has seconds and is in UTC, with a Z (RFC 5280, section 4.1.2.5)", shortName(c), dates[i]))
			}
		}
		for range 2 { // the subject and its key
			tbs.SkipASN1(tag.SEQUENCE)
		}
		for _, part := range []tag.Tag{tag.Tag(1).ContextSpecific(), tag.Tag(2).ContextSpecific(), tag.Tag(3).Constructed().ContextSpecific()} {
			tbs.SkipOptionalASN1(part)
		}
		if unversioned(c) {
			return reason.TLSCertMalformed.Found(fmt.Sprintf("%s has extensions, which version %d of certificates does not have (RFC 5280, section 4.1.2.9)", shortName(c), c.Version))
		}
		if !tbs.Empty() {
			return reason.TLSCertMalformed.Found(fmt.Sprintf("%s has %d bytes behind its extensions, where nothing may be (RFC 5280, section 4.1)", shortName(c), len(tbs)))
		}
	}
	return reason.Finding{}
}

// unversioned reports whether a certificate has extensions that its version does not have: OpenSSL reads
// them, crypto/x509 does not.
func unversioned(c *x509.Certificate) bool {
	return c.Version < 3 && readAnyway(c.Raw).extended
}

// dateForms are the forms that dates have in certificates.
var dateForms = map[tag.Tag]*regexp.Regexp{
	tag.UTCTime: regexp.MustCompile(`^\d{12}Z$`), tag.GeneralizedTime: regexp.MustCompile(`^\d{14}Z$`),
}

// notDER reports whether an element, or one inside it, has a length that BER permits and DER does
// not: OpenSSL and GnuTLS read certificates with one.
func notDER(b []byte) bool {
	_, found := berLength(b, 8) // levels: a certificate has no more of its own
	return found
}

// berLength returns what follows an element, and whether it or an element inside it has such a length.
func berLength(b []byte, levels int) (rest []byte, found bool) {
	if len(b) < 2 || levels == 0 {
		return nil, false
	}
	n, header := int(b[1]), 2
	if n == 0x80 { // up to a mark
		return nil, true
	}
	if octets := n & 0x7f; n > 0x80 {
		if octets > 4 || len(b) < 2+octets {
			return nil, false
		}
		n = 0
		for _, octet := range b[2 : 2+octets] {
			n = n<<8 | int(octet)
		}
		header += octets
		if n < 0x80 || octets > 1 && b[2] == 0 {
			return nil, n <= len(b)-header
		}
	}
	if n > len(b)-header {
		return nil, false
	}
	const constructed = 0x20
	for in := b[header : header+n]; b[0]&constructed != 0 && len(in) > 0; {
		if in, found = berLength(in, levels-1); found {
			return nil, true
		}
	}
	return b[header+n:], false
}
