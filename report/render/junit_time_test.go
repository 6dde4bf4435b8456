package render_test

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"prober/probe/reason"
	"prober/report"
	"prober/report/render"
)

// timed is a report of a run of ten seconds, of which one measurement of two seconds is shared.
func timed(t *testing.T, results ...report.Result) []testcase {
	t.Helper()
	rec := report.NewRecorder(report.Report{
		Tool: report.Tool{Name: "t"}, Environment: report.Environment{Mode: report.Live}, Catalogue: report.Catalogue{Digest: "d"}, AsOf: began, Started: began,
		Requirements: []report.Requirement{
			{ID: "Q-TLS-01", Level: report.Must, Group: "tls", Text: "t"},
			{ID: "Q-TLS-02", Level: report.Must, Group: "tls", Text: "t"},
			{ID: "Q-TLS-03", Level: report.Must, Group: "tls", Text: "t"},
			{ID: "Q-TLS-04", Level: report.Info, Group: "tls", Text: "t"},
		},
		Endpoints: []report.Endpoint{{ID: "e", Product: "p", Region: "r", Network: "public", Host: "h"}, {ID: "f", Product: "q", Region: "r", Network: "public", Host: "h"}},
	}, nil)
	for id, took := range map[string]time.Duration{"a": 2 * time.Second, "b": time.Second, "c": time.Second} {
		if err := rec.AddEvidence(report.Evidence{ID: id, Endpoint: "e", Kind: report.Exchanged, Exchange: &report.Exchange{}, Duration: reason.Seconds(took)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, res := range results {
		rec.Add(res)
	}
	r, err := rec.Report(began.Add(10 * time.Second))
	if err != nil {
		t.Fatal(err)
	}
	var doc suites
	text := write(t, r, render.JUnit)
	if err := xml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Time != "10.000000" {
		t.Errorf("the run took %s", doc.Time)
	}
	var all []testcase
	for _, s := range doc.Suite {
		all = append(all, s.Case...)
	}
	return all
}

// A measurement counts once, divided among those that rest on it, and all together are the run.
func TestJUnitTimesAddUp(t *testing.T) {
	got := timed(
		t,
		report.Result{Endpoint: "e", Requirement: "Q-TLS-01", Outcome: report.Pass, Evidence: []string{"a"}, Duration: reason.Seconds(2 * time.Second)},
		report.Result{Endpoint: "e", Requirement: "Q-TLS-02", Outcome: report.Pass, Evidence: []string{"a", "b"}, Duration: reason.Seconds(3 * time.Second)},
		report.Result{Endpoint: "f", Requirement: "Q-TLS-02", Outcome: report.Pass, Evidence: []string{"c"}, Duration: reason.Seconds(time.Second)},
		report.Result{Endpoint: "f", Requirement: "Q-TLS-03", Outcome: report.Skip, Skip: report.NoKey},
	)
	var times []string
	for _, c := range got {
		times = append(times, c.Time)
	}
	if want := "2.500000 5.000000 2.500000 0.000000"; strings.Join(times, " ") != want {
		t.Errorf("got %v, want %s", times, want)
	}
}

// One cause at an endpoint is one error; the others point to it. What does not count is none.
func TestJUnitTellsACauseOnce(t *testing.T) {
	open := func(endpoint, q string, r reason.Reason, detail string) report.Result {
		return report.Result{Endpoint: endpoint, Requirement: q, Outcome: report.Inconclusive, Reason: r, Detail: detail}
	}
	got := timed(
		t,
		open("e", "Q-TLS-01", reason.ConnectTimeout, "127.0.0.1: not reached: connect/timeout"),
		open("e", "Q-TLS-02", reason.None, "no address came as far as an HTTP reply: connect/timeout"),
		open("e", "Q-TLS-03", reason.None, "something else"),
		open("e", "Q-TLS-04", reason.None, "no reply came: connect/timeout"),
		open("f", "Q-TLS-01", reason.ConnectTimeout, "127.0.0.1: not reached: connect/timeout"),
	)
	var kinds []string
	for _, c := range got {
		switch {
		case c.Error != nil:
			kinds = append(kinds, "error: "+c.Error.Message)
		case c.Skipped != nil:
			kinds = append(kinds, "skipped: "+c.Skipped.Message)
		}
	}
	want := `error: 127.0.0.1: not reached: connect/timeout
skipped: undecided for the cause of Q-TLS-01: no address came as far as an HTTP reply: connect/timeout
error: something else
skipped: inconclusive: no reply came: connect/timeout
error: 127.0.0.1: not reached: connect/timeout`
	if strings.Join(kinds, "\n") != want {
		t.Errorf("got\n%s", strings.Join(kinds, "\n"))
	}
}
