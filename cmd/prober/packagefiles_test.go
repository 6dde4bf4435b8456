package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"prober/files"
	"prober/settings"
)

// What packages hold besides the program tells all of it: a manual page for each command, and each option of serve in the file
// of settings, where the line is what holds without it.
func TestPackageFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if r := runApp(t, nil, "package-files", dir); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	root := (&app{getenv: func(string) string { return "" }}).root()
	var check func(*cobra.Command)
	check = func(cmd *cobra.Command) {
		page, err := os.ReadFile(filepath.Join(dir, "man1", strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1"))
		if !cmd.Hidden && (err != nil || !strings.HasPrefix(string(page), ".TH PROBER")) {
			t.Errorf("%s: %v: %.100s", cmd.CommandPath(), err, page)
		}
		for _, below := range cmd.Commands() {
			check(below)
		}
	}
	check(root)
	for _, name := range []string{"prober.bash", "prober.fish", "_prober"} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.Contains(string(text), "__complete") {
			t.Errorf("%s: %v", name, err)
		}
	}

	text, err := os.ReadFile(filepath.Join(dir, "prober.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "# ") && len(line) > 81 {
			t.Errorf("wider than a terminal: %s", line)
		}
	}
	if all, err := settings.Parse(text); err != nil || len(all) > 0 {
		t.Errorf("as it is made it says %v, %v", all, err)
	}
	lines, err := settings.Parse(regexp.MustCompile(`(?m)^#([a-z0-9.-]+: )`).ReplaceAll(text, []byte("$1")))
	if err != nil {
		t.Fatal(err)
	}
	serve, _, _ := root.Find([]string{"serve"})
	missing := map[string]bool{}
	serve.Flags().VisitAll(func(f *pflag.Flag) { missing[f.Name] = f.Name != configFlag && f.Name != "help" && !f.Hidden })
	defaults := ""
	for _, s := range lines {
		if !missing[s.Name] {
			t.Errorf("%q stands there, which serve does not have or which stands there already", s.Name)
			continue
		}
		missing[s.Name] = false
		if f := serve.Flags().Lookup(s.Name); f.DefValue == s.Values[0] {
			defaults += s.Name + ": " + f.DefValue + "\n"
		} else if s.Values[0] == "" || s.Values[0] != strings.ToUpper(s.Values[0]) {
			t.Errorf("%s: %v is neither what holds without it nor a word in capitals", s.Name, s.Values)
		}
	}
	for name, lacks := range missing {
		if lacks {
			t.Errorf("%q is not there", name)
		}
	}
	c := configFile{}
	if err := c.path.Set(write(t, "prober.yaml", defaults)); err != nil {
		t.Fatal(err)
	}
	if err := c.apply(serve, files.Until(context.Background())); err != nil || strings.Count(defaults, "\n") < 10 {
		t.Errorf("%v, of\n%s", err, defaults)
	}
}
