package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/report"
	"prober/session"
	"prober/suites/kit"
)

// waiver is a failure that somebody has decided to live with, until a date.
type waiver struct {
	Endpoint    string `json:"endpoint"` // id or pattern
	Requirement string `json:"requirement"`
	Why         string `json:"why"`
	Expires     string `json:"expires"` // the last day on which it holds, in UTC: 2026-12-31

	endpoints map[string]bool
	over      bool // its last day is over
	needed    bool // a failure that it is for came
}

type waivers []*waiver

// readWaivers reads a list of waivers strictly: each names known endpoints, a requirement of
// their product, a reason and a day. They are judged by the day of the plan.
func readWaivers(file string, p *kit.Plan) (waivers, error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, session.Usagef("--waivers: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	list := []waiver(nil)
	if err := dec.Decode(&list); err != nil {
		return nil, session.Usagef("--waivers %s: want a list of {endpoint, requirement, why, expires}: %w", file, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, session.Usagef("--waivers %s: something follows the list", file)
	}
	var out waivers
	for i := range list {
		w := &list[i]
		if err := w.check(p); err != nil {
			return nil, session.Usagef("--waivers %s: waiver %d: %w", file, i+1, err)
		}
		out = append(out, w)
	}
	return out, nil
}

// check completes a waiver, and says what is wrong with it.
func (w *waiver) check(p *kit.Plan) error {
	if w.Why = strings.Join(strings.Fields(w.Why), " "); w.Why == "" {
		return errors.New("why is it waived?")
	}
	day, err := time.Parse(time.DateOnly, w.Expires)
	if err != nil {
		return fmt.Errorf("expires %q: want a day such as 2026-12-31", w.Expires)
	}
	w.over = !p.At.Before(day.AddDate(0, 0, 1))
	q, product, err := Requirement(w.Requirement)
	if err != nil {
		return err
	}
	w.Requirement = q.ID // as results have it
	found, err := matchAnyCase(p.Catalog, w.Endpoint)
	if err != nil {
		return err
	}
	w.endpoints = map[string]bool{}
	var others []string
	for _, e := range found {
		if e.Product == product {
			w.endpoints[e.ID] = true
		} else if !slices.Contains(others, e.Product) {
			others = append(others, e.Product)
		}
	}
	if len(w.endpoints) == 0 {
		return fmt.Errorf("%s is a requirement of %s, and %q names endpoints of %s only", q.ID, product, w.Endpoint, strings.Join(others, " and "))
	}
	return nil
}

// matchAnyCase is [catalog.Catalog.Match] for ids in any case.
func matchAnyCase(c *catalog.Catalog, word string) ([]catalog.Endpoint, error) {
	found, err := c.Match(word)
	if err == nil {
		return found, nil
	}
	if found, lower := c.Match(strings.ToLower(word)); lower == nil {
		return found, nil
	}
	return nil, err
}

// apply waives a failure that the list names. The reason goes into the report. A failure
// whose only waiver has expired stays one, and says so.
func (l waivers) apply(r report.Result) (_ report.Result, expired bool) {
	w := l.of(r)
	if w == nil {
		return r, false
	}
	w.needed = true
	if w.over {
		r.Detail = fmt.Sprintf("the waiver expired on %s: %s; %s", w.Expires, w.Why, r.Detail)
		return r, true
	}
	r.Outcome = report.Waived
	r.Detail = fmt.Sprintf("waived until %s: %s; %s", w.Expires, w.Why, r.Detail)
	return r, false
}

// of returns the waiver of a failure, one that holds if there is one; nil without any.
func (l waivers) of(r report.Result) *waiver {
	if r.Outcome != report.Fail {
		return nil
	}
	var found *waiver
	for _, w := range l {
		if w.Requirement == r.Requirement && w.endpoints[r.Endpoint] && (found == nil || found.over) {
			found = w
		}
	}
	return found
}

// unneeded says in a line which waivers no failure of the run needed; "" when there are none.
func (l waivers) unneeded() string {
	var parts []string
	for _, w := range l {
		switch {
		case w.needed:
		case w.over:
			parts = append(parts, fmt.Sprintf("%s at %s, which expired on %s", w.Requirement, w.Endpoint, w.Expires))
		default:
			parts = append(parts, w.Requirement+" at "+w.Endpoint)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "no failure of this run needed the waiver of " + strings.Join(parts, "; nor that of ")
}
