package render_test

import (
	"regexp"
	"strings"
	"testing"

	"prober/catalog"
	"prober/report"
	"prober/report/render"
)

// No cell shows a check mark where something is broken that does not count.
func TestCellsOfIdleEndpoints(t *testing.T) {
	r := full(t, func(int) report.Outcome { return report.Pass })
	idle := map[string]bool{}
	for _, e := range r.Endpoints {
		idle[e.ID] = !e.Active()
	}
	n := map[string]int{}
	for i := range r.Results {
		if res := &r.Results[i]; idle[res.Endpoint] {
			if n[res.Endpoint]++; n[res.Endpoint]%3 > 0 {
				res.Outcome, res.Skip, res.Detail = report.Skip, "not-active", "the endpoint is closed: NXDOMAIN"
			}
		}
	}
	r.Summary = report.Summarize(r)
	region := ""
	for _, e := range r.Endpoints {
		if e.Lifecycle == catalog.Closed && e.Product != "gaap" {
			region = e.Region
		}
	}
	if region == "" {
		t.Fatal("the catalogue has no closed endpoint")
	}
	text := write(t, r, render.Markdown)
	row := regexp.MustCompile(`(?m)^\| ` + region + ` \|.*$`).FindString(text)
	if !strings.Contains(row, "– ") {
		t.Errorf("got %q", row)
	}
	if !strings.Contains(text, "A cell shows the worst outcome there") {
		t.Error("the Markdown has no legend")
	}
	page := write(t, r, render.HTML)
	if !strings.Contains(page, "A cell shows the worst outcome there") {
		t.Error("the page has no legend")
	}
	_, after, _ := strings.Cut(page, `<span class="tag">closed</span></th>`)
	cells, _, _ := strings.Cut(after, "</tr>")
	if strings.Contains(cells, "✓") || !strings.Contains(cells, `class="cell skip"`) {
		t.Errorf("the cells of a closed endpoint are %s", cells)
	}
	if mark := regexp.MustCompile(`<span class="mark skip" aria-hidden="true">–</span> <b>[a-z/0-9-]*` + region); !mark.MatchString(page) {
		t.Error("the mark of a closed endpoint is not that of skipped results")
	}
}
