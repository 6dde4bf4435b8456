package monitor

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"prober/limit"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
)

func TestSlowLooksComeAboutOnceAnHour(t *testing.T) {
	for _, tt := range []struct {
		interval time.Duration
		want     int
	}{{time.Second, 3600}, {15 * time.Second, 240}, {time.Minute, 60}, {7 * time.Minute, 8}, {time.Hour, 1}, {24 * time.Hour, 1}} {
		if got := slowTurns(tt.interval); got != tt.want {
			t.Errorf("every %v: a slow look each %d turns, want %d", tt.interval, got, tt.want)
		}
	}
}

func TestWhenTheNextSlowLookComes(t *testing.T) {
	e := newEndpoint(ptr(testTarget()), epoch, time.Minute)
	offset := turnOffset(e.id, time.Minute)
	round := epoch.Truncate(time.Minute)
	for _, tt := range []struct {
		turns, slow int64
		now, want   time.Duration // from the beginning of a round
	}{
		{0, 0, 0, offset},
		{3, 5, 0, offset + 2*time.Minute},
		{3, 3, offset + time.Second, offset + time.Minute},
		{3, 63, offset + time.Second, offset + 61*time.Minute},
	} {
		e.turns, e.nextSlow = tt.turns, tt.slow
		if got := e.nextSlowLook(round.Add(tt.now), time.Minute); got.Sub(round.Add(tt.want)).Abs() >= time.Second {
			t.Errorf("%+v: in %v", tt, got.Sub(round))
		}
	}
}

// withOther gives every address a second certificate that ends at a time.
func withOther(o probe.Observation, ends time.Time) probe.Observation {
	for i := range o.Addresses {
		o.Addresses[i].TLS.Other = []probe.Certificate{{Subject: "CN=the other one", SHA256: "ef56", NotBefore: epoch.Add(-time.Hour), NotAfter: ends}}
	}
	return o
}

// The end of a second certificate counts until a look finds it renewed or gone, though ordinary
// probes do not see it.
func TestASecondCertificateCountsUntilTheNextLook(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	e := m.list.Load().byID[testID]
	own, other := epoch.Add(60*24*time.Hour), epoch.Add(3*24*time.Hour)
	for _, step := range []struct {
		name string
		deep bool
		o    probe.Observation
		want time.Time
	}{
		{"an ordinary probe", false, okObservation(x, epoch), own},
		{"a deeper look", true, withOther(okObservation(x, epoch), other), other},
		{"an ordinary probe after it", false, okObservation(x, epoch), other},
		{"a deeper look that got nowhere", true, badObservation(x, epoch, reason.ConnectTimeout), other},
		{"an ordinary probe after that", false, okObservation(x, epoch), other},
		{"a deeper look at one that was renewed", true, withOther(okObservation(x, epoch), own.Add(time.Hour)), own},
		{"a deeper look that finds none", true, okObservation(x, epoch), own},
	} {
		e.deep = step.deep
		feed(t, m, step.o)
		s, _ := m.Status(testID)
		if !s.Certificate.NotAfter.Equal(step.want) {
			t.Errorf("%s: not after %v, want %v", step.name, s.Certificate.NotAfter, step.want)
		}
		if !s.SlowLook.Certificates.IsZero() != (step.name != "an ordinary probe") {
			t.Errorf("%s: looked at %v", step.name, s.SlowLook.Certificates)
		}
	}
}

// Whoever has renewed one certificate has renewed the other: that is looked at with the next turn, and is not told as it was for the
// rest of an hour. A server that shows another one each time is looked at now and then.
func TestARenewalIsLookedAtSoon(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	e := m.list.Load().byID[testID]
	e.turns, e.nextSlow, e.deep = 1, 50, true
	feed(t, m, withOther(okObservation(x, epoch), epoch.Add(24*time.Hour)))
	e.deep = false
	for _, step := range []struct {
		name  string
		after time.Duration
		sha   string
		soon  bool
	}{
		{"the same", 10 * time.Minute, "", false},
		{"another at once", time.Minute, "renewed", false},
		{"another", limit.SlowLook / renewedShare, "renewed", true},
	} {
		o := okObservation(x, epoch.Add(step.after))
		if step.sha != "" {
			o.Addresses[0].TLS.Certificates[0].SHA256 = step.sha
		}
		feed(t, m, o)
		if soon := e.nextSlow <= e.turns; soon != step.soon {
			t.Errorf("%s: looked at with the next turn: %t", step.name, soon)
		}
	}
	if found := e.aim(); !found.BothKinds {
		t.Error("the next turn does not look at both kinds")
	}
	feed(t, m, withOther(okObservation(x, epoch.Add(time.Hour)), epoch.Add(80*24*time.Hour)))
	if s, _ := m.Status(testID); !s.Certificate.NotAfter.Equal(epoch.Add(60 * 24 * time.Hour)) {
		t.Errorf("not after %v", s.Certificate.NotAfter)
	}
}

// What is wrong with a second certificate alone degrades the endpoint from one look to the next: it
// does not go down once an hour.
func TestASecondCertificateThatIsBadDegrades(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	e := m.list.Load().byID[testID]
	bad := withOther(okObservation(x, epoch), epoch.Add(-time.Hour))
	bad.Outcome, bad.Reason = reason.Fail, reason.TLSCertExpired
	bad.Reproduce = "openssl s_client -tls1_2"
	bad.Detail = "of the server's other certificate (RSA-2048): CN=the other one expired"
	a := &bad.Addresses[0]
	a.Outcome, a.Reason, a.Detail = bad.Outcome, bad.Reason, bad.Detail
	for _, step := range []struct {
		deep bool
		o    probe.Observation
		want reason.Outcome
	}{
		{true, bad, reason.Degraded},
		{false, okObservation(x, epoch), reason.Degraded},
		{true, okObservation(x, epoch), reason.OK},
		{false, okObservation(x, epoch), reason.OK},
	} {
		e.deep = step.deep
		feed(t, m, step.o)
		s, _ := m.Status(testID)
		if s.Outcome != step.want || s.Outcome == reason.Degraded && (s.Cause != reason.TLSCertExpired || s.Reproduce != bad.Reproduce) {
			t.Errorf("%v %v, want %v", s.Outcome, s.Cause, step.want)
		}
	}
	own := badObservation(x, epoch, reason.TLSCertExpired) // of the certificate that everybody is shown
	own.Addresses[0].TLS.Other = bad.Addresses[0].TLS.Other
	soften(&own)
	if own.Outcome != reason.Fail || own.Addresses[0].Outcome != reason.Fail {
		t.Errorf("an expired certificate of the first kind: %v", own.Outcome)
	}
}

// eachAsked makes o a result for which two resolvers were asked, of which the second says that there
// is no such name, or where the first one does, that there is.
func eachAsked(o probe.Observation) probe.Observation {
	first, second := netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("198.51.100.53:53")
	said := *o.DNS
	said.Resolver = first
	v := probe.ResolverVerdict{Resolver: second, Outcome: reason.Fail, Reason: reason.ResolveNXDomain, Detail: "no such name"}
	if o.Outcome == reason.OK {
		said.Addresses = []netip.Addr{o.Addresses[0].Address}
		o.Outcome, o.Reason = reason.Degraded, v.Reason
	} else {
		said.Outcome, said.Reason = reason.Fail, reason.ResolveNXDomain
		v.Outcome, v.Reason = reason.OK, reason.None
		o.Outcome, o.Reason = reason.Unknown, reason.ProberResolversDisagree
	}
	o.DNS, o.Resolvers = &said, []probe.ResolverVerdict{v}
	return o
}

func TestEachResolverIsShown(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	e := m.list.Load().byID[testID]
	if strings.Contains(expose(t, m), "prober_resolver_endpoints") {
		t.Error("resolvers are shown before they were asked")
	}
	state := func(deep bool, o probe.Observation) reason.Reason {
		e.deep = deep
		feed(t, m, o)
		s, _ := m.Status(testID)
		return s.Cause
	}
	if got := state(true, eachAsked(okObservation(x, epoch))); got != reason.ResolveNXDomain {
		t.Errorf("one resolver denies: %v", got)
	}
	if got := state(false, okObservation(x, epoch)); got != reason.ResolveNXDomain {
		t.Errorf("the next probe, which asks the first resolver: %v", got)
	}
	text := expose(t, m)
	for _, want := range []string{
		`prober_resolver_endpoints{outcome="ok",resolver="192.0.2.53:53"} 1`,
		`prober_resolver_endpoints{outcome="fail",resolver="198.51.100.53:53"} 1`, `prober_slow_look_oldest_timestamp_seconds{look="resolvers"} 1.772352e+09`,
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no %s", want)
		}
	}
	if got := state(true, okObservation(x, epoch)); got != reason.None { // one resolver is in use now
		t.Errorf("after a look that finds nothing: %v", got)
	}
	denied := badObservation(x, epoch, reason.ResolveNXDomain)
	for i, step := range []struct {
		deep bool
		o    probe.Observation
		want reason.Reason
	}{
		{true, eachAsked(denied), reason.ProberResolversDisagree},
		{false, denied, reason.ProberResolversDisagree}, // of the first resolver, which denies it still
		{false, okObservation(x, epoch), reason.None},
		{true, denied, reason.ResolveNXDomain}, // of all
		{false, denied, reason.ResolveNXDomain},
	} {
		if got := state(step.deep, step.o); got != step.want {
			t.Errorf("step %d of resolvers that disagree: %v, want %v", i, got, step.want)
		}
	}
}

// Each resolver has one verdict, its own, whichever of them the lookup goes by; a look that told
// nothing of any is repeated soon.
func TestEachResolverHasItsOwnVerdict(t *testing.T) {
	first, second := netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("198.51.100.53:53")
	x := testTarget()
	for _, tt := range []struct {
		name    string
		by      netip.AddrPort
		outcome reason.Outcome
		other   reason.Outcome
		want    string
		soon    bool
	}{
		{"by the first", first, reason.OK, reason.OK, "192.0.2.53:53 ok, 198.51.100.53:53 ok", false},
		{"by the second, as the first answers nothing useful", second, reason.OK, reason.OK, "192.0.2.53:53 unknown, 198.51.100.53:53 ok", false},
		{"neither tells anything, cited from the second", second, reason.Unknown, reason.Unknown, "192.0.2.53:53 unknown, 198.51.100.53:53 unknown", true},
		{"neither, cited from none", netip.AddrPort{}, reason.Unknown, reason.Unknown, "192.0.2.53:53 unknown, 198.51.100.53:53 unknown", true},
	} {
		m, _ := monitorOf(t, []probe.Target{x}, nil)
		e := m.list.Load().byID[testID]
		e.deep, e.turns, e.nextSlow = true, 1, 60
		o := okObservation(x, epoch)
		said := *o.DNS
		said.Resolver, said.Outcome = tt.by, tt.outcome
		said.Queries = []dns.Answer{{Resolver: first, Reason: reason.ResolveServFail, Detail: "the first failed"}, {Resolver: second}}
		o.DNS, o.Resolvers = &said, []probe.ResolverVerdict{{Resolver: second, Outcome: tt.other}}
		feed(t, m, o)
		s, _ := m.Status(testID)
		var got []string
		for _, v := range s.SlowLook.Verdicts {
			got = append(got, v.Resolver.String()+" "+v.Outcome.String())
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, got, tt.want)
		}
		if tt.by == second && s.SlowLook.Verdicts[0].Detail != "the first failed" {
			t.Errorf("%s: the first resolver: %+v", tt.name, s.SlowLook.Verdicts[0])
		}
		if soon := e.nextSlow <= e.turns+10; soon != tt.soon {
			t.Errorf("%s: the next look at turn %d of %d", tt.name, e.nextSlow, e.turns)
		}
	}
}
