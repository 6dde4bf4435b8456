package monitor

import (
	"testing"

	"prober/history"
)

// What is wrong with a history that was put aside is said, and nothing is promised of it.
func TestNoteOfAHistoryPutAside(t *testing.T) {
	n := historyNote(&history.Condition{OK: true, Aside: []string{"/a/history.db.1"}, Unusable: "file is not a database (26)"})
	if want := "what is wrong: file is not a database (26); it was put aside as /a/history.db.1"; n.Why != want {
		t.Errorf("%q, want %q", n.Why, want)
	}
	if want := "A new one is begun. If the old one is a database still, sqlite3 shows what is in it."; n.Advice != want {
		t.Errorf("%q, want %q", n.Advice, want)
	}
}
