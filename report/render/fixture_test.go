package render_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/files"
	"prober/goldenfile"
	"prober/report"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	goldenfile.Compare(t, *update, name, got)
}

var began = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// sample is the report that the tests of package report write: small, with every outcome and
// every kind of evidence.
func sample(t testing.TB) *report.Report {
	t.Helper()
	r, err := report.ReadFile(files.Reader{}, filepath.Join("..", "testdata", "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// start is the header of the sample.
func start(t testing.TB) report.Report {
	r := sample(t)
	r.Verdict, r.Summary, r.Results, r.Evidence = nil, report.Summary{}, nil, nil
	return *r
}

// observation is the documented JSON of a probe with two addresses and a chain of two.
func observation(t testing.TB, id, host string) json.RawMessage {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "observation.json"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("ENDPOINT", id, "HOST", host).Replace(string(data))
	return json.RawMessage(strings.TrimSpace(text))
}

// shape is one result in the short form of the tables below.
type shape struct {
	level   report.Level
	outcome report.Outcome
	life    catalog.Lifecycle
}

// shaped is a report with an endpoint and a requirement for each shape.
func shaped(t *testing.T, shapes ...shape) *report.Report {
	t.Helper()
	header := start(t)
	header.Requirements, header.Endpoints = nil, nil
	var results []report.Result
	for i, s := range shapes {
		id := string(rune('a' + i))
		header.Requirements = append(header.Requirements, report.Requirement{ID: "R-" + id, Level: s.level, Group: "tls", Text: "It is so."})
		header.Endpoints = append(header.Endpoints, report.Endpoint{
			ID: "kms/" + id + "/public", Product: "kms", Region: id, Network: catalog.Public, Host: id + ".test", Lifecycle: s.life,
		})
		res := report.Result{Endpoint: "kms/" + id + "/public", Requirement: "R-" + id, Outcome: s.outcome, Detail: "seen", Attempts: 2}
		if s.outcome == report.Skip {
			res.Skip = "private-network"
		}
		results = append(results, res)
	}
	rec := report.NewRecorder(header, nil)
	for _, res := range results {
		rec.Add(res)
	}
	r, err := rec.Report(began)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// empty is the report of a run that selected nothing.
func empty(t testing.TB) *report.Report {
	t.Helper()
	header := start(t)
	header.Requirements, header.Endpoints = nil, nil
	r, err := report.NewRecorder(header, nil).Report(began)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func encode(t testing.TB, r *report.Report) []byte {
	t.Helper()
	text, err := report.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
