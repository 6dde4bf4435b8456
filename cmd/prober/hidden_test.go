package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"prober/catalog"
	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
	"prober/report"
	"prober/report/render"
)

// planted are characters that a terminal obeys, that turn text around, and that hide.
const planted = "\x1b[31m\x07\u009b2J\x7f\u202etxt\u2066\u2069\u200b\ufeff\u2028\u2029\U000e0041\u034f"

// showsHidden finds a planted character, or a byte that is none, in what a command wrote.
func showsHidden(text string) string {
	for i, r := range text {
		if r != '\n' && r != '\t' && strings.ContainsRune(planted, r) && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || r == '\u034f') || r == '\r' {
			return fmt.Sprintf("%+q in %+q", r, text[max(0, i-40):min(len(text), i+40)])
		}
	}
	if !utf8.ValidString(text) {
		return "bytes that are no UTF-8"
	}
	return ""
}

// plantedReport is a report of somebody else, all of whose free texts are planted.
func plantedReport(t *testing.T) *report.Report {
	t.Helper()
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	id := "kms/" + strings.Join(strings.Fields(planted), "") + "/public"
	rec := report.NewRecorder(report.Report{
		Tool:        report.Tool{Name: planted, Version: planted, Go: planted},
		Environment: report.Environment{Mode: report.Live, Vantage: planted, OS: planted, Resolvers: []string{planted}, Faults: []string{planted}, Command: planted},
		Catalogue:   report.Catalogue{File: planted, Digest: planted}, Suite: report.Suite{Name: planted, Version: planted},
		Selection: report.Selection{LabelFilter: planted}, AsOf: at, Started: at,
		Requirements: []report.Requirement{
			{ID: "KMS-TLS-01", Level: report.Must, Group: planted, Text: planted, Source: planted, Rationale: planted, Rules: []string{planted}},
			{ID: "KMS-TLS-02", Level: report.Must, Group: planted, Text: planted},
			{ID: "KMS-TLS-03", Level: report.Must, Group: planted, Text: planted},
		},
		Endpoints: []report.Endpoint{{ID: id, Product: planted, Region: planted, RegionName: planted, Network: catalog.Public, Host: planted, Line: 3}},
	}, nil)
	if err := rec.AddEvidence(report.Evidence{ID: "x" + id, Endpoint: id, Kind: report.Exchanged, Title: planted, Exchange: &report.Exchange{
		Sent: report.Wire{Text: planted + "\r\n", Bytes: 1}, Received: report.Wire{Text: planted, Bytes: 1},
	}}); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(probe.Observation{Endpoint: catalog.Endpoint{ID: id, Host: planted}, Scheme: catalog.HTTPS, Outcome: reason.Fail, Reason: reason.TLSReset, Detail: planted, Reproduce: planted})
	if err != nil {
		t.Fatal(err)
	}
	if err := rec.AddEvidence(report.Evidence{ID: "y", Endpoint: id, Kind: report.Observed, Title: planted, Observation: raw}); err != nil {
		t.Fatal(err)
	}
	for q, o := range map[string]report.Outcome{"KMS-TLS-01": report.Fail, "KMS-TLS-02": report.Inconclusive, "KMS-TLS-03": report.Waived} {
		rec.Add(report.Result{
			Endpoint: id, Requirement: q, Outcome: o, Reason: reason.TLSReset, Detail: planted + "\n$ " + planted, Expected: planted, Got: planted,
			Reproduce: planted, Evidence: []string{"x" + id, "y"},
		})
	}
	r, err := rec.Report(at.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// plantedList is a list of somebody else with planted names; wrong makes it one that is refused.
func plantedList(t *testing.T, wrong bool) string {
	t.Helper()
	c := &catalog.Catalog{
		SchemaVersion: catalog.SchemaVersion, Sources: []catalog.Source{{ID: "own", Title: planted}},
		Regions:  []catalog.Region{{ID: "here", Provider: "us", Name: planted}},
		Products: []catalog.Product{{ID: "shop", Name: planted, Provider: "us", APIStyle: catalog.StyleNone}},
		Endpoints: []catalog.Endpoint{{
			ID: "shop/here/public", Product: "shop", Region: "here", Network: catalog.Public, Host: "shop.example", Note: planted, Sources: []string{"own"},
		}},
	}
	if wrong {
		c.Endpoints[0].Host, c.Sources[0].ID, c.Endpoints[0].ID = planted, planted, planted
	}
	return write(t, "list"+strings.ReplaceAll(planted, "/", "")+".json", string(catalog.Encode(c)))
}

// Nothing that a server or somebody's file says reaches a terminal as it is, by whatever command
// and in whatever form.
func TestNothingHiddenIsShown(t *testing.T) {
	const odd = "odd" + planted
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = []string{"text/" + strings.NewReplacer("\r", "", "\n", "").Replace(odd)}
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, odd)
	})}
	go server.Serve(l)
	defer server.Close()
	var text bytes.Buffer
	if err := render.Write(&text, plantedReport(t), render.JSON); err != nil {
		t.Fatal(err)
	}
	// Somebody else's program escapes nothing.
	var raw any
	if err := json.Unmarshal(text.Bytes(), &raw); err != nil {
		t.Fatal(err)
	}
	var unescaped bytes.Buffer
	enc := json.NewEncoder(&unescaped)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(raw); err != nil {
		t.Fatal(err)
	}
	if showsHidden(unescaped.String()) == "" {
		t.Fatal("nothing is planted")
	}
	theirs, list, wrong := write(t, "r.json", unescaped.String()), plantedList(t, false), plantedList(t, true)
	broken := write(t, planted+".json", planted)
	dir := t.TempDir()
	runs := [][]string{
		{"check", "--allow-private", "http://" + l.Addr().String() + "/" + "x"},
		{"check", "--allow-private", "--output", "json", "http://" + l.Addr().String()},
		{"check", planted},
		{"check", "https://" + planted + "/"},
		{"check", "--endpoints", broken},
		{"check", "--scheme", planted},
		{"check", "--region", planted},
		{"check", "--output", planted},
		{"check", "--sandbox", "--fault", planted + "=" + planted},
		{"check", "--ca-file", broken},
		{"check", "--nosuch" + planted},
		{planted},
		{"endpoints", "list", "--endpoints", list},
		{"endpoints", "list", "--endpoints", list, "--output", "json"},
		{"endpoints", "validate", list},
		{"endpoints", "validate", wrong},
		{"endpoints", "diff", list},
		{"endpoints", "diff", list, "--output", "json"},
		{"explain", planted},
		{"report", "render", broken},
		{"report", "render", "--format", planted, theirs},
		{"report", "compare", theirs, theirs},
		{"conformance", "--baseline", broken},
		{"conformance", "--waivers", broken},
		{"conformance", "--label-filter", planted},
		{"conformance", "--list", "--endpoints", list},
		{"serve", "--sandbox", "--shard", planted},
		{"sandbox", "--dir", broken},
	}
	for _, f := range render.Formats() {
		runs = append(runs, []string{"report", "render", "--format", string(f), theirs})
		runs = append(runs, []string{"report", "render", "--format", string(f), "--file", filepath.Join(dir, string(f)), theirs})
	}
	said := 0
	for _, args := range runs {
		r := runApp(t, nil, args...)
		if slices.Contains(args, "json") && !slices.Contains(args, "--file") && !json.Valid([]byte(r.stdout)) {
			t.Errorf("%+q writes no JSON: %.300q", args, r.stdout)
		}
		for _, text := range []string{r.stdout, r.stderr} {
			if found := showsHidden(text); found != "" {
				t.Errorf("%+q shows %s", args, found)
			}
			said += strings.Count(strings.ReplaceAll(text, `\\`, `\`), "u202e")
		}
	}
	if said < len(runs)/2 {
		t.Errorf("the planted text is told %d times, too few for this test to see anything", said)
	}
	for _, f := range render.Formats() {
		text, err := os.ReadFile(filepath.Join(dir, string(f)))
		if err != nil {
			t.Fatal(err)
		}
		if found := showsHidden(string(text)); found != "" {
			t.Errorf("a file of format %s shows %s", f, found)
		}
	}
}

// Nor by the table in colour, which goes to the terminal by itself, nor by the console's report.
func TestNothingHiddenInColour(t *testing.T) {
	o := probe.Observation{Endpoint: catalog.Endpoint{ID: planted}, Outcome: reason.Fail, Reason: reason.TLSReset, Detail: planted, Reproduce: planted}
	var b strings.Builder
	if err := writeTable(&b, []probe.Observation{o}, true); err != nil {
		t.Fatal(err)
	}
	ours := strings.NewReplacer("\x1b[31;1m", "", "\x1b[0m", "")
	if found := showsHidden(ours.Replace(b.String())); found != "" {
		t.Errorf("the table shows %s", found)
	}
	b.Reset()
	r := plantedReport(t)
	if err := render.Console(&b, r, nil); err != nil {
		t.Fatal(err)
	}
	if found := showsHidden(b.String()); found != "" {
		t.Errorf("the console shows %s", found)
	}
}

// However long what somebody gives is, no line for people is, and there are not many of one
// mistake.
func TestLinesAreCut(t *testing.T) {
	long := strings.Repeat("x", 60_000)
	many := strings.TrimSuffix(strings.Repeat("nowhere,", 5000), ",")
	broken := write(t, "list.json", `{"`+long+`": 1, "schema_version": 1`+strings.Repeat(`, "`+long[:9000]+`": 1`, 100)+`}`)
	for _, args := range [][]string{
		{long},
		{"check", long},
		{"check", "--" + long},
		{"check", "--sandbox", "--region", many},
		{"check", "--sandbox", "--product", long},
		{"check", "--scheme", long},
		{"check", "--fault", long, "--sandbox"},
		{"check", "--fault", "*=" + long, "--sandbox"},
		{"check", "--latency", long, "--sandbox"},
		{"check", "--resolver", long},
		{"check", "--control", long},
		{"check", "--address", long, "https://a.example"},
		{"check", "--world", long},
		{"check", "--inside", long},
		{"check", "--endpoints", long},
		{"check", "ftp://" + long},
		{"check", "--address", "127.0.0.1", "--allow-private", "--timeout", "1s", "http://a.example:1/" + long},
		{"endpoints", "validate", broken},
		{"explain", long},
		{"report", "render", long},
		{"report", "render", "--format", long, broken},
		{"conformance", "--baseline", long},
		{"conformance", "--label-filter", long},
		{"conformance", "--waivers", long},
		{"conformance", "--report-dir", long},
		{"conformance", "--as-of", long},
		{"serve", "--sandbox", "--shard", long},
		{"sandbox", "--fault", long},
	} {
		r := runApp(t, nil, args...)
		lines := strings.Split(strings.TrimSuffix(r.stdout+r.stderr, "\n"), "\n")
		if len(lines) > limit.ShownErrors+1 || r.code == 0 {
			t.Errorf("%.80q: %d lines, code %d", args, len(lines), r.code)
		}
		for _, line := range lines {
			if len(line) > limit.ShownCommand+20 || len(line) > 2*limit.ShownLine && !strings.HasPrefix(line, "    ") {
				t.Errorf("%.80q: a line of %d bytes: %.200s", args, len(line), line)
			}
		}
	}
}
