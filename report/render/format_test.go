package render_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"prober/files"
	"prober/report"
	"prober/report/render"
)

func TestWriteDir(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "for", "it")
	r := sample(t)
	for range 2 { // the second time files are replaced
		if err := render.WriteDir(dir, r); err != nil {
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
	again, err := report.ReadFile(files.Reader{}, filepath.Join(dir, "report.json"))
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
		render.WriteFile(taken, sample(t), render.JSON),
		render.WriteFile(filepath.Join(dir, "missing", "x.json"), sample(t), render.JSON),
		render.WriteDir(filepath.Join(file, "x"), sample(t)),
	} {
		if err == nil {
			t.Error("no error")
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
	if _, err := report.ReadFile(files.Reader{}, filepath.Join(dir, "none.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestFormats(t *testing.T) {
	seen := map[render.Format]bool{}
	for _, f := range render.Formats() {
		if got, err := render.ParseFormat(string(f)); err != nil || got != f {
			t.Errorf("%s: %s, %v", f, got, err)
		}
		if seen[f] {
			t.Errorf("%s is listed twice", f)
		}
		seen[f] = true
		var one, two bytes.Buffer
		r := sample(t)
		before := encode(t, r)
		if err := errors.Join(render.Write(&one, r, f), render.Write(&two, r, f)); err != nil || one.String() != two.String() {
			t.Errorf("%s: written twice, it differs (%v)", f, err)
		}
		if !bytes.Equal(before, encode(t, r)) {
			t.Errorf("%s: the writer has changed the report", f)
		}
	}
	if _, err := render.ParseFormat("pdf"); err == nil || !strings.Contains(err.Error(), `unknown report format "pdf": want one of json, junit`) {
		t.Errorf("got %v", err)
	}
	if err := render.Write(new(bytes.Buffer), sample(t), "pdf"); err == nil {
		t.Error("pdf was written")
	}
}
