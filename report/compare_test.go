package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"prober/report"
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
		c := report.Compare(run(tt.was), run(tt.is))
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
	if err := report.Compare(before, after).WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "compare.txt", b.Bytes())
}

func TestCompareJSON(t *testing.T) {
	before, after := changed(t)
	var b bytes.Buffer
	if err := report.Compare(before, after).WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "compare.json", b.Bytes())
}

func TestCompareWithItself(t *testing.T) {
	var table, text bytes.Buffer
	c := report.Compare(sample(t), sample(t))
	if err := c.WriteTable(&table); err != nil || table.String() != "nothing has changed\n" {
		t.Errorf("got %q (%v)", table.String(), err)
	}
	if err := c.WriteJSON(&text); err != nil || text.String() != "{\n  \"differences\": [],\n  \"changes\": []\n}\n" {
		t.Errorf("got %q (%v)", text.String(), err)
	}
}

// A run of a part says nothing about the rest: only what it covers can be removed.
func TestCompareOutsideTheSelection(t *testing.T) {
	whole := full(t, mostly)
	for name, tt := range map[string]struct {
		selection        report.Selection
		keep             func(e report.Endpoint, q report.Requirement) bool
		outside, removed int
	}{
		"all gone":           {report.Selection{}, func(report.Endpoint, report.Requirement) bool { return false }, 0, 5100},
		"both networks":      {report.Selection{Networks: []string{"all"}}, func(report.Endpoint, report.Requirement) bool { return false }, 0, 5100},
		"a product":          {report.Selection{Products: []string{"ecs"}}, func(e report.Endpoint, _ report.Requirement) bool { return e.Product == "ecs" }, 4080, 0},
		"a product, gone":    {report.Selection{Products: []string{"ecs"}}, func(report.Endpoint, report.Requirement) bool { return false }, 4080, 1020},
		"a network":          {report.Selection{Networks: []string{"public"}}, func(e report.Endpoint, _ report.Requirement) bool { return e.Network == "public" }, 1500, 0},
		"a region":           {report.Selection{Regions: []string{"cn-heyuan"}}, func(e report.Endpoint, _ report.Requirement) bool { return e.Region == "cn-heyuan" }, 4920, 0},
		"a group":            {report.Selection{LabelFilter: "group: containsAny {tls}"}, func(_ report.Endpoint, q report.Requirement) bool { return q.Group == "tls" }, 4250, 0},
		"a group, partly":    {report.Selection{LabelFilter: "group: containsAny {tls}"}, func(_ report.Endpoint, q report.Requirement) bool { return q.ID == "kms-tls-01" }, 4250, 799},
		"a requirement":      {report.Selection{LabelFilter: "req: containsAny {kms-tls-01}"}, func(_ report.Endpoint, q report.Requirement) bool { return q.ID == "kms-tls-01" }, 5049, 0},
		"a level":            {report.Selection{LabelFilter: "level:MUST"}, func(_ report.Endpoint, q report.Requirement) bool { return q.Level == report.Must }, 3400, 0},
		"a filter not known": {report.Selection{LabelFilter: "(("}, func(report.Endpoint, report.Requirement) bool { return false }, 5100, 0},
		"without the heavy":  {report.Selection{LabelFilter: "!heavy"}, func(report.Endpoint, report.Requirement) bool { return false }, 5100, 0},
	} {
		part := *whole
		part.Selection, part.Results = tt.selection, nil
		endpoints, requirements := map[string]report.Endpoint{}, map[string]report.Requirement{}
		for _, e := range whole.Endpoints {
			endpoints[e.ID] = e
		}
		for _, q := range whole.Requirements {
			requirements[q.ID] = q
		}
		for _, res := range whole.Results {
			if tt.keep(endpoints[res.Endpoint], requirements[res.Requirement]) {
				part.Results = append(part.Results, res)
			}
		}
		c := report.Compare(whole, &part)
		if c.Outside != tt.outside || c.Count(report.Removed) != tt.removed || len(c.Changes) != tt.removed {
			t.Errorf("%s: %d outside and %d removed, want %d and %d", name, c.Outside, c.Count(report.Removed), tt.outside, tt.removed)
		}
		var table bytes.Buffer
		if err := c.WriteTable(&table); err != nil {
			t.Fatal(err)
		}
		if tt.removed == 0 && strings.Count(table.String(), "\n") > 3 {
			t.Errorf("%s: the table has more than a line on what is outside: %.300s", name, table.String())
		}
		if says := fmt.Sprintf("note: %d results of the earlier report are outside this selection\n", tt.outside); tt.outside > 0 != strings.Contains(table.String(), says) {
			t.Errorf("%s: the table does not say %q", name, says)
		}
	}
}
