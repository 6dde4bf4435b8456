package report_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"prober/catalog"
	"prober/probe/reason"
	"prober/report"
)

func write(t testing.TB, r *report.Report, f report.Format) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(&b, r, f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostile is a text from the wire that every format must show as it is.
const hostile = "</script><img src=x onerror=alert(1)> `code` | **bold** @someone [x](http://evil.test) ::error::\r\n::warning::x \"q\" 'a' \\ \x00\x1b]0;t\a\xff ]]>"

// spiteful is a report whose texts are all hostile.
func spiteful(t testing.TB) *report.Report {
	t.Helper()
	header := start()
	header.Environment.Vantage, header.Suite.Version, header.Requirements[1].Text = hostile, hostile, hostile
	header.Endpoints[1].RegionName, header.Endpoints[1].Host = hostile, hostile
	rec := report.NewRecorder(header, nil)
	if err := rec.AddEvidence(report.Evidence{ID: "n", Endpoint: "kms/cn-beijing/public", Kind: report.Noted, Title: hostile, Note: hostile}); err != nil {
		t.Fatal(err)
	}
	rec.Add(report.Result{
		Endpoint: "kms/cn-beijing/public", Requirement: "KMS-TLS-02", Outcome: report.Fail, Reason: reason.TLSReset, Detail: hostile,
		Expected: hostile, Got: hostile, Reproduce: hostile, Evidence: []string{"n"},
	})
	rec.Add(report.Result{Endpoint: "kms/cn-beijing/public", Requirement: "KMS-CHARSET-01", Outcome: report.Inconclusive, Detail: hostile})
	r, err := rec.Report(began)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// suites is what a reader of JUnit XML takes from it.
type suites struct {
	Suite []struct {
		Case []struct {
			Name    string `xml:"name,attr"`
			Failure *struct {
				Message string `xml:"message,attr"`
				Type    string `xml:"type,attr"`
				Text    string `xml:",chardata"`
			} `xml:"failure"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func TestJUnit(t *testing.T) { golden(t, "junit.xml", []byte(write(t, sample(t), report.JUnit))) }

func TestJUnitAgreesWithTheVerdict(t *testing.T) {
	for _, o := range report.Outcomes() {
		for _, level := range report.Levels() {
			for _, life := range []catalog.Lifecycle{catalog.Active, catalog.Closed} {
				r := shaped(t, shape{level, o, life}, shape{report.Must, report.Pass, ""})
				v, err := r.Judge(report.Policy{})
				if err != nil {
					t.Fatal(err)
				}
				red := strings.Count(write(t, r, report.JUnit), "<failure") > 0
				unsure := strings.Count(write(t, r, report.JUnit), "<error") > 0
				if red != (v.ExitCode == 1) || unsure != (v.ExitCode == 3) {
					t.Errorf("%s %s %s: exit code %d, failure %v, error %v", o, level, life, v.ExitCode, red, unsure)
				}
			}
		}
	}
	known := shaped(t, shape{report.Must, report.Fail, ""})
	if _, err := known.Judge(report.Policy{OnlyNew: true, Baseline: shaped(t, shape{report.Must, report.Fail, ""})}); err != nil {
		t.Fatal(err)
	}
	if text := write(t, known, report.JUnit); strings.Contains(text, "<failure") || !strings.Contains(text, `<skipped message="known failure: seen"`) {
		t.Errorf("a known failure: %s", text)
	}
}

func TestJUnitOfHostileTexts(t *testing.T) {
	text := write(t, spiteful(t), report.JUnit)
	var doc suites
	if err := xml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	c := doc.Suite[1].Case[0]
	// XML 1.0 section 2.2 has no NUL and no ESC at all: they are shown as U+FFFD.
	want := strings.NewReplacer("\x00", "\uFFFD", "\x1b", "\uFFFD", "\a", "\uFFFD", "\xff", "\uFFFD").Replace(hostile)
	if !strings.Contains(c.Failure.Text, want) || c.Failure.Type != "tls/reset" {
		t.Errorf("got %q", c.Failure.Text)
	}
	if c.Name != "KMS-TLS-02 "+want {
		t.Errorf("got %q", c.Name)
	}
}

// Python's reader of XML is not ours.
func TestJUnitInPython(t *testing.T) {
	const script = `
import sys, xml.etree.ElementTree as T
r = T.fromstring(sys.stdin.buffer.read())
for s in r:
    cases = s.findall("testcase")
    assert len(cases) == int(s.get("tests")), s.attrib
    for kind, attribute in ("failure", "failures"), ("error", "errors"), ("skipped", "skipped"):
        assert sum(c.find(kind) is not None for c in cases) == int(s.get(attribute)), s.attrib
for attribute in "tests", "failures", "errors", "skipped":
    assert sum(int(s.get(attribute)) for s in r) == int(r.get(attribute)), attribute
names = [(c.get("classname"), c.get("name")) for c in r.iter("testcase")]
assert len(names) == len(set(names))
print(r.get("tests"), r.get("failures"), r.get("errors"), r.get("skipped"))
`
	python := tool(t, "python3")
	for _, tt := range []struct {
		r    *report.Report
		want string
	}{
		{sample(t), "8 1 0 5"},
		{spiteful(t), "2 1 1 0"},
		{full(t, mostly), "5100 14 11 686"},
	} {
		cmd := exec.Command(python, "-c", script)
		cmd.Stdin = strings.NewReader(write(t, tt.r, report.JUnit))
		out, err := cmd.CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != tt.want {
			t.Errorf("got %q (%v), want %q", got, err, tt.want)
		}
	}
}

// tool returns the path of a program, or skips the test.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("PROBER_REQUIRE_TOOLS") == "1" {
			t.Fatalf("needs %s in PATH", name)
		}
		t.Skipf("needs %s in PATH", name)
	}
	return path
}

func TestMarkdown(t *testing.T) {
	golden(t, "report.md", []byte(write(t, sample(t), report.Markdown)))
}

func TestMarkdownFitsIntoAStepSummary(t *testing.T) {
	const limit = 1 << 20
	long := full(t, func(int) report.Outcome { return report.Fail })
	text := write(t, long, report.Markdown)
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
	for line := range strings.Lines(write(t, spiteful(t), report.Markdown)) {
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
	text := write(t, empty(t), report.Markdown)
	if !strings.HasPrefix(text, "## ? Conformance: nothing was selected\n") || strings.Contains(text, "attention") || strings.Contains(text, "Products") {
		t.Errorf("got %s", text)
	}
}

func TestAnnotations(t *testing.T) {
	golden(t, "annotations.txt", []byte(write(t, sample(t), report.Annotations)))
}

func TestAnnotationsAreAtMostTen(t *testing.T) {
	r := full(t, func(n int) report.Outcome {
		if n%7 == 0 {
			return report.Inconclusive
		}
		return report.Fail
	})
	lines := strings.Split(strings.TrimSpace(write(t, r, report.Annotations)), "\n")
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
	text := write(t, spiteful(t), report.Annotations)
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "::error file=endpoints.json,line=160,title=kms/cn-beijing/public%3A 1 requirement broken::") ||
		!strings.HasPrefix(lines[1], "::warning ") || strings.ContainsAny(text, "\r\x00\x1b") {
		t.Errorf("got %q", lines)
	}
	// Without a line to point at, the command points at none.
	r := spiteful(t)
	for i := range r.Endpoints {
		r.Endpoints[i].Line = 0
	}
	if text := write(t, r, report.Annotations); !strings.HasPrefix(text, "::error title=kms/") {
		t.Errorf("got %q", text)
	}
	if text := write(t, shaped(t, shape{report.Must, report.Pass, ""}), report.Annotations); text != "" {
		t.Errorf("a run without findings has something to say: %q", text)
	}
}

func TestBadge(t *testing.T) {
	golden(t, "badge.svg", []byte(write(t, sample(t), report.Badge)))
	for want, r := range map[string]*report.Report{
		">passing<":   shaped(t, shape{report.Must, report.Pass, ""}),
		">undecided<": empty(t),
		">2 failing<": shaped(t, shape{report.Must, report.Fail, ""}, shape{report.Should, report.Fail, ""}),
	} {
		text := write(t, r, report.Badge)
		if !strings.Contains(text, want) {
			t.Errorf("got %s, want %s", text, want)
		}
		for dec := xml.NewDecoder(strings.NewReader(text)); ; {
			if _, err := dec.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Errorf("%s: %v", want, err)
				break
			}
		}
	}
}

func TestTextfile(t *testing.T) {
	golden(t, "prober_conformance.prom", []byte(write(t, sample(t), report.Prometheus)))
}

func TestTextfileWithPromtool(t *testing.T) {
	promtool := tool(t, "promtool")
	for name, r := range map[string]*report.Report{
		"sample": sample(t), "full": full(t, mostly), "hostile": spiteful(t), "empty": empty(t),
	} {
		cmd := exec.Command(promtool, "check", "metrics")
		cmd.Stdin = strings.NewReader(write(t, r, report.Prometheus))
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
}

func TestTextfileIsBounded(t *testing.T) {
	r := full(t, mostly)
	text := write(t, r, report.Prometheus)
	if got, want := strings.Count(text, "\nprober_conformance_failure{"), failing(r); got != want {
		t.Errorf("%d failures, want %d", got, want)
	}
	groups := map[string]bool{}
	for _, e := range r.Endpoints {
		if e.Active() {
			groups[e.Product+e.Region+string(e.Network)] = true
		}
	}
	if got, want := strings.Count(text, "\nprober_conformance_results{"), len(groups)*3*len(report.Outcomes()); got != want {
		t.Errorf("%d counts, want %d", got, want)
	}
	// What was read from the wire is in no label.
	wire := sample(t)
	for i := range wire.Results {
		res := &wire.Results[i]
		res.Detail, res.Expected, res.Got, res.Reproduce = "fromthewire", "fromthewire", "fromthewire", "fromthewire"
	}
	if text := write(t, wire, report.Prometheus); strings.Contains(text, "fromthewire") {
		t.Errorf("got %s", text)
	}
}

func failing(r *report.Report) int {
	active := map[string]bool{}
	for _, e := range r.Endpoints {
		active[e.ID] = e.Active()
	}
	n := 0
	for _, res := range r.Results {
		if res.Outcome == report.Fail && active[res.Endpoint] {
			n++
		}
	}
	return n
}
