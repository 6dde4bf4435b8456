package disk_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/history"
	"prober/history/disk"
	"prober/probe/reason"
)

// firstReads are what the first version that kept a history asks of a file, with the number of columns that it takes.
var firstReads = map[string]int{
	`SELECT coalesce(max(version), 0), coalesce(max(reader), 1) FROM schema`: 2,
	`SELECT began, last FROM run ORDER BY began`:                             2,
	`SELECT name, value FROM counter`:                                        2,
	`SELECT number, id, series, outcome, reason, since, reason_since, detail, reproduce, last_probe, known, counted_since,
		ok, degraded, fail, unknown, reasons, sequence FROM endpoint ORDER BY number`: 18,
	`SELECT seconds, start, endpoint, sums FROM rollup ORDER BY seconds, start, endpoint`:            4,
	`SELECT at, endpoint, outcome, reason FROM change ORDER BY at`:                                   4,
	`SELECT id, endpoint, began, ended, reason, detail, reproduce, failed FROM incident ORDER BY id`: 8,
	`SELECT entries FROM result ORDER BY sequence`:                                                   1,
	`SELECT observation FROM evidence WHERE incident = (SELECT max(incident) FROM evidence)`:         1,
	`SELECT page_count, freelist_count FROM pragma_page_count, pragma_freelist_count`:                2,
}

// firstWrites are what it writes, of an endpoint with the number 50 that went down an hour after the start, and how it tidies.
var firstWrites = []string{
	`INSERT INTO run (began, last) VALUES (1772449650000000, 1772449650000001) ON CONFLICT DO UPDATE SET last = excluded.last`,
	`INSERT INTO counter (name, value) VALUES ('turns', 9) ON CONFLICT DO UPDATE SET value = excluded.value WHERE value != excluded.value`,
	`INSERT OR REPLACE INTO endpoint
		(number, id, series, outcome, reason, since, reason_since, detail, reproduce, last_probe, known, counted_since, ok, degraded, fail, unknown, reasons, sequence)
		VALUES (50, 'old', 'https://old', 'fail', 'connect/refused', 1772449650000000, 1772449650000000, 'what was seen', 'curl it', 1772449650000000,
			1772446050000000, 1772446050000000, 7, 0, 1, 0, '[["fail","connect/refused",1]]', 3)`,
	`INSERT OR REPLACE INTO change (at, endpoint, outcome, reason) VALUES (1772449650000000, 50, 'fail', 'connect/refused')`,
	`INSERT OR REPLACE INTO incident (id, endpoint, began, ended, reason, detail, reproduce, failed)
		VALUES (1772449650000, 50, 1772449650000000, NULL, 'connect/refused', 'what was seen', 'curl it', 1)`,
	`INSERT OR REPLACE INTO evidence (incident, observation) VALUES (1772449650000, '{"outcome":"fail"}')`,
	`INSERT OR REPLACE INTO result (sequence, entries) VALUES (4, x'')`,
	`DELETE FROM result WHERE sequence <= 4`,
	`DELETE FROM rollup WHERE seconds = 300 AND start < 0`,
	`DELETE FROM change WHERE at < 0`,
	`DELETE FROM incident WHERE ended < 0`,
	`DELETE FROM evidence WHERE incident NOT IN (SELECT id FROM incident)`,
	`DELETE FROM run WHERE last < 0`,
	`DELETE FROM endpoint WHERE last_probe > 0 AND last_probe < 1 AND number NOT IN (SELECT endpoint FROM incident)`,
}

// The schema changes by adding only: what the first version reads and writes can be read and written in a file of this one, and
// what it has written is remembered, whichever of the two made the file.
func TestTheFirstVersionAndThisOneShareAFile(t *testing.T) {
	tables, err := os.ReadFile("testdata/first.sql")
	if err != nil {
		t.Fatal(err)
	}
	for name, made := range map[string]func(*watch) string{
		"made by this one":  func(w *watch) string { return filled(t, w) },
		"made by the first": func(*watch) string { dir := t.TempDir(); change(t, dir, string(tables)); return dir },
	} {
		t.Run(name, func(t *testing.T) {
			w := &watch{start}
			dir := made(w)
			w.at = start.Add(2 * time.Hour)
			change(t, dir, firstWrites...)
			h := open(t, dir, w, "old", "a")
			if c := h.Condition(); !c.OK || len(c.Aside) > 0 || c.Skipped > 0 {
				t.Errorf("told: %+v", c)
			}
			if c, _ := h.Counters("old"); c.Outcomes[reason.OK] != 7 || c.Outcomes[reason.Fail] != 1 {
				t.Errorf("counters: %+v", c)
			}
			if n := h.Count(nil)["turns"]; n != 9 {
				t.Errorf("a counter of the prober is %d", n)
			}
			w.turn(time.Minute)
			h.Record("old", seen(w.at, reason.Fail, reason.ConnectRefused), history.Turn)
			h.Record("a", seen(w.at, reason.Fail, reason.ConnectRefused), history.Doubted)
			w.turn(time.Second)
			h.Record("a", seen(w.at, reason.Fail, reason.ConnectRefused), history.Confirming)
			confirmed := w.at
			end(h)

			db, err := sql.Open("sqlite", filepath.Join(dir, disk.Name))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			for question, columns := range firstReads {
				reads(t, db, question, columns)
			}
			h = open(t, dir, w, "old", "a")
			defer end(h)
			for _, want := range []struct {
				id        string
				failed    uint64
				confirmed time.Time
			}{{"old", 2, time.Time{}}, {"a", 1, confirmed}} {
				page, _ := h.Incidents(history.Query{Endpoint: want.id, Open: true})
				if len(page) != 1 || page[0].Failed != want.failed || !page[0].Confirmed.Equal(want.confirmed) {
					t.Errorf("incidents: %+v, want %+v", page, want)
				}
			}
		})
	}
}

// reads asks a question whose answer is to have rows of so many columns.
func reads(t *testing.T, db *sql.DB, question string, columns int) {
	t.Helper()
	rows, err := db.Query(question)
	if err != nil {
		t.Errorf("%s: %v", question, err)
		return
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil || len(names) != columns {
		t.Errorf("%s: columns %v %v", question, names, err)
	}
	n := 0
	for ; rows.Next(); n++ {
	}
	if settled := strings.Contains(question, "FROM result"); rows.Err() != nil || n == 0 && !settled { // they are in the roll-ups by then
		t.Errorf("%s: %d rows, %v", question, n, rows.Err())
	}
}
