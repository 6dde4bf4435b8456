package kit

import (
	"net/netip"
	"slices"
	"testing"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// Surveys that fail as a broken network of ours makes them wait for one that shows which it was; the
// others do not.
func TestAlike(t *testing.T) {
	const none, reset, denied = reason.None, reason.TLSReset, reason.ResolveNXDomain
	for name, tt := range map[string]struct {
		providers string
		found     []reason.Reason
		open      []int // how many wait after each
		excused   bool
	}{
		"all of two providers":   {"aab", []reason.Reason{reset, reset, reset}, []int{1, 2, 0}, true},
		"all of one":             {"aaa", []reason.Reason{reset, reset, reset}, []int{1, 2, 0}, false},
		"one is well":            {"aab", []reason.Reason{reset, none, reset}, []int{1, 0, 0}, false},
		"a name is denied":       {"aab", []reason.Reason{denied, reset, reset}, []int{0, 1, 0}, true},
		"the last cannot tell":   {"abb", []reason.Reason{reset, reset, denied}, []int{1, 2, 0}, true},
		"there is only one":      {"a", []reason.Reason{reset}, []int{0}, false},
		"and that one is denied": {"a", []reason.Reason{denied}, []int{0}, false},
	} {
		together := &alike{left: len(tt.found)}
		var all []*pending
		for i, why := range tt.found {
			o := probe.Observation{Endpoint: catalog.Endpoint{Host: "api.test"}, Scheme: catalog.HTTPS, Outcome: why.Outcome(), Reason: why, Addresses: []probe.AddressResult{{Outcome: why.Outcome(), Reason: why, TLS: &probe.TLSFacts{}}}}
			over := o
			over.Scheme = catalog.HTTP
			p := &pending{done: make(chan struct{}), survey: &Survey{HTTPS: o, HTTP: over, Answers: map[string]Answer{"q": {Way: "GET"}}, Flaky: map[string]string{"https": "at first"}}}
			all = append(all, p)
			together.take(tt.providers[i:i+1], p)
			open := 0
			for _, p := range all {
				select {
				case <-p.done:
				default:
					open++
				}
			}
			if open != tt.open[i] {
				t.Errorf("%s: %d wait after %d, want %d", name, open, i+1, tt.open[i])
			}
		}
		for i, p := range all {
			s, why := p.survey, tt.found[i]
			if tt.excused && why == reset {
				a := s.Answers["q"]
				if s.HTTPS.Reason != reason.ProberVantageOffline || s.HTTP.Reason != reason.ProberVantageOffline || s.HTTPS.Addresses[0].TLS != nil || a.Told() == nil || len(s.Flaky) > 0 {
					t.Errorf("%s: %d still says %s, %s, %v", name, i, s.HTTPS.Reason, s.HTTP.Reason, a)
				}
			} else if s.HTTPS.Reason != why || s.HTTP.Reason != why {
				t.Errorf("%s: %d says %s", name, i, s.HTTPS.Reason)
			}
		}
	}
}

// Surveys with an address that does not answer wait for one of its family that does, or for all; and where none does, at
// two providers, that says nothing about the endpoints.
func TestAlikeByFamily(t *testing.T) {
	four, six := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")
	for name, tt := range map[string]struct {
		providers string
		six       []reason.Reason
		open      []int // how many wait after each
		want      reason.Outcome
	}{
		"IPv6 leads nowhere": {"ab", []reason.Reason{reason.ConnectTimeout, reason.ConnectTimeout}, []int{1, 0}, reason.OK},
		"of one provider":    {"aa", []reason.Reason{reason.ConnectTimeout, reason.ConnectTimeout}, []int{1, 0}, reason.Degraded},
		"one answers":        {"abc", []reason.Reason{reason.ConnectTimeout, reason.None, reason.ConnectTimeout}, []int{1, 0, 0}, reason.Degraded},
	} {
		together := &alike{left: len(tt.six)}
		var all []*pending
		for i, why := range tt.six {
			o := probe.Observation{Endpoint: catalog.Endpoint{Host: "api.test"}, Scheme: catalog.HTTPS, Outcome: reason.OK, Addresses: []probe.AddressResult{{Address: four, Outcome: reason.OK}, {Address: six, Outcome: why.Outcome(), Reason: why}}}
			if why != reason.None {
				o.Outcome, o.Reason = reason.Degraded, why
			}
			over := o
			over.Scheme, over.Addresses = catalog.HTTP, slices.Clone(o.Addresses)
			all = append(all, &pending{done: make(chan struct{}), survey: &Survey{HTTPS: o, HTTP: over}})
			together.take(tt.providers[i:i+1], all[i])
			if open := len(together.kept); open != tt.open[i] {
				t.Errorf("%s: %d wait after %d, want %d", name, open, i+1, tt.open[i])
			}
		}
		for i, p := range all {
			<-p.done
			if s := p.survey; tt.six[i] != reason.None && (s.HTTPS.Outcome != tt.want || s.HTTP.Outcome != tt.want || s.HTTPS.Addresses[0].Outcome != reason.OK) {
				t.Errorf("%s: %d says %s and %s, want %s", name, i, s.HTTPS.Outcome, s.HTTP.Outcome, tt.want)
			}
		}
	}
}
