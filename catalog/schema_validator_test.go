package catalog_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"

	"prober/needs"
)

// verdicts asks Python's jsonschema, an implementation that is not ours, which of the
// files the schema accepts. A file that is no JSON has the verdict "unreadable".
func verdicts(t *testing.T, schema string, files []string) map[string]string {
	t.Helper()
	const script = `
import json, sys
from jsonschema import Draft202012Validator as V
with open(sys.argv[1], encoding="utf-8") as f:
    schema = json.load(f)
V.check_schema(schema)
out = {}
for name in sys.argv[2:]:
    try:
        with open(name, encoding="utf-8") as f:
            value = json.load(f)
    except ValueError:
        out[name] = "unreadable"
        continue
    out[name] = "rejected" if any(V(schema).iter_errors(value)) else "accepted"
print(json.dumps(out))
`
	python := ""
	for _, name := range []string{"python3", "/usr/bin/python3"} { // the module is often the system's alone
		if python == "" && exec.Command(name, "-c", "from jsonschema import Draft202012Validator").Run() == nil {
			python = name
		}
	}
	if python == "" {
		needs.Missing(t, "needs python3 with the module jsonschema")
	}
	var stderr bytes.Buffer
	cmd := exec.Command(python, append([]string{"-c", script, schema}, files...)...)
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3: %v\n%s", err, stderr.Bytes())
	}
	out := map[string]string{}
	if err := json.Unmarshal(stdout, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSchemaWithJSONSchema(t *testing.T) {
	want := map[string]string{
		filepath.Join("..", "endpoints.json"):         "accepted",
		filepath.Join("testdata", "valid-small.json"): "accepted",
		filepath.Join("testdata", "valid-full.json"):  "accepted",
	}
	for name, tt := range invalidFiles() {
		// A second value of a key is lost on programs that read JSON into maps, and
		// uniqueness and references are beyond a schema.
		want[filepath.Join("testdata", "invalid-"+name+".json")] = map[schemaVerdict]string{
			notJSON: "unreadable", seen: "rejected", beyond: "accepted",
		}[tt.schema]
	}
	var files []string
	for f := range want {
		files = append(files, f)
	}
	got := verdicts(t, filepath.Join("..", "docs", "endpoints.schema.json"), files)
	for f, w := range want {
		if got[f] != w {
			t.Errorf("%s is %s, want %s", f, got[f], w)
		}
	}
}
