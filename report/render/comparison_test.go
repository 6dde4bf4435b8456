package render_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"prober/report"
	"prober/report/render"
)

// ginkgoLabels is the filter of the specs that write reports.
func ginkgoLabels(filter string) (func([]string) bool, error) { return types.ParseLabelFilter(filter) }

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
		c := report.Compare(whole, &part, ginkgoLabels)
		if c.Outside != tt.outside || c.Count(report.Removed) != tt.removed || len(c.Changes) != tt.removed {
			t.Errorf("%s: %d outside and %d removed, want %d and %d", name, c.Outside, c.Count(report.Removed), tt.outside, tt.removed)
		}
		var table bytes.Buffer
		if err := render.Comparison(&table, c); err != nil {
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
