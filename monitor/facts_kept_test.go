package monitor

import (
	"encoding/json"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/history"
	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
)

// What was last seen of an endpoint comes back after a restart, as that of then: the prober is not ready
// before it has looked itself, and what is old is no state of now.
func TestWhatWasSeenComesBackAfterARestart(t *testing.T) {
	list := []probe.Target{testTarget(), target("kms/cn-hangzhou/public", "kms.example.com")}
	dir := t.TempDir()
	start := func(later time.Duration) *Monitor {
		m, _ := monitorOf(t, list, func(c *Config) {
			now := func() time.Time { return epoch.Add(later) }
			c.Confirm, c.Now, c.History = true, now, keptIn(t, dir, now)
		})
		return m
	}
	m := start(time.Minute)
	feed(t, m, withVersions(okObservation(list[0], epoch)))
	feed(t, m, badObservation(list[1], epoch.Add(time.Second), reason.TLSCertExpired))
	feed(t, m, badObservation(list[1], epoch.Add(time.Minute), reason.TLSCertExpired))
	well := withVersions(okObservation(list[0], epoch.Add(time.Minute))) // as the network is
	well.Addresses[0].HTTP.Hops = []probe.Hop{{URL: "http://a.example/", Status: 302, To: "https://a.example/", Duration: reason.Seconds(time.Millisecond)}}
	feed(t, m, well)
	before := m.Statuses()
	closeHistory(m.History())
	if c := before[0].Certificate; c == nil || before[1].Outcome != reason.Fail || len(before[0].Addresses[0].Hops) != 1 {
		t.Fatalf("before the restart: %+v, %v", c, before[1].Outcome)
	}
	for _, later := range []time.Duration{2 * time.Minute, time.Hour} {
		stale := later == time.Hour
		m = start(later)
		for i, s := range m.Statuses() {
			was := before[i]
			if !s.Probed || s.Stale != stale || s.Outcome != was.Outcome || s.Detail != was.Detail || !s.LastProbe.Equal(was.LastProbe) || !s.Since.Equal(was.Since) {
				t.Errorf("%s, %v later: %+v, want %+v", s.ID, later, s, was)
			}
			if asJSON(t, s.Addresses) != asJSON(t, was.Addresses) || asJSON(t, s.Certificate) != asJSON(t, was.Certificate) ||
				!maps.Equal(s.TLSVersions, was.TLSVersions) || asJSON(t, s.LastFailure) != asJSON(t, was.LastFailure) || s.DurationSeconds != was.DurationSeconds {
				t.Errorf("%s, %v later: %s, want %s", s.ID, later, asJSON(t, s), asJSON(t, was))
			}
		}
		m.running.Store(true)
		if err := m.Ready(); err == nil || !strings.Contains(err.Error(), "2 of 2 active endpoints") {
			t.Errorf("before the first result it is ready: %v", err)
		}
		if later == time.Hour { // a failure after long is looked at again, and until then nothing is known of now
			feed(t, m, badObservation(list[0], epoch.Add(later), reason.ConnectTimeout))
			feed(t, m, okObservation(list[1], epoch.Add(later)))
			if s, _ := m.Status(testID); s.Confirming == nil || s.Outcome != reason.OK || !s.Stale {
				t.Errorf("in doubt: %+v", s)
			}
		}
		closeHistory(m.History())
	}
}

// Facts that cannot be read, or of another clock, leave an endpoint as a new one.
func TestFactsThatAreNoneAreLeftOut(t *testing.T) {
	at := epoch.Add(-time.Minute)
	for text, last := range map[string]time.Time{"": at, "{": at, `{"started":7}`: at, "{}": epoch.Add(time.Hour), `{"looked":[]}`: {}} {
		x := testTarget()
		e := newEndpoint(&x, epoch, time.Minute)
		e.recallFacts(recalled{facts: []byte(text), state: history.State{Outcome: reason.Fail, Reason: reason.ConnectTimeout, LastProbe: last}, most: 60, now: epoch})
		if e.last.probed() || e.cert.seen != 0 {
			t.Errorf("%q at %v: %+v", text, last, e.last)
		}
	}
}

// The facts of an endpoint that shows as much as it may fit into what is kept.
func TestFactsAreBounded(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	o := withVersions(badObservation(x, epoch, reason.TLSCertExpired))
	long := strings.Repeat("\u0001\u2028x", 1000)
	o.Detail, o.Reproduce, o.Addresses[0].TLS.Certificates[0].Subject = long, long, long
	hops := slices.Repeat([]probe.Hop{{URL: "http://a.example/" + strings.Repeat("x", 1000), To: "https://a.example/"}}, 10)
	for i := range 100 {
		a := o.Addresses[0]
		a.HTTP = &probe.HTTPFacts{Status: 200, Hops: hops}
		raw := a.Address.As4()
		raw[3] = byte(i)
		a.Address = netip.AddrFrom4(raw)
		o.Addresses = append(o.Addresses, a)
	}
	feed(t, m, o)
	if n := len(m.factsOf(testID)); n < 1000 || n > limit.HistoryFacts {
		t.Errorf("%d bytes, want at most %d", n, limit.HistoryFacts)
	}
	if m.factsOf("ecs/nowhere/public") != nil {
		t.Error("facts of an endpoint that is not listed")
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// After a kill, which leaves the results one by one and the rest of some minutes ago, an endpoint says what it is known of it, and of when.
func TestWhatAKillLeaves(t *testing.T) {
	list := []probe.Target{testTarget(), target("kms/cn-hangzhou/public", "kms.example.com")}
	dir, at := t.TempDir(), epoch
	start := func(dir string) *Monitor {
		m, _ := monitorOf(t, list, func(c *Config) {
			now := func() time.Time { return at }
			c.Now, c.History = now, keptIn(t, dir, now)
		})
		return m
	}
	m := start(dir)
	for minute := range 3 {
		at = epoch.Add(time.Duration(minute) * time.Minute)
		feed(t, m, withVersions(okObservation(list[1], at)))
		feed(t, m, reproducible(badObservation(list[0], at, reason.TLSCertExpired)))
		m.History().Flush()
	}
	left := t.TempDir()
	if err := os.CopyFS(filepath.Join(left, "copy"), os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	was, _ := m.Status(testID)
	closeHistory(m.History())
	at = at.Add(30 * time.Second)
	m = start(filepath.Join(left, "copy"))
	defer func() { closeHistory(m.History()) }()
	s, _ := m.Status(testID)
	if !s.BeforeStart || s.Outcome != reason.Fail || s.Detail != was.Detail || s.Reproduce == "" || s.Reproduce != was.Reproduce || len(s.Addresses) != 1 ||
		s.Found.IsZero() || !s.Found.Before(s.LastProbe) || !s.LastProbe.Equal(was.LastProbe) || s.Certificate == nil {
		t.Errorf("after a kill: %+v", s)
	}
	page := get(t, m, "/endpoints/"+testID).Body.String()
	for _, want := range []string{
		"<p>Last probe 30 s ago. That was before this process began, which has not probed this endpoint yet.</p>", ">They are of the probe at <time datetime=\"" + s.Found.Format(time.RFC3339),
		s.Detail, "See for yourself: ",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	feed(t, m, badObservation(list[0], at, reason.TLSCertExpired))
	feed(t, m, okObservation(list[1], at.Add(time.Second))) // the network is well
	if s, _ = m.Status(testID); s.BeforeStart || !s.Found.IsZero() {
		t.Errorf("after the first result: %+v", s)
	}
	if len(s.Results) != 4 || !s.Results[2].Time.Equal(was.LastProbe) || s.Results[2].Outcome != reason.Fail || s.Results[2].Word != was.Word {
		t.Errorf("after the first result: %d results, want the three of before the kill, too: %+v", len(s.Results), s.Results)
	}
	if page := get(t, m, "/endpoints/"+testID).Body.String(); !strings.Contains(page, " 3 of them are of before this process began, the last of those as of <time datetime=\""+was.LastProbe.Format(time.RFC3339)) {
		t.Error("the page does not say which of the last results are of before")
	}
}

// TestLastResultsComeBack: the picture of the last results goes on after a restart, as of then; nothing of it is counted again, and the
// time between is no gap of this process.
func TestLastResultsComeBack(t *testing.T) {
	list, dir, at := []probe.Target{testTarget()}, t.TempDir(), epoch
	start := func(detail Detail) *Monitor {
		m, _ := monitorOf(t, list, func(c *Config) {
			now := func() time.Time { return at }
			c.Now, c.Detail, c.Interval, c.History = now, detail, time.Minute, keptIn(t, dir, now)
		})
		return m
	}
	m := start(DetailEndpoint)
	for minute := range 70 {
		at = epoch.Add(time.Duration(minute) * time.Minute)
		o := okObservation(list[0], at)
		if minute == 68 {
			o = badObservation(list[0], at, reason.HeadersBareLF)
		}
		feed(t, m, o)
	}
	was, _ := m.Status(testID)
	closeHistory(m.History())
	for _, x := range []struct {
		detail Detail
		want   int
	}{{DetailEndpoint, 60}, {DetailRegion, 15}} {
		at = at.Add(20 * time.Minute)
		m = start(x.detail)
		s, _ := m.Status(testID)
		if n := len(s.Results); n != x.want || asJSON(t, s.Results) != asJSON(t, was.Results[60-x.want:]) {
			t.Errorf("detail %s: %d results, want the last %d: %+v", x.detail, n, x.want, s.Results)
		}
		if s.Probes["ok"] != was.Probes["ok"] || s.Probes["degraded"] != 1 {
			t.Errorf("detail %s: %v are counted, want %v", x.detail, s.Probes, was.Probes)
		}
		if page := get(t, m, "/endpoints/"+testID).Body.String(); !strings.Contains(page, " All of them are of before this process began, the last as of <time datetime=\""+was.LastProbe.Format(time.RFC3339)) {
			t.Errorf("detail %s: the page does not say that all results are of before", x.detail)
		}
		if x.detail == DetailRegion { // one that is not written down, as the next process is not to read it
			feed(t, m, okObservation(list[0], at))
			if c := m.cadence(at); c.late != 0 || c.stale != 0 || c.probed != 0 {
				t.Errorf("after the first result: %+v", c)
			}
		}
		closeHistory(m.History())
	}
}
