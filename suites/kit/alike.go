package kit

import (
	"slices"
	"sync"
	"time"

	"prober/probe"
	"prober/probe/reason"
	"prober/suspicion"
)

// alike keeps surveys that found what a broken network of ours causes back until one finds something
// else, or all have come. Where everything that can tell failed alike, across providers, they say
// nothing about the endpoints; where all addresses of one family did, nothing about those.
type alike struct {
	mu       sync.Mutex
	seen     suspicion.Once
	families suspicion.Families
	left     int // surveys that have not come
	kept     []*pending
}

// take takes in a survey of an endpoint of a provider, and lets go of what is decided.
func (a *alike) take(provider string, p *pending) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left--
	a.seen.See(provider, &p.survey.HTTPS)
	a.families.See(provider, &p.survey.HTTPS, 0)
	ours := a.left == 0 && a.seen.Cause() != suspicion.None
	a.kept = slices.DeleteFunc(append(a.kept, p), func(k *pending) bool {
		if !a.decided(k.survey) {
			return false
		}
		if ours {
			k.survey.excuse()
		}
		a.families.Excuse(&k.survey.HTTPS, time.Time{})
		a.families.Excuse(&k.survey.HTTP, time.Time{})
		close(k.done)
		return true
	})
}

// decided reports whether no further survey changes what one says of its endpoint.
func (a *alike) decided(s *Survey) bool {
	if a.left == 0 {
		return true
	}
	return (a.seen.Reached() || !suspicion.Read(&s.HTTPS).Trouble.Tells()) && !a.families.Doubt(&s.HTTPS)
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
