package certs

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/ocsp"

	"prober/limit"
	"prober/probe/reason"
)

// maxVerdictAge is how long a verdict on a chain is kept at most: the roots of a failing
// chain are not known, and may end too.
const maxVerdictAge = 24 * time.Hour

// dateFinding says which certificate, leaf first, is outside its dates. Both dates belong
// to the time of validity (RFC 5280, section 4.1.2.5).
func dateFinding(line []*x509.Certificate, now time.Time) reason.Finding {
	for _, c := range line {
		switch {
		case now.After(c.NotAfter):
			return reason.TLSCertExpired.Found(fmt.Sprintf("%s expired on %s", shortName(c), c.NotAfter.UTC().Format(time.RFC3339)))
		case now.Before(c.NotBefore):
			return reason.TLSCertNotYetValid.Found(fmt.Sprintf("%s is valid from %s on", shortName(c), c.NotBefore.UTC().Format(time.RFC3339)))
		}
	}
	return reason.Finding{}
}

// stapleFinding reads a stapled OCSP response. One that cannot be read, is not signed by
// the issuer or is outside its own dates says nothing (RFC 6960, section 4.2.2.1), and
// "good" is what everybody expects. edges are the instants at which this may change.
func stapleFinding(staple []byte, leaf, issuer *x509.Certificate, now time.Time) (f reason.Finding, edges []time.Time) {
	if issuer == nil {
		return reason.Finding{}, nil
	}
	if len(staple) == 0 {
		return missingStaple(leaf, "the server sent none"), nil
	}
	if len(staple) > limit.StapleBytes { // reading it may mean to check a signature with a key of that size
		if !demandsStaple(leaf) {
			return reason.Finding{}, nil
		}
		return unsupported("%s demands a stapled OCSP response, and this program does not read the one that the server sent: its %d bytes are more than %d", shortName(leaf), len(staple), limit.StapleBytes), nil
	}
	r, err := ocsp.ParseResponseForCert(staple, leaf, issuer)
	if err != nil {
		return missingStaple(leaf, "the one that the server sent cannot be used: "+err.Error()), nil
	}
	edges = append(edges, r.ThisUpdate)
	if !r.NextUpdate.IsZero() {
		edges = append(edges, r.NextUpdate.Add(1))
	}
	switch {
	case now.Before(r.ThisUpdate), !r.NextUpdate.IsZero() && now.After(r.NextUpdate):
		return missingStaple(leaf, "the one that the server sent is outside its dates"), edges
	case r.Status == ocsp.Revoked:
		return reason.TLSCertRevoked.Found(fmt.Sprintf("the stapled OCSP response says that %s was revoked on %s", shortName(leaf), r.RevokedAt.UTC().Format(time.RFC3339))), edges
	}
	return reason.Finding{}, edges
}

// missingStaple says that a certificate demands a stapled OCSP response, if it does, and why there
// is none. Firefox and GnuTLS refuse that.
func missingStaple(leaf *x509.Certificate, why string) reason.Finding {
	if !demandsStaple(leaf) {
		return reason.Finding{}
	}
	return reason.TLSStapleMissing.Found(fmt.Sprintf("%s demands a stapled OCSP response (TLS feature status_request), and %s", shortName(leaf), why))
}

// demandsStaple reports whether a certificate has the TLS feature status_request (RFC 7633).
func demandsStaple(leaf *x509.Certificate) bool {
	const statusRequest = 5
	i := slices.IndexFunc(leaf.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 24}) })
	if i < 0 {
		return false
	}
	var features []int
	_, err := asn1.Unmarshal(leaf.Extensions[i].Value, &features)
	return err == nil && slices.Contains(features, statusRequest)
}

// edgesOf are the instants at which a certificate begins or has ceased to be valid.
func edgesOf(chain []*x509.Certificate) []time.Time {
	edges := make([]time.Time, 0, 2*len(chain))
	for _, c := range chain {
		edges = append(edges, c.NotBefore, c.NotAfter.Add(1))
	}
	return edges
}

// window returns the longest time around now, up to maxVerdictAge ahead, in which none of
// the edges lies.
func window(edges []time.Time, now time.Time) (from, until time.Time) {
	until = now.Add(maxVerdictAge)
	for _, edge := range edges {
		switch {
		case !edge.After(now) && edge.After(from):
			from = edge
		case edge.After(now) && edge.Before(until):
			until = edge
		}
	}
	return from, until
}

// insideDates returns the time nearest to now at which all certificates of line are valid,
// and now if there is none.
func insideDates(line []*x509.Certificate, now time.Time) time.Time {
	from, until := line[0].NotBefore, line[0].NotAfter
	for _, c := range line[1:] {
		if c.NotBefore.After(from) {
			from = c.NotBefore
		}
		if c.NotAfter.Before(until) {
			until = c.NotAfter
		}
	}
	switch {
	case from.After(until):
		return now
	case now.Before(from):
		return from
	case now.After(until):
		return until
	}
	return now
}
