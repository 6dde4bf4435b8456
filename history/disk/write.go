package disk

import (
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"prober/history"
	"prober/limit"
	"prober/probe/reason"
)

// Write writes a batch in one transaction. Where the file has no room left, the oldest of what it
// holds goes, and it is tried once more.
func (d *Disk) Write(b *history.Batch) error {
	if d.db == nil {
		return trouble(errClosed)
	}
	err := d.tidy(b)
	if err == nil {
		err = trouble(d.write(b))
	}
	if err != nil && kindOf(err) == history.Full && d.atLimit() && d.shed() == nil {
		err = trouble(d.write(b))
	}
	d.measure()
	return err
}

var errClosed = errors.New("the file is closed")

// write writes a batch.
func (d *Disk) write(b *history.Batch) error {
	tx, err := d.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // it was committed
	w := &writer{tx: tx}
	w.exec(`INSERT INTO run (began, last) VALUES (?, ?) ON CONFLICT DO UPDATE SET last = excluded.last`, micros(b.Began), micros(b.Now))
	for name, value := range b.Counters {
		w.exec(`INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value WHERE value != excluded.value`, name, int64(value))
	}
	if len(b.Results) > 0 {
		w.exec(`INSERT OR REPLACE INTO result (sequence, entries) VALUES (?, ?)`, int64(b.Sequence), b.Results)
	}
	for i := range b.Endpoints {
		w.endpoint(&b.Endpoints[i])
	}
	w.exec(`DELETE FROM result WHERE sequence <= ?`, int64(b.Settled))
	w.close()
	if w.err != nil {
		return w.err
	}
	return tx.Commit()
}

// writer writes rows until something goes wrong. A statement is prepared once.
type writer struct {
	tx       *sql.Tx
	prepared map[string]*sql.Stmt
	err      error
}

func (w *writer) exec(statement string, values ...any) {
	if w.err != nil {
		return
	}
	s := w.prepared[statement]
	if s == nil {
		if s, w.err = w.tx.Prepare(statement); w.err != nil {
			return
		}
		if w.prepared == nil {
			w.prepared = map[string]*sql.Stmt{}
		}
		w.prepared[statement] = s
	}
	_, w.err = s.Exec(values...)
}

func (w *writer) close() {
	for _, s := range w.prepared {
		_ = s.Close()
	}
}

func (w *writer) endpoint(s *history.Saved) {
	w.exec(`INSERT OR REPLACE INTO endpoint
		(number, id, series, outcome, reason, since, reason_since, detail, reproduce, last_probe, known, counted_since, ok, degraded, fail, unknown, reasons, answers, total_us, sequence)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.Number, s.ID, s.Series, s.State.Outcome.String(), s.State.Reason.String(), micros(s.State.Since), micros(s.State.ReasonSince),
		s.State.Detail, s.State.Reproduce, micros(s.State.LastProbe), micros(s.State.Known), micros(s.Counters.Since),
		int64(s.Counters.Outcomes[reason.OK]), int64(s.Counters.Outcomes[reason.Degraded]), int64(s.Counters.Outcomes[reason.Fail]),
		int64(s.Counters.Outcomes[reason.Unknown]), reasonsOf(s.Counters.Reasons),
		int64(s.Counters.Answers.Count), s.Counters.Answers.Sum.Microseconds(), int64(s.Sequence))
	if s.Facts != nil && len(s.Facts) <= limit.HistoryFacts {
		w.exec(`INSERT OR REPLACE INTO facts (id, series, facts) VALUES (?, ?, ?)`, s.ID, s.Series, s.Facts)
	}
	for i := range s.Rollups {
		r := &s.Rollups[i]
		w.exec(`INSERT OR REPLACE INTO rollup
			(seconds, start, endpoint, ok, degraded, fail, unknown, answers, total_us, max_us, sums)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			seconds(r.Step), micros(r.Start), s.Number, int64(r.Sums.Counts[reason.OK]), int64(r.Sums.Counts[reason.Degraded]),
			int64(r.Sums.Counts[reason.Fail]), int64(r.Sums.Counts[reason.Unknown]), int64(r.Sums.Total.Count),
			r.Sums.Total.Sum.Microseconds(), r.Sums.Total.Max.Microseconds(), r.Body)
	}
	for _, c := range s.Changes {
		w.exec(`INSERT OR REPLACE INTO change (at, endpoint, outcome, reason) VALUES (?, ?, ?, ?)`, micros(c.At), s.Number, c.Outcome.String(), c.Reason.String())
	}
	for i := range s.Incidents {
		x := &s.Incidents[i]
		var ended any
		if !x.Open() {
			ended = micros(x.End)
		}
		w.exec(`INSERT OR REPLACE INTO incident (id, endpoint, began, ended, reason, detail, reproduce, failed, confirmed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			x.ID, s.Number, micros(x.Begin), ended, x.Reason.String(), x.Detail, x.Reproduce, int64(x.Failed), micros(x.Confirmed))
		if x.Untold != nil {
			w.exec(`DELETE FROM untold WHERE incident = ?`, x.ID)
		}
		for _, u := range x.Untold {
			w.exec(`INSERT OR REPLACE INTO untold (incident, began, ended, took, reason) VALUES (?, ?, ?, ?, ?)`,
				x.ID, micros(u.From), micros(u.To), u.For.Microseconds(), u.Reason.String())
		}
		if x.Evidence != nil {
			w.exec(`INSERT OR REPLACE INTO evidence (incident, observation) VALUES (?, ?)`, x.ID, string(x.Evidence))
		}
	}
}

// reasonsOf writes the counts by reason as JSON: [["fail","tls/cert_expired",3]].
func reasonsOf(counts []history.ReasonCount) string {
	rows := make([][3]any, len(counts))
	for i, c := range counts {
		rows[i] = [3]any{c.Outcome.String(), c.Reason.String(), c.Count}
	}
	b, _ := json.Marshal(rows) // of words and numbers
	return string(b)
}

func seconds(s history.Step) int64 { return int64(s.Duration() / time.Second) }

// micros is a time as the file has it; 0: none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// tidy lets go what is older than is worth keeping, once a turn.
func (d *Disk) tidy(b *history.Batch) error {
	if b.Now.Before(d.next) && d.next.Sub(b.Now) <= limit.HistoryTurn {
		return nil
	}
	d.next = b.Now.Add(limit.HistoryTurn)
	tx, err := d.db.Begin()
	if err != nil {
		return trouble(err)
	}
	defer tx.Rollback() //nolint:errcheck // it was committed
	w := &writer{tx: tx}
	for i, s := range history.Steps() {
		w.exec(`DELETE FROM rollup WHERE seconds = ? AND start < ?`, seconds(s), micros(b.OldestRollups[i]))
	}
	oldest := micros(b.Oldest)
	w.exec(`DELETE FROM change WHERE at < ?`, oldest)
	w.exec(`DELETE FROM incident WHERE ended < ?`, oldest)
	// The id of an incident is its beginning in milliseconds, or a little more: younger ones need not be looked at.
	w.exec(`DELETE FROM evidence WHERE incident < ? AND incident NOT IN (SELECT id FROM incident)`, b.Oldest.UnixMilli())
	w.exec(`DELETE FROM untold WHERE incident < ? AND incident NOT IN (SELECT id FROM incident)`, b.Oldest.UnixMilli())
	w.exec(`DELETE FROM run WHERE last < ?`, oldest)
	w.exec(`DELETE FROM endpoint WHERE last_probe > 0 AND last_probe < ? AND number NOT IN (SELECT endpoint FROM incident)`, oldest)
	w.exec(`DELETE FROM facts WHERE id NOT IN (SELECT id FROM endpoint)`)
	w.close()
	if w.err != nil {
		return trouble(w.err)
	}
	if err := tx.Commit(); err != nil {
		return trouble(err)
	}
	return trouble(d.giveBack())
}

// giveBack gives pages that are free back to the disk.
func (d *Disk) giveBack() error {
	rows, err := d.db.Query(`PRAGMA incremental_vacuum(2000)`)
	if err != nil {
		return err
	}
	for rows.Next() {
	}
	return errors.Join(rows.Err(), rows.Close())
}

// atLimit says that it is the file that is full, and not the disk: then nothing is let go.
func (d *Disk) atLimit() bool {
	var pages, most int64
	err := d.db.QueryRow(`SELECT page_count, max_page_count FROM pragma_page_count, pragma_max_page_count`).Scan(&pages, &most)
	return err == nil && pages >= most/100*95
}

// sheds are what goes where the file is full, one after another, each the older half of what there
// is. What is worth least to people goes first.
var sheds = []string{
	`DELETE FROM evidence WHERE incident <= (SELECT avg(incident) FROM evidence)`,
	`DELETE FROM rollup WHERE seconds = 300 AND start <= (SELECT (min(start) + max(start)) / 2 FROM rollup WHERE seconds = 300)`,
	`DELETE FROM change WHERE at <= (SELECT avg(at) FROM change)`,
	`DELETE FROM incident WHERE ended IS NOT NULL AND id <= (SELECT avg(id) FROM incident)`,
	`DELETE FROM rollup WHERE seconds = 3600 AND start <= (SELECT (min(start) + max(start)) / 2 FROM rollup WHERE seconds = 3600)`,
	`DELETE FROM rollup WHERE seconds = 86400 AND start <= (SELECT (min(start) + max(start)) / 2 FROM rollup WHERE seconds = 86400)`,
}

// shed lets the oldest go until the file has room.
func (d *Disk) shed() error {
	for _, statement := range sheds {
		if _, err := d.db.Exec(statement); err != nil {
			return err
		}
		if err := d.giveBack(); err != nil {
			return err
		}
		var pages, free int64
		if err := d.db.QueryRow(`SELECT page_count, freelist_count FROM pragma_page_count, pragma_freelist_count`).Scan(&pages, &free); err != nil {
			return err
		}
		if (pages-free)*pageBytes <= d.most/4*3 {
			break
		}
	}
	return nil
}
