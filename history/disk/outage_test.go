package disk_test

import (
	"testing"
	"time"

	"prober/history"
	"prober/probe/reason"
)

// An outage over which a process was killed, and another one ended while nothing could be told, is one, with one beginning, and says
// why it is down and what of it is unknown.
func TestOutageOverRestarts(t *testing.T) {
	dir := t.TempDir()
	w := &watch{start}
	h := open(t, dir, w, "a")
	record := func(o reason.Outcome, r reason.Reason) {
		t.Helper()
		h.Record("a", seen(w.at, o, r), history.Turn)
		h.Flush()
		w.turn(time.Minute)
	}
	record(reason.OK, reason.None)
	record(reason.Fail, reason.ConnectRefused)
	record(reason.Unknown, reason.ProberVantageOffline)
	record(reason.Fail, reason.ConnectRefused)
	record(reason.Fail, reason.ConnectRefused) // by now only the one line of the result is written
	dir = copied(t, dir)
	end(h)

	w.turn(4 * time.Minute)
	h = open(t, dir, w, "a")
	if s, _ := h.State("a"); s.Outcome != reason.Fail || s.Detail != "what was seen" || s.Reproduce != "$ curl -v https://a.example/" && s.Reproduce != "curl -v https://a.example/" {
		t.Errorf("after a kill: %+v", s)
	}
	record(reason.Unknown, reason.ProberResolverUnavailable)
	w.turn(time.Minute)
	record(reason.Unknown, reason.ProberResolverUnavailable)
	end(h)

	w.turn(4 * time.Minute)
	h = open(t, dir, w, "a")
	defer end(h)
	record(reason.Fail, reason.ConnectRefused)
	down := start.Add(time.Minute)
	if s, _ := h.State("a"); !s.Since.Equal(down) || !s.ReasonSince.Equal(down) || !s.FirstFailed.Equal(down) {
		t.Errorf("one outage begins %+v", s)
	}
	page, _ := h.Incidents(history.Query{})
	if len(page) != 1 {
		t.Fatalf("%d incidents", len(page))
	}
	x := page[0]
	if got := x.Unseen(w.at); got < 8*time.Minute || got > 10*time.Minute {
		t.Errorf("no prober ran for %v: %+v", got, x.NotProbed)
	}
	if len(x.Untold) != 2 || x.Untold[0].For != time.Minute || x.Untold[0].Reason != reason.ProberVantageOffline || x.Untold[1].Reason != reason.ProberResolverUnavailable {
		t.Errorf("unknown: %+v", x.Untold)
	}
	// Between the last failure before the second process and its first result a minute passed for which the first one stood.
	if sum := x.Down(w.at) + history.Sum(x.Untold) + x.Unseen(w.at); sum != x.Duration(w.at) || x.Untold[1].For+x.Unseen(w.at) < 10*time.Minute {
		t.Errorf("%v down, %v unknown, %v not probed of %v", x.Down(w.at), history.Sum(x.Untold), x.Unseen(w.at), x.Duration(w.at))
	}
}
