package history_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"prober/history"
	"prober/limit"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
)

// start is when the tests begin: not at the beginning of any step.
var start = time.Date(2026, 3, 2, 10, 7, 30, 0, time.UTC)

// watch is a clock that tests turn.
type watch struct{ at time.Time }

func (w *watch) now() time.Time { return w.at }

// follow returns a history that follows endpoints of these ids.
func follow(t *testing.T, w *watch, ids ...string) *history.History {
	t.Helper()
	h := history.New(history.Config{Now: w.now})
	h.Follow(listOf(ids...))
	return h
}

func listOf(ids ...string) []history.Endpoint {
	var list []history.Endpoint
	for _, id := range ids {
		list = append(list, history.Endpoint{ID: id, Series: "https://" + id})
	}
	return list
}

// seen is an observation made at a time.
func seen(at time.Time, o reason.Outcome, r reason.Reason) *probe.Observation {
	total := 60 * time.Millisecond
	return &probe.Observation{
		Outcome: o, Reason: r, Started: at, DNS: &dns.Lookup{}, Detail: "what was seen", Reproduce: "curl -v https://a.example/",
		Addresses: []probe.AddressResult{{
			Address: netip.MustParseAddr("192.0.2.1"), Outcome: o, Reason: r,
			Phases: probe.Phases{Resolve: 10 * time.Millisecond, Connect: 50 * time.Millisecond, Total: total, Reached: reason.Connect},
		}},
	}
}

func TestStateKnowsSinceWhen(t *testing.T) {
	w := &watch{start}
	h := follow(t, w, "a")
	if _, known := h.State("a"); known {
		t.Error("something is known before the first result")
	}
	at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	for i, x := range []struct {
		outcome reason.Outcome
		reason  reason.Reason
		how     history.Weight
		since   int
		because int
	}{
		{reason.OK, reason.None, history.Turn, 0, 0},
		{reason.Fail, reason.ConnectTimeout, history.Doubted, 0, 0},
		{reason.Fail, reason.ConnectTimeout, history.Turn, 2, 2},
		{reason.Fail, reason.ConnectRefused, history.Turn, 2, 3},
		{reason.Unknown, reason.ProberVantageOffline, history.Turn, 4, 4},
		{reason.OK, reason.None, history.Turn, 5, 5},
		{reason.OK, reason.None, history.Turn, 5, 5},
	} {
		h.Record("a", seen(at(i), x.outcome, x.reason), x.how)
		s, _ := h.State("a")
		if !s.Since.Equal(at(x.since)) || !s.ReasonSince.Equal(at(x.because)) || !s.LastProbe.Equal(at(i)) || !s.Known.Equal(start) {
			t.Errorf("after result %d: %+v", i, s)
		}
	}
	if changes := h.Changes("a"); len(changes) != 5 || changes[0].Outcome != reason.OK || !changes[4].At.Equal(start) {
		t.Errorf("changes: %+v", changes)
	}
}

func TestIncidentEndsOnlyWhenTheEndpointIsSeenUp(t *testing.T) {
	w := &watch{start}
	h := follow(t, w, "a", "b")
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	h.Record("a", seen(at(0), reason.Fail, reason.ConnectRefused), history.Doubted)
	h.Record("a", seen(at(1), reason.Unknown, reason.ProberVantageOffline), history.Doubted)
	if page, _ := h.Incidents(history.Query{}); len(page) != 0 {
		t.Fatalf("a failure in doubt began %+v", page)
	}
	h.Record("a", seen(at(5), reason.Fail, reason.ConnectRefused), history.Confirming)
	h.Record("a", seen(at(10), reason.Unknown, reason.ProberVantageOffline), history.Turn)
	h.Record("a", seen(at(15), reason.Fail, reason.ConnectTimeout), history.Turn)
	h.Record("b", seen(at(16), reason.Fail, reason.TLSCertExpired), history.Turn)
	h.Record("a", seen(at(20), reason.Degraded, reason.TLSWeakKey), history.Turn)
	page, more := h.Incidents(history.Query{})
	if len(page) != 2 || more {
		t.Fatalf("incidents: %+v, more %v", page, more)
	}
	first := page[1]
	if first.Endpoint != "a" || !first.Begin.Equal(at(0)) || !first.End.Equal(at(20)) || first.Failed != 2 || first.Reason != reason.ConnectRefused {
		t.Errorf("the first incident is %+v", first)
	}
	if open, _ := h.Incidents(history.Query{Open: true}); len(open) != 1 || open[0].Endpoint != "b" {
		t.Errorf("open: %+v", open)
	}
	if older, _ := h.Incidents(history.Query{Before: page[0].ID}); len(older) != 1 || older[0].ID != first.ID {
		t.Errorf("before the newest: %+v", older)
	}
	if one, more := h.Incidents(history.Query{Most: 1}); len(one) != 1 || !more {
		t.Errorf("a page of one: %+v, more %v", one, more)
	}
	if got, found := h.Incident(first.ID); !found || got.Endpoint != "a" {
		t.Errorf("by its id: %+v", got)
	}
	var evidence struct {
		Reason  string    `json:"reason"`
		Started time.Time `json:"started"`
	}
	b, err := h.Evidence(first.ID)
	if err != nil || json.Unmarshal(b, &evidence) != nil || evidence.Reason != "refused" || !evidence.Started.Equal(at(0)) {
		t.Errorf("evidence %s: %v", b, err)
	}
	if _, err := h.Evidence(1); !errors.Is(err, history.ErrNoEvidence) {
		t.Errorf("evidence of no incident: %v", err)
	}
}

func TestUptimeLeavesOutWhatIsUnknown(t *testing.T) {
	w := &watch{start.Add(30 * time.Hour)}
	h := follow(t, w, "a")
	for i := range 30 * 60 {
		o, r := reason.OK, reason.None
		switch {
		case i < 60: // before the last 24 hours
			o, r = reason.Fail, reason.ConnectTimeout
		case i%60 == 30:
			o, r = reason.Unknown, reason.ProberVantageOffline
		}
		h.Record("a", seen(start.Add(time.Duration(i)*time.Minute), o, r), history.Turn)
	}
	up := h.Uptime("a")
	if share, known := up[0].Share(); share != 1 || !known || up[0].Counts[reason.Unknown] == 0 || !up[0].Whole(w.at) {
		t.Errorf("24 hours: %v of %+v", share, up[0])
	}
	if share, _ := up[1].Share(); share >= 1 || share < .96 || up[1].Whole(w.at) || !up[1].From.Equal(start) {
		t.Errorf("7 days: %v of %+v", share, up[1])
	}
	if _, known := h.Uptime("none")[0].Share(); known {
		t.Error("the uptime of nothing is known")
	}
}

func TestStripShowsWhatWasNotProbed(t *testing.T) {
	w := &watch{start.Add(time.Hour)}
	h := follow(t, w, "a")
	h.Record("a", seen(start, reason.OK, reason.None), history.Turn)
	h.Record("a", seen(start.Add(30*time.Minute), reason.Fail, reason.ConnectRefused), history.Turn)
	cells := h.Strip("a", start, w.at, 60)
	if len(cells) != 13 { // five minutes are the finest
		t.Fatalf("%d cells", len(cells))
	}
	for i, c := range cells {
		worst, known := c.Counts.Worst()
		switch {
		case i == 0 && worst != reason.OK, i == 6 && worst != reason.Fail, i != 0 && i != 6 && known:
			t.Errorf("cell %d: %+v", i, c)
		}
	}
	if few := h.Strip("a", start.Add(-40*24*time.Hour), w.at, 20); len(few) > 20 || few[len(few)-1].Counts.All() != 2 {
		t.Errorf("40 days: %+v", few)
	}
}

func TestSeriesTellsLatencyByPhase(t *testing.T) {
	w := &watch{start.Add(48 * time.Hour)}
	h := follow(t, w, "a")
	for i := range 48 * 60 {
		h.Record("a", seen(start.Add(time.Duration(i)*time.Minute), reason.OK, reason.None), history.Turn)
	}
	for _, x := range []struct {
		back time.Duration
		most int
		step history.Step
	}{
		{2 * time.Hour, 500, history.FiveMinutes},
		{2 * time.Hour, 5, history.Hour},
		{40 * time.Hour, 500, history.Hour},
		{40 * time.Hour, 4, history.Day},
	} {
		step, all := h.Series("a", w.at.Add(-x.back), w.at, x.most)
		if step != x.step || len(all) == 0 || len(all) > x.most {
			t.Errorf("%v back, at most %d: %d of %v", x.back, x.most, len(all), time.Duration(step))
			continue
		}
		r := all[0]
		if p95 := r.Total.Quantile(.95); p95 < 54*time.Millisecond || p95 > 66*time.Millisecond || r.Phases[reason.Connect].Mean() != 50*time.Millisecond {
			t.Errorf("a roll-up of %v: p95 %v, connect %v", time.Duration(step), p95, r.Phases[reason.Connect].Mean())
		}
	}
}

func TestCountersOfAnotherHostAreNotCarriedOn(t *testing.T) {
	w := &watch{start}
	h := follow(t, w, "a")
	h.Record("a", seen(start, reason.Fail, reason.ConnectRefused), history.Turn)
	h.Follow(nil)
	h.Record("a", seen(start, reason.Fail, reason.ConnectRefused), history.Turn) // not followed
	h.Follow(listOf("a"))
	if c, _ := h.Counters("a"); c.Outcomes[reason.Fail] != 1 || len(c.Reasons) != 1 || c.Reasons[0].Count != 1 {
		t.Errorf("after it came back: %+v", c)
	}
	h.Follow([]history.Endpoint{{ID: "a", Series: "https://elsewhere"}})
	if c, any := h.Counters("a"); any {
		t.Errorf("of another host: %+v", c)
	}
	if page, _ := h.Incidents(history.Query{}); len(page) != 0 {
		t.Errorf("incidents of another host: %+v", page)
	}
}

func TestUptimeBeginsWithWhatIsRemembered(t *testing.T) {
	w := &watch{start.Add(40 * 24 * time.Hour)}
	h := history.New(history.Config{Now: w.now, Retention: 10 * 24 * time.Hour})
	h.Follow(listOf("a"))
	for i := range 40 * 24 {
		h.Record("a", seen(start.Add(time.Duration(i)*time.Hour), reason.OK, reason.None), history.Turn)
	}
	for _, up := range h.Uptime("a")[2:] {
		if age := w.at.Sub(up.From); up.Whole(w.at) || age < 10*24*time.Hour || age > 12*24*time.Hour {
			t.Errorf("%v: from %v, with %d results", up.Window, up.From, up.Counts.All())
		}
	}
}

func TestIncidentsAreBounded(t *testing.T) {
	w := &watch{start}
	h := history.New(history.Config{Now: w.now, Retention: 10 * 24 * time.Hour})
	h.Follow(listOf("down", "a"))
	h.Record("down", seen(w.at, reason.Fail, reason.ConnectTimeout), history.Turn)
	flap := func(times int, step time.Duration) (left int) {
		fail, ok := seen(w.at, reason.Fail, reason.ConnectRefused), seen(w.at, reason.OK, reason.None)
		for range times {
			fail.Started, ok.Started = w.at, w.at.Add(step/2)
			h.Record("a", fail, history.Turn)
			h.Record("a", ok, history.Turn)
			w.at = w.at.Add(step)
		}
		page, _ := h.Incidents(history.Query{Most: 20_000})
		if oldest := page[len(page)-1]; oldest.Endpoint != "down" || !oldest.Open() {
			t.Errorf("the oldest is %+v", oldest)
		}
		return len(page)
	}
	if n := flap(40, 12*time.Hour); n < 20 || n > 22 {
		t.Errorf("%d incidents of ten days are left", n)
	}
	if n := flap(limit.HistoryIncidents+100, time.Second); n != limit.HistoryIncidents {
		t.Errorf("%d incidents are left", n)
	}
}

func ExampleHistory() {
	h := history.New(history.Config{Now: func() time.Time { return start.Add(time.Hour) }})
	h.Follow([]history.Endpoint{{ID: "shop/eu/public"}})
	h.Record("shop/eu/public", seen(start, reason.Fail, reason.ConnectRefused), history.Turn)
	s, _ := h.State("shop/eu/public")
	fmt.Println(s.Outcome, s.Reason, "since", s.Since.Format(time.TimeOnly))
	// Output: fail connect/refused since 10:07:30
}
