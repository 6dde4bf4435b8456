package disk_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"prober/history"
	"prober/history/disk"
	"prober/limit"
	"prober/probe/reason"
)

// A folder that comes later than the process is gone on with, and nothing is missing: neither what an earlier process
// has kept nor what was seen before it came.
func TestAFolderThatComesLater(t *testing.T) {
	for name, before := range map[string]func(*testing.T, string, *watch){
		"with a history": func(t *testing.T, dir string, w *watch) {
			h := open(t, dir, w, "gone", "a")
			h.Count(func() map[string]uint64 { return map[string]uint64{"turns": 40} })
			h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
			h.Record("gone", seen(w.at, reason.OK, reason.None), history.Turn)
			w.turn(time.Minute)
			h.Record("a", seen(w.at, reason.Fail, reason.ConnectTimeout), history.Turn)
			end(h)
		},
		"empty": func(*testing.T, string, *watch) {},
		"with what is none": func(t *testing.T, dir string, _ *watch) {
			if err := os.WriteFile(dir+"/"+disk.Name, []byte("no database, whatever its name says, and long enough to be looked at"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, dir := &watch{start}, t.TempDir()
			before(t, dir, w)
			old := name == "with a history"
			w.turn(time.Hour)
			began := w.at
			tries, missing := 0, errors.New("no such device")
			h := history.Unkept(history.Config{Now: w.now}, dir, missing, func() (history.Store, error) {
				if tries++; tries < 3 {
					return nil, missing
				}
				return disk.Open(dir, 64<<20, w.now)
			})
			h.Follow(listOf("b", "a"))
			h.Count(func() map[string]uint64 { return map[string]uint64{"turns": 2} })
			h.Record("b", seen(w.at, reason.Fail, reason.TLSCertExpired), history.Turn)
			h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
			for range 10 { // more often than it is tried
				h.Flush()
				if c := h.Condition(); c.OK || !c.Waits {
					t.Errorf("before it came: %+v", c)
				}
			}
			for range 2 {
				w.turn(limit.HistoryReopen + time.Second)
				h.Flush()
			}
			if c := h.Condition(); !c.OK || c.Waits || tries != 3 || c.Errors[history.IO] != 3 || len(c.Aside) != len(map[bool][]int{true: {1}}[name == "with what is none"]) {
				t.Errorf("%d tries: %+v", tries, c)
			}
			w.turn(time.Minute)
			h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
			for _, when := range []string{"at once", "after a restart"} {
				a, _ := h.Counters("a")
				if want := map[bool]history.Counts{true: {reason.OK: 3, reason.Fail: 1}, false: {reason.OK: 2}}[old]; a.Outcomes != want {
					t.Errorf("%s: counted %v, want %v", when, a.Outcomes, want)
				}
				found, _ := h.Incidents(history.Query{Endpoint: "b"})
				if len(found) != 1 || found[0].Detail != "what was seen" || !found[0].Open() {
					t.Fatalf("%s: incidents of b: %+v", when, found)
				}
				if text, err := h.Evidence(found[0].ID); err != nil || len(text) < 100 {
					t.Errorf("%s: evidence %s, %v", when, text, err)
				}
				if b, _ := h.State("b"); b.Outcome != reason.Fail || b.Detail != "what was seen" || !b.Since.Equal(began) {
					t.Errorf("%s: b is %+v", when, b)
				}
				if found, _ = h.Incidents(history.Query{Endpoint: "a"}); old && (len(found) != 1 || found[0].Open() || !found[0].End.Equal(began)) {
					t.Errorf("%s: incidents of a: %+v", when, found)
				}
				if gaps := h.NotProbed(start, w.at); old && (len(gaps) != 1 || !gaps[0].To.Equal(began)) || !old && len(gaps) != 0 {
					t.Errorf("%s: not probed %v", when, gaps)
				}
				end(h)
				h = open(t, dir, w, "a", "b")
			}
			if got := h.Count(func() map[string]uint64 { return nil })["turns"]; got != map[bool]uint64{true: 42, false: 2}[old] {
				t.Errorf("%d turns were counted", got)
			}
			end(h)
		})
	}
}
