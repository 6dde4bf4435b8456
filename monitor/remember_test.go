package monitor

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"prober/history"
	"prober/history/disk"
	"prober/probe"
	"prober/probe/reason"
)

// keptIn is a history that is kept in a folder until the test ends.
func keptIn(t *testing.T, dir string, now func() time.Time) *history.History {
	t.Helper()
	d, err := disk.Open(dir, 16<<20, now)
	if err != nil {
		t.Fatal(err)
	}
	h := history.Open(history.Config{Now: now}, d, dir)
	t.Cleanup(func() { closeHistory(h) })
	return h
}

// closeHistory writes the rest and lets others use the folder.
func closeHistory(h *history.History) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	h.Keep(ctx)
}

func TestCountersAndSinceGoOnAfterARestart(t *testing.T) {
	for _, detail := range []Detail{DetailEndpoint, DetailRegion} {
		list := []probe.Target{target("ecs/cn-hangzhou/public", "ecs.example.com"), target("kms/cn-hangzhou/public", "kms.example.com")}
		dir := t.TempDir()
		start := func() *Monitor {
			m, _ := monitorOf(t, list, func(c *Config) { c.Detail, c.History = detail, keptIn(t, dir, c.Now) })
			return m
		}
		m := start()
		feed(t, m, okObservation(list[0], epoch))
		feed(t, m, badObservation(list[1], epoch, reason.VerifyServerError))
		feed(t, m, badObservation(list[1], epoch.Add(time.Minute), reason.VerifyServerError))
		m.mu.Lock()
		m.counts.missed, m.counts.confirmations[refuted] = 41, 5
		m.mu.Unlock()
		closeHistory(m.History())

		m = start()
		text := expose(t, m)
		if !strings.Contains(text, "prober_missed_turns_total 41") || !strings.Contains(text, `prober_confirmations_total{result="refuted"} 5`) {
			t.Errorf("detail %s: what the prober counts of its own work does not go on", detail)
		}
		before := sum(text, "endpoint_probes_total")
		feed(t, m, badObservation(list[1], epoch.Add(time.Hour), reason.VerifyServerError))
		after := expose(t, m)
		if before != 3 || sum(after, "endpoint_probes_total") != 4 || sum(after, "endpoint_failures_total") != 3 {
			t.Errorf("detail %s: %v probes after the restart, then %v, and %v failures", detail, before, sum(after, "endpoint_probes_total"), sum(after, "endpoint_failures_total"))
		}
		if s, _ := m.Status("kms/cn-hangzhou/public"); !s.Since.Equal(epoch) || !s.Counted.Equal(epoch) {
			t.Errorf("detail %s: since %v, counted since %v", detail, s.Since, s.Counted)
		}
	}
}

// sum adds up all series of a metric.
func sum(text, name string) (total float64) {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, name+"{") || strings.HasPrefix(line, name+" ") {
			v, err := strconv.ParseFloat(strings.TrimSpace(line[strings.LastIndexByte(strings.TrimSpace(line), ' '):]), 64)
			if err != nil {
				return math.NaN()
			}
			total += v
		}
	}
	return total
}

func TestHistoryTroubleIsTold(t *testing.T) {
	for _, tt := range []struct {
		condition history.Condition
		what      string
	}{
		{history.Condition{OK: true}, ""},
		{history.Condition{OK: true, Aside: []string{"state/history.db.aside-1"}}, "An earlier history could not be used"},
		{history.Condition{Problem: "read-only file system", Where: "state"}, "History is in memory only and ends with this process"},
		{history.Condition{Problem: "no such device", Where: "state", Waits: true}, "History is in memory only so far"},
		{history.Condition{Problem: "no space left on device", Where: "state", Written: epoch}, "History cannot be written and is in memory meanwhile"},
	} {
		c := &tt.condition
		if c.Well() != (tt.what == "") {
			t.Errorf("%+v is well: %v", c, c.Well())
		}
		if tt.what == "" {
			continue
		}
		if n := historyNote(c); n.What != tt.what || !strings.Contains(n.Why, c.Problem) || n.Advice == "" || n.Blinds {
			t.Errorf("%+v is told as %+v", c, n)
		}
	}
	m, _ := monitorOf(t, nil, func(c *Config) {
		c.History = history.Unkept(history.Config{Now: c.Now}, "state", errors.New("it is a file"), nil)
	})
	if notes := m.notes(); len(notes) != 1 || notes[0].Why != "what is wrong: it is a file" {
		t.Errorf("notes: %+v", notes)
	}
}

// What is in doubt is counted at once and changes no state; the probe that confirms it changes the
// state and is not counted.
func TestHistoryWaitsForTheConfirmation(t *testing.T) {
	list := []probe.Target{target("ecs/cn-hangzhou/public", "ecs.example.com")}
	id := list[0].Endpoint.ID
	m, _ := monitorOf(t, list, func(c *Config) { c.Confirm = true })
	feed(t, m, okObservation(list[0], epoch))
	feed(t, m, badObservation(list[0], epoch.Add(time.Minute), reason.VerifyServerError))
	s, _ := m.History().State(id)
	c, _ := m.History().Counters(id)
	if s.Outcome != reason.OK || c.Outcomes[reason.Fail] != 1 {
		t.Errorf("in doubt: %+v, %+v", s, c)
	}
	e := m.list.Load().byID[id]
	if !e.beginConfirming() {
		t.Fatal("nothing is to be confirmed")
	}
	feed(t, m, badObservation(list[0], epoch.Add(65*time.Second), reason.VerifyServerError))
	s, _ = m.History().State(id)
	c, _ = m.History().Counters(id)
	if s.Outcome != reason.Fail || !s.Since.Equal(epoch.Add(65*time.Second)) || c.Outcomes[reason.Fail] != 1 {
		t.Errorf("confirmed: %+v, %+v", s, c)
	}
	page, _ := m.History().Incidents(history.Query{})
	if len(page) != 1 || !page[0].Begin.Equal(epoch.Add(time.Minute)) || page[0].Failed != c.Outcomes[reason.Fail] {
		t.Errorf("incidents: %+v", page)
	}
	if s, _ := m.Status(id); !s.Since.Equal(epoch.Add(65*time.Second)) || !s.FirstFailed.Equal(epoch.Add(time.Minute)) {
		t.Errorf("the status says since %v, first %v", s.Since, s.FirstFailed)
	}
	body := get(t, m, "/endpoints/"+id).Body.String()
	if want := regexp.MustCompile(`It first failed <time [^>]*>2026-03-01 08:01:00 UTC</time>; a further probe confirmed it\.`); !want.MatchString(body) {
		t.Errorf("the page does not say both:\n%s", body)
	}
	if page := get(t, m, "/").Body.String(); !regexp.MustCompile(`First failed <time [^>]*>2026-03-01 08:01:00 UTC</time>; a further probe confirmed it\.`).MatchString(page) {
		t.Errorf("the status page does not say both:\n%s", page)
	}
	if badge := get(t, m, "/badges/"+id+"/state.svg").Body.String(); !strings.Contains(badge, ", first failed 2026-03-01 08:01:00 UTC, confirmed 2026-03-01 08:01:05 UTC, as of ") {
		t.Errorf("the badge does not say both: %s", badge)
	}
	feed(t, m, okObservation(list[0], epoch.Add(2*time.Minute)))
	if s, _ := m.Status(id); !s.FirstFailed.IsZero() {
		t.Errorf("up, and first failed %v", s.FirstFailed)
	}
}

// A failure that was confirmed before a restart is confirmed: the first result is the state again, and
// nothing has changed.
func TestOutageGoesOnAfterARestart(t *testing.T) {
	list := []probe.Target{target("ecs/cn-hangzhou/public", "ecs.example.com")}
	id, dir := list[0].Endpoint.ID, t.TempDir()
	var logged bytes.Buffer
	start := func() *Monitor {
		m, _ := monitorOf(t, list, func(c *Config) {
			c.Confirm, c.History, c.Logger = true, keptIn(t, dir, c.Now), slog.New(slog.NewTextHandler(&logged, nil))
		})
		return m
	}
	fails := func(m *Monitor, after time.Duration) {
		feed(t, m, badObservation(list[0], epoch.Add(after), reason.VerifyServerError))
	}
	m := start()
	fails(m, 0)
	fails(m, time.Minute)
	for i := range 2 {
		closeHistory(m.History())
		m = start()
		logged.Reset()
		if s, _ := m.Status(id); s.Probed || s.Outcome != reason.Unknown {
			t.Errorf("before the first result it is %v", s.Outcome)
		}
		fails(m, time.Duration(2+i)*time.Minute)
		s, _ := m.Status(id)
		if s.Outcome != reason.Fail || s.Confirming != nil || !s.Since.Equal(epoch.Add(time.Minute)) {
			t.Errorf("after a restart: %v since %v, in doubt %v", s.Outcome, s.Since, s.Confirming != nil)
		}
		if text := expose(t, m); sum(text, "endpoint_probes_total") != float64(3+i) || !strings.Contains(text, "endpoint_up{") {
			t.Errorf("%v probes, or no endpoint_up", sum(text, "endpoint_probes_total"))
		}
		if page, _ := m.History().Incidents(history.Query{}); len(page) != 1 || page[0].Failed != uint64(3+i) {
			t.Errorf("incidents: %+v", page)
		}
		if logged.Len() > 0 {
			t.Errorf("nothing changed, and the log says %s", &logged)
		}
	}
	closeHistory(m.History())
	m = start()
	feed(t, m, okObservation(list[0], epoch.Add(time.Hour)))
	if want := "from=fail to=ok"; !strings.Contains(logged.String(), want) {
		t.Errorf("no %s in %s", want, &logged)
	}
	fails(m, 2*time.Hour)
	if s, _ := m.Status(id); s.Outcome != reason.OK || s.Confirming == nil {
		t.Errorf("a new failure is not in doubt: %v", s.Outcome)
	}
}
