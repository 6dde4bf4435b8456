package probe

import (
	"fmt"
	"net/netip"
	"slices"

	"prober/probe/dns"
	"prober/probe/reason"
)

// verdict is the finding that decides, and all others beside it: what is wrong with a
// certificate must not hide that its key is weak too.
type verdict struct {
	reason.Finding
	also []reason.Finding
}

// only is the verdict of a single finding.
func only(r reason.Reason, detail string) verdict { return verdict{Finding: r.Found(detail)} }

// text is the line for people, which names the other findings.
func (v verdict) text() string {
	text := v.Detail
	for _, f := range v.also {
		text += "; also " + f.Reason.String() + ": " + f.Detail
	}
	return text
}

// and adds what else was found.
func (v verdict) and(other verdict) verdict {
	all := append([]reason.Finding{v.Finding}, v.also...)
	return worst(append(append(all, other.Finding), other.also...)...)
}

// worst returns the verdict of findings, of which [reason.Worst] decides.
func worst(findings ...reason.Finding) verdict {
	v := verdict{Finding: reason.Worst(findings...)}
	for _, f := range findings {
		if !f.OK() && f != v.Finding {
			v.also = append(v.also, f)
		}
	}
	return v
}

// outcome is that of a finding at an address which was reached so far. A defect that kept
// the request from being made is more than a defect.
func outcome(f reason.Finding, reached Phases) reason.Outcome {
	if o := f.Reason.Outcome(); o != reason.Degraded || reached.Reached >= reason.Request {
		return o
	}
	return reason.Fail
}

// nameFindings are all that is wrong with a name, the verdict of the lookup first.
func (p *Prober) nameFindings(t Target, l *dns.Lookup) []reason.Finding {
	var out []reason.Finding
	add := func(f reason.Finding, reproduce string) {
		known := slices.ContainsFunc(out, func(other reason.Finding) bool { return other.Reason == f.Reason })
		if !known && !f.OK() && f.Reason.Outcome() != reason.Unknown {
			f.Reproduce = reproduce
			out = append(out, f)
		}
	}
	add(l.Reason.Found(l.Detail), p.reproduceLookup(t, l))
	for _, f := range l.Families {
		switch f.Reason {
		case reason.None, reason.ResolveNoData: // which one family alone may have
		default:
			add(f.Reason.Found(f.Detail), p.dig(f.Resolver, l.Host, f.Type.String()))
		}
	}
	if c := l.Canary; c != nil && c.Reason == reason.None && len(c.Addresses) > 0 {
		detail := fmt.Sprintf("%s gave %s for %s, which does not exist", c.Resolver, c.Addresses[0], c.Name)
		add(reason.ResolveHijacked.Found(detail), p.dig(c.Resolver, c.Name, c.Type.String()))
	}
	return out
}

// unprobed are the findings about addresses that were too many to be probed: where they lead
// can be told without.
func (p *Prober) unprobed(t Target, all, probed []netip.Addr) []reason.Finding {
	var out []reason.Finding
	for _, a := range all {
		if slices.Contains(probed, a) {
			continue
		}
		if why := p.cfg.Guard.Answer(a, t.Endpoint.Network); why != reason.None {
			out = append(out, reason.Finding{
				Reason: why, Detail: "the name leads to " + a.String(), Reproduce: p.dig(netip.AddrPort{}, t.Endpoint.Host, typeOf(a)),
			})
		}
	}
	return out
}

// conclude writes a verdict into r, with a command for each finding.
func (p *Prober) conclude(t Target, r *AddressResult, v verdict) {
	r.Outcome, r.Reason, r.Detail = outcome(v.Finding, r.Phases), v.Reason, p.redact(v.text())
	if r.Outcome == reason.OK {
		return
	}
	for _, f := range append([]reason.Finding{v.Finding}, v.also...) {
		r.Findings = append(r.Findings, reason.Finding{Reason: f.Reason, Detail: p.redact(f.Detail), Reproduce: p.reproduce(t, r, f)})
	}
	r.Reproduce = r.Findings[0].Reproduce
}
