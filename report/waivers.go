package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Waivers are failures that somebody has decided to live with, each until a date.
type Waivers []*waiver

// waiver is one of them.
type waiver struct {
	Endpoint    string `json:"endpoint"` // id or pattern
	Requirement string `json:"requirement"`
	Why         string `json:"why"`
	Expires     string `json:"expires"` // the last day on which it holds, in UTC: 2026-12-31

	endpoints map[string]bool
	over      bool // its last day is over
	needed    bool // a failure that it is for came
}

// WaivedBy finds out what a waiver is about: the requirement's id as results have it, and the
// endpoints that a pattern names and that the requirement is about. The error says what there
// is not.
type WaivedBy func(requirement, endpoint string) (id string, endpoints []string, err error)

// ReadWaivers reads a list of waivers strictly: each names known endpoints, a requirement of
// their product, a reason and a day. They are judged by the day of at.
func ReadWaivers(data []byte, at time.Time, about WaivedBy) (Waivers, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var list Waivers
	if err := dec.Decode(&list); err != nil {
		return nil, fmt.Errorf("want a list of {endpoint, requirement, why, expires}: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the list")
	}
	for i, w := range list {
		if w == nil {
			return nil, fmt.Errorf("waiver %d: want {endpoint, requirement, why, expires}", i+1)
		}
		if err := w.check(at, about); err != nil {
			return nil, fmt.Errorf("waiver %d: %w", i+1, err)
		}
	}
	return list, nil
}

// check completes a waiver, and says what is wrong with it.
func (w *waiver) check(at time.Time, about WaivedBy) error {
	if w.Why = strings.Join(strings.Fields(w.Why), " "); w.Why == "" {
		return errors.New("why is it waived?")
	}
	day, err := time.Parse(time.DateOnly, w.Expires)
	if err != nil {
		return fmt.Errorf("expires %q: want a day such as 2026-12-31", w.Expires)
	}
	w.over = !at.Before(day.AddDate(0, 0, 1))
	id, endpoints, err := about(w.Requirement, w.Endpoint)
	if err != nil {
		return err
	}
	w.Requirement, w.endpoints = id, map[string]bool{}
	for _, e := range endpoints {
		w.endpoints[e] = true
	}
	return nil
}

// apply waives a failure that the list names. The reason goes into the report. A failure
// whose only waiver has expired stays one, and says so.
func (l Waivers) apply(r Result) (_ Result, expired bool) {
	w := l.of(r)
	if w == nil {
		return r, false
	}
	w.needed = true
	if w.over {
		r.Detail = fmt.Sprintf("the waiver expired on %s: %s; %s", w.Expires, w.Why, r.Detail)
		return r, true
	}
	r.Outcome = Waived
	r.Detail = fmt.Sprintf("waived until %s: %s; %s", w.Expires, w.Why, r.Detail)
	return r, false
}

// of returns the waiver of a failure, one that holds if there is one; nil without any.
func (l Waivers) of(r Result) *waiver {
	if r.Outcome != Fail {
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

// Unneeded says in a line which waivers no failure of the run needed; "" when there are none.
func (l Waivers) Unneeded() string {
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
