package disk

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"prober/history"
	"prober/limit"
	"prober/probe/reason"
)

// Load yields what the file holds.
func (d *Disk) Load(into *history.Loading) error {
	if d.db == nil {
		if err := d.open(); err != nil {
			return err
		}
	}
	l := &loader{d.db, into}
	for _, part := range []func() error{l.runs, l.counters, l.endpoints, l.facts, l.rollups, l.changes, l.incidents, l.untold, l.results} {
		if err := part(); err != nil {
			return trouble(err)
		}
	}
	return nil
}

type loader struct {
	db   *sql.DB
	into *history.Loading
}

// each has row called for each row of a query. A row that cannot be read is skipped.
func (l *loader) each(query string, row func(scan func(...any) error) error) error {
	rows, err := l.db.Query(query)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // it was only read
	for rows.Next() {
		if row(rows.Scan) != nil {
			l.into.Skip()
		}
	}
	return rows.Err()
}

// at reads a time that micros wrote.
func at(us int64) time.Time {
	if us <= 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// words reads the words for a state.
func words(outcome, why string) (o reason.Outcome, r reason.Reason, err error) {
	if err := o.UnmarshalText([]byte(outcome)); err != nil {
		return 0, 0, err
	}
	if err := r.UnmarshalText([]byte(why)); err != nil && o != reason.OK {
		r = reason.ProberInternal // one that only a later version knows
	}
	return o, r, nil
}

func (l *loader) runs() error {
	return l.each(`SELECT began, last FROM run ORDER BY began`, func(scan func(...any) error) error {
		var began, last int64
		if err := scan(&began, &last); err != nil {
			return err
		}
		l.into.Run(history.Span{From: at(began), To: at(last)})
		return nil
	})
}

func (l *loader) counters() error {
	return l.each(`SELECT name, value FROM counter`, func(scan func(...any) error) error {
		var name string
		var value int64
		if err := scan(&name, &value); err != nil {
			return err
		}
		l.into.Counter(name, uint64(max(value, 0)))
		return nil
	})
}

func (l *loader) endpoints() error {
	return l.each(`SELECT number, id, series, outcome, reason, since, reason_since, detail, reproduce, last_probe, known, counted_since,
		ok, degraded, fail, unknown, reasons, answers, total_us, sequence FROM endpoint ORDER BY number`, func(scan func(...any) error) error {
		var s history.Saved
		var outcome, why, reasons string
		var since, reasonSince, last, known, counted, answers, total, sequence int64
		var counts [4]int64
		err := scan(&s.Number, &s.ID, &s.Series, &outcome, &why, &since, &reasonSince, &s.State.Detail, &s.State.Reproduce, &last, &known, &counted,
			&counts[0], &counts[1], &counts[2], &counts[3], &reasons, &answers, &total, &sequence)
		if err != nil {
			return err
		}
		if s.State.Outcome, s.State.Reason, err = words(outcome, why); err != nil {
			return err
		}
		if s.Counters.Reasons, err = readReasons(reasons); err != nil {
			return err
		}
		s.State.Since, s.State.ReasonSince, s.State.LastProbe, s.State.Known, s.Counters.Since = at(since), at(reasonSince), at(last), at(known), at(counted)
		for i, o := range []reason.Outcome{reason.OK, reason.Degraded, reason.Fail, reason.Unknown} {
			s.Counters.Outcomes[o] = uint64(max(counts[i], 0))
		}
		s.Counters.Answers = history.Stat{Count: uint64(max(answers, 0)), Sum: time.Duration(min(max(total, 0), math.MaxInt64/1000)) * time.Microsecond}
		s.Sequence = uint64(max(sequence, 0))
		l.into.Endpoint(&s)
		return nil
	})
}

func (l *loader) facts() error {
	return l.each(fmt.Sprintf(`SELECT id, series, facts FROM facts WHERE length(facts) <= %d`, limit.HistoryFacts), func(scan func(...any) error) error {
		var id, series string
		var facts []byte
		if err := scan(&id, &series, &facts); err != nil {
			return err
		}
		l.into.Facts(id, series, facts)
		return nil
	})
}

var errReasons = errors.New("too many reasons")

// readReasons reads what reasonsOf wrote.
func readReasons(text string) ([]history.ReasonCount, error) {
	var rows [][3]json.RawMessage
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return nil, err
	}
	if len(rows) > limit.HistoryReasons {
		return nil, errReasons
	}
	var out []history.ReasonCount
	for _, row := range rows {
		var outcome, why string
		var c history.ReasonCount
		if err := errors.Join(json.Unmarshal(row[0], &outcome), json.Unmarshal(row[1], &why), json.Unmarshal(row[2], &c.Count)); err != nil {
			return nil, err
		}
		var err error
		if c.Outcome, c.Reason, err = words(outcome, why); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

func (l *loader) rollups() error {
	return l.each(`SELECT seconds, start, endpoint, sums FROM rollup ORDER BY seconds, start, endpoint`, func(scan func(...any) error) error {
		var step, start, endpoint int64
		var sums sql.RawBytes
		if err := scan(&step, &start, &endpoint, &sums); err != nil {
			return err
		}
		l.into.Rollup(endpoint, history.SavedRollup{Step: history.Step(step) * history.Step(time.Second), Start: at(start), Body: sums})
		return nil
	})
}

func (l *loader) changes() error {
	return l.each(`SELECT at, endpoint, outcome, reason FROM change ORDER BY at`, func(scan func(...any) error) error {
		var when, endpoint int64
		var outcome, why string
		if err := scan(&when, &endpoint, &outcome, &why); err != nil {
			return err
		}
		o, r, err := words(outcome, why)
		if err != nil {
			return err
		}
		l.into.Change(endpoint, history.Change{At: at(when), Outcome: o, Reason: r})
		return nil
	})
}

func (l *loader) incidents() error {
	return l.each(`SELECT id, endpoint, began, ended, reason, detail, reproduce, failed, confirmed FROM incident ORDER BY id`, func(scan func(...any) error) error {
		var x history.Incident
		var endpoint, began, failed, confirmed int64
		var ended sql.NullInt64
		var why string
		if err := scan(&x.ID, &endpoint, &began, &ended, &why, &x.Detail, &x.Reproduce, &failed, &confirmed); err != nil {
			return err
		}
		_, r, err := words(reason.Fail.String(), why)
		if err != nil {
			return err
		}
		x.Reason, x.Begin, x.End, x.Failed, x.Confirmed = r, at(began), at(ended.Int64), uint64(max(failed, 0)), at(confirmed)
		l.into.Incident(endpoint, x)
		return nil
	})
}

func (l *loader) untold() error {
	return l.each(`SELECT incident, began, ended, took, reason FROM untold ORDER BY incident, began`, func(scan func(...any) error) error {
		var incident, began, ended, took int64
		var why string
		if err := scan(&incident, &began, &ended, &took, &why); err != nil {
			return err
		}
		u := history.Untold{Span: history.Span{From: at(began), To: at(ended)}, For: time.Duration(took) * time.Microsecond}
		if u.Reason.UnmarshalText([]byte(why)) != nil && why != reason.None.String() {
			u.Reason = reason.ProberInternal // one that only a later version knows
		}
		l.into.Untold(incident, u)
		return nil
	})
}

func (l *loader) results() error {
	return l.each(`SELECT entries FROM result ORDER BY sequence`, func(scan func(...any) error) error {
		var entries sql.RawBytes
		if err := scan(&entries); err != nil {
			return err
		}
		l.into.Results(entries)
		return nil
	})
}

// Evidence reads that of an incident.
func (d *Disk) Evidence(incident int64) ([]byte, error) {
	db := d.read.Load()
	if db == nil {
		return nil, history.ErrNoEvidence
	}
	var text string
	err := db.QueryRow(`SELECT observation FROM evidence WHERE incident = ?`, incident).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, history.ErrNoEvidence
	}
	return []byte(text), trouble(err)
}
