package kit

import (
	"slices"
	"sync"

	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
)

// Bounds on waiting for an endpoint that does not answer: what rests on an answer is not asked
// after so many silences in one phase, or in all, so that nobody waits for longer than three
// timeouts in an incident.
const (
	silencesInPhase = 2
	silencesInAll   = 3
)

// silences are what met silence at the address that questions are asked of, in the order in
// which it was known. A large request may be slow for what it is: it says nothing about others.
type silences struct {
	// elsewhere: addresses were silent to the probe, which has waited for them already. Then one
	// silence is enough.
	elsewhere bool

	mu  sync.Mutex
	all []silence
}

type silence struct {
	to    string // "the probe", `the question "unknown-key"`
	heavy bool
	r     reason.Reason
}

// heard notes what something met; anything but silence is not counted.
func (s *silences) heard(to string, heavy bool, r reason.Reason) {
	if isSilence(r) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all = append(s.all, silence{to, heavy, r})
	}
}

// enough says why a question is not asked: the endpoint was silent often enough. It is nil
// when it was not.
func (s *silences) enough(heavy bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var first *silence
	in, all := map[reason.Phase]int{}, 0
	for _, x := range s.all {
		if x.heavy && !heavy {
			continue
		}
		if first == nil {
			first = &x
		}
		all++
		if in[x.r.Phase()]++; in[x.r.Phase()] == silencesInPhase || all == silencesInAll || s.elsewhere {
			then := "and then " + x.to + " did"
			if s.elsewhere && all == 1 {
				then = "as an address did to the probe"
			} else if first.to == x.to {
				then = "and did so again"
			}
			return cannotTell("not asked: %s met silence (%s), %s", first.to, first.r, then)
		}
	}
	return nil
}

// isSilence reports whether a reason is that nothing came within the time.
func isSilence(r reason.Reason) bool {
	switch r {
	case reason.ResolveTimeout, reason.ConnectTimeout, reason.TLSTimeout, reason.RequestTimeout, reason.RequestWriteTimeout,
		reason.HeadersTimeout, reason.BodyTimeout:
		return true
	}
	return false
}

// silentAnywhere reports whether a name, or any of its addresses, met silence.
func silentAnywhere(o probe.Observation) bool {
	return isSilence(o.Reason) || slices.ContainsFunc(o.Addresses, func(a probe.AddressResult) bool { return isSilence(a.Reason) })
}

// waitedTwice reports whether the question for one kind of address met silence at two
// resolvers: that is asking twice already.
func waitedTwice(o probe.Observation) bool {
	if o.DNS == nil {
		return false
	}
	met := map[dns.Type]int{}
	for _, q := range o.DNS.Queries {
		if q.Reason == reason.ResolveTimeout {
			met[q.Type]++
		}
		if met[q.Type] == silencesInPhase {
			return true
		}
	}
	return false
}
