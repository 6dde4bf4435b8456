package kit

import (
	"sync"

	"prober/probe"
	"prober/probe/reason"
	"prober/suspicion"
)

// alike keeps surveys that found what a broken network of ours causes back until one finds something
// else, or all have come. Where everything that can tell failed alike, across providers, they say
// nothing about the endpoints.
type alike struct {
	mu   sync.Mutex
	seen suspicion.Once
	left int // surveys that have not come
	kept []*pending
}

// take takes in a survey of an endpoint of a provider, and lets go of what is decided.
func (a *alike) take(provider string, p *pending) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left--
	a.seen.See(provider, &p.survey.HTTPS)
	a.kept = append(a.kept, p)
	switch {
	case a.seen.Reached(), a.left == 0:
	case !suspicion.Read(&p.survey.HTTPS).Trouble.Tells():
		a.kept = a.kept[:len(a.kept)-1]
		close(p.done)
		return
	default:
		return
	}
	ours := a.seen.Cause() != suspicion.None
	for _, k := range a.kept {
		if ours {
			k.survey.excuse()
		}
		close(k.done)
	}
	a.kept = nil
}

// excuse takes back what a survey says of its endpoint, where that failed.
func (s *Survey) excuse() {
	suspicion.Excuse(&s.HTTPS)
	if !s.HTTPS.Alike {
		return
	}
	if s.HTTP.Scheme != "" {
		suspicion.TakeBack(&s.HTTP)
		s.HTTP.Reason, s.HTTP.Detail = s.HTTPS.Reason, s.HTTPS.Detail
	}
	for _, o := range []*probe.Observation{&s.HTTPS, &s.HTTP} {
		o.Findings, o.Resolvers = nil, nil
		if o.DNS != nil && len(o.DNS.Addresses) == 0 {
			o.DNS.Outcome, o.DNS.Reason, o.DNS.Detail = o.Outcome, o.Reason, o.Detail
		}
		for i, r := range o.Addresses { // who answered there, if anybody, is not the endpoint
			o.Addresses[i] = probe.AddressResult{Address: r.Address, Outcome: o.Outcome, Reason: o.Reason, Detail: o.Detail, Findings: []reason.Finding{}, Phases: r.Phases}
		}
	}
	for name := range s.Answers {
		a := unasked(cannotTell("%s", s.HTTPS.Detail))
		a.Name = name
		s.Answers[name] = a
	}
	clear(s.Flaky)
}
