package certs

import (
	"crypto/x509"
	"fmt"
	"time"

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
