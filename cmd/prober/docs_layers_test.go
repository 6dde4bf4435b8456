package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// CONTRIBUTING.md says that a package imports only what stands below it there, and that every package has a place. A
// package within a folder of the table has the place of the folder unless it has its own.
func TestPackagesImportWhatStandsBelow(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Which file to open\n")
	section, _, _ = strings.Cut(section, "\n## ")
	places := map[string]int{} // row of a folder; "" is the package at the top
	for i, row := range regexp.MustCompile("(?m)^\\| (`.*?`) \\|").FindAllStringSubmatch(section, -1) {
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[1], -1) {
			folder := strings.TrimSuffix(name[1], "/")
			if path.Ext(folder) == ".go" {
				folder = ""
			}
			if _, twice := places[folder]; twice {
				t.Errorf("%s stands in the table twice", name[1])
			}
			places[folder] = i
		}
	}
	if len(places) < 40 {
		t.Fatalf("%d folders", len(places))
	}
	placeOf := func(folder string) (int, bool) {
		for {
			if at, known := places[folder]; known || !strings.Contains(folder, "/") {
				return at, known
			}
			folder = path.Dir(folder)
		}
	}
	imports := 0
	for importer, imported := range importsOfPackages(t, "../..") {
		at, known := placeOf(importer)
		if !known {
			t.Errorf("%s is in no row of the table in CONTRIBUTING.md", importer)
			continue
		}
		for _, folder := range imported {
			imports++
			if below, known := placeOf(folder); known && below < at {
				t.Errorf("%s imports %s, which stands above it in CONTRIBUTING.md", importer, folder)
			}
		}
	}
	if imports < 200 {
		t.Errorf("only %d imports were seen", imports)
	}
}

// importsOfPackages are the folders of this module that the packages in a folder import, by their own folders, tests aside.
func importsOfPackages(t *testing.T, root string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			_, err := os.Stat(filepath.Join(file, "go.mod"))
			if file != root && (err == nil || strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") { // another module, or no package
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(file))
		if err != nil {
			return err
		}
		folder := strings.TrimPrefix(filepath.ToSlash(rel), ".")
		all[folder] = append(all[folder], []string{}...)
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if name == "prober" {
				all[folder] = append(all[folder], "")
			} else if below, ours := strings.CutPrefix(name, "prober/"); ours {
				all[folder] = append(all[folder], below)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
