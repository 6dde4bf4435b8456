package monitor

import (
	"net/netip"
	"testing"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/hello"
	"prober/probe/reason"
)

func TestSinceChangesWithTheOutcomeAndTheReason(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	steps := []struct {
		reason reason.Reason
		since  int // the step in which it changed last
	}{
		{reason.None, 0},
		{reason.None, 0},
		{reason.ConnectTimeout, 2},
		{reason.ConnectTimeout, 2},
		{reason.TLSCertExpired, 4},
		{reason.None, 5},
		{reason.HeadersBareLF, 6},
	}
	for i, step := range steps {
		at := epoch.Add(time.Duration(i) * time.Minute)
		if step.reason == reason.None {
			feed(t, m, okObservation(x, at))
		} else {
			feed(t, m, badObservation(x, at, step.reason))
		}
		s, _ := m.Status(testID)
		if want := epoch.Add(time.Duration(step.since) * time.Minute); !s.Since.Equal(want) || s.Cause != step.reason {
			t.Errorf("step %d: %v since %v, want %v since %v", i, s.Cause, s.Since, step.reason, want)
		}
	}
	s, _ := m.Status(testID)
	if s.Probes["ok"] != 3 || s.Probes["fail"] != 3 || s.Probes["degraded"] != 1 || s.Probes["unknown"] != 0 {
		t.Errorf("counts = %v", s.Probes)
	}
	if s.LastFailure == nil || s.LastFailure.Word != "cert_expired" || !s.LastFailure.Time.Equal(epoch.Add(4*time.Minute)) {
		t.Errorf("last failure = %+v", s.LastFailure)
	}
	if len(s.Results) != len(steps) || s.Results[2].Word != "timeout" || s.Results[2].Phase != reason.Connect {
		t.Errorf("results = %+v", s.Results)
	}
}

func TestACertificateIsRememberedWhileHandshakesFail(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	if s, _ := m.Status(testID); s.Certificate != nil {
		t.Error("a certificate before any probe")
	}
	feed(t, m, badObservation(x, epoch, reason.TLSCertUntrusted))
	feed(t, m, badObservation(x, epoch.Add(time.Minute), reason.ConnectRefused))
	s, _ := m.Status(testID)
	if c := s.Certificate; c == nil || c.Verified || !c.Seen.Equal(epoch) || c.SHA256 != "ab12" {
		t.Errorf("certificate = %+v", s.Certificate)
	}
}

func TestCertificateFactsAreTheWorstOfAllAddresses(t *testing.T) {
	o := okObservation(testTarget(), epoch)
	second := o.Addresses[0]
	facts := *second.TLS
	facts.Verified = false
	facts.Certificates = []probe.Certificate{{Subject: "CN=other", SHA256: "ef56", NotBefore: epoch.Add(-time.Hour), NotAfter: epoch.Add(time.Hour)}}
	second.TLS = &facts
	third := o.Addresses[0]
	third.TLS = nil
	o.Addresses = append(o.Addresses, second, third, o.Addresses[0])
	c, seen := certificateOf(&o)
	switch {
	case !seen || c.Verified || c.SHA256 != "ef56" || c.Subject != "CN=other":
		t.Errorf("facts = %+v", c)
	case !c.NotAfter.Equal(epoch.Add(time.Hour)) || !c.ChainNotAfter.Equal(epoch.Add(time.Hour)):
		t.Errorf("not after = %v, chain %v", c.NotAfter, c.ChainNotAfter)
	case !c.NotBefore.Equal(epoch.Add(-time.Hour)):
		t.Errorf("not before = %v", c.NotBefore)
	}
}

func TestWhatADeeperLookFoundStandsUntilTheNext(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	e := m.list.Load().byID[testID]
	accepts := withVersions(badObservation(x, epoch, reason.TLSVersionAccepted))
	steps := []struct {
		name string
		deep bool
		o    probe.Observation
		want reason.Reason
	}{
		{"before any deeper look", false, okObservation(x, epoch), reason.None},
		{"a deeper look finds", true, accepts, reason.TLSVersionAccepted},
		{"an ordinary probe sees nothing", false, okObservation(x, epoch), reason.TLSVersionAccepted},
		{"something worse comes", false, badObservation(x, epoch, reason.ConnectRefused), reason.ConnectRefused},
		{"and goes", false, okObservation(x, epoch), reason.TLSVersionAccepted},
		{"a deeper look that got nowhere", true, badObservation(x, epoch, reason.ConnectTimeout), reason.ConnectTimeout},
		{"leaves the finding", false, okObservation(x, epoch), reason.TLSVersionAccepted},
		{"a deeper look finds nothing", true, withVersions(okObservation(x, epoch)), reason.None},
		{"then nothing stands", false, okObservation(x, epoch), reason.None},
	}
	for _, step := range steps {
		e.deep = step.deep
		feed(t, m, step.o)
		s, _ := m.Status(testID)
		if s.Cause != step.want || s.Outcome != step.want.Outcome() {
			t.Errorf("%s: %v %v, want %v", step.name, s.Outcome, s.Cause, step.want)
		}
	}
}

func TestVersionShares(t *testing.T) {
	o := withVersions(okObservation(testTarget(), epoch))
	other := o.Addresses[0]
	facts := *other.TLS
	table := *facts.Versions
	table[2].Verdict = table[5].Verdict // TLS 1.0 accepted at the second address
	facts.Versions = &table
	other.TLS = &facts
	o.Addresses = append(o.Addresses, other)
	votes := versionVotesOf(&o)
	for i, want := range []float64{2: 0.5, 3: 0, 4: 1, 5: 1} {
		if decided := votes[i] != (view.Votes{}); decided != (i >= 2) || decided && votes[i].Share() != want {
			t.Errorf("version %d: %+v, want %v", i, votes[i], want)
		}
	}
}

func TestATableThatDecidedNothingIsNoTable(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	feed(t, m, withVersions(okObservation(x, epoch)))
	o := withVersions(okObservation(x, epoch.Add(time.Hour)))
	*o.Addresses[0].TLS.Versions = [6]hello.Result{}
	feed(t, m, o)
	if s, _ := m.Status(testID); s.TLSVersions[catalog.TLS13].Accepted != 1 {
		t.Errorf("versions = %v", s.TLSVersions)
	}
}

func TestAddressesAreBoundedAndListedOnce(t *testing.T) {
	o := okObservation(testTarget(), epoch)
	mapped := o.Addresses[0]
	mapped.Address = netip.MustParseAddr("::ffff:192.0.2.1")
	o.Addresses = append(o.Addresses, mapped, probe.AddressResult{})
	for i := range 100 {
		a := o.Addresses[0]
		a.Address = netip.AddrFrom4([4]byte{198, 51, 100, byte(i)})
		o.Addresses = append(o.Addresses, a)
	}
	facts := addressesOf(o.Addresses)
	if len(facts) != limit.Addresses {
		t.Fatalf("%d addresses kept, want %d", len(facts), limit.Addresses)
	}
	seen := map[netip.Addr]bool{}
	for _, f := range facts {
		if seen[f.Address] || !f.Address.IsValid() {
			t.Errorf("address %v is there twice, or none", f.Address)
		}
		seen[f.Address] = true
	}
}

func TestTheLastResultsAreKept(t *testing.T) {
	var r results
	for i := range 25 {
		r.add(result{at: uint32(i)}, 10)
	}
	if len(r) != 10 {
		t.Fatalf("%d results, want 10", len(r))
	}
	for i, x := range r {
		if x.at != uint32(15+i) {
			t.Errorf("result %d is %d, want %d", i, x.at, 15+i)
		}
	}
}

func TestResultsKeepWithinTheirBits(t *testing.T) {
	for _, tt := range []struct {
		in   time.Duration
		want uint32
	}{{-time.Second, 0}, {1500 * time.Microsecond, 1500}, {100 * time.Hour, 1<<32 - 1}} {
		if got := view.Micros(tt.in); got != tt.want {
			t.Errorf("micros(%v) = %d, want %d", tt.in, got, tt.want)
		}
	}
	if got := seconds32(time.Time{}); got != 0 {
		t.Errorf("seconds32 of the year 1 = %d", got)
	}
}

func TestLatenciesOfWhatDidNotAnswerAreNotMixedIn(t *testing.T) {
	x := testTarget()
	var counts tally
	counts.observe(ptr(okObservation(x, epoch)))
	counts.observe(ptr(badObservation(x, epoch, reason.ConnectTimeout))) // 5 s in connect
	counts.observe(ptr(badObservation(x, epoch, reason.TLSReset)))       // connected
	counts.observe(ptr(badObservation(x, epoch, reason.ResolveNXDomain)))
	for phase, want := range map[reason.Phase]uint64{reason.Resolve: 3, reason.Connect: 2, reason.TLS: 1, reason.Request: 1, reason.Headers: 1, reason.Body: 1} {
		if got := counts.phases[phase].Proto().GetSampleCount(); got != want {
			t.Errorf("%v was counted %d times, want %d", phase, got, want)
		}
	}
	if counts.total.Proto().GetSampleCount() != 1 || counts.phases[reason.Connect].Proto().GetSampleSum() > 0.1 {
		t.Errorf("total %d times; connect sums to %g s", counts.total.Proto().GetSampleCount(), counts.phases[reason.Connect].Proto().GetSampleSum())
	}
	plain := okObservation(x, epoch)
	plain.Addresses[0].Phases.TLS, plain.Addresses[0].TLS = 0, nil
	counts.observe(&plain)
	if counts.phases[reason.TLS].Proto().GetSampleCount() != 1 || counts.phases[reason.Request].Proto().GetSampleCount() != 2 {
		t.Error("plain HTTP was counted in the tls phase")
	}
}

func TestNormalize(t *testing.T) {
	tests := []struct {
		name string
		in   probe.Observation
		want reason.Outcome
		why  reason.Reason
	}{
		{"ok", probe.Observation{Outcome: reason.OK}, reason.OK, reason.None},
		{"ok with a reason", probe.Observation{Outcome: reason.OK, Reason: reason.TLSReset}, reason.OK, reason.None},
		{"the zero observation", probe.Observation{}, reason.Unknown, reason.ProberInternal},
		{"fail without a reason", probe.Observation{Outcome: reason.Fail}, reason.Unknown, reason.ProberInternal},
		{"no outcome at all", probe.Observation{Outcome: 77, Reason: reason.TLSReset}, reason.Unknown, reason.ProberInternal},
		{"fail", probe.Observation{Outcome: reason.Fail, Reason: reason.TLSReset}, reason.Fail, reason.TLSReset},
	}
	for _, tt := range tests {
		if normalize(&tt.in); tt.in.Outcome != tt.want || tt.in.Reason != tt.why {
			t.Errorf("%s: %v %v, want %v %v", tt.name, tt.in.Outcome, tt.in.Reason, tt.want, tt.why)
		}
	}
	m, _ := monitorOf(t, []probe.Target{testTarget()}, nil)
	feed(t, m, probe.Observation{Endpoint: testTarget().Endpoint, Started: epoch})
	if s, _ := m.Status(testID); s.Cause != reason.ProberInternal {
		t.Errorf("the zero observation is recorded as %v", s.Cause)
	}
}

func ptr[T any](v T) *T { return &v }
