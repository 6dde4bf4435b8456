package disk_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/history"
	"prober/history/disk"
	"prober/needs"
	"prober/probe/reason"
)

// filled is a folder with the history of an hour.
func filled(t testing.TB, w *watch) string {
	t.Helper()
	dir := t.TempDir()
	h := open(t, dir, w, "a", "b", "c")
	for i := range 180 {
		o, r := reason.OK, reason.None
		if i%20 > 10 && i%20 < 14 {
			o, r = reason.Fail, reason.ConnectRefused
		}
		h.Record([]string{"a", "b", "c"}[i%3], seen(w.at, o, r), history.Turn)
		w.turn(20 * time.Second)
	}
	end(h)
	return dir
}

// worksOn makes sure that a history records, is written, and is read again by the next process.
func worksOn(t *testing.T, dir string, w *watch) history.Condition {
	t.Helper()
	h := open(t, dir, w, "new")
	told := h.Condition()
	h.Record("new", seen(w.at, reason.Fail, reason.TLSCertExpired), history.Turn)
	h.Flush()
	h.Flush() // the first may find out what is wrong
	if _, known := h.State("new"); !known {
		t.Error("the result is not remembered")
	}
	if c := h.Condition(); !c.OK {
		t.Errorf("condition: %+v", c)
	} else if len(c.Aside) > 0 {
		told = c
	}
	end(h)
	h = open(t, dir, w, "new")
	defer end(h)
	if c, _ := h.Counters("new"); c.Outcomes[reason.Fail] != 1 {
		t.Errorf("the next process has %+v", c)
	}
	return told
}

func TestFileThatCannotBeUsedIsPutAside(t *testing.T) {
	w := &watch{start}
	dir := filled(t, w)
	good, err := os.ReadFile(filepath.Join(dir, disk.Name))
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func([]byte) []byte{
		"garbage":            func(b []byte) []byte { return bytes.Repeat([]byte("garbage "), len(b)/8) },
		"another kind":       func([]byte) []byte { return []byte("hello\n") },
		"no header":          func(b []byte) []byte { copy(b, make([]byte, 100)); return b },
		"truncated":          func(b []byte) []byte { return b[:len(b)/2/4096*4096] },
		"truncated in half":  func(b []byte) []byte { return b[:len(b)/2+77] },
		"first page flipped": func(b []byte) []byte { flip(b[100:4096]); return b },
		"all pages flipped":  func(b []byte) []byte { flip(b[4096:]); return b },
		"not to be written":  func(b []byte) []byte { b[18] = 7; return b },
		"no tables":          func(b []byte) []byte { copy(b[4096:], make([]byte, len(b))); return b },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			bad := damage(bytes.Clone(good))
			if err := os.WriteFile(filepath.Join(dir, disk.Name), bad, 0o600); err != nil {
				t.Fatal(err)
			}
			c := worksOn(t, dir, w)
			if len(c.Aside) != 1 || c.Unusable == "" || c.Errors[history.Corrupt] == 0 || c.Well() {
				t.Fatalf("told: %+v", c)
			}
			kept, err := os.ReadFile(c.Aside[0])
			if err != nil || sha256.Sum256(kept) != sha256.Sum256(bad) {
				t.Errorf("what was put aside is not what was there: %v", err)
			}
		})
	}
}

// flip turns all bits.
func flip(b []byte) {
	for i := range b {
		b[i] ^= 0xff
	}
}

// A damage anywhere may or may not be noticed. It stops nothing.
func TestDamageAnywhereStopsNothing(t *testing.T) {
	w := &watch{start}
	good, err := os.ReadFile(filepath.Join(filled(t, w), disk.Name))
	if err != nil {
		t.Fatal(err)
	}
	dice := rand.New(rand.NewPCG(1, 2))
	times := 3
	if needs.All() {
		times = 60
	}
	for range times {
		dir := t.TempDir()
		bad := bytes.Clone(good)
		for range 1 + dice.IntN(200) {
			bad[dice.IntN(len(bad))] ^= byte(1 + dice.IntN(255))
		}
		if err := os.WriteFile(filepath.Join(dir, disk.Name), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		worksOn(t, dir, w)
	}
}

// change runs a statement on the file of a folder.
func change(t *testing.T, dir string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, disk.Name))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestFileOfALaterVersion(t *testing.T) {
	w := &watch{start}
	t.Run("that only adds is used", func(t *testing.T) {
		dir := filled(t, w)
		change(t, dir, `INSERT INTO schema VALUES (9, 1, 'prober')`, `CREATE TABLE later (a)`, `ALTER TABLE run ADD COLUMN later TEXT DEFAULT 'x'`,
			`ALTER TABLE rollup ADD COLUMN later INTEGER NOT NULL DEFAULT 0`)
		if c := worksOn(t, dir, w); len(c.Aside) > 0 || !c.Well() {
			t.Errorf("told: %+v", c)
		}
		h := open(t, dir, w, "a")
		defer end(h)
		if c, _ := h.Counters("a"); c.Outcomes.All() != 60 {
			t.Errorf("counters: %+v", c)
		}
	})
	t.Run("that says that it cannot be read is put aside", func(t *testing.T) {
		dir := filled(t, w)
		change(t, dir, `INSERT INTO schema VALUES (9, 9, 'prober')`)
		if c := worksOn(t, dir, w); len(c.Aside) != 1 || c.Errors[history.Newer] != 1 {
			t.Errorf("told: %+v", c)
		}
	})
}

func TestValuesThatMakeNoSenseAreSkipped(t *testing.T) {
	w := &watch{start}
	good := filled(t, w)
	for statement, skipped := range map[string]uint64{
		`UPDATE endpoint SET reason = 'tls/not_known_yet', outcome = 'fail'`:                                                                           0, // a later version may know it
		`UPDATE rollup SET sums = x'ffffffffffffffffffffff' WHERE seconds = 3600`:                                                                      6,
		`INSERT INTO rollup SELECT 7, start, endpoint, ok, degraded, fail, unknown, answers, total_us, max_us, sums FROM rollup WHERE seconds = 86400`: 3,
		`UPDATE rollup SET start = 9000000000000000 WHERE seconds = 86400`:                                                                             3,
		`UPDATE rollup SET endpoint = 77 WHERE seconds = 86400 AND endpoint = 1`:                                                                       1,
		`INSERT INTO change VALUES ('yesterday', 2, 'ok', '')`:                                                                                         1,
		`UPDATE incident SET failed = 'many' WHERE endpoint = 1`:                                                                                       9,
		`INSERT INTO incident VALUES (1, 3, 1, NULL, 'connect/refused', '', '', 1, 0), (2, 3, 2, NULL, 'connect/refused', '', '', 1, 0)`:               1,
		`INSERT INTO result VALUES (99999999, x'0102030405060708')`:                                                                                    1,
		`UPDATE run SET last = 1, began = 2`:                                                                                                           1,
	} {
		dir := filepath.Join(t.TempDir(), "copy")
		if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
			t.Fatal(err)
		}
		change(t, dir, statement)
		h := open(t, dir, w, "a", "b")
		if c := h.Condition(); !c.OK || c.Skipped != skipped || len(c.Aside) > 0 {
			t.Errorf("%s: skipped %d, want %d; %+v", statement, c.Skipped, skipped, c)
		}
		if s, known := h.State("a"); !known || s.Outcome == reason.Fail && s.Reason != reason.ProberInternal {
			t.Errorf("%s: state %+v", statement, s)
		}
		end(h)
	}
}

// A full file lets go of the oldest, and of what is worth least first.
func TestSizeIsKept(t *testing.T) {
	const most = 1 << 20
	w := &watch{start}
	dir := t.TempDir()
	d, err := disk.Open(dir, most, w.now)
	if err != nil {
		t.Fatal(err)
	}
	h := history.Open(history.Config{Now: w.now}, d, dir)
	h.Follow(listOf("a"))
	long := strings.Repeat("x", 20_000)
	for range 120 {
		o := seen(w.at, reason.Fail, reason.ConnectRefused)
		o.Detail = long
		h.Record("a", o, history.Turn)
		w.turn(time.Second)
		h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
		w.turn(time.Second)
		h.Flush()
		if c := h.Condition(); !c.OK {
			t.Fatalf("condition: %+v", c)
		}
	}
	end(h)
	s, err := os.Stat(filepath.Join(dir, disk.Name))
	if err != nil || s.Size() > most {
		t.Errorf("the file has %d bytes: %v", s.Size(), err)
	}
	h = open(t, dir, w, "a")
	defer end(h)
	page, _ := h.Incidents(history.Query{Most: 1000})
	if len(page) != 120 {
		t.Errorf("%d incidents are left", len(page))
	}
	if _, err := h.Evidence(page[0].ID); err != nil {
		t.Errorf("evidence of the newest: %v", err)
	}
	if _, err := h.Evidence(page[len(page)-1].ID); !errors.Is(err, history.ErrNoEvidence) {
		t.Errorf("evidence of the oldest: %v", err)
	}
}

func TestFolderThatCannotBeUsedIsTold(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	w := &watch{start}
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		_, err := disk.Open(dir, 1<<20, w.now)
		var trouble *history.Trouble
		if !errors.As(err, &trouble) || trouble.Kind != history.Denied {
			t.Fatalf("%s: %v", dir, err)
		}
		h := history.Unkept(history.Config{Now: w.now}, dir, err, nil)
		h.Follow(listOf("a"))
		h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
		if _, known := h.State("a"); !known {
			t.Error("nothing is remembered")
		}
		if c := h.Condition(); c.OK || c.Errors[history.Denied] != 1 || c.Well() || c.Problem == "" {
			t.Errorf("told: %+v", c)
		}
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, disk.Name), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := disk.Open(dir, 1<<20, w.now); err == nil {
		t.Error("a folder is taken for a file")
	}
}

func TestWhatIsOldIsLetGo(t *testing.T) {
	w := &watch{start}
	dir := filled(t, w)
	w.turn(91 * 24 * time.Hour)
	h := open(t, dir, w, "a")
	for range 2 { // the first also writes what was read and is old
		h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
		h.Flush()
		w.turn(10 * time.Minute)
	}
	end(h)
	db, err := sql.Open("sqlite", filepath.Join(dir, disk.Name))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for table, want := range map[string]int{"rollup": 4, "incident": 0, "evidence": 0, "run": 1} {
		var n int
		if err := db.QueryRow(fmt.Sprintf(`SELECT count(*) FROM %s`, table)).Scan(&n); err != nil || n != want {
			t.Errorf("%s has %d rows, want %d: %v", table, n, want, err)
		}
	}
}
