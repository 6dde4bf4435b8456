package monitor

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
	"prober/suspicion"
)

// ofProviders makes a list: a letter an endpoint, which is its provider; the regions are numbered. A
// capital letter is an endpoint that is closed.
func ofProviders(letters string) []probe.Target {
	list := make([]probe.Target, len(letters))
	for i, l := range letters {
		provider := strings.ToLower(string(l))
		list[i] = target(fmt.Sprintf("%s/r%d/public", provider, i), fmt.Sprintf("r%d.%s.test", i, provider))
		list[i].Product.Provider = provider
		if string(l) != provider {
			list[i].Endpoint.Lifecycle = catalog.Closed
		}
	}
	return list
}

// vouched is a result that a control beyond the lookup has vouched for.
func vouched(o probe.Observation) probe.Observation {
	o.Vouched = true
	return o
}

func TestVantage(t *testing.T) {
	const (
		none    = reason.None
		silent  = reason.ConnectTimeout
		refused = reason.ConnectRefused
		lookup  = reason.ResolveTimeout
		lost    = reason.ProberResolverUnavailable
		offline = reason.ProberVantageOffline
		private = reason.ProberPrivateNetwork
		stalled = reason.ProberStalled
		portal  = reason.TLSCertHostname
		alert   = reason.TLSAlertHandshakeFailure
		noway   = reason.ProberVantageNoIPv4
		held    = reason.ProberCanceled // stands for: not taken in yet
	)
	type step struct {
		endpoint int
		found    reason.Reason
	}
	each := func(r ...reason.Reason) []step {
		steps := make([]step, len(r))
		for i := range r {
			steps[i] = step{i, r[i]}
		}
		return steps
	}
	for _, tt := range []struct {
		name  string
		list  string
		steps []step
		want  []reason.Reason // at the end, by endpoint
		cause suspicion.Cause
	}{
		{"all silent", "aab", each(silent, silent, silent), []reason.Reason{offline, offline, offline}, suspicion.Silence},
		{"all are refused", "aab", each(refused, reason.TLSReset, reason.RequestEOF), []reason.Reason{offline, offline, offline}, suspicion.Resets},
		{"a server diagnosed while it was back", "aab", each(silent, reason.TLSHelloIntolerant, silent), []reason.Reason{offline, offline, offline}, suspicion.Silence},
		{"the union of kinds", "aab", each(silent, refused, lookup), []reason.Reason{offline, offline, offline}, suspicion.Mixed},
		{"one certificate for all", "aab", each(portal, portal, portal), []reason.Reason{offline, offline, offline}, suspicion.Portal},
		{"one page for all", "aab", each(reason.VerifyRedirect, reason.VerifyRedirect, reason.VerifyRedirect), []reason.Reason{offline, offline, offline}, suspicion.Portal},
		{"no certificate is good now", "aab", each(reason.TLSCertNotYetValid, reason.TLSCertExpired, reason.TLSCertNotYetValid), []reason.Reason{reason.ProberClock, reason.ProberClock, reason.ProberClock}, suspicion.Clock},
		{"no resolver", "aaa", each(lost, lost, lost), []reason.Reason{lost, lost, lost}, suspicion.Lookups},
		{"no resolver, and controls of a moment before", "aab", each(lookup, lookup, lost), []reason.Reason{lost, lost, lost}, suspicion.Lookups},
		{"no name resolves, and no control is asked", "aab", each(lookup, lookup, lookup), []reason.Reason{offline, offline, offline}, suspicion.Lookups},
		{"no resolver, and a cache", "aaa", each(silent, lost, lost), []reason.Reason{offline, lost, lost}, suspicion.Mixed},
		{"a cache of one provider", "aaa", each(silent, lookup, silent), []reason.Reason{offline, offline, offline}, suspicion.Mixed},
		{"the controls fail too", "aaa", each(silent, offline, silent), []reason.Reason{offline, offline, offline}, suspicion.Silence},
		{"a certificate of its own for each", "aab", each(reason.TLSCertSelfSigned, reason.TLSCertUntrusted, reason.TLSCertSelfSigned), []reason.Reason{offline, offline, offline}, suspicion.Portal},
		{"one alert from everyone", "aab", each(alert, alert, alert), []reason.Reason{offline, offline, offline}, suspicion.Portal},
		{"no way to anything", "aab", each(noway, noway, noway), []reason.Reason{noway, noway, noway}, suspicion.Silence},
		{"no way to anything of one provider", "aa", each(noway, noway), []reason.Reason{noway, noway}, suspicion.Silence},
		{"no way to all that can tell", "aab", each(noway, private, noway), []reason.Reason{noway, private, noway}, suspicion.Silence},
		{"no way after an outage", "ab", append(each(silent, none), step{0, noway}, step{1, noway}), []reason.Reason{noway, noway}, suspicion.Silence},
		{"the way is lost while one is asked", "aaa", append(each(none, none, none), each(noway, silent, noway)...), []reason.Reason{noway, offline, noway}, suspicion.Silence},
		{"until all have spoken", "aab", each(silent, silent), []reason.Reason{held, held, held}, suspicion.None},
		{"until the process could run", "aab", each(silent, silent, stalled), []reason.Reason{held, held, stalled}, suspicion.None},
		{"and the last is silent as well", "aab", append(each(silent, silent, stalled), step{2, silent}), []reason.Reason{offline, offline, offline}, suspicion.Silence},
		{"and the last is well", "aab", append(each(silent, silent, stalled), step{2, none}), []reason.Reason{silent, silent, none}, suspicion.None},
		{"what is broken changes", "aab", append(each(silent, silent, silent), each(lost, lost, lost)...), []reason.Reason{lost, lost, lost}, suspicion.Lookups},
		{"and back", "aab", append(append(each(silent, silent, silent), each(lost, lost, lost)...), each(silent, silent, silent)...), []reason.Reason{offline, offline, offline}, suspicion.Silence},
		{"and is half of each", "aab", append(each(silent, silent, silent), each(lost, silent, lost)...), []reason.Reason{lost, offline, lost}, suspicion.Mixed},
		{"and the same one twice", "aab", append(each(silent, silent, silent), step{0, lost}, step{0, lost}, step{0, lost}), []reason.Reason{lost, offline, offline}, suspicion.Mixed},
		{"on and on", "aab", append(each(silent, silent, silent), each(silent, refused)...), []reason.Reason{offline, offline, offline}, suspicion.Mixed},

		{"what cannot tell is left out", "aabb", each(private, silent, reason.ResolveNXDomain, silent), []reason.Reason{private, offline, reason.ResolveNXDomain, offline}, suspicion.Silence},
		{"whoever can tell comes first", "aabb", []step{{1, silent}, {3, silent}, {0, private}, {2, reason.ResolveNXDomain}}, []reason.Reason{private, offline, reason.ResolveNXDomain, offline}, suspicion.Silence},
		{"a bogon tells", "aab", each(silent, reason.ResolveBogon, silent), []reason.Reason{offline, offline, offline}, suspicion.Mixed},
		{"a limit of ours says nothing", "aab", each(silent, reason.ProberRateLimited, silent), []reason.Reason{offline, reason.ProberRateLimited, offline}, suspicion.Silence},
		{"a closed one that answers ends nothing", "aabB", append(each(silent, silent, silent), step{3, none}, step{0, silent}), []reason.Reason{offline, offline, offline, none}, suspicion.Silence},
		{"a closed one fails with the others", "aabB", append(each(silent, silent, silent), step{3, silent}), []reason.Reason{offline, offline, offline, offline}, suspicion.Silence},
		{"a closed one alone", "aabB", []step{{3, silent}}, []reason.Reason{held, held, held, held}, suspicion.None},
		{"and one is well, and it stays so", "aabB", []step{{3, silent}, {0, none}, {3, refused}}, []reason.Reason{none, held, held, refused}, suspicion.None},
		{"a closed one comes first", "aabB", []step{{3, silent}, {0, silent}, {1, silent}, {2, silent}}, []reason.Reason{offline, offline, offline, offline}, suspicion.Silence},
		{"nothing but closed ones", "AB", each(silent, silent), []reason.Reason{silent, silent}, suspicion.None},
		{"a name is denied meanwhile", "aab", append(each(lost, lost, lost), step{0, reason.ResolveNXDomain}), []reason.Reason{offline, lost, lost}, suspicion.Lookups},
		{"a name is denied, and names resolve", "aab", append(each(silent, silent, silent), step{0, reason.ResolveNXDomain}), []reason.Reason{reason.ResolveNXDomain, offline, offline}, suspicion.Silence},

		{"one is down", "aab", each(none, none, silent), []reason.Reason{none, none, held}, suspicion.None},
		{"and one is well", "aab", append(each(none, none, silent), step{0, none}), []reason.Reason{none, none, silent}, suspicion.None},
		{"one provider is down", "aab", append(each(silent, silent), step{2, none}), []reason.Reason{silent, silent, none}, suspicion.None},
		{"it stays down", "aab", append(each(silent, silent), step{2, none}, step{0, refused}), []reason.Reason{refused, silent, none}, suspicion.None},
		{"all of one provider", "aaa", each(silent, refused, silent), []reason.Reason{silent, refused, silent}, suspicion.None},
		{"the only one", "a", each(silent), []reason.Reason{silent}, suspicion.None},
		{"two regions of one provider", "aa", each(silent, lookup), []reason.Reason{silent, lookup}, suspicion.None},
		{"different certificates", "aab", each(portal, portal, reason.TLSCertExpired), []reason.Reason{portal, portal, reason.TLSCertExpired}, suspicion.None},
		{"a failure beyond the network", "aab", each(reason.VerifyServerError, reason.VerifyServerError, reason.VerifyServerError), []reason.Reason{reason.VerifyServerError, reason.VerifyServerError, reason.VerifyServerError}, suspicion.None},
		{"one has been down all along", "ab", append(each(silent, none), step{0, silent}, step{1, silent}), []reason.Reason{silent, silent}, suspicion.None},
		{"one that was refused falls silent with the others", "ab", append(each(refused, none), step{0, silent}, step{1, silent}), []reason.Reason{offline, offline}, suspicion.Silence},
		{"and after them", "ab", append(each(refused, none), step{1, silent}, step{0, silent}), []reason.Reason{offline, offline}, suspicion.Silence},
		{"one of an old certificate falls silent with them", "abb", append(each(reason.TLSCertExpired, none, none), each(silent, silent, silent)...), []reason.Reason{offline, offline, offline}, suspicion.Silence},
		{"it is refused as before", "ab", append(each(refused, none), step{1, silent}, step{0, refused}), []reason.Reason{refused, silent}, suspicion.None},
		{"it falls silent alone", "ab", append(each(refused, none), step{0, silent}, step{1, none}), []reason.Reason{silent, none}, suspicion.None},
		{"and stays so", "ab", append(each(refused, none), step{0, silent}, step{1, none}, step{0, silent}, step{1, silent}), []reason.Reason{silent, silent}, suspicion.None},
		{"it is down again after the network was", "ab", append(each(refused, none), step{0, silent}, step{1, silent}, step{1, none}, step{0, refused}, step{1, none}), []reason.Reason{refused, none}, suspicion.None},

		{"two alerts", "ab", each(alert, reason.TLSAlertInternalError), []reason.Reason{alert, reason.TLSAlertInternalError}, suspicion.None},
		{"no way to one of them", "aab", append(each(none, none, none), step{2, noway}, step{0, none}), []reason.Reason{none, none, noway}, suspicion.None},
		{"no way to one, and the others are down", "aab", each(silent, silent, noway), []reason.Reason{silent, silent, noway}, suspicion.None},
		{"no way to one any more, and the others are down later", "aab", append(append(each(none, none, none), step{2, noway}, step{0, none}), each(silent, silent, noway)...), []reason.Reason{silent, silent, noway}, suspicion.None},
		{"it stays so", "aab", append(each(silent, silent, noway), each(silent, silent, noway)...), []reason.Reason{silent, silent, noway}, suspicion.None},

		{"it ends with the first answer", "aab", append(each(silent, silent, silent), step{1, none}), []reason.Reason{offline, none, offline}, suspicion.None},
		{"a moment is taken back", "aabb", append(each(none, none, none, none), step{0, silent}, step{2, silent}, step{1, none}), []reason.Reason{offline, none, offline, none}, suspicion.None},
		{"once", "aabb", append(each(none, none, none, none), step{0, silent}, step{2, silent}, step{1, none}, step{0, silent}, step{2, silent}, step{1, none}), []reason.Reason{silent, none, silent, none}, suspicion.None},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := ofProviders(tt.list)
			m, c := monitorOf(t, list, nil)
			for _, s := range tt.steps {
				c.Advance(time.Second)
				o := okObservation(list[s.endpoint], c.Now())
				if s.found != none {
					o = badObservation(list[s.endpoint], c.Now(), s.found)
				}
				feed(t, m, o)
			}
			for i, want := range tt.want {
				got, _ := m.Status(list[i].Endpoint.ID)
				if want == held && got.Probed || want != held && (!got.Probed || got.Cause != want || got.Outcome != want.Outcome()) {
					t.Errorf("%s: %v %v, want %v", got.ID, got.Outcome, got.Cause, want)
				}
			}
			if cause, _ := m.vantage.state(); cause != tt.cause {
				t.Errorf("cause %q, want %q", cause, tt.cause)
			}
		})
	}
}

// A control that is well lets an outage of everything be told at once, up to the connection.
func TestVantageIsVouchedFor(t *testing.T) {
	list := ofProviders("ab")
	m, _ := monitorOf(t, list, nil)
	for _, x := range list {
		feed(t, m, vouched(badObservation(x, epoch, reason.ConnectTimeout)))
		if s, _ := m.Status(x.Endpoint.ID); s.Outcome != reason.Fail {
			t.Errorf("%s is %v", s.ID, s.Outcome)
		}
	}
	if _, doubt := m.vantage.state(); doubt != suspicion.NoDoubt {
		t.Error("it is said that nothing tells the outage from a broken network")
	}
}

// Who was probed before the network was well again says nothing.
func TestVantageOverlap(t *testing.T) {
	list := ofProviders("aab")
	m, c := monitorOf(t, list, nil)
	for _, x := range list {
		feed(t, m, badObservation(x, c.Now(), reason.ConnectTimeout))
	}
	began := m.elapsed()
	c.Advance(time.Second)
	feed(t, m, okObservation(list[1], c.Now()))
	late := badObservation(list[0], epoch, reason.ConnectTimeout)
	m.record(m.list.Load().byID[list[0].Endpoint.ID], &late, began)
	if s, _ := m.Status(list[0].Endpoint.ID); s.Outcome != reason.Unknown || s.Probes["unknown"] != 2 || m.vantage.suspected() {
		t.Errorf("%v, %v, suspected %v", s.Outcome, s.Probes, m.vantage.suspected())
	}
}

// Who was probed before the first failure was seen does not show that the network was well after it.
func TestVantageEarlyAnswers(t *testing.T) {
	list := ofProviders("aab")
	m, c := monitorOf(t, list, nil)
	feed(t, m, badObservation(list[1], c.Now(), reason.TLSCertRevoked))
	began := m.elapsed()
	c.Advance(time.Second)
	feed(t, m, badObservation(list[0], c.Now(), reason.ConnectTimeout))
	for _, x := range list[1:] {
		o := okObservation(x, c.Now())
		m.record(m.list.Load().byID[x.Endpoint.ID], &o, began)
	}
	for _, x := range list[1:] {
		if s, _ := m.Status(list[0].Endpoint.ID); s.Probed {
			t.Fatalf("%v before the others were probed again", s.Outcome)
		}
		feed(t, m, badObservation(x, c.Now(), reason.ConnectTimeout))
	}
	for _, s := range m.Statuses() {
		if s.Outcome != reason.Unknown {
			t.Errorf("%s is %v", s.ID, s.Outcome)
		}
	}
}

// What is held is judged at the latest when everybody should have had a turn.
func TestVantageWaitsNoLonger(t *testing.T) {
	list := ofProviders("aab")
	m, c := monitorOf(t, list, nil)
	feed(t, m, badObservation(list[0], c.Now(), reason.ConnectTimeout))
	feed(t, m, badObservation(list[2], c.Now(), reason.ConnectTimeout))
	c.Advance(m.config.Interval + limit.HeldBeyond - time.Nanosecond)
	if s := m.vantage.overdue(m.elapsed()); len(s.results) != 0 {
		t.Fatalf("%d results before the time", len(s.results))
	}
	c.Advance(time.Nanosecond)
	if s := m.vantage.overdue(m.elapsed()); len(s.results) != 2 || !s.changed || !m.vantage.suspected() {
		t.Errorf("%d results, changed %v, suspected %v", len(s.results), s.changed, m.vantage.suspected())
	}
}

// A long list need not fail to the last endpoint, and what is held is bounded.
func TestVantageIsBounded(t *testing.T) {
	n := limit.HeldResults + 10
	for _, letters := range []string{strings.Repeat("ab", n/2), strings.Repeat("a", n)} {
		list := ofProviders(letters)
		m, c := monitorOf(t, list, func(c *Config) { c.Detail = DetailRegion })
		most := 0
		for _, x := range list[:n-1] {
			feed(t, m, badObservation(x, c.Now(), reason.ConnectTimeout))
			most = max(most, len(m.vantage.held))
			if m.vantage.suspected() {
				break
			}
		}
		two := strings.Contains(letters, "b")
		if two != m.vantage.suspected() || two && most > limit.EnoughFails || most > limit.HeldResults {
			t.Errorf("%.2s...: suspected %v, up to %d held", letters, m.vantage.suspected(), most)
		}
	}
}

// The first failures have others probed ahead of their turns, of another provider first, and no
// more than a few.
func TestVantageCallsOthers(t *testing.T) {
	list := ofProviders(strings.Repeat("a", 10) + "b" + strings.Repeat("a", 40))
	m, c := monitorOf(t, list, nil)
	for _, x := range list {
		feed(t, m, okObservation(x, c.Now()))
	}
	m.running.Store(true)
	for _, x := range list[:9] {
		feed(t, m, badObservation(x, c.Now(), reason.ConnectTimeout))
	}
	if len(m.queue) != limit.Witnesses || m.queue[0].endpoint.id != list[10].Endpoint.ID {
		t.Fatalf("%d are called, the first is %s", len(m.queue), m.queue[0].endpoint.id)
	}
	for _, j := range m.queue {
		if s, _ := m.Status(j.endpoint.id); s.Outcome != reason.OK {
			t.Errorf("%s is called, which has failed", j.endpoint.id)
		}
	}
}

func TestVantageAfterAReload(t *testing.T) {
	list := ofProviders("aab")
	m, c := monitorOf(t, list, nil)
	for _, x := range list {
		feed(t, m, badObservation(x, c.Now(), reason.ConnectTimeout))
	}
	gone := m.list.Load().byID[list[0].Endpoint.ID]
	more := append(list[1:], ofProviders("aabc")[3])
	if err := m.Apply(more); err != nil {
		t.Fatal(err)
	}
	if m.vantage.suspected() {
		t.Error("still suspected although nothing is known about an endpoint that was added")
	}
	m.record(gone, ptr(okObservation(list[0], c.Now())), m.elapsed()) // a probe of the removed one ends
	feed(t, m, badObservation(more[2], c.Now(), reason.ConnectTimeout))
	if !m.vantage.suspected() {
		t.Error("not suspected although all of the new list are silent")
	}
	if err := m.Apply(more[:2]); err != nil || !m.vantage.suspected() {
		t.Errorf("no longer suspected after one that failed was removed, %v", err)
	}
}

func TestTheVantageIsShown(t *testing.T) {
	list := ofProviders("aab")
	m, c := monitorOf(t, list, nil)
	for _, x := range list {
		feed(t, m, badObservation(x, c.Now(), reason.ConnectTimeout))
	}
	text := expose(t, m)
	for _, want := range []string{"prober_vantage_offline 1", `prober_vantage_suspicion{reason="silence"} 1`, `prober_vantage_suspicion{reason="resolver"} 0`} {
		if !strings.Contains(text, "\n"+want+"\n") {
			t.Errorf("no %s", want)
		}
	}
	if body := get(t, m, "/").Body.String(); !strings.Contains(body, "own network is suspected") || !strings.Contains(body, "nothing answers") {
		t.Error("the page does not say so")
	}
	down, c := monitorOf(t, ofProviders("aa"), nil)
	for _, x := range ofProviders("aa") {
		feed(t, down, badObservation(x, c.Now(), reason.ConnectTimeout))
	}
	if body := get(t, down, "/").Body.String(); !strings.Contains(body, "2 of 2 active endpoints are down: a/r0/public, a/r1/public (connect/timeout); nothing that was probed tells this from trouble of the prober") {
		t.Errorf("the headline does not say that it cannot be told apart:\n%.900s", body)
	}
}
