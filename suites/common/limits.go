package common

import (
	"prober/catalog"
	"prober/probe/reason"
	"prober/report"
	"prober/suites/kit"
)

// Limited says which limits a list sets, of an endpoint or of any of a product.
type Limited struct{ Times, Days, Version bool }

// LimitsOf are those of an endpoint of a product: what either of their checks sets.
func LimitsOf(p catalog.Product, e catalog.Endpoint) Limited {
	return limited(p.Check).Or(limited(e.Check))
}

// Or are the limits of either.
func (l Limited) Or(other Limited) Limited {
	return Limited{l.Times || other.Times, l.Days || other.Days, l.Version || other.Version}
}

func limited(c *catalog.Check) Limited {
	if c == nil || c.Limits == nil {
		return Limited{}
	}
	times := *c.Limits
	times.CertificateDays, times.TLSVersion = 0, ""
	return Limited{times != catalog.Limits{}, c.Limits.CertificateDays > 0, c.Limits.TLSVersion != ""}
}

// Limits are the requirements about the limits that a list sets. An endpoint beyond one works: check and
// serve call it degraded, and here it is a SHOULD.
func Limits(d Document, in kit.Place, set Limited) []kit.Requirement {
	var all []kit.Requirement
	const works = "the endpoint works all the same: check and serve call it degraded"
	if set.Days {
		all = append(all, kit.Requirement{
			ID: d.ID("TLS-30"), Line: func(here func()) { here() }, Level: report.Should, In: in, Rationale: works,
			Text: "The certificates are good for as many days as the list demands.",
			It:   "shows certificates that are good for as many days as the list demands", Judge: kit.EachAddress(catalog.HTTPS, kit.KeepLimit("the certificate days of the list", reason.TLSCertEndsSoon)),
		})
	}
	if set.Version {
		all = append(all, kit.Requirement{
			ID: d.ID("TLS-31"), Line: func(here func()) { here() }, Level: report.Should, In: in, Rationale: works,
			Text: "No protocol version is accepted below the lowest that the list allows.",
			It:   "accepts no protocol version below the lowest that the list allows", Judge: kit.EachAddressBy(catalog.HTTPS, func(c *kit.Case, a kit.Address) {
				c.Expect(a, kit.AcceptNothingBelow(c.Product.CheckOf(c.Endpoint).Limits.TLSVersion))
			}),
		})
	}
	if set.Times {
		all = append(all, kit.Requirement{
			ID: d.ID("PROTO-35"), Line: func(here func()) { here() }, Level: report.Should, In: in, Rationale: works,
			Text: "The whole probe, and each phase of it, take no longer than the list allows.",
			It:   "takes no longer than the list allows", Judge: kit.EachAddress(d.Over(), kit.KeepLimit("the times of the list", reason.VerifySlow)),
		})
	}
	return all
}
