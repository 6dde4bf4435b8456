package render_test

import (
	"encoding/json"
	"strings"
	"testing"

	"prober/limit"
	"prober/report"
	"prober/report/render"
)

func TestCodeQuality(t *testing.T) {
	golden(t, "codequality.json", []byte(write(t, sample(t), render.CodeQuality)))
}

// GitLab refuses entries that share a fingerprint, and shows none without a path.
func TestCodeQualityIsWhatGitLabTakes(t *testing.T) {
	for name, r := range map[string]*report.Report{
		"all fail": full(t, func(int) report.Outcome { return report.Fail }), "some": full(t, mostly), "nothing": empty(t), "hostile": spiteful(t),
	} {
		var list []struct {
			Description string `json:"description"`
			Fingerprint string `json:"fingerprint"`
			Severity    string `json:"severity"`
			Location    struct {
				Path  string `json:"path"`
				Lines struct {
					Begin int `json:"begin"`
				} `json:"lines"`
			} `json:"location"`
		}
		text := write(t, r, render.CodeQuality)
		if err := json.Unmarshal([]byte(text), &list); err != nil || !strings.HasPrefix(text, "[") {
			t.Fatalf("%s: %v: %.80s", name, err, text)
		}
		known := map[string]bool{}
		for _, x := range list {
			if known[x.Fingerprint] || len(x.Fingerprint) != 32 || x.Location.Path == "" || x.Location.Lines.Begin < 1 || x.Description == "" || x.Severity == "" {
				t.Errorf("%s: %+v", name, x)
			}
			known[x.Fingerprint] = true
		}
		if name == "all fail" && len(list) != len(r.Results) {
			t.Errorf("%d entries for %d failures", len(list), len(r.Results))
		}
	}
}

// The text of an issue ends with a whole row, within what GitHub takes.
func TestIssueFits(t *testing.T) {
	const most = 65_536
	r := full(t, func(int) report.Outcome { return report.Fail })
	for i := range r.Results {
		r.Results[i].Detail = strings.Repeat("中文 🙂 ", 1+i%90)
	}
	text := write(t, r, render.Issue)
	if len(text) > limit.IssueBytes || limit.IssueBytes > most || len(text) < limit.IssueBytes/2 {
		t.Errorf("%d bytes", len(text))
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|\n") || strings.ContainsRune(line, '\uFFFD') {
			t.Errorf("half a row: %q", line)
		}
	}
	if !strings.Contains(text, " more: see report.html") {
		t.Error("it does not count the rest")
	}
	if small := write(t, sample(t), render.Issue); small != write(t, sample(t), render.Markdown) {
		t.Error("a small report is cut")
	}
}
