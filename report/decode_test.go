package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"prober/goldenfile"
	"prober/report"
	"prober/report/render"
)

func TestDecodeReadsWhatEncodeWrites(t *testing.T) {
	for name, r := range map[string]*report.Report{"sample": sample(t), "empty": empty(t)} {
		text := encode(t, r)
		if !json.Valid(text) {
			t.Fatalf("%s: no JSON", name)
		}
		again, err := report.Decode("report.json", text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := encode(t, again); !bytes.Equal(got, text) {
			t.Errorf("%s: %s", name, goldenfile.FirstDifference(string(got), string(text)))
		}
		if name == "sample" && !reflect.DeepEqual(again, r) {
			t.Error("the report that was read is not the one that was written")
		}
	}
}

// empty is the report of a run that selected nothing.
func empty(t testing.TB) *report.Report {
	t.Helper()
	header := start()
	header.Requirements, header.Endpoints = nil, nil
	r, err := report.NewRecorder(header, nil).Report(began)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDecodeSorts(t *testing.T) {
	want := encode(t, sample(t))
	lines := strings.Split(string(want), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, `    {"endpoint":"ecs/default/public"`) {
			lines[i], lines[i+1] = lines[i+1], lines[i]
			break
		}
	}
	r, err := report.Decode("r.json", []byte(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	if r.Results[0].Endpoint != "ecs/default/public" || strings.Join(lines, "\n") == string(want) {
		t.Errorf("first comes %+v", r.Results[0])
	}
}

func TestDecodeIsStrict(t *testing.T) {
	valid := string(encode(t, sample(t)))
	for name, tt := range map[string]struct {
		old, new, want string
	}{
		"no JSON":           {`"version"`, `version`, "r.json: line 3: invalid character"},
		"wrong type":        {`"version":1`, `"version":"1"`, "cannot unmarshal string"},
		"type deep within":  {`"attempts":2`, `"attempts":"2"`, "r.json: line 33: json: cannot unmarshal string"},
		"unknown field":     {`"summary"`, `"sumary": {}, "summary"`, `unknown field "sumary"`},
		"unknown deeper":    {`"skip_reason"`, `"skip_raison"`, `unknown field "skip_raison"`},
		"other case":        {`"results":`, `"Results":`, `unknown field "Results"`},
		"twice":             {`"results":`, "\"results\": [],\n\"results\":", "results: given twice"},
		"twice deep within": {`"attempts":2`, `"attempts":2,"attempts":1`, "r.json: line 33: results[6].attempts: given twice"},
		"null list":         {`"evidence": [`, `"evidence": null, "x": [`, "evidence: null is no value"},
		"unknown reason":    {`"resolve/nxdomain"`, `"resolve/nodomain"`, `unknown reason "resolve/nodomain"`},
		"trailing":          {"\n}\n", "\n}\n{}", "invalid character '{' after top-level value"},
		"no version":        {`"version": 1,`, ``, "no report: it has no version"},
		"not valid":         {`"outcome":"flaky"`, `"outcome":"shaky"`, `unknown outcome "shaky"`},
		"null":              {valid, "null", "no report: it has no version"},
		"empty":             {valid, "", "unexpected end of JSON input"},
		"duration too long": {`"duration_seconds":0.0015`, `"duration_seconds":1e300`, "1e300 seconds are too many"},
	} {
		text := strings.Replace(valid, tt.old, tt.new, 1)
		if text == valid {
			text = strings.Replace(valid, strings.Replace(tt.old, ":", ": ", 1), tt.new, 1)
		}
		if text == valid {
			t.Fatalf("%s: nothing was replaced", name)
		}
		_, err := report.Decode("r.json", []byte(text))
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "r.json: ") {
			t.Errorf("%s: got error %v, want %q", name, err, tt.want)
		}
	}
}

func TestDecodeOtherVersion(t *testing.T) {
	// A newer report is told from a broken one even where its fields are not ours.
	_, err := report.Decode("r.json", []byte(`{"version": 2, "novel": true}`))
	if !errors.Is(err, report.ErrVersion) || !strings.Contains(err.Error(), "version 2: this program reads version 1") {
		t.Errorf("got %v", err)
	}
}

// small is a report of one result with one piece of evidence, for fuzzing: it is read often.
func small(t testing.TB) []byte {
	t.Helper()
	rec := report.NewRecorder(report.Report{
		Tool: report.Tool{Name: "t"}, Environment: report.Environment{Mode: report.Live}, Catalogue: report.Catalogue{Digest: "d"}, AsOf: began, Started: began,
		Requirements: []report.Requirement{{ID: "Q-TLS-01", Level: report.Must, Group: "tls", Text: "t"}},
		Endpoints:    []report.Endpoint{{ID: "e", Product: "p", Region: "r", Network: "public", Host: "h"}},
	}, nil)
	if err := rec.AddEvidence(report.Evidence{ID: "v", Endpoint: "e", Kind: report.Exchanged, Exchange: &report.Exchange{Sent: report.Wire{Text: "GET", Hex: "47", Bytes: 3}}}); err != nil {
		t.Fatal(err)
	}
	rec.Add(report.Result{Endpoint: "e", Requirement: "Q-TLS-01", Outcome: report.Fail, Detail: "d", Evidence: []string{"v"}})
	r, err := rec.Report(began)
	if err != nil {
		t.Fatal(err)
	}
	return encode(t, r)
}

// What is read is written, and read again as the same.
func FuzzDecode(f *testing.F) {
	f.Add(small(f))
	f.Add(encode(f, empty(f)))
	f.Add([]byte(`{"version":1,"results":[{"endpoint":"a"}],"evidence":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := report.Decode("fuzz", data)
		if err != nil {
			return
		}
		text := encode(t, r)
		again, err := report.Decode("again", text)
		if err != nil {
			t.Fatalf("what was written is refused: %v\n%s", err, text)
		}
		if got := encode(t, again); !bytes.Equal(got, text) {
			t.Fatal(goldenfile.FirstDifference(string(got), string(text)))
		}
	})
}

// Every writer takes every valid report, and shows no character that hides.
func FuzzRender(f *testing.F) {
	f.Add("d", "h", "GET", byte(0))
	f.Add("\u202ed\x1b", "\x00\xff", "]]>\r\n$ x", byte(1))
	f.Add("`|<&", "::error::", "", byte(5))
	r, err := report.Decode("small", small(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, detail, host, wire string, o byte) {
		r := *r
		r.Endpoints, r.Results = slices.Clone(r.Endpoints), slices.Clone(r.Results)
		r.Evidence = []report.Evidence{{ID: "v", Endpoint: "e", Kind: report.Exchanged, Title: host, Exchange: &report.Exchange{Sent: report.Wire{Text: wire, Bytes: 1}}}}
		r.Endpoints[0].Host, r.Endpoints[0].Region = host, host
		res := &r.Results[0]
		res.Outcome, res.Attempts = report.Outcomes()[int(o)%len(report.Outcomes())], 2
		res.Detail, res.Expected, res.Got, res.Reproduce = detail, host, wire, wire
		for _, form := range render.Formats() {
			var b bytes.Buffer
			if err := render.Write(&b, &r, form); err != nil {
				t.Fatalf("%s: %v", form, err)
			}
			if i := bytes.IndexFunc(b.Bytes(), hides); i >= 0 || !utf8.Valid(b.Bytes()) {
				t.Fatalf("%s shows %+q", form, b.Bytes()[max(0, i-20):min(b.Len(), i+20)])
			}
		}
	})
}

func hides(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp))
}

// What is read is a list of as many waivers as there are objects in it.
func FuzzReadWaivers(f *testing.F) {
	f.Add([]byte(`[{"endpoint":"e","requirement":"q","why":"w","expires":"2026-12-31"}]`))
	f.Add([]byte(`[ {"endpoint":"e"}, null]`))
	f.Add([]byte(`[{"why":"w","why":"v"}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := report.ReadWaivers("w", data, began, func(q, e string) (string, []string, error) { return q, []string{e}, nil })
		if err != nil {
			if !strings.HasPrefix(err.Error(), "w: ") {
				t.Fatal(err)
			}
			return
		}
		var plain []map[string]string
		if err := json.Unmarshal(data, &plain); err != nil || len(plain) != len(list) {
			t.Fatalf("%q is read as %d waivers (%v)", data, len(list), err)
		}
		for _, w := range plain {
			if len(w) != 4 || w["endpoint"] == "" || w["requirement"] == "" || w["why"] == "" || w["expires"] == "" {
				t.Fatalf("%q lacks something", data)
			}
		}
	})
}

// A report cannot be rendered as anything but what its results come to.
func TestDecodeDoubtsTheVerdict(t *testing.T) {
	r := sample(t)
	r.Verdict.Outcome, r.Verdict.ExitCode, r.Verdict.Text, r.Verdict.Failures = report.Pass, 0, "nothing failed", 0
	_, err := report.Decode("r.json", encode(t, r))
	if err == nil || strings.Count(err.Error(), "\n") > 0 || !strings.HasPrefix(err.Error(), `r.json: verdict: says "pass" with exit code 0, but the results come to "fail"`) {
		t.Errorf("got %v", err)
	}
	// Words and numbers that claim too much are put right.
	r = sample(t)
	want := *r.Verdict
	r.Verdict.Text, r.Verdict.Failures, r.Verdict.Verified = "nothing failed", 0, 5000
	again, err := report.Decode("r.json", encode(t, r))
	if err != nil || *again.Verdict != want {
		t.Errorf("got %+v (%v), want %+v", again.Verdict, err, want)
	}
	// No writer believes it either.
	r.Verdict.Outcome, r.Verdict.ExitCode = report.Pass, 0
	for _, f := range []render.Format{render.Markdown, render.HTML, render.Badge, render.Prometheus} {
		if text := write(t, r, f); text != write(t, sample(t), f) {
			t.Errorf("%s shows a verdict that the results do not come to", f)
		}
	}
}
