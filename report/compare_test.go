package report_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"prober/report"
	"prober/report/render"
)

func TestCompareKinds(t *testing.T) {
	const (
		pass, fail, unsure = report.Pass, report.Fail, report.Inconclusive
		flaky, waived      = report.Flaky, report.Waived
		skip, none         = report.Skip, report.NotApplicable
	)
	for _, tt := range []struct {
		was, is report.Outcome // "" for a run without the result
		want    report.ChangeKind
	}{
		{pass, pass, ""},
		{fail, fail, ""},
		{unsure, unsure, ""},
		{skip, skip, ""},
		{"", pass, ""},
		{"", skip, ""},
		{"", unsure, ""},
		{pass, fail, report.NewlyFailing},
		{"", fail, report.NewlyFailing},
		{unsure, fail, report.NewlyFailing},
		{skip, fail, report.NewlyFailing},
		{flaky, fail, report.NewlyFailing},
		{waived, fail, report.NewlyFailing},
		{fail, pass, report.Fixed},
		{waived, pass, report.Fixed},
		{unsure, pass, ""},
		{skip, pass, ""},
		{flaky, pass, ""},
		{pass, skip, report.NewlySkipped},
		{fail, skip, report.NewlySkipped},
		{fail, none, report.NewlySkipped},
		{none, skip, ""},
		{skip, none, ""},
		{pass, unsure, report.NewlyInconclusive},
		{fail, unsure, report.NewlyInconclusive},
		{skip, unsure, ""},
		{pass, flaky, report.NewlyFlaky},
		{fail, flaky, report.NewlyFlaky},
		{"", flaky, report.NewlyFlaky},
		{flaky, flaky, ""},
		{pass, "", report.Removed},
		{fail, "", report.Removed},
		{skip, "", report.Removed},
		{fail, waived, ""},
		{pass, waived, ""},
	} {
		run := func(o report.Outcome) *report.Report {
			if o == "" {
				return shaped(t)
			}
			return shaped(t, shape{report.Must, o, ""})
		}
		c := report.Compare(run(tt.was), run(tt.is), nil)
		got := report.ChangeKind("")
		if len(c.Changes) == 1 {
			got = c.Changes[0].Kind
			if x := c.Changes[0]; x.Was != tt.was || x.Is != tt.is || x.Level != report.Must || x.Endpoint != "kms/a/public" || x.Requirement != "R-a" {
				t.Errorf("%q to %q: %+v", tt.was, tt.is, x)
			}
		}
		if got != tt.want || len(c.Changes) > 1 {
			t.Errorf("%q to %q: %q, want %q", tt.was, tt.is, got, tt.want)
		}
		if only := c.OnlyNew(); len(only.Changes) > 0 != (tt.want == report.NewlyFailing) {
			t.Errorf("%q to %q: only new: %+v", tt.was, tt.is, only.Changes)
		}
	}
}

// What failed when it could last be decided is not news when it fails again, and is fixed when it passes.
func TestChangeAcrossWhatCouldNotBeDecided(t *testing.T) {
	run := func(o report.Outcome, before *report.Report) *report.Report {
		r := shaped(t, shape{report.Must, o, ""})
		if _, err := r.Judge(report.Policy{OnlyNew: before != nil, Baseline: before}); err != nil {
			t.Fatal(err)
		}
		return r
	}
	broken := run(report.Fail, run(report.Pass, nil))
	well := run(report.Pass, broken)
	for _, tt := range []struct {
		first *report.Report
		is    report.Outcome
		want  report.ChangeKind
	}{
		{broken, report.Fail, report.StillFailing},
		{broken, report.Pass, report.Fixed},
		{well, report.Fail, report.NewlyFailing},
		{well, report.Pass, ""},
	} {
		open := run(report.Inconclusive, tt.first)
		now := run(tt.is, open)
		c := report.Compare(open, now, nil)
		got := report.ChangeKind("")
		if len(c.Changes) == 1 {
			got = c.Changes[0].Kind
		}
		if got != tt.want || len(c.OnlyNew().Changes) != now.Verdict.Failures {
			t.Errorf("%s, undecided, %s: %q, want %q; %s", tt.first.Results[0].Outcome, tt.is, got, tt.want, now.Verdict.Text)
		}
	}
}

// changed is the sample with one change of every kind.
func changed(t *testing.T) (before, after *report.Report) {
	before, after = sample(t), sample(t)
	set := func(endpoint, requirement string, o report.Outcome, detail string) {
		for i := range after.Results {
			if res := &after.Results[i]; res.Endpoint == endpoint && res.Requirement == requirement {
				res.Outcome, res.Detail, res.Expected, res.Got = o, detail, "", ""
				if res.Skip = ""; o == report.Skip {
					res.Skip = "not-active"
				}
				if res.Attempts = 1; o == report.Flaky {
					res.Attempts = 2
				}
			}
		}
	}
	set("ecs/default/public", "ECS-DNS-01", report.Fail, "resolve/nxdomain:\nthe name does not exist")
	set("kms/cn-beijing/public", "KMS-TLS-02", report.Pass, "")
	set("kms/cn-beijing/public", "KMS-CHARSET-01", report.Flaky, "now and then")
	set("kms/cn-beijing/vpc", "KMS-CHARSET-01", report.Inconclusive, "no reply")
	set("kms/ap-south-1/public", "KMS-TLS-02", report.Skip, "closed")
	for i, res := range after.Results {
		if res.Requirement == "KMS-TLS-03" {
			after.Results = append(after.Results[:i:i], after.Results[i+1:]...)
			break
		}
	}
	after.Catalogue.Digest, after.Selection.Products, after.Selection.LabelFilter = "60303ae22b998861", []string{"ecs", "kms"}, "!req:KMS-TLS-04 || it's"
	return before, after
}

func TestCompareTable(t *testing.T) {
	before, after := changed(t)
	var b bytes.Buffer
	if err := render.Comparison(&b, report.Compare(before, after, ginkgoLabels)); err != nil {
		t.Fatal(err)
	}
	golden(t, "compare.txt", b.Bytes())
}

func TestCompareJSON(t *testing.T) {
	before, after := changed(t)
	golden(t, "compare.json", asJSON(t, report.Compare(before, after, ginkgoLabels)))
}

func TestCompareWithItself(t *testing.T) {
	var table bytes.Buffer
	c := report.Compare(sample(t), sample(t), nil)
	if err := render.Comparison(&table, c); err != nil || table.String() != "no result has changed\n" {
		t.Errorf("got %q (%v)", table.String(), err)
	}
	table.Reset()
	fixed := report.Compare(shaped(t, shape{report.Must, report.Fail, ""}), shaped(t, shape{report.Must, report.Pass, ""}), nil)
	if err := render.Comparison(&table, fixed.OnlyNew()); err != nil || table.String() != "nothing fails that did not before\n" {
		t.Errorf("got %q (%v)", table.String(), err)
	}
	if text := string(asJSON(t, c)); text != "{\n  \"differences\": [],\n  \"changes\": []\n}\n" {
		t.Errorf("got %q", text)
	}
}

func asJSON(t *testing.T, c report.Comparison) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// ginkgoLabels is the filter of the specs that write reports.
func ginkgoLabels(filter string) (func([]string) bool, error) { return types.ParseLabelFilter(filter) }
