package render_test

import (
	"encoding/xml"
	"os/exec"
	"strings"
	"testing"

	"prober/catalog"
	"prober/needs"
	"prober/report"
	"prober/report/render"
)

// suites is what a reader of JUnit XML takes from it.
type suites struct {
	Time  string `xml:"time,attr"`
	Suite []struct {
		Case []testcase `xml:"testcase"`
	} `xml:"testsuite"`
}

type testcase struct {
	Name    string `xml:"name,attr"`
	Time    string `xml:"time,attr"`
	Failure *note  `xml:"failure"`
	Error   *note  `xml:"error"`
	Skipped *note  `xml:"skipped"`
}

type note struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

func TestJUnit(t *testing.T) { golden(t, "junit.xml", []byte(write(t, sample(t), render.JUnit))) }

func TestJUnitAgreesWithTheVerdict(t *testing.T) {
	for _, o := range report.Outcomes() {
		for _, level := range report.Levels() {
			for _, life := range []catalog.Lifecycle{catalog.Active, catalog.Closed} {
				r := shaped(t, shape{level, o, life}, shape{report.Must, report.Pass, ""})
				v, err := r.Judge(report.Policy{})
				if err != nil {
					t.Fatal(err)
				}
				red := strings.Count(write(t, r, render.JUnit), "<failure") > 0
				unsure := strings.Count(write(t, r, render.JUnit), "<error") > 0
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
	if text := write(t, known, render.JUnit); strings.Contains(text, "<failure") || !strings.Contains(text, `<skipped message="known failure, since 2026-11-22: seen"`) {
		t.Errorf("a known failure: %s", text)
	}
}

func TestJUnitOfHostileTexts(t *testing.T) {
	text := write(t, spiteful(t), render.JUnit)
	var doc suites
	if err := xml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	c := doc.Suite[1].Case[0]
	// XML 1.0 section 2.2 has no NUL and no ESC at all: they are shown as escapes.
	want := strings.NewReplacer("\x00", `\u0000`, "\x1b", `\u001b`, "\a", `\u0007`, "\xff", "\uFFFD", "\r\n", "\n").Replace(hostile)
	if !strings.Contains(c.Failure.Text, want) || c.Failure.Type != "tls/reset" {
		t.Errorf("got %q", c.Failure.Text)
	}
	if c.Name != "KMS-TLS-02 "+strings.ReplaceAll(want, "\n", " ") {
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
    assert abs(sum(float(c.get("time")) for c in cases) - float(s.get("time"))) < 1e-5, s.attrib
assert abs(sum(float(s.get("time")) for s in r) - float(r.get("time"))) < 1e-5 or float(r.get("time")) == 0, r.attrib
for attribute in "tests", "failures", "errors", "skipped":
    assert sum(int(s.get(attribute)) for s in r) == int(r.get(attribute)), attribute
names = [(c.get("classname"), c.get("name")) for c in r.iter("testcase")]
assert len(names) == len(set(names))
print(r.get("tests"), r.get("failures"), r.get("errors"), r.get("skipped"))
`
	python := needs.Program(t, "python3")
	for _, tt := range []struct {
		r    *report.Report
		want string
	}{
		{sample(t), "8 1 0 5"},
		{spiteful(t), "2 1 1 0"},
		{full(t, mostly), "5100 14 11 686"},
	} {
		cmd := exec.Command(python, "-c", script)
		cmd.Stdin = strings.NewReader(write(t, tt.r, render.JUnit))
		out, err := cmd.CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != tt.want {
			t.Errorf("got %q (%v), want %q", got, err, tt.want)
		}
	}
}
