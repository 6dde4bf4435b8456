package certs

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"slices"

	"prober/probe/reason"
)

// usageFinding says which certificate of a path, the topmost first, is for something else than
// server authentication. A root counts: OpenSSL refuses such a path too.
func usageFinding(path []*x509.Certificate, err error) reason.Finding {
	for i, c := range slices.Backward(path) {
		if len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) > 0 && !slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageServerAuth) && !slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny) {
			what := shortName(c)
			if i > 0 && i == len(path)-1 {
				what = "the root " + what
			}
			return reason.TLSCertUsage.Found(fmt.Sprintf("the extended key usage of %s lists %s and not serverAuth", what, uses(c)))
		}
	}
	return reason.TLSCertUsage.Found(trimmed(err).Error())
}

// uses names what the extended key usage of a certificate permits (RFC 5280, section 4.2.1.12).
func uses(c *x509.Certificate) string {
	var list []string
	for _, u := range c.ExtKeyUsage {
		list = append(list, u.String())
	}
	for _, oid := range c.UnknownExtKeyUsage {
		list = append(list, oid.String())
	}
	return nameList(list)
}

// anyUsageFinding says that a certificate of a path is for any usage and does not name server
// authentication. OpenSSL refuses such a path, and GnuTLS below such an intermediate.
func anyUsageFinding(path []*x509.Certificate) reason.Finding {
	for i, c := range slices.Backward(path) {
		if len(c.ExtKeyUsage) > 0 && !slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageServerAuth) {
			why := reason.TLSCertKeyUsage
			if i > 0 && i < len(path)-1 {
				why = reason.TLSCertUsage
			}
			return why.Found(fmt.Sprintf("%s has an extended key usage that permits any use and does not name serverAuth", shortName(c)))
		}
	}
	return reason.Finding{}
}

// tlsUses are the key usages that a server's key can be used for in TLS: signing its part of the
// handshake, decrypting the client's secret, and agreeing on one.
const tlsUses = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageKeyAgreement

// leafUsageFinding says that the key usage of a leaf (RFC 5280, section 4.2.1.3) permits nothing that
// TLS does with a key. OpenSSL and GnuTLS refuse that, whatever the handshake does.
func leafUsageFinding(leaf *x509.Certificate) reason.Finding {
	switch {
	case leaf.KeyUsage&tlsUses != 0:
		return reason.Finding{}
	case leaf.KeyUsage == 0 && slices.ContainsFunc(leaf.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidKeyUsage) }):
		return reason.TLSCertKeyUsage.Found(fmt.Sprintf("the key usage of %s is empty, which RFC 5280, section 4.2.1.3, forbids and OpenSSL refuses", shortName(leaf)))
	case leaf.KeyUsage == 0:
		return reason.Finding{}
	}
	return reason.TLSCertUsage.Found(fmt.Sprintf("the key usage of %s has neither digitalSignature nor keyEncipherment nor keyAgreement, one of which TLS needs", shortName(leaf)))
}

var oidKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 15}

// KeyUsageFinding says that the key usage of a leaf, which permits some use in TLS, does not permit
// what a handshake did with its key: signing its part, or decrypting the client's secret.
// Chromium and GnuTLS refuse that.
func KeyUsageFinding(leaf *x509.Certificate, signs bool) reason.Finding {
	needs, name := x509.KeyUsageDigitalSignature, "digitalSignature"
	if !signs {
		needs, name = x509.KeyUsageKeyEncipherment, "keyEncipherment"
	}
	if leaf.KeyUsage&tlsUses == 0 || leaf.KeyUsage&needs != 0 {
		return reason.Finding{}
	}
	return reason.TLSCertKeyUsage.Found(fmt.Sprintf("the key usage of %s lacks %s, which the handshake needs", shortName(leaf), name))
}
