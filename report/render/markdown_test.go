package render_test

import (
	"fmt"
	"strings"
	"testing"

	"prober/report"
	"prober/report/render"
)

func TestMarkdown(t *testing.T) {
	golden(t, "report.md", []byte(write(t, sample(t), render.Markdown)))
}

func TestMarkdownFitsIntoAStepSummary(t *testing.T) {
	const limit = 1 << 20
	long := full(t, func(int) report.Outcome { return report.Fail })
	text := write(t, long, render.Markdown)
	if len(text) > limit {
		t.Errorf("%d bytes, GitHub takes %d", len(text), limit)
	}
	rows := strings.Count(text, "\n| ✗ fail | **")
	if rest := fmt.Sprintf("\nand %d more: see report.html or report.json.\n", 5100-rows); rows < 500 || !strings.Contains(text, rest) {
		t.Errorf("%d rows, and not %q", rows, rest)
	}
	if !strings.HasSuffix(text, " |\n") || !strings.Contains(text, "### Products and regions") {
		t.Errorf("the matrix is missing: …%s", text[len(text)-200:])
	}
}

func TestMarkdownOfHostileTexts(t *testing.T) {
	for line := range strings.Lines(write(t, spiteful(t), render.Markdown)) {
		for _, bad := range []string{"<img", "</script", "\x00", "\x1b", "\xff", "\r", " @someone", "**bold**", "`code`", "](http"} {
			if strings.Contains(line, bad) {
				t.Errorf("%q in %q", bad, line)
			}
		}
		if strings.Contains(line, " | **KMS-") {
			if bars := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"); bars != 5 {
				t.Errorf("%d bars in %q", bars, line)
			}
		}
	}
}

func TestMarkdownOfNothing(t *testing.T) {
	text := write(t, empty(t), render.Markdown)
	if !strings.HasPrefix(text, "## ? Conformance: nothing was selected\n") || strings.Contains(text, "attention") || strings.Contains(text, "Products") {
		t.Errorf("got %s", text)
	}
}
