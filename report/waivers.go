package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"prober/limit"
	"prober/strict"
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
// their product, a reason and a day. They are judged by the day of at. Each line of an error
// begins with name and the number of a line.
func ReadWaivers(name string, data []byte, at time.Time, about WaivedBy) (Waivers, error) {
	if len(data) > limit.WaiversBytes {
		return nil, fmt.Errorf("%s: %d bytes are more than waivers may have, %d", name, len(data), limit.WaiversBytes)
	}
	if list := bytes.TrimLeft(data, " \t\r\n"); !bytes.HasPrefix(list, []byte("[")) {
		return nil, fmt.Errorf("%s: line 1: want a list of {endpoint, requirement, why, expires}", name)
	}
	var list Waivers
	if err := strict.Unmarshal(name, data, &list); err != nil {
		return nil, err
	}
	lines := linesOf(data)
	var errs []error
	for i, w := range list {
		for _, err := range w.check(at, about) {
			errs = append(errs, fmt.Errorf("%s: line %d: waiver %d: %w", name, lines[i], i+1, err))
		}
		if len(errs) >= limit.ShownErrors {
			errs = append(errs, fmt.Errorf("%s: %d waivers more were not looked at", name, len(list)-i-1))
			break
		}
	}
	return list, errors.Join(errs...)
}

// linesOf are the lines at which the elements of a list begin, which is valid JSON.
func linesOf(list []byte) []int {
	dec := json.NewDecoder(bytes.NewReader(list))
	_, _ = dec.Token() // the bracket
	var lines []int
	for line, from := 1, 0; dec.More(); {
		at := int(dec.InputOffset())
		at += len(list[at:]) - len(bytes.TrimLeft(list[at:], ", \t\r\n"))
		line, from = line+strict.Line(list[from:], at-from)-1, at
		lines = append(lines, line)
		var element json.RawMessage
		_ = dec.Decode(&element)
	}
	return lines
}

// check completes a waiver, and says all that is wrong with it.
func (w *waiver) check(at time.Time, about WaivedBy) (errs []error) {
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if w.Why = strings.Join(strings.Fields(w.Why), " "); w.Why == "" {
		bad("why: missing; say why the failure is waived")
	}
	day, err := time.Parse(time.DateOnly, w.Expires)
	if err != nil {
		bad("expires %q: want a day such as 2026-12-31", w.Expires)
	}
	w.over = !at.Before(day.AddDate(0, 0, 1))
	if w.Requirement == "" || w.Endpoint == "" {
		bad("endpoint or requirement: missing")
		return errs
	}
	id, endpoints, err := about(w.Requirement, w.Endpoint)
	if err != nil {
		bad("%w", err)
		return errs
	}
	w.Requirement, w.endpoints = id, map[string]bool{}
	for _, e := range endpoints {
		w.endpoints[e] = true
	}
	return errs
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

// Of says in a few words what a waiver has in store for a failure of a requirement at an endpoint; "" without any.
func (l Waivers) Of(requirement, endpoint string) string {
	w := l.of(Result{Requirement: requirement, Endpoint: endpoint, Outcome: Fail})
	switch {
	case w == nil:
		return ""
	case w.over:
		return "waiver expired on " + w.Expires
	}
	return "waived until " + w.Expires
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
