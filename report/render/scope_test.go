package render_test

import (
	"html"
	"strings"
	"testing"

	"prober/report"
	"prober/report/render"
)

// The scope stands unfolded in the heads, and a list of somebody's own is not taken for
// the documented one.
func TestScope(t *testing.T) {
	const when = ", everything, inside all, with 1 fault, on 2026-11-22 10:00 UTC, judged as of 2026-11-22."
	for _, tt := range []struct {
		mode       report.Mode
		file, want string
	}{
		{report.Sandbox, "endpoints.json", "The sandbox" + when},
		{report.Sandbox, "", "The sandbox" + when},
		{report.Sandbox, "D/mine.json", "The sandbox with the endpoints of D/mine.json" + when},
		{report.Live, "endpoints.json", "The real services" + when},
		{report.Live, "D/endpoints.json", "Endpoints of D/endpoints.json" + when},
		{report.Live, "", "Endpoints of a catalogue without a name" + when},
	} {
		r := sample(t)
		r.Environment.Mode, r.Catalogue.File = tt.mode, tt.file
		head, _, _ := strings.Cut(write(t, r, render.HTML), "<details")
		if !strings.Contains(html.UnescapeString(head), tt.want) {
			t.Errorf("%s of %q: the head of the page does not say %q", tt.mode, tt.file, tt.want)
		}
		text := strings.ReplaceAll(write(t, r, render.Markdown), `\_`, "_")
		if !strings.Contains(text, "\n"+tt.want) {
			t.Errorf("%s of %q: the Markdown does not say %q", tt.mode, tt.file, tt.want)
		}
	}
	r := sample(t)
	r.Environment.Mode, r.Environment.Vantage, r.Environment.Inside, r.Environment.Faults = report.Live, "fra-1", nil, nil
	r.Selection.Regions = []string{"cn-beijing"}
	if want := "The real services from fra-1, --region cn-beijing, on 2026-11-22 10:00 UTC"; !strings.Contains(write(t, r, render.HTML), want) {
		t.Errorf("the page does not say %q", want)
	}
}
