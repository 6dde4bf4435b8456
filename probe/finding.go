package probe

import (
	"fmt"
	"net/netip"
	"slices"

	"prober/probe/dns"
	"prober/probe/reason"
)

// Finding is one thing that is wrong at an address.
type Finding struct {
	Reason reason.Reason
	Detail string // one line for people; never part of a metric
	// Reproduce is a command line with standard tools that shows it; empty when nothing
	// outside the prober does.
	Reproduce string
}

// finding is one thing that is wrong, with a line for people; without a reason it is
// something worth knowing about what is fine.
type finding struct {
	reason reason.Reason
	detail string
}

func (f finding) ok() bool { return f.reason == reason.None }

// verdict is the finding that decides, and all others beside it: what is wrong with a
// certificate must not hide that its key is weak too.
type verdict struct {
	finding
	also []finding
}

// only is the verdict of a single finding.
func only(r reason.Reason, detail string) verdict { return verdict{finding: finding{r, detail}} }

// text is the line for people, which names the other findings.
func (v verdict) text() string {
	text := v.detail
	for _, f := range v.also {
		text += "; also " + f.reason.String() + ": " + f.detail
	}
	return text
}

// and adds what else was found.
func (v verdict) and(other verdict) verdict {
	all := append([]finding{v.finding}, v.also...)
	return worst(append(append(all, other.finding), other.also...)...)
}

// worst returns the verdict of findings: the first that fails decides, else the first that
// leaves it unknown, else the first defect. Where nothing is wrong it is the last.
func worst(findings ...finding) verdict {
	var v verdict
	for _, f := range findings {
		if v.ok() || !f.ok() && graver(f.reason.Outcome(), v.reason.Outcome()) {
			v.finding = f
		}
	}
	for _, f := range findings {
		if !f.ok() && f != v.finding {
			v.also = append(v.also, f)
		}
	}
	return v
}

// graver reports whether a says more against an address than b: what could not be told
// stands above a defect, and below a failure.
func graver(a, b reason.Outcome) bool {
	rank := map[reason.Outcome]int{reason.OK: 0, reason.Degraded: 1, reason.Unknown: 2, reason.Fail: 3}
	return rank[a] > rank[b]
}

// outcome is that of a finding at an address which was reached so far. A defect that kept
// the request from being made is more than a defect.
func outcome(f finding, reached Phases) reason.Outcome {
	if o := f.reason.Outcome(); o != reason.Degraded || reached.Reached >= reason.Request {
		return o
	}
	return reason.Fail
}

// nameFindings are all that is wrong with a name, the verdict of the lookup first.
func (p *Prober) nameFindings(t Target, l *dns.Lookup) []Finding {
	var out []Finding
	add := func(r reason.Reason, detail, reproduce string) {
		for _, f := range out {
			if f.Reason == r {
				return
			}
		}
		if r != reason.None && r.Outcome() != reason.Unknown {
			out = append(out, Finding{r, detail, reproduce})
		}
	}
	add(l.Reason, l.Detail, p.reproduceLookup(t, l))
	for _, f := range l.Families {
		switch f.Reason {
		case reason.None, reason.ResolveNoData: // which one family alone may have
		default:
			add(f.Reason, f.Detail, p.dig(f.Resolver, l.Host, f.Type.String()))
		}
	}
	if c := l.Canary; c != nil && c.Reason == reason.None && len(c.Addresses) > 0 {
		detail := fmt.Sprintf("%s gave %s for %s, which does not exist", c.Resolver, c.Addresses[0], c.Name)
		add(reason.ResolveHijacked, detail, p.dig(c.Resolver, c.Name, c.Type.String()))
	}
	return out
}

// unprobed are the findings about addresses that were too many to be probed: where they lead
// can be told without.
func (p *Prober) unprobed(t Target, all, probed []netip.Addr) []Finding {
	var out []Finding
	for _, a := range all {
		if slices.Contains(probed, a) {
			continue
		}
		if why := p.cfg.Guard.Answer(a, t.Endpoint.Network); why != reason.None {
			out = append(out, Finding{why, "the name leads to " + a.String(), p.dig(netip.AddrPort{}, t.Endpoint.Host, typeOf(a))})
		}
	}
	return out
}

// conclude writes a verdict into r, with a command for each finding.
func (p *Prober) conclude(t Target, r *AddressResult, v verdict) {
	r.Outcome, r.Reason, r.Blame, r.Detail = outcome(v.finding, r.Phases), v.reason, v.reason.Blame(), p.redact(v.text())
	if r.Outcome == reason.OK {
		return
	}
	for _, f := range append([]finding{v.finding}, v.also...) {
		r.Findings = append(r.Findings, Finding{f.reason, p.redact(f.detail), p.reproduce(t, r, f)})
	}
	r.Reproduce = r.Findings[0].Reproduce
}
