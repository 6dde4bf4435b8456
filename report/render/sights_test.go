package render_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"prober/limit"
	"prober/report"
	"prober/report/render"
)

// However many products there are, the list of what was seen first is short, in the console and in Markdown.
func TestSightsAreShort(t *testing.T) {
	r := full(t, func(int) report.Outcome { return report.Pass })
	r.Environment.Mode = report.Live
	for i := range r.Endpoints {
		r.Endpoints[i].Product = fmt.Sprintf("p%02d", i%40)
	}
	for i := range r.Evidence {
		r.Evidence[i].Observation = json.RawMessage(`{"scheme": "https", "outcome": "ok", "addresses": [{"tls": {"versions": {"TLS1.3": {"verdict": "accepted"}}}}]}`)
	}
	text := console(t, r, nil)
	if n := strings.Count(text, "\n    p"); n != 30 || !strings.Contains(text, "lines more\n") {
		t.Errorf("%d lines\n%s", n, text)
	}
	for f, most := range map[render.Format]int{render.Markdown: limit.MarkdownBytes, render.Issue: limit.IssueBytes} {
		if text := write(t, r, f); strings.Count(text, "\n| p") != 30 || len(text) > most {
			t.Errorf("%s has %d bytes\n%s", f, len(text), text)
		}
	}
	r.Environment.Mode = report.Sandbox
	if text := console(t, r, nil); strings.Contains(text, "first time") {
		t.Errorf("a sandbox tells nothing new: %s", text)
	}
}
