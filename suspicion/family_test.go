package suspicion_test

import (
	"net/netip"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
	"prober/suspicion"
)

// Who has one family of two that leads nowhere says nothing about endpoints by it, and whose endpoints really have one
// address that is down does.
func TestFamilies(t *testing.T) {
	const none, silent, refused = reason.None, reason.ConnectTimeout, reason.ConnectRefused
	start := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	look := func(at time.Duration, four, six reason.Reason) probe.Observation {
		o := probe.Observation{Endpoint: catalog.Endpoint{Host: "api.example.com", Lifecycle: catalog.Active}, Outcome: reason.OK, Started: start.Add(at)}
		for _, a := range []struct {
			address string
			why     reason.Reason
		}{{"192.0.2.1", four}, {"2001:db8::1", six}} {
			if a.why == reason.ProberCanceled { // there is none
				continue
			}
			o.Addresses = append(o.Addresses, probe.AddressResult{Address: netip.MustParseAddr(a.address), Outcome: a.why.Outcome(), Reason: a.why})
			if a.why != none {
				o.Outcome, o.Reason = reason.Degraded, a.why
			}
		}
		if len(o.Addresses) == 1 && o.Reason != none {
			o.Outcome = reason.Fail
		}
		return o
	}
	const without, later = reason.ProberCanceled, time.Minute
	for name, tt := range map[string]struct {
		providers string
		seen      []probe.Observation
		since     time.Duration
		want      []reason.Outcome
	}{
		"IPv6 leads nowhere":                  {"ab", []probe.Observation{look(0, none, silent), look(0, none, reason.ConnectUnreachable)}, 0, []reason.Outcome{reason.OK, reason.OK}},
		"IPv4 leads nowhere":                  {"ab", []probe.Observation{look(0, silent, none), look(0, silent, none)}, 0, []reason.Outcome{reason.OK, reason.OK}},
		"and one has nothing else":            {"ab", []probe.Observation{look(0, none, silent), look(0, without, silent)}, 0, []reason.Outcome{reason.OK, reason.Unknown}},
		"of one provider":                     {"aa", []probe.Observation{look(0, none, silent), look(0, none, silent)}, 0, []reason.Outcome{reason.Degraded, reason.Degraded}},
		"one answers":                         {"abc", []probe.Observation{look(0, none, none), look(0, none, silent), look(0, none, silent)}, 0, []reason.Outcome{reason.OK, reason.Degraded, reason.Degraded}},
		"one refuses":                         {"abc", []probe.Observation{look(0, none, refused), look(0, none, silent), look(0, none, silent)}, 0, []reason.Outcome{reason.Degraded, reason.Degraded, reason.Degraded}},
		"one has answered, but not lately":    {"abc", []probe.Observation{look(0, none, none), look(later, none, silent), look(later, none, silent)}, later, []reason.Outcome{reason.OK, reason.OK, reason.OK}},
		"nor has one of the other":            {"abc", []probe.Observation{look(0, none, none), look(later, without, silent), look(later, without, silent)}, later, []reason.Outcome{reason.OK, reason.Fail, reason.Fail}},
		"seen one after the other":            {"abc", []probe.Observation{look(0, none, silent), look(later, none, silent), look(2*later, none, silent)}, -time.Hour, []reason.Outcome{reason.OK, reason.OK, reason.OK}},
		"nothing answers by either":           {"ab", []probe.Observation{look(0, silent, silent), look(0, silent, silent)}, 0, []reason.Outcome{reason.Degraded, reason.Degraded}},
		"what answers is broken all the same": {"ab", []probe.Observation{look(0, reason.VerifyServerError, silent), look(0, reason.VerifyServerError, silent)}, 0, []reason.Outcome{reason.Fail, reason.Fail}},
	} {
		var f suspicion.Families
		for i := range tt.seen {
			f.See(tt.providers[i:i+1], &tt.seen[i], 0)
		}
		for i := range tt.seen {
			o := &tt.seen[i]
			f.Excuse(o, start.Add(tt.since))
			if o.Outcome != tt.want[i] {
				t.Errorf("%s: endpoint %d is %s %s, want %s", name, i, o.Outcome, o.Reason, tt.want[i])
			}
		}
	}
}

// What one address showed says something as long as its own interval has it: of two that are down while a third, which is
// asked seldom, is well, nothing is taken back, and what nobody asks any more shows nothing.
func TestFamiliesOfEndpointsThatAreAskedSeldom(t *testing.T) {
	start := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	look := func(at time.Duration, six reason.Reason) *probe.Observation {
		o := probe.Observation{Outcome: six.Outcome(), Reason: six, Started: start.Add(at), Addresses: []probe.AddressResult{
			{Address: netip.MustParseAddr("192.0.2.1"), Outcome: reason.OK}, {Address: netip.MustParseAddr("2001:db8::1"), Outcome: six.Outcome(), Reason: six},
		}}
		if six != reason.None {
			o.Outcome = reason.Degraded
		}
		return &o
	}
	for _, tt := range []struct {
		name   string
		seldom time.Duration // how long what the third one says lasts
		last   [2]time.Duration
		at     time.Duration
		want   int
	}{
		{"the third one is asked as often", 2 * time.Minute, [2]time.Duration{3 * time.Minute, 3 * time.Minute}, 3 * time.Minute, 6},
		{"it is asked seldom", time.Hour, [2]time.Duration{3 * time.Minute, 3 * time.Minute}, 3 * time.Minute, 0},
		{"nobody asks any of them any more", 2 * time.Minute, [2]time.Duration{3 * time.Minute, 3 * time.Minute}, time.Hour, 0},
		{"nobody asks one of them any more", 2 * time.Minute, [2]time.Duration{time.Minute, time.Hour}, time.Hour, 0},
	} {
		var f suspicion.Families
		f.See("c", look(0, reason.None), tt.seldom)
		f.See("a", look(tt.last[0], reason.ConnectTimeout), 2*time.Minute)
		f.See("b", look(tt.last[1], reason.ConnectTimeout), 2*time.Minute)
		f.See("d", &probe.Observation{Started: start.Add(tt.at), Addresses: []probe.AddressResult{{Address: netip.MustParseAddr("192.0.2.4"), Outcome: reason.OK}}}, 2*time.Minute)
		if got := f.Lost(start.Add(tt.at)); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

// At the zero time all says something that was seen, and what was not seen still does not: one provider's silence is no
// two providers'.
func TestFamiliesAtNoTime(t *testing.T) {
	for providers, want := range map[string]int{"a": 0, "aa": 0, "ab": 6} {
		var f suspicion.Families
		for _, of := range providers {
			f.See(string(of), &probe.Observation{Started: time.Unix(1, 0), Addresses: []probe.AddressResult{
				{Address: netip.MustParseAddr("192.0.2.1"), Outcome: reason.OK},
				{Address: netip.MustParseAddr("2001:db8::1"), Outcome: reason.Fail, Reason: reason.ConnectTimeout},
			}}, 0)
		}
		if got := f.Lost(time.Time{}); got != want {
			t.Errorf("of %q: %d, want %d", providers, got, want)
		}
	}
}
