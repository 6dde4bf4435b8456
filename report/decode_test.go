package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

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
			t.Errorf("%s: %s", name, firstDifference(string(got), string(text)))
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

func FuzzDecode(f *testing.F) {
	f.Add(encode(f, sample(f)))
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
			t.Fatal(firstDifference(string(got), string(text)))
		}
		// Every writer takes every valid report.
		for _, form := range render.Formats() {
			if err := render.Write(new(bytes.Buffer), r, form); err != nil {
				t.Fatalf("%s: %v", form, err)
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
