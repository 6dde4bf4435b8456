package render_test

import (
	"bytes"
	"strings"
	"testing"

	"prober/report"
	"prober/report/render"
)

func console(t testing.TB, r, earlier *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	var c *report.Comparison
	if earlier != nil {
		compared := report.Compare(earlier, r, nil)
		c = &compared
	}
	if err := render.Console(&b, r, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestConsole(t *testing.T) { golden(t, "console.txt", []byte(console(t, sample(t), expired(t)))) }

func TestConsoleObeysNoText(t *testing.T) {
	text := console(t, spiteful(t), spiteful(t))
	if strings.ContainsAny(text, "\r\x00\x1b\a") {
		t.Errorf("got %q", text)
	}
	if n := strings.Count(text, "\n"); n > 12 {
		t.Errorf("%d lines: %s", n, text)
	}
}

// everyText is r in all forms that people read.
func everyText(t testing.TB, r *report.Report) map[string]string {
	out := map[string]string{"console": console(t, r, nil)}
	for _, f := range render.Formats() {
		out[string(f)] = write(t, r, f)
	}
	return out
}

// Where it was measured from is told by every form, whatever else it leaves out.
func TestVantageIsTold(t *testing.T) {
	r := sample(t)
	r.Environment.Vantage = "fra1"
	for name, text := range everyText(t, r) {
		if !strings.Contains(text, "fra1") {
			t.Errorf("%s does not say where it was measured from", name)
		}
	}
}

// What was expected and got is told beside a detail that does not say it, and not twice.
func TestExpectedAndGotAreToldOnce(t *testing.T) {
	for detail, want := range map[string]int{"seen at 127.0.0.1": 1, "wanted  A1B2\n  but there was C3D4, at 127.0.0.1": 1, "A1B2, and something else": 1} {
		r := shaped(t, shape{report.Must, report.Fail, ""})
		r.Results[0].Detail, r.Results[0].Expected, r.Results[0].Got = detail, "A1B2", "C3D4"
		for name, text := range everyText(t, r) {
			if name == "json" || name == string(render.Prometheus) || name == string(render.Badge) || name == string(render.Annotations) {
				continue // the object, numbers, and one line of what there is to say
			}
			if name == string(render.JUnit) { // the message is the first line of the text again
				_, text, _ = strings.Cut(text, "<failure ")
				_, text, _ = strings.Cut(text, `">`)
			}
			if n := strings.Count(text, "C3D4"); n != want {
				t.Errorf("%q: %s tells what was got %d times: %s", detail, name, n, text)
			}
		}
	}
}
