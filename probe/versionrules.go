package probe

import (
	"fmt"
	"strings"

	"prober/catalog"
	"prober/probe/hello"
	"prober/probe/reason"
)

// judgeVersions compares a table with the documented expectations.
func (p *Prober) judgeVersions(t Target, table *hello.Table) verdict {
	accepted, missing := p.brokenVersions(t, table)
	var found []reason.Finding
	if len(accepted) > 0 {
		found = append(found, reason.TLSVersionAccepted.Found(fmt.Sprintf("accepts %s, which the rules of %s refuse", names(accepted), t.Product.ID)))
	}
	if len(missing) > 0 {
		found = append(found, reason.TLSVersionMissing.Found(fmt.Sprintf("rejects %s, which the rules of %s require", names(missing), t.Product.ID)))
	}
	return worst(found...)
}

// brokenVersions are the versions that are accepted and must not be, and those that must be
// and are not. What could not be told breaks no rule, and keeps none.
func (p *Prober) brokenVersions(t Target, table *hello.Table) (accepted, missing []hello.Version) {
	for _, r := range table {
		expect, _ := t.Product.TLSExpectation(catalog.TLSVersion(r.Version.String()), t.Endpoint.Region, p.cfg.Clock.Now())
		switch {
		case expect == catalog.Refused && r.Verdict == hello.Accepted:
			accepted = append(accepted, r.Version)
		case expect == catalog.Required && r.Verdict == hello.Rejected:
			missing = append(missing, r.Version)
		}
	}
	return accepted, missing
}

func names(versions []hello.Version) string {
	var list []string
	for _, v := range versions {
		list = append(list, v.String())
	}
	return strings.Join(list, ", ")
}
