package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// TestOneApostrophe: texts for people have one apostrophe, so that whoever searches for a sentence finds it in program, page and document.
func TestOneApostrophe(t *testing.T) {
	curly := regexp.MustCompile(`\pL\x{2019}(\pL|\PL)`)
	quoted := regexp.MustCompile(`\x{2018}[^\x{2019}\n]*\x{2019}`)
	seen := 0
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if slices.Contains([]string{".git", "testdata", "node_modules"}, d.Name()) {
				return filepath.SkipDir
			}
			return nil
		case !slices.Contains([]string{".go", ".html", ".js", ".md", ".yml", ".yaml", ".tmpl"}, filepath.Ext(path)):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		seen++
		if at := curly.Find(quoted.ReplaceAll(text, nil)); at != nil {
			t.Errorf("%s: %q, want '", path, at)
		}
		return nil
	})
	if err != nil || seen < 500 {
		t.Errorf("%d files were read: %v", seen, err)
	}
}
