package probe

import (
	"fmt"
	"time"

	"prober/catalog"
	"prober/probe/hello"
	"prober/probe/reason"
)

// bounded adds what is beyond the limits that the list sets, where the endpoint works otherwise.
func (p *Prober) bounded(t Target, r *AddressResult, v verdict) verdict {
	if v.Reason.Outcome().Worse(reason.Degraded) {
		return v
	}
	l := t.Check.limits
	found := []reason.Finding{p.endsSoon(r, l), lowVersion(t.Check, r)}
	return v.and(worst(append(found, slow(r, l)...)...))
}

// slow says which phases took too long. What this program itself took of them is not the endpoint's.
func slow(r *AddressResult, l *catalog.Limits) []reason.Finding {
	var found []reason.Finding
	over := func(what string, took time.Duration, most catalog.Duration) {
		if most > 0 && took > time.Duration(most) {
			found = append(found, reason.VerifySlow.Found(fmt.Sprintf("%s took %s, expected are %s at most", what, reason.Seconds(took), time.Duration(most))))
		}
	}
	over("the whole probe", r.Phases.sum()-r.own, l.Total)
	bounds := map[reason.Phase]catalog.Duration{
		reason.Resolve: l.Resolve, reason.Connect: l.Connect, reason.TLS: l.TLS, reason.Request: l.Request, reason.Headers: l.Headers, reason.Body: l.Body,
	}
	for _, phase := range TimedPhases() {
		took, _ := r.Phases.Took(phase)
		if phase == reason.TLS {
			took -= r.own
		}
		over(phase.String(), took, bounds[phase])
	}
	return found
}

// endsSoon says that a certificate ends sooner than it may: of the path that was verified, its root aside,
// or of what was sent.
func (p *Prober) endsSoon(r *AddressResult, l *catalog.Limits) reason.Finding {
	if l.CertificateDays == 0 || r.TLS == nil {
		return reason.Finding{}
	}
	chain := r.TLS.Certificates
	if n := len(r.TLS.Path); n > 1 {
		chain = r.TLS.Path[:n-1]
	}
	const day = 24 * time.Hour
	now := p.cfg.Clock.Now()
	for _, c := range chain {
		if left := c.NotAfter.Sub(now); left < time.Duration(l.CertificateDays)*day {
			return reason.TLSCertEndsSoon.Found(fmt.Sprintf("the certificate of %q ends at %s, in %.1f days, expected are %d at least",
				c.Subject, c.NotAfter.UTC().Format(time.RFC3339), left.Hours()/24, l.CertificateDays))
		}
	}
	return reason.Finding{}
}

// lowVersion says that the server accepts a version below the lowest that it may: that of the handshake, or
// one of the version table.
func lowVersion(c *Check, r *AddressResult) reason.Finding {
	if c.limits.TLSVersion == "" || r.TLS == nil {
		return reason.Finding{}
	}
	if low := c.tooLow(r.TLS.Versions); len(low) > 0 {
		return reason.TLSVersionLow.Found(fmt.Sprintf("accepts %s, expected is %s or later", names(low), c.limits.TLSVersion))
	}
	if v := r.TLS.Version; v != "" && below(v, string(c.limits.TLSVersion)) {
		return reason.TLSVersionLow.Found(fmt.Sprintf("accepts %s, expected is %s or later", v, c.limits.TLSVersion))
	}
	return reason.Finding{}
}

// tooLow are the versions of a table that are accepted, and below the lowest that may be.
func (c *Check) tooLow(table *hello.Table) []hello.Version {
	var low []hello.Version
	if table == nil || c == nil || c.limits == nil {
		return nil
	}
	for _, r := range table {
		if r.Verdict == hello.Accepted && below(r.Version.String(), string(c.limits.TLSVersion)) {
			low = append(low, r.Version)
		}
	}
	return low
}

// below reports whether a protocol version is an earlier one than another.
func below(v, lowest string) bool {
	rank := func(name string) int {
		for i, known := range catalog.TLSVersions() {
			if string(known) == name {
				return i
			}
		}
		return len(catalog.TLSVersions())
	}
	return rank(v) < rank(lowest)
}
