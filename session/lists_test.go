package session_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	endpoints "prober"
	"prober/files"
	"prober/session"
)

// folder makes a folder of lists.
func folder(t *testing.T, of map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range of {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLoadLists(t *testing.T) {
	dir := folder(t, map[string]string{
		"a.yaml": "endpoints:\n- https://a.example", "b.json": `[{"targets": ["https://b.example"]}]`, ".c.yaml": "no", "d.txt": "no", "e.yml": "endpoints: [https://e.example]",
	})
	same := folder(t, map[string]string{"a.yaml": "endpoints:\n\n- https://a.example"})
	empty := folder(t, nil)
	for name, tt := range map[string]struct {
		lists session.Lists
		want  string // the ids beyond the built-in ones, or the error
	}{
		"none":           {nil, ""},
		"a file":         {session.Lists{dir + "/a.yaml"}, "a/default/public/a.example"},
		"a folder":       {session.Lists{dir}, "a/default/public/a.example b/default/public/b.example e/default/public/e.example"},
		"all":            {session.Lists{session.BuiltIn, dir + "/e.yml"}, "e/default/public/e.example"},
		"twice":          {session.Lists{dir, same}, same + `/a.yaml:3: endpoint "a/default/public/a.example" is listed twice, first in ` + dir + `/a.yaml:2`},
		"two wrong":      {session.Lists{dir + "/d.txt", dir + "/.c.yaml"}, dir + "/d.txt:1: this is a text and no list"},
		"no lists":       {session.Lists{empty}, "--endpoints: " + empty + ": the folder has no file that ends in .json, .yaml or .yml"},
		"not there":      {session.Lists{empty + "/x"}, "--endpoints: " + empty + "/x: no such file or directory"},
		"with a comma":   {session.Lists{empty + "/x,y"}, "--endpoints: " + empty + "/x,y: no such file or directory; give the flag once for each file"},
		"built-in twice": {session.Lists{session.BuiltIn, session.BuiltIn}, `endpoints.json:`},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := session.LoadLists(files.Reader{}, tt.lists, endpoints.Endpoints())
			if err != nil {
				if !strings.HasPrefix(err.Error(), tt.want) || tt.want == "" {
					t.Errorf("got  %v\nwant %s", err, tt.want)
				}
				return
			}
			var ids []string
			for _, e := range c.Endpoints {
				if p, _ := c.Product(e.Product); p.Provider == "own" {
					ids = append(ids, e.ID)
				}
			}
			if got := strings.Join(ids, " "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// An endpoint that says its scheme, its path and its Host is asked so, whatever is selected.
func TestTargetsOfOwnEndpoints(t *testing.T) {
	dir := folder(t, map[string]string{"a.yaml": "endpoints: ['http://a.example:8080/x?y', {host: b.example}]"})
	c, err := choose(t, "-endpoints", dir, "-scheme", "all")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, target := range c.Targets() {
		got = append(got, string(target.Scheme)+"://"+target.Authority+target.Path)
	}
	if want := "http://a.example:8080/x?y https:// http://"; strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
