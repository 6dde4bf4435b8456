package kubernetes

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is made of other files is what was committed, and nothing else lies beside it.
func TestMadeFilesAreCurrent(t *testing.T) {
	made, err := Made()
	if err != nil {
		t.Fatal(err)
	}
	bases, err := Kustomize()
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(made, bases)
	if *update {
		for path, text := range made {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, text, 0o644); err != nil { //nolint:gosec // of the repository
				t.Fatal(err)
			}
		}
	}
	for path, want := range made {
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what it is made of (%v): run go test . -run Made -update in deploy/kubernetes", path, err)
		}
	}
	for _, folder := range []string{inChart("files/*.yaml"), inChart("files/rules/*"), inChart("files/dashboards/*.json"), filepath.Join(baseDir, "*", "*")} {
		found, err := filepath.Glob(folder)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			t.Errorf("%s is empty", folder)
		}
		for _, path := range found {
			if _, ok := made[path]; !ok {
				t.Errorf("%s is made of nothing any more: remove it", path)
			}
		}
	}
}

// Every value says what it is for, and is in the schema, which knows no others.
func TestEveryValueIsToldAndInTheSchema(t *testing.T) {
	values, err := Values()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(inChart("values.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{"global": true} // Helm's own, which it puts into the values of every chart
	for _, v := range values {
		if v.Meaning == "" {
			t.Errorf("values.yaml does not say what %s is for", v.Path)
		}
		told[v.Path] = true
	}
	if len(told) < 50 {
		t.Errorf("only %d values were looked at", len(told))
	}
	var look func(schema map[string]any, path string)
	look = func(schema map[string]any, path string) {
		members, _ := schema["properties"].(map[string]any)
		if len(members) == 0 || told[path] {
			if !told[path] {
				t.Errorf("the schema has %s, and values.yaml does not", path)
			}
			delete(told, path)
			return
		}
		if schema["additionalProperties"] != false {
			t.Errorf("the schema takes anything in %q", path)
		}
		for name, member := range members {
			look(member.(map[string]any), strings.TrimPrefix(path+"."+name, "."))
		}
	}
	look(schema, "")
	for path := range told {
		t.Errorf("values.yaml has %s, and the schema does not", path)
	}
}
