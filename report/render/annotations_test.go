package render_test

import (
	"fmt"
	"strings"
	"testing"

	"prober/report"
	"prober/report/render"
)

func TestAnnotations(t *testing.T) {
	golden(t, "annotations.txt", []byte(write(t, sample(t), render.Annotations)))
}

func TestAnnotationsAreAtMostTen(t *testing.T) {
	r := full(t, func(n int) report.Outcome {
		if n%7 == 0 {
			return report.Inconclusive
		}
		return report.Fail
	})
	lines := strings.Split(strings.TrimSpace(write(t, r, render.Annotations)), "\n")
	count := map[string]int{}
	for _, l := range lines {
		count[l[:7]]++
	}
	if len(lines) != 20 || count["::error"] != 10 || count["::warni"] != 10 {
		t.Fatalf("got %v", count)
	}
	active := 0
	for _, e := range r.Endpoints {
		if e.Active() {
			active++
		}
	}
	if want := fmt.Sprintf("::and %d more endpoints: ", active-9); !strings.Contains(lines[9], want) {
		t.Errorf("got %q, want %q", lines[9], want)
	}
	// Of the many requirements of an endpoint, ten are named.
	if n := strings.Count(lines[0], "%0A"); n != 10 || !strings.HasSuffix(lines[0], " more") {
		t.Errorf("%d lines in %q", n+1, lines[0])
	}
}

func TestAnnotationsOfHostileTexts(t *testing.T) {
	text := write(t, spiteful(t), render.Annotations)
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "::error file=endpoints.json,line=160,title=kms/cn-beijing/public%3A 1 requirement broken%2C seen from </script>") ||
		!strings.HasPrefix(lines[1], "::warning ") || strings.ContainsAny(text, "\r\x00\x1b") {
		t.Errorf("got %q", lines)
	}
	// Without a line to point at, the command points at none.
	r := spiteful(t)
	for i := range r.Endpoints {
		r.Endpoints[i].Line = 0
	}
	if text := write(t, r, render.Annotations); !strings.HasPrefix(text, "::error title=kms/") {
		t.Errorf("got %q", text)
	}
	if text := write(t, shaped(t, shape{report.Must, report.Pass, ""}), render.Annotations); text != "" {
		t.Errorf("a run without findings has something to say: %q", text)
	}
}
