package report_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/needs"
	"prober/probe/reason"
	"prober/report"
)

const schemaFile = "../docs/report.schema.json"

// schema is the part of JSON Schema, draft 2020-12, that the test looks at.
type schema struct {
	Ref                  string             `json:"$ref"`
	Type                 string             `json:"type"`
	Enum                 []any              `json:"enum"`
	Description          string             `json:"description"`
	Required             []string           `json:"required"`
	AdditionalProperties any                `json:"additionalProperties"`
	Properties           map[string]*schema `json:"properties"`
	Items                *schema            `json:"items"`
	Defs                 map[string]*schema `json:"$defs"`
}

// The schema and the Go types must describe the same file: every field in both, required in
// both or in neither, with the same words where the words are known.
func TestSchemaDescribesTheTypes(t *testing.T) {
	data, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	root := &schema{}
	if err := json.Unmarshal(data, root); err != nil {
		t.Fatal(err)
	}
	describe{t, root}.value(reflect.TypeFor[report.Report](), root, "report")
}

type describe struct {
	*testing.T
	root *schema
}

func (d describe) value(t reflect.Type, s *schema, path string) {
	for s != nil && s.Ref != "" {
		s = d.root.Defs[strings.TrimPrefix(s.Ref, "#/$defs/")]
	}
	if s == nil {
		d.Errorf("%s: the schema does not describe it", path)
		return
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case path == "report.version":
		return // one value is a narrower description than a type
	case t == reflect.TypeFor[json.RawMessage]():
		d.kind(s, "object", path)
	case t == reflect.TypeFor[reason.Seconds]():
		d.kind(s, "number", path)
	case t == reflect.TypeFor[time.Time](), t.Kind() == reflect.String, t.Name() == "Reason":
		d.kind(s, "string", path)
		d.words(t, s, path)
	case t.Kind() == reflect.Struct:
		d.kind(s, "object", path)
		d.object(t, s, path)
	case t.Kind() == reflect.Slice:
		d.kind(s, "array", path)
		d.value(t.Elem(), s.Items, path+"[]")
	case t.Kind() == reflect.Map:
		d.kind(s, "object", path) // of numbers, by words that are not closed
	case t.Kind() == reflect.Bool:
		d.kind(s, "boolean", path)
	default:
		d.kind(s, "integer", path)
	}
}

func (d describe) kind(s *schema, want, path string) {
	if s.Type != want {
		d.Errorf("%s: the schema says %q, the type is %s", path, s.Type, want)
	}
}

// words compares the values of closed lists. A verdict has but some of the outcomes and
// levels.
func (d describe) words(t reflect.Type, s *schema, path string) {
	if strings.HasPrefix(path, "report.verdict.") {
		return
	}
	var want []any
	switch t {
	case reflect.TypeFor[report.Outcome]():
		want = anyOf(report.Outcomes())
	case reflect.TypeFor[report.Level]():
		want = anyOf(report.Levels())
	case reflect.TypeFor[report.EvidenceKind]():
		want = anyOf(report.EvidenceKinds())
	case reflect.TypeFor[report.Mode]():
		want = anyOf(report.Modes())
	case reflect.TypeFor[catalog.Network]():
		want = anyOf(catalog.Networks())
	case reflect.TypeFor[catalog.Lifecycle]():
		want = anyOf(catalog.Lifecycles())
	}
	if !slices.Equal(want, s.Enum) {
		d.Errorf("%s: the schema knows %v, the type %v", path, s.Enum, want)
	}
}

func anyOf[T ~string](words []T) []any {
	var out []any
	for _, w := range words {
		out = append(out, string(w))
	}
	return out
}

func (d describe) object(t reflect.Type, s *schema, path string) {
	if s.AdditionalProperties != false {
		d.Errorf("%s: the schema allows unknown fields", path)
	}
	known := map[string]bool{}
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name == "-" {
			continue // no part of a file
		}
		known[name] = true
		if required := options != "omitempty" && options != "omitzero"; required != slices.Contains(s.Required, name) {
			d.Errorf("%s.%s: required by the type: %v, by the schema: %v", path, name, required, !required)
		}
		if p := s.Properties[name]; p != nil && p.Ref == "" && p.Description == "" && name != "version" {
			d.Errorf("%s.%s: the schema does not say what it is", path, name)
		}
		d.value(t.Field(i).Type, s.Properties[name], path+"."+name)
	}
	for name := range s.Properties {
		if !known[name] {
			d.Errorf("%s: the type has no field %q", path, name)
		}
	}
}

// Python's jsonschema is an implementation that is not ours.
func TestSchemaWithJSONSchema(t *testing.T) {
	const script = `
import json, sys
from jsonschema import Draft202012Validator as V
with open(sys.argv[1], encoding="utf-8") as f:
    schema = json.load(f)
V.check_schema(schema)
for name in sys.argv[2:]:
    with open(name, encoding="utf-8") as f:
        bad = [e.message for e in V(schema).iter_errors(json.load(f))]
    print(bad[0][:200] if bad else "accepted")
`
	python := needs.Program(t, "python3")
	if err := exec.Command(python, "-c", "import jsonschema").Run(); err != nil {
		needs.Missing(t, "needs python3 with the module jsonschema")
	}
	valid := string(encode(t, sample(t)))
	files := map[string]string{"sample": valid, "empty": string(encode(t, empty(t)))}
	for _, change := range [][2]string{
		{`"version": 1`, `"version": 2`},
		{`"outcome":"flaky"`, `"outcome":"shaky"`},
		{`"level":"MUST"`, `"level":"MAY"`},
		{`"mode":"sandbox"`, `"mode":"dry"`},
		{`"skip_reason":"private-network"`, `"skip_reason":"Private network"`},
		{`"reason":"resolve/nxdomain"`, `"reason":"resolve nxdomain"`},
		{`"attempts":2`, `"attempts":0`},
		{`"exit_code":1`, `"exit_code":2`},
		{`"selection": {}`, `"selection": {"colour":"red"}`},
		{`"text":"TLS1.0`, `"texts":"TLS1.0`},
		{`"url":"https:`, `"url":"ftp:`},
		{`"evidence": [`, `"evidences": [`},
		{`"skipped":{"private-network":1}`, `"skipped":{"private-network":"1"}`},
	} {
		text := strings.Replace(valid, change[0], change[1], 1)
		if text == valid {
			t.Fatalf("%s is not in the report", change[0])
		}
		files[change[1]] = text
		// What the schema rejects, the program rejects too.
		if _, err := report.Decode("r.json", []byte(text)); err == nil {
			t.Errorf("Decode accepts %s", change[1])
		}
	}
	dir := t.TempDir()
	args := []string{"-c", script, schemaFile}
	var names []string
	for name, text := range files {
		path := filepath.Join(dir, fmt.Sprintf("%d.json", len(names)))
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		names, args = append(names, name), append(args, path)
	}
	out, err := exec.Command(python, args...).Output()
	if err != nil {
		t.Fatalf("python3: %v", err)
	}
	for i, verdict := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		accepted := verdict == "accepted"
		if want := !strings.Contains(names[i], `"`); accepted != want {
			t.Errorf("%s: %s", names[i], verdict)
		}
	}
}
