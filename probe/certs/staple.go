package certs

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ocsp"

	"prober/limit"
	"prober/probe/reason"
)

// stapleFinding reads a stapled OCSP response. "Good" is what everybody expects. One that this program
// cannot read is as good as none; one that is about another certificate, outside its dates or not signed
// for the issuer says nothing (RFC 6960, section 3.2), nor does an error or the status unknown. GnuTLS or
// Firefox refuse these. edges are the instants at which this may change.
func stapleFinding(staple []byte, leaf, issuer *x509.Certificate, now time.Time) (f reason.Finding, edges []time.Time) {
	if issuer == nil {
		return reason.Finding{}, nil
	}
	if len(staple) == 0 {
		return missingStaple(leaf, "the server sent none"), nil
	}
	if len(staple) > limit.StapleBytes { // reading it may mean to check a signature with a key of that size
		return unsupported("the stapled OCSP response that the server sent for %s has %d bytes, more than the %d that are read", shortName(leaf), len(staple), limit.StapleBytes), nil
	}
	r, signers, err := readStaple(staple, leaf, issuer)
	if errors.Is(err, errOtherCertificate) {
		return invalidStaple(leaf, "is about another certificate"), nil
	} else if errors.Is(err, errNoResponse) {
		return invalidStaple(leaf, Unreadable), nil
	} else if refused := (ocsp.ResponseError{}); errors.As(err, &refused) {
		return invalidStaple(leaf, Refusal+": "+refused.Status.String()), nil
	} else if err != nil {
		return missingStaple(leaf, "the one that the server sent cannot be used: "+err.Error()), nil
	}
	how, by := signedFor(r, signers, issuer, now)
	switch {
	case how == untold:
		return reason.Finding{}, nil
	case how != signed:
		return invalidStaple(leaf, "is not signed by its issuer or for it"), nil
	}
	edges = append(edges, r.ThisUpdate.Add(-clockSlack), r.ThisUpdate, by.NotBefore, by.NotAfter.Add(1), r.ThisUpdate.Add(endless+1))
	if !r.NextUpdate.IsZero() {
		edges = append(edges, r.NextUpdate.Add(1))
	}
	if outside(by, now) {
		return invalidStaple(leaf, fmt.Sprintf("is signed by %s, a certificate that is good from %s to %s", shortName(by), by.NotBefore.UTC().Format(time.RFC3339), by.NotAfter.UTC().Format(time.RFC3339))), edges
	}
	switch revokedAt := r.RevokedAt.UTC().Format(time.RFC3339); {
	case now.Before(r.ThisUpdate.Add(-clockSlack)):
		return invalidStaple(leaf, Outdated+": it is of "+r.ThisUpdate.UTC().Format(time.RFC3339)), edges
	case now.Before(r.ThisUpdate): // a clock that is a little off is no fault
		return missingStaple(leaf, "the one that the server sent is outside its dates: it is of "+r.ThisUpdate.UTC().Format(time.RFC3339)), edges
	case !r.NextUpdate.IsZero() && now.After(r.NextUpdate):
		return invalidStaple(leaf, Outdated+": it ended on "+r.NextUpdate.UTC().Format(time.RFC3339)), edges
	case r.NextUpdate.IsZero() && r.Status == ocsp.Good && now.After(r.ThisUpdate.Add(endless)):
		return invalidStaple(leaf, fmt.Sprintf("names no end and is of %s, more than %d days ago", r.ThisUpdate.UTC().Format(time.RFC3339), int(endless.Hours()/24))), edges
	case r.Status == ocsp.Revoked && now.Before(r.RevokedAt):
		return reason.TLSCertRevoked.Found(fmt.Sprintf("the stapled OCSP response says that %s is revoked, as of %s, which is still to come", shortName(leaf), revokedAt)), edges
	case r.Status == ocsp.Unknown:
		return invalidStaple(leaf, Unknown), edges
	case r.Status == ocsp.Revoked:
		return reason.TLSCertRevoked.Found(fmt.Sprintf("the stapled OCSP response says that %s was revoked on %s", shortName(leaf), revokedAt)), edges
	}
	return reason.Finding{}, edges
}

// clockSlack is by how much a response may be of the future: Firefox allows a day.
const clockSlack = 24 * time.Hour

// endless is how long a response is good that names no end: GnuTLS takes it for so long, and Firefox for two days.
const endless = 15 * 24 * time.Hour

// StatusShows reports whether a finding about a stapled response tells what "openssl s_client -status"
// prints, which compares the response with nothing.
func StatusShows(detail string) bool {
	return slices.ContainsFunc([]string{Outdated, Refusal, Unknown, Unreadable}, func(s string) bool { return strings.Contains(detail, s) })
}

// These words are in the findings about a response that is outdated, an error, of the status unknown or none,
// and about a demand that an issuer makes.
const (
	Outdated   = "is outside its dates"
	Refusal    = "is an error"
	Unknown    = "has the status unknown"
	Unreadable = "is no OCSP response"
	OfIssued   = "demands of what it issues"
)

// errOtherCertificate is that a response holds nothing about a certificate, errNoResponse that it is none.
var (
	errOtherCertificate = errors.New("it is about another certificate")
	errNoResponse       = errors.New("it " + Unreadable)
)

// isSequence reports whether DER, or BER without a length, may be a SEQUENCE, as each response is.
func isSequence(der []byte) bool {
	var outer asn1.RawValue
	rest, err := asn1.Unmarshal(der, &outer)
	return err == nil && len(rest) == 0 && outer.Tag == asn1.TagSequence || len(der) > 1 && der[0] == 0x30 && der[1] == 0x80
}

// certID says which certificate a part of a response is about (RFC 6960, section 4.1.1).
type certID struct {
	Hash      pkix.AlgorithmIdentifier
	Name, Key []byte
	Serial    *big.Int
}

// certIDHashes are the hashes in use.
var certIDHashes = map[string]crypto.Hash{
	"1.3.14.3.2.26": crypto.SHA1, "2.16.840.1.101.3.4.2.1": crypto.SHA256, "2.16.840.1.101.3.4.2.2": crypto.SHA384, "2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

// names reports whether an id is that of a leaf of an issuer, as far as the hash can be computed.
func (id certID) names(leaf, issuer *x509.Certificate) bool {
	if id.Serial == nil || id.Serial.Cmp(leaf.SerialNumber) != 0 {
		return false
	}
	var key struct {
		Algorithm pkix.AlgorithmIdentifier
		Bits      asn1.BitString
	}
	hash, known := certIDHashes[id.Hash.Algorithm.String()]
	if _, err := asn1.Unmarshal(issuer.RawSubjectPublicKeyInfo, &key); err != nil || !known {
		return true
	}
	sum := func(b []byte) []byte {
		h := hash.New()
		h.Write(b)
		return h.Sum(nil)
	}
	ofName := bytes.Equal(id.Name, sum(leaf.RawIssuer)) || bytes.Equal(id.Name, sum(issuer.RawSubject))
	return ofName && bytes.Equal(id.Key, sum(key.Bits.RightAlign()))
}

// isAbout reports whether the data of a response have a part about a leaf of an issuer, or cannot be read so.
func isAbout(data []byte, leaf, issuer *x509.Certificate) bool {
	var read struct { // RFC 6960, section 4.2.1
		Version    int `asn1:"explicit,tag:0,default:0,optional"`
		Responder  asn1.RawValue
		ProducedAt asn1.RawValue
		Responses  []struct{ ID certID }
	}
	if _, err := asn1.Unmarshal(data, &read); err != nil {
		return true
	}
	return slices.ContainsFunc(read.Responses, func(r struct{ ID certID }) bool { return r.ID.names(leaf, issuer) })
}

// readStaple reads what a response says about a leaf, and the certificates that it brings along. The
// signature is not checked.
func readStaple(staple []byte, leaf, issuer *x509.Certificate) (r *ocsp.Response, brought []*x509.Certificate, err error) {
	var outer struct {
		Status   asn1.Enumerated
		Response struct {
			Type  asn1.ObjectIdentifier
			Bytes []byte
		} `asn1:"explicit,tag:0,optional"`
	}
	type basic struct { // RFC 6960, section 4.2.1
		Data         asn1.RawValue
		Algorithm    pkix.AlgorithmIdentifier
		Signature    asn1.BitString
		Certificates []asn1.RawValue `asn1:"explicit,tag:0,optional"`
	}
	var inner basic
	if !isSequence(staple) {
		return nil, nil, errNoResponse
	}
	if _, err := asn1.Unmarshal(staple, &outer); err == nil && len(outer.Response.Bytes) > 0 {
		if _, err := asn1.Unmarshal(outer.Response.Bytes, &inner); err != nil {
			return nil, nil, fmt.Errorf("it cannot be read: %w", err)
		}
		if !isAbout(inner.Data.FullBytes, leaf, issuer) {
			return nil, nil, errOtherCertificate
		}
		for _, c := range inner.Certificates[:min(len(inner.Certificates), limit.StapleSigners)] {
			if parsed, err := x509.ParseCertificate(c.FullBytes); err == nil {
				brought = append(brought, parsed)
			}
		}
		// Without these, package ocsp does not look at the first of them alone.
		bare, err := asn1.Marshal(basic{Data: inner.Data, Algorithm: inner.Algorithm, Signature: inner.Signature})
		if err != nil {
			return nil, nil, fmt.Errorf("it cannot be read: %w", err)
		}
		outer.Response.Bytes = bare
		if staple, err = asn1.Marshal(outer); err != nil {
			return nil, nil, fmt.Errorf("it cannot be read: %w", err)
		}
	}
	r, err = ocsp.ParseResponseForCert(staple, leaf, nil)
	if parse := ocsp.ParseError(""); errors.As(err, &parse) && parse == "no response matching the supplied certificate" {
		return nil, nil, errOtherCertificate
	}
	return r, brought, err
}

// signedFor says whether an issuer signed a response, or a certificate that it issued for that, and by which: its extended
// key usage names OCSP signing (RFC 6960, section 4.2.2.2), or whoever has any certificate could answer for all. One that is
// within its dates comes first.
func signedFor(r *ocsp.Response, brought []*x509.Certificate, issuer *x509.Certificate, now time.Time) (how link, with *x509.Certificate) {
	how = unsigned
	for _, p := range append(brought, issuer) {
		by := signed
		if !p.Equal(issuer) {
			if !slices.Contains(p.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning) {
				continue
			}
			by = made(p, issuer)
		}
		if by == unsigned || tooLarge(p) {
			continue
		}
		switch err := p.CheckSignature(r.SignatureAlgorithm, r.TBSResponseData, r.Signature); {
		case err == nil:
			if by > how || by == how && outside(with, now) {
				how, with = by, p
			}
		case errors.Is(err, x509.ErrUnsupportedAlgorithm):
			how = max(how, untold)
		}
	}
	return how, with
}

// outside reports whether it is not the time of a certificate. That of no certificate is always.
func outside(c *x509.Certificate, now time.Time) bool {
	return c == nil || now.Before(c.NotBefore) || now.After(c.NotAfter)
}

// missingStaple says that a certificate demands a stapled OCSP response, if it does, and why there
// is none. Firefox and GnuTLS refuse that.
func missingStaple(leaf *x509.Certificate, why string) reason.Finding {
	if !demandsStaple(leaf) {
		return reason.Finding{}
	}
	return reason.TLSStapleMissing.Found(fmt.Sprintf("%s demands a stapled OCSP response (TLS feature status_request), and %s", shortName(leaf), why))
}

// invalidStaple says why the response that a server sent says nothing.
func invalidStaple(leaf *x509.Certificate, why string) reason.Finding {
	if demandsStaple(leaf) {
		return missingStaple(leaf, "the one that the server sent "+why)
	}
	return reason.TLSStapleInvalid.Found(fmt.Sprintf("the stapled OCSP response that the server sent for %s %s", shortName(leaf), why))
}

// demandsStaple reports whether a certificate has the TLS feature status_request (RFC 7633).
func demandsStaple(c *x509.Certificate) bool {
	const statusRequest = 5
	i := slices.IndexFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidTLSFeature) })
	if i < 0 {
		return false
	}
	var features []int
	_, err := asn1.Unmarshal(c.Extensions[i].Value, &features)
	return err == nil && slices.Contains(features, statusRequest)
}

var oidTLSFeature = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 24}

// inheritedDemand says that a certificate of a path below one that demands stapled OCSP responses does
// not demand them itself (RFC 7633, section 4.2.2). GnuTLS refuses that.
func inheritedDemand(path []*x509.Certificate) reason.Finding {
	for i, issuer := range path[min(1, len(path)):] {
		if c := path[i]; demandsStaple(issuer) && !demandsStaple(c) {
			return reason.TLSStapleMissing.Found(fmt.Sprintf("%s %s that it demands a stapled OCSP response (TLS feature status_request), and %s does not", shortName(issuer), OfIssued, shortName(c)))
		}
	}
	return reason.Finding{}
}

// criticalDemand makes a missing staple what it is where the demand is critical: who knows the
// extension refuses that, and all others refuse the extension.
func criticalDemand(leaf *x509.Certificate, missing reason.Finding) reason.Finding {
	critical := func(e pkix.Extension) bool { return e.Critical && e.Id.Equal(oidTLSFeature) }
	if missing.Reason != reason.TLSStapleMissing || !slices.ContainsFunc(leaf.Extensions, critical) {
		return missing
	}
	return reason.TLSCertUsage.Found(missing.Detail + "; the demand is critical, so that clients which do not know it refuse the certificate too")
}
