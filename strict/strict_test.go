package strict_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"prober/limit"
	"prober/strict"
)

type inner struct {
	N int `json:"n"`
}

type embedded struct {
	Deep string `json:"deep"`
}

type outer struct {
	embedded
	Name string          `json:"name"`
	List []inner         `json:"list,omitempty"`
	Ptr  *inner          `json:"ptr,omitempty"`
	Map  map[string]int  `json:"map,omitempty"`
	Raw  json.RawMessage `json:"raw,omitempty"`
	When time.Time       `json:"when,omitzero"`
	Kept string          `json:"-"`
}

func TestUnmarshal(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"all", `{"name": "a", "list": [{"n": 1}, {"n": 2}], "ptr": {"n": 3}, "map": {"x": 1}, "raw": [null, {"x": {}}], "when": "2026-01-02T00:00:00Z", "deep": "d"}`, ""},
		{"nothing", ` { } `, ""},
		{"no JSON", "{\n\"name\" 1}", "f: line 2: invalid character '1' after object key"},
		{"cut", `{"name": `, "f: line 1: unexpected end of JSON input"},
		{"behind the end", "{}\n{}", "f: line 2: invalid character '{' after top-level value"},
		{"no UTF-8", "{\n\"name\": \"\uFFFD\xff\"}", "f: line 2: byte 0xff is not UTF-8"},
		{"unknown", "{\n\"nam\": 1}", `f: line 2: unknown field "nam"`},
		{"other case", `{"Name": "a"}`, `f: line 1: unknown field "Name"`},
		{"hidden field", `{"Kept": "a"}`, `f: line 1: unknown field "Kept"`},
		{"twice", "{\"name\": \"a\",\n\"name\": \"b\"}", "f: line 2: name: given twice"},
		{"twice in escapes", `{"name": "a", "n\u0061me": "b"}`, "f: line 1: name: given twice"},
		{"twice in a map", `{"map": {"x": 1, "x": 2}}`, "f: line 1: map.x: given twice"},
		{"twice in raw", `{"raw": [{"x": 1, "x": 2}]}`, "f: line 1: raw[0].x: given twice"},
		{"twice among many", `{"map": {"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"o":1,"p":1,"q":1,"r":1,"a":1}}`, "f: line 1: map.a: given twice"},
		{"null", `{"name": null}`, "f: line 1: name: null is no value; leave it out"},
		{"null list", `{"list": null}`, "f: line 1: list: null is no value; leave it out"},
		{"null in a list", "{\"list\": [{\"n\": 1},\n null]}", "f: line 2: list[1]: null is no value; leave it out"},
		{"null pointer", `{"ptr": null}`, "f: line 1: ptr: null is no value; leave it out"},
		{"null time", `{"when": null}`, "f: line 1: when: null is no value; leave it out"},
		{"null map", `{"map": {"x": null}}`, "f: line 1: map.x: null is no value; leave it out"},
		{"null for all", "null", "f: line 1: null is no value; leave it out"},
		{"wrong type", `{"name": 1}`, "f: line 1: json: cannot unmarshal number into Go struct field outer.name of type string"},
		{"several", "{\"x\": {\"y\": 1},\n\"list\": [{\"m\": \"]}\\\"\"}]}", "f: line 1: unknown field \"x\"\nf: line 2: list[0]: unknown field \"m\""},
		{"too deep", `{"raw": ` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, "f: line 1: raw" + strings.Repeat("[0]", 63) + ": more than 64 values inside each other"},
	} {
		var got outer
		err := strict.Unmarshal("f", []byte(tt.text), &got)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || err.Error() != tt.want) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
	text := "[" + strings.TrimSuffix(strings.Repeat(`{"x":1},`, 100), ",") + "]"
	err := strict.Unmarshal("f", []byte(text), new([]inner))
	if lines := strings.Split(err.Error(), "\n"); len(lines) != limit.ShownErrors+1 || lines[len(lines)-1] != "f: and 80 errors more" {
		t.Errorf("%d lines, the last %s", len(lines), lines[len(lines)-1])
	}
}

// What is taken is JSON that encoding/json reads in the same way, and has no field twice; what is
// refused is told with a line that there is.
func FuzzUnmarshal(f *testing.F) {
	for _, seed := range []string{`{"name":"a","raw":[null]}`, `{"list":[{"n":1}],"map":{"\u0061":1,"b":2}}`, `[]`, `null`, `{"name":"a","name":"b"}`, `"\ud800"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got, want outer
		err := strict.Unmarshal("f", data, &got)
		plain := json.Unmarshal(data, &want)
		if err == nil && (plain != nil || !reflect.DeepEqual(got, want)) {
			t.Fatalf("taken: %q: %+v, want %+v (%v)", data, got, want, plain)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "f: ") {
			t.Fatalf("%v", err)
		}
		if _, ok := errors.AsType[*json.SyntaxError](err); utf8.Valid(data) && json.Valid(data) == ok {
			t.Fatalf("valid %v, but %v", !ok, err)
		}
	})
}

func BenchmarkUnmarshal(b *testing.B) {
	data := []byte(`[` + strings.Repeat(`{"name":"something","list":[{"n":1},{"n":2}],"raw":{"x":"y"}},`, 1000) + `{}]`)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if err := strict.Unmarshal("f", data, new([]outer)); err != nil {
			b.Fatal(err)
		}
	}
}
