package history_test

import (
	"testing"
	"time"

	"prober/history"
	"prober/limit"
	"prober/probe/reason"
)

// What could not be told within an outage is told apart, begins no other one, and is no time of being down.
func TestOutageTellsWhatIsUnknown(t *testing.T) {
	w := &watch{start}
	h := history.New(history.Config{Now: w.now})
	h.Follow([]history.Endpoint{{ID: "a", Series: "a", Good: 3 * time.Minute}})
	for _, x := range []struct {
		minute  int
		outcome reason.Outcome
		reason  reason.Reason
		how     history.Weight
	}{
		{0, reason.OK, reason.None, history.Turn},
		{1, reason.Fail, reason.ConnectTimeout, history.Doubted},
		{2, reason.Unknown, reason.ProberRateLimited, history.Turn},
		{3, reason.Fail, reason.ConnectTimeout, history.Turn},
		{5, reason.Unknown, reason.ProberVantageOffline, history.Turn},
		{6, reason.Unknown, reason.ProberVantageOffline, history.Turn},
		{7, reason.Unknown, reason.ProberResolverUnavailable, history.Turn},
		{10, reason.Fail, reason.ConnectTimeout, history.Doubted},
		{11, reason.Fail, reason.ConnectTimeout, history.Turn},
		{21, reason.Fail, reason.ConnectTimeout, history.Turn}, // seven minutes after it could last be relied upon
		{22, reason.Fail, reason.ConnectRefused, history.Turn},
		{23, reason.Unknown, reason.ProberMaintenance, history.Turn},
	} {
		w.at = start.Add(time.Duration(x.minute) * time.Minute)
		h.Record("a", seen(w.at, x.outcome, x.reason), x.how)
		switch s, _ := h.State("a"); x.minute {
		case 11, 21: // the outage that began, and was confirmed, before
			if !s.Since.Equal(start.Add(3*time.Minute)) || !s.ReasonSince.Equal(s.Since) || !s.FirstFailed.Equal(start.Add(time.Minute)) {
				t.Errorf("after %d minutes: %+v", x.minute, s)
			}
			if want := map[int]time.Duration{11: 5, 21: 12}[x.minute] * time.Minute; s.Unseen != want || s.ReasonUnseen != want {
				t.Errorf("after %d minutes %v and %v are unseen; want %v", x.minute, s.Unseen, s.ReasonUnseen, want)
			}
		case 22:
			if !s.Since.Equal(start.Add(3*time.Minute)) || s.Unseen != 12*time.Minute || !s.ReasonSince.Equal(w.at) || s.ReasonUnseen != 0 {
				t.Errorf("with another reason: %+v", s)
			}
		}
	}
	w.at = start.Add(25 * time.Minute)
	all, _ := h.Incidents(history.Query{})
	if len(all) != 1 {
		t.Fatalf("%d incidents", len(all))
	}
	type piece struct {
		from, to int
		reason   reason.Reason
	}
	var got []piece
	minute := func(at time.Time) int { return int(at.Sub(start) / time.Minute) }
	for _, u := range all[0].Untold {
		p := piece{minute(u.From), -1, u.Reason}
		if !u.To.IsZero() {
			p.to = minute(u.To)
		}
		got = append(got, p)
	}
	want := []piece{
		{2, 3, reason.ProberRateLimited}, {5, 7, reason.ProberVantageOffline}, {7, 10, reason.ProberResolverUnavailable}, {14, 21, reason.None}, {23, -1, reason.ProberMaintenance},
	}
	if len(got) != len(want) {
		t.Fatalf("%v; want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("piece %d is %v; want %v", i, got[i], want[i])
		}
	}
	if d := all[0].Down(w.at); d != 9*time.Minute {
		t.Errorf("down for %v; want 24 min without 15 unknown", d)
	}
	h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
	w.at = w.at.Add(time.Hour)
	if x, _ := h.Incident(all[0].ID); x.Down(w.at) != 9*time.Minute || x.Duration(w.at) != 24*time.Minute || len(x.Untold) != len(want) {
		t.Errorf("when it is over: %+v", x)
	}
}

// Of an endpoint that comes and goes without an answer the oldest pieces are told as one, which is as long as they were.
func TestPiecesAreBounded(t *testing.T) {
	w := &watch{start}
	h := follow(t, w, "a")
	const n = 3 * limit.HistoryUntold
	for i := range n {
		h.Record("a", seen(start.Add(time.Duration(2*i)*time.Minute), reason.Fail, reason.ConnectTimeout), history.Turn)
		h.Record("a", seen(start.Add(time.Duration(2*i+1)*time.Minute), reason.Unknown, reason.ProberRateLimited), history.Turn)
	}
	w.at = start.Add(2 * n * time.Minute)
	h.Record("a", seen(w.at, reason.Fail, reason.ConnectTimeout), history.Turn)
	all, _ := h.Incidents(history.Query{})
	x := all[0]
	if len(x.Untold) != limit.HistoryUntold || history.Sum(x.Untold) != n*time.Minute || x.Down(w.at) != n*time.Minute {
		t.Errorf("%d pieces of %v", len(x.Untold), history.Sum(x.Untold))
	}
	if s, _ := h.State("a"); !s.Since.Equal(start) {
		t.Errorf("down since %v", s.Since)
	}
}
