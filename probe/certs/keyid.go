package certs

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"

	"prober/probe/reason"
)

// keyIDFinding says that a certificate of a path names another issuer than the one whose key signed
// it, by the key or by the certificate. Clients that search for issuers so (RFC 5280, section 4.2.1.1)
// find none: OpenSSL by either, GnuTLS by the key.
func keyIDFinding(path []*x509.Certificate) reason.Finding {
	for i, issuer := range path[1:] {
		c := path[i]
		if anotherKey(c, issuer) {
			return reason.TLSCertKeyID.Found(fmt.Sprintf("the authority key identifier of %s is %X, and that of its issuer's key is %X", shortName(c), c.AuthorityKeyId, issuer.SubjectKeyId))
		}
		name, serial := issuerNamed(c)
		if serial != nil && serial.Cmp(issuer.SerialNumber) != 0 {
			return reason.TLSCertKeyID.Found(fmt.Sprintf("the authority key identifier of %s names the certificate with the serial number %X, and that of its issuer is %X", shortName(c), serial, issuer.SerialNumber))
		}
		if name != nil && !strings.EqualFold(nameOf(name), nameText(issuer.Issuer)) { // however either is encoded
			return reason.TLSCertKeyID.Found(fmt.Sprintf("the authority key identifier of %s names a certificate that %q issued, and that of its issuer was issued by %q", shortName(c), nameOf(name), nameText(issuer.Issuer)))
		}
	}
	return reason.Finding{}
}

var oidAuthorityKeyID = asn1.ObjectIdentifier{2, 5, 29, 35}

// issuerNamed returns the issuer, in DER, and the serial number of the issuer's certificate that the
// authority key identifier of c names; nil where it names none.
func issuerNamed(c *x509.Certificate) (name []byte, serial *big.Int) {
	i := slices.IndexFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidAuthorityKeyID) })
	if i < 0 {
		return nil, nil
	}
	in := cryptobyte.String(c.Extensions[i].Value)
	var names, directory, number cryptobyte.String
	var named, numbered bool
	if !in.ReadASN1(&in, tag.SEQUENCE) || !in.SkipOptionalASN1(tag.Tag(0).ContextSpecific()) ||
		!in.ReadOptionalASN1(&names, &named, tag.Tag(1).Constructed().ContextSpecific()) ||
		!in.ReadOptionalASN1(&number, &numbered, tag.Tag(2).ContextSpecific()) {
		return nil, nil
	}
	if numbered && len(number) > 0 && number[0] < 0x80 {
		serial = new(big.Int).SetBytes(number)
	}
	for named && !names.Empty() {
		var kind tag.Tag
		if !names.ReadAnyASN1(&directory, &kind) {
			break
		}
		if kind == tag.Tag(4).Constructed().ContextSpecific() { // directoryName
			return directory, serial
		}
	}
	return nil, serial
}
