package monitor

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// metricSaid is what docs/metrics.md, or a scrape, says of a metric.
type metricSaid struct {
	kind, unit, help string
	labels           string // sorted, by commas
}

// documented reads docs/metrics.md for one detail.
func documented(t *testing.T, detail Detail) map[string]metricSaid {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", "metrics.md"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]metricSaid{}
	for _, section := range strings.Split(string(text), "\n## `")[1:] {
		name, rest, _ := strings.Cut(section, "`\n\n")
		if strings.Contains(rest, "- Left out with detail `"+string(detail)+"`") {
			continue
		}
		var w metricSaid
		w.help, _, _ = strings.Cut(rest, "\n")
		for line := range strings.Lines(rest) {
			item, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch item {
			case "- Type":
				w.kind = value
			case "- Unit":
				w.unit, _, _ = strings.Cut(value, " ")
			case "- Labels", "- Labels with detail `" + string(detail) + "`":
				w.labels = strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(value, "none", ""), "`", ""), " ", "")
			}
		}
		all[name] = w
	}
	return all
}

// sample matches a line of a scrape: the name and the labels.
var (
	sample = regexp.MustCompile(`^([a-z0-9_]+)(?:\{(.*)\})? [^{]*$`)
	label  = regexp.MustCompile(`([a-z_]+)="`)
)

// scraped reads an OpenMetrics text, which says the units too.
func scraped(t *testing.T, text string) map[string]metricSaid {
	t.Helper()
	all := map[string]metricSaid{}
	family := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if said, ok := strings.CutPrefix(line, "# "); ok {
			word, said, _ := strings.Cut(said, " ")
			name, value, _ := strings.Cut(said, " ")
			w := all[name]
			switch word {
			case "HELP":
				family, w.help = name, value
			case "TYPE":
				w.kind = value
			case "UNIT":
				w.unit = value
			case "EOF":
				continue
			}
			all[name] = w
			continue
		}
		m := sample.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("not a sample: %s", line)
		}
		w := all[family]
		if strings.HasSuffix(m[1], "_created") {
			continue
		}
		var names []string
		for _, l := range label.FindAllStringSubmatch(m[2], -1) {
			if l[1] != "le" && l[1] != regionLabel { // the latter where the list calls the region anything
				names = append(names, l[1])
			}
		}
		slices.Sort(names)
		if got := strings.Join(names, ","); w.labels != got && w.labels != "" {
			t.Errorf("%s has the labels %s and %s", family, w.labels, got)
		} else {
			w.labels = got
		}
		all[family] = w
	}
	for _, name := range slices.Collect(maps.Keys(all)) { // a family of counters lacks the suffix of their samples
		if w := all[name]; w.kind == "counter" {
			delete(all, name)
			all[name+"_total"] = w
		}
	}
	return all
}

// docs/metrics.md is true of what is sent over HTTP: every name with its type, unit, labels and help.
func TestDocsAreTrueOfAScrape(t *testing.T) {
	for _, detail := range []Detail{DetailEndpoint, DetailRegion} {
		m := sceneOfEverything(t, detail)
		server := httptest.NewServer(m.Handler(nil))
		t.Cleanup(server.Close)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/metrics", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", "application/openmetrics-text;version=1.0.0")
		reply, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(reply.Body)
		_ = reply.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		said, got := documented(t, detail), scraped(t, string(text))
		for name, want := range said {
			if got[name] != want {
				t.Errorf("detail %s: %s is\n%+v, documented as\n%+v", detail, name, got[name], want)
			}
		}
		for name := range got {
			if _, ok := said[name]; !ok {
				t.Errorf("detail %s: %s is not documented", detail, name)
			}
		}
	}
}
