package kit

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"prober/limit"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
)

// silences are what met silence at the address that questions are asked of, in the order in
// which it was known. A large request may be slow for what it is: it says nothing about others.
type silences struct {
	// before says where silence was waited for already; then one more is enough.
	before string

	mu      sync.Mutex
	all     []silence
	settled int        // of them: since then everything that was under way has ended
	flying  int        // what is under way
	landed  *sync.Cond // one of that ended
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

// takeOff waits, where silence was met, for what was under way then: those questions are about to meet
// it too, and one that is asked in between would take a time-out more. It returns what ends a question.
func (s *silences) takeOff() (land func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.landed == nil {
		s.landed = sync.NewCond(&s.mu)
	}
	for len(s.all) > s.settled && s.flying > 0 {
		s.landed.Wait()
	}
	s.settled = len(s.all)
	s.flying++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.flying--
		s.landed.Broadcast()
	}
}

// enough says why a question is not asked: the endpoint was silent often enough. It is nil
// when it was not.
func (s *silences) enough(heavy bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := map[reason.Phase]int{}
	var met []string
	for _, x := range s.all {
		if x.heavy && !heavy {
			continue
		}
		met = append(met, fmt.Sprintf("%s (%s)", x.to, x.r))
		if in[x.r.Phase()]++; in[x.r.Phase()] == limit.SilencesInPhase || len(met) == limit.SilencesInAll {
			return cannotTell("not asked: silence met %s", strings.Join(met, " and "))
		} else if s.before != "" {
			return cannotTell("not asked: silence met %s%s", met[0], s.before)
		}
	}
	return nil
}

// isSilence reports whether a reason is that nothing came within the time, in whatever phase.
func isSilence(r reason.Reason) bool {
	return strings.HasSuffix(r.Word(), "timeout") || r.Word() == "lost"
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
		if met[q.Type] == limit.SilencesInPhase {
			return true
		}
	}
	return false
}

// unanswered reports whether every question about a name met silence, or was cut short.
func unanswered(o probe.Observation) bool {
	return o.Reason == reason.ProberCanceled && o.DNS != nil && len(o.Addresses) == 0 && !slices.ContainsFunc(o.DNS.Queries, func(q dns.Answer) bool {
		return q.Reason != reason.ResolveTimeout && q.Reason != reason.ProberCanceled
	})
}

// silentToVersions reports whether an address was silent to hellos of any version.
func silentToVersions(o probe.Observation) bool {
	return slices.ContainsFunc(o.Addresses, func(a probe.AddressResult) bool {
		return a.TLS != nil && a.TLS.Versions != nil && slices.ContainsFunc(a.TLS.Versions[:], hello.Result.Silent)
	})
}

// silentSince reports whether an address that shook hands fell silent afterwards, even to hellos
// of the versions that it speaks.
func silentSince(o probe.Observation) bool {
	return slices.ContainsFunc(o.Addresses, func(a probe.AddressResult) bool {
		return a.HTTP != nil && a.TLS != nil && a.TLS.Versions != nil && slices.ContainsFunc(a.TLS.Versions[hello.TLS12:], hello.Result.Silent)
	})
}
