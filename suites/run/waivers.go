package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"prober/report"
	"prober/session"
	"prober/suites/kit"
)

// waiver is a failure that somebody has decided to live with, until a date.
type waiver struct {
	Endpoint    string `json:"endpoint"` // id or pattern
	Requirement string `json:"requirement"`
	Why         string `json:"why"`
	Expires     string `json:"expires"` // the last day on which it holds: 2026-12-31

	endpoints map[string]bool
	last      time.Time
}

type waivers []waiver

// readWaivers reads a list of waivers strictly: each names known endpoints, a known
// requirement, a reason and a day.
func readWaivers(file string, p *kit.Plan) (waivers, error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, &session.UsageError{Err: fmt.Errorf("--waivers: %w", err)}
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var list waivers
	if err := dec.Decode(&list); err != nil {
		return nil, &session.UsageError{Err: fmt.Errorf("--waivers %s: want a list of {endpoint, requirement, why, expires}: %w", file, err)}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, &session.UsageError{Err: fmt.Errorf("--waivers %s: something follows the list", file)}
	}
	for i := range list {
		if err := list[i].check(p); err != nil {
			return nil, &session.UsageError{Err: fmt.Errorf("--waivers %s: waiver %d: %w", file, i+1, err)}
		}
	}
	return list, nil
}

func (w *waiver) check(p *kit.Plan) error {
	if w.Why == "" {
		return errors.New("why is it waived?")
	}
	day, err := time.Parse(time.DateOnly, w.Expires)
	if err != nil {
		return fmt.Errorf("expires %q: want a day such as 2026-12-31", w.Expires)
	}
	w.last = day.AddDate(0, 0, 1)
	if _, err := Explain(w.Requirement); err != nil {
		return err
	}
	found, err := p.Catalog.Match(w.Endpoint)
	if err != nil {
		return err
	}
	w.endpoints = map[string]bool{}
	for _, e := range found {
		w.endpoints[e.ID] = true
	}
	return nil
}

// expired names the waivers whose day is over. They fail the run, so that nobody forgets
// them.
func (l waivers) expired(now time.Time) error {
	var errs []error
	for _, w := range l {
		if !now.Before(w.last) {
			errs = append(errs, fmt.Errorf("the waiver of %s at %s expired on %s: mend the failure, or renew the waiver", w.Requirement, w.Endpoint, w.Expires))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return &ExpiredError{err}
	}
	return nil
}

// ExpiredError says that waivers have expired, which is a failure of the run.
type ExpiredError struct{ Err error }

// Error names each expired waiver in a line of its own.
func (e *ExpiredError) Error() string { return e.Err.Error() }

// apply waives a failure that the list names. The reason goes into the report.
func (l waivers) apply(r report.Result) report.Result {
	if r.Outcome != report.Fail {
		return r
	}
	for _, w := range l {
		if w.Requirement == r.Requirement && w.endpoints[r.Endpoint] {
			r.Outcome = report.Waived
			r.Detail = fmt.Sprintf("waived until %s: %s; %s", w.Expires, w.Why, r.Detail)
			return r
		}
	}
	return r
}
