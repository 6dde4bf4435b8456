package disk_test

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/history"
	"prober/history/disk"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
)

// start is when the tests begin.
var start = time.Date(2026, 3, 2, 10, 7, 30, 0, time.UTC)

// watch is a clock that tests turn.
type watch struct{ at time.Time }

func (w *watch) now() time.Time { return w.at }

func (w *watch) turn(d time.Duration) { w.at = w.at.Add(d) }

// open opens the history in a folder, which follows endpoints of these ids.
func open(t testing.TB, dir string, w *watch, ids ...string) *history.History {
	t.Helper()
	d, err := disk.Open(dir, 64<<20, w.now)
	if err != nil {
		t.Fatal(err)
	}
	h := history.Open(history.Config{Now: w.now}, d, dir)
	h.Follow(listOf(ids...))
	return h
}

// end writes all that is new and closes the store, as a process does that ends in good order.
func end(h *history.History) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	h.Keep(ctx)
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
	return &probe.Observation{
		Outcome: o, Reason: r, Started: at, DNS: &dns.Lookup{}, Detail: "what was seen", Reproduce: "curl -v https://a.example/",
		Addresses: []probe.AddressResult{{
			Address: netip.MustParseAddr("192.0.2.1"), Outcome: o, Reason: r,
			Phases: probe.Phases{Resolve: 10 * time.Millisecond, Connect: 50 * time.Millisecond, Total: 60 * time.Millisecond, Reached: reason.Connect},
		}},
	}
}

func TestAllGoesOnAfterARestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "too")
	w := &watch{start}
	h := open(t, dir, w, "a", "b")
	h.Count(func() map[string]uint64 { return map[string]uint64{"turns": 7} })
	for range 120 {
		h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
		w.turn(time.Minute)
	}
	h.Record("a", seen(w.at, reason.Fail, reason.ConnectRefused), history.Turn)
	down := w.at
	end(h)
	if c := h.Condition(); !c.OK || c.Bytes == 0 {
		t.Fatalf("condition: %+v", c)
	}

	w.turn(time.Hour)
	h = open(t, dir, w, "a", "b")
	defer end(h)
	if got := h.Count(nil)["turns"]; got != 7 {
		t.Errorf("a counter of the prober is %d", got)
	}
	if c, _ := h.Counters("a"); c.Outcomes[reason.OK] != 120 || c.Outcomes[reason.Fail] != 1 || len(c.Reasons) != 1 || !c.Since.Equal(start) {
		t.Errorf("counters: %+v", c)
	}
	h.Record("a", seen(w.at, reason.Fail, reason.ConnectRefused), history.Turn)
	s, _ := h.State("a")
	if !s.Since.Equal(down) || !s.Known.Equal(start) || s.Outcome != reason.Fail {
		t.Errorf("state: %+v", s)
	}
	page, _ := h.Incidents(history.Query{})
	if len(page) != 1 || page[0].Failed != 2 || !page[0].Begin.Equal(down) || page[0].Detail != "what was seen" ||
		len(page[0].NotProbed) != 1 || page[0].NotProbed[0].To.Sub(page[0].NotProbed[0].From) != time.Hour {
		t.Fatalf("incidents: %+v", page)
	}
	if b, err := h.Evidence(page[0].ID); err != nil || !strings.Contains(string(b), `"refused"`) {
		t.Errorf("evidence %s: %v", b, err)
	}
	if up := h.Uptime("a")[0]; up.Counts[reason.OK] != 120 || up.Counts[reason.Fail] != 2 || up.NotProbed != time.Hour {
		t.Errorf("uptime: %+v", up)
	}
	if _, series := h.Series("a", start, w.at, 100); len(series) != 26 || series[3].Total.Count != 5 || series[3].Phases[reason.Connect].Mean() != 50*time.Millisecond {
		t.Errorf("%d roll-ups: %+v", len(series), series)
	}
	if changes := h.Changes("a"); len(changes) != 2 || !changes[0].At.Equal(down) {
		t.Errorf("changes: %+v", changes)
	}
}

func TestWhatWasWrittenOneByOneIsReadAgain(t *testing.T) {
	dir := t.TempDir()
	w := &watch{start}
	h := open(t, dir, w, "a")
	for range 9 {
		h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
		h.Flush()
		w.turn(time.Second)
	}
	h.Record("a", seen(w.at, reason.Fail, reason.TLSCertExpired), history.Turn)
	h.Flush()
	h.Record("a", seen(w.at, reason.OK, reason.None), history.Doubted) // is lost: the process ends here

	again := open(t, copied(t, dir), w, "a")
	defer end(again)
	defer end(h)
	if c, _ := again.Counters("a"); c.Outcomes[reason.OK] != 9 || c.Outcomes[reason.Fail] != 1 || c.Reasons[0].Reason != reason.TLSCertExpired {
		t.Errorf("counters: %+v", c)
	}
	if page, _ := again.Incidents(history.Query{Open: true}); len(page) != 1 || page[0].Detail == "" {
		t.Errorf("incidents: %+v", page)
	}
	if c := again.Condition(); c.Skipped != 0 || !c.OK {
		t.Errorf("condition: %+v", c)
	}
}

// copied is a copy of a folder as it is on the disk: what a process that is killed leaves.
func copied(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(filepath.Join(to, "copy"), os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(to, "copy")
}

func TestTwoProcessesDoNotShareAFolder(t *testing.T) {
	dir := t.TempDir()
	w := &watch{start}
	h := open(t, dir, w)
	if _, err := disk.Open(dir, 1<<20, w.now); !errors.Is(err, disk.ErrInUse) {
		t.Errorf("the second is told %v", err)
	}
	end(h)
	end(open(t, dir, w))
}
