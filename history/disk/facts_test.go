package disk_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"prober/history"
	"prober/history/disk"
	"prober/probe/reason"
)

// Facts are kept with what is written of their endpoint, given once, and not to another that has its id. A program
// that does not know them leaves them be.
func TestFactsAreKept(t *testing.T) {
	w, dir := &watch{start}, t.TempDir()
	h := open(t, dir, w, "a", "b")
	h.Facts(func(id string) []byte { return []byte("facts of " + id) })
	h.Record("a", seen(start, reason.OK, reason.None), 0)
	h.Record("b", seen(start, reason.OK, reason.None), 0)
	end(h)

	h = open(t, dir, w, "a", "b") // one that says nothing of facts
	h.Record("a", seen(start.Add(time.Minute), reason.OK, reason.None), 0)
	end(h)

	db, err := sql.Open("sqlite", filepath.Join(dir, disk.Name))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`UPDATE facts SET series = 'https://another' WHERE id = 'b'`)
	if _, err2 := db.Exec(`UPDATE schema SET version = 99 WHERE version = 2`); err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	h = open(t, dir, w, "a", "b") // a later version that has only added wrote it
	if got := taken(h, "a"); got != "facts of a" {
		t.Errorf("facts of a: %q", got)
	}
	for _, id := range []string{"a", "b", "c"} {
		if got := taken(h, id); got != "" {
			t.Errorf("facts of %s, taken before, of another or of none: %q", id, got)
		}
	}
	end(h)
}

// A file of the first version gets what it lacks.
func TestAFileOfTheFirstVersionIsGoneOnWith(t *testing.T) {
	w, dir := &watch{start}, t.TempDir()
	h := open(t, dir, w, "a")
	h.Record("a", seen(start, reason.OK, reason.None), 0)
	end(h)
	db, err := sql.Open("sqlite", filepath.Join(dir, disk.Name))
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{`DROP TABLE facts`, `DROP TABLE untold`, `DELETE FROM schema WHERE version > 1`} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for want := range 2 {
		h = open(t, dir, w, "a")
		if s, any := h.State("a"); !any || s.Outcome != reason.OK || !h.Condition().OK {
			t.Errorf("state %+v, %+v", s, h.Condition())
		}
		if got := taken(h, "a"); (got != "") != (want == 1) {
			t.Errorf("facts %q", got)
		}
		h.Facts(func(string) []byte { return []byte("new") })
		h.Record("a", seen(start.Add(time.Minute), reason.OK, reason.None), 0)
		end(h)
	}
}

// taken are the facts that were kept of an endpoint.
func taken(h *history.History, id string) string {
	facts, _ := h.Take(id)
	return string(facts)
}
