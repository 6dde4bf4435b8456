package main

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.*)$`)
	anchor  = regexp.MustCompile(`<a (?:id|name)="([^"]+)"`)
	aPath   = regexp.MustCompile("`((?:\\.github|\\.ci|docs|deploy|suites|cmd|probe|report|sandbox|monitor|sdkhosts)/[\\w./-]+\\.\\w+)`")
	code    = regexp.MustCompile("(?ms)^ *```.*?^ *```|`[^`\n]*`")
)

// Every link of every document leads somewhere: to a file that is there, and to a heading in it. Those
// to other sites are only looked at, for nothing here asks the network.
func TestLinks(t *testing.T) {
	all := documents(t)
	n := 0
	for name, text := range all {
		for _, m := range link.FindAllStringSubmatch(code.ReplaceAllString(text, ""), -1) {
			n++
			u, err := url.Parse(m[1])
			switch {
			case err != nil:
				t.Errorf("%s: %v", name, err)
				continue
			case u.Scheme == "https" && strings.Contains(u.Host, "."), u.Scheme == "http" && (u.Hostname() == "127.0.0.1" || strings.HasSuffix(u.Hostname(), ".example.com")):
				continue
			case u.Scheme != "" || u.Host != "":
				t.Errorf("%s: %s is neither a file nor an address over https", name, m[1])
				continue
			}
			target := path.Join(path.Dir(name), u.Path)
			if u.Path == "" {
				target = name
			}
			if _, err := os.Stat(filepath.Join("..", "..", filepath.FromSlash(target))); err != nil {
				t.Errorf("%s: %s leads nowhere", name, m[1])
				continue
			}
			if u.Fragment != "" && !hasHeading(all[target], u.Fragment) {
				t.Errorf("%s: %s has no heading %s", name, target, u.Fragment)
			}
		}
		if name == "CHANGELOG.md" {
			continue // it tells of what is gone, too
		}
		for _, m := range aPath.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join("..", "..", filepath.FromSlash(m[1]))); err != nil && !strings.Contains(m[1], "NAME") {
				t.Errorf("%s: there is no %s", name, m[1])
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d links were found", n)
	}
}

// hasHeading says whether a document has a heading, or an anchor, by that name.
func hasHeading(text, wanted string) bool {
	for _, m := range anchor.FindAllStringSubmatch(text, -1) {
		if m[1] == wanted {
			return true
		}
	}
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		if slug(m[1]) == wanted {
			return true
		}
	}
	return false
}

// slug is the name that GitHub gives a heading.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// The index of the documents names each of them.
func TestIndexNamesEveryDocument(t *testing.T) {
	all := documents(t)
	index, ok := all["docs/README.md"]
	if !ok {
		t.Fatal("there is no index")
	}
	for name := range all {
		below, is := strings.CutPrefix(name, "docs/")
		if is && below != "README.md" && !strings.Contains(index, "]("+below+")") {
			t.Errorf("docs/README.md does not name %s", below)
		}
	}
	for _, file := range []string{"endpoints.schema.json", "report.schema.json", "openapi.json"} {
		if !strings.Contains(index, "]("+file+")") {
			t.Errorf("docs/README.md does not name %s", file)
		}
	}
}
