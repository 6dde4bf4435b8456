package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"prober/report"
)

func encode(t testing.TB, r *report.Report) []byte {
	t.Helper()
	text, err := report.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestEncode(t *testing.T) { golden(t, "report.json", encode(t, sample(t))) }

func TestEncodeIsTheSameInAnyOrder(t *testing.T) {
	r := sample(t)
	want := encode(t, r)
	random := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		random.Shuffle(len(r.Results), func(i, j int) { r.Results[i], r.Results[j] = r.Results[j], r.Results[i] })
		random.Shuffle(len(r.Evidence), func(i, j int) { r.Evidence[i], r.Evidence[j] = r.Evidence[j], r.Evidence[i] })
		before := r.Results[0]
		if got := encode(t, r); !bytes.Equal(got, want) {
			t.Fatal(firstDifference(string(got), string(want)))
		}
		if !reflect.DeepEqual(before, r.Results[0]) {
			t.Fatal("Encode has changed the report")
		}
	}
}

func TestDecodeReadsWhatEncodeWrites(t *testing.T) {
	for name, r := range map[string]*report.Report{"sample": sample(t), "full": full(t, mostly), "empty": empty(t)} {
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

func TestSeconds(t *testing.T) {
	for d, want := range map[time.Duration]struct{ json, text string }{
		0:                       {"0", "0s"},
		time.Nanosecond:         {"0", "0s"},
		1500 * time.Microsecond: {"0.0015", "1.5ms"},
		2 * time.Second:         {"2", "2s"},
		123456789:               {"0.123457", "123.5ms"},
		789 * time.Microsecond:  {"0.000789", "789µs"},
		90 * time.Second:        {"90", "1m30s"},
		-time.Second:            {"-1", "-1s"},
	} {
		s := report.Seconds(d)
		text, err := json.Marshal(s)
		if err != nil || string(text) != want.json {
			t.Errorf("%v: JSON %s (%v), want %s", d, text, err, want.json)
		}
		if got := s.String(); got != want.text && d >= 0 {
			t.Errorf("%v: %s, want %s", d, got, want.text)
		}
		var again report.Seconds
		if err := json.Unmarshal(text, &again); err != nil || time.Duration(again) != d.Round(time.Microsecond) {
			t.Errorf("%v: read again as %v (%v)", d, again, err)
		}
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
		for _, form := range report.Formats() {
			if err := report.Write(new(bytes.Buffer), r, form); err != nil {
				t.Fatalf("%s: %v", form, err)
			}
		}
	})
}

func TestWriteDir(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "for", "it")
	r := sample(t)
	for range 2 { // the second time files are replaced
		if err := report.WriteDir(dir, r); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, _ := e.Info()
		names = append(names, fmt.Sprint(e.Name(), " ", info.Mode().Perm()))
	}
	want := "[junit.xml -rw-r--r-- report.html -rw-r--r-- report.json -rw-r--r-- report.md -rw-r--r--]"
	if fmt.Sprint(names) != want {
		t.Errorf("got %v, want %s", names, want)
	}
	again, err := report.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil || !reflect.DeepEqual(again, r) {
		t.Errorf("the report that was read is not the one that was written (%v)", err)
	}
}

func TestFilesThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken.json")
	if err := os.MkdirAll(filepath.Join(taken, "inside"), 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		report.WriteFile(taken, sample(t), report.JSON),
		report.WriteFile(filepath.Join(dir, "missing", "x.json"), sample(t), report.JSON),
		report.WriteDir(filepath.Join(file, "x"), sample(t)),
	} {
		if err == nil {
			t.Error("no error")
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
	if _, err := report.ReadFile(filepath.Join(dir, "none.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestFormats(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range report.Formats() {
		if got, err := report.ParseFormat(string(f)); err != nil || got != f {
			t.Errorf("%s: %s, %v", f, got, err)
		}
		if name := f.FileName(); name == "" || seen[name] {
			t.Errorf("%s: file name %q", f, name)
		}
		seen[f.FileName()] = true
		var one, two bytes.Buffer
		r := sample(t)
		before := encode(t, r)
		if err := errors.Join(report.Write(&one, r, f), report.Write(&two, r, f)); err != nil || one.String() != two.String() {
			t.Errorf("%s: written twice, it differs (%v)", f, err)
		}
		if !bytes.Equal(before, encode(t, r)) {
			t.Errorf("%s: the writer has changed the report", f)
		}
	}
	if _, err := report.ParseFormat("pdf"); err == nil || !strings.Contains(err.Error(), `unknown report format "pdf": want one of [json junit`) {
		t.Errorf("got %v", err)
	}
	if err := report.Write(new(bytes.Buffer), sample(t), "pdf"); err == nil {
		t.Error("pdf was written")
	}
}
