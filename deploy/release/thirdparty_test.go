package release

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"prober/needs"
)

var update = flag.Bool("update", false, "write THIRD-PARTY.txt")

// thirdParty is what every file of a release that holds the program holds too: whoever passes on what is built of others'
// sources passes on their licences.
const thirdParty = "THIRD-PARTY.txt"

// licence matches the names of files that have to go with a program.
var licence = regexp.MustCompile(`(?i)^(licen[cs]e|notice|copying|copyright)([-._].*)?$`)

// The licences are those of everything that is linked on any system.
func TestThirdParty(t *testing.T) {
	needs.Patience(t, "asks Go for all packages of the program, for each system")
	texts := map[string][]string{} // by text: what has it
	found := map[string]bool{}     // modules, and files by what has them
	take := func(name, dir string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			has := path.Join(name, e.Name())
			if e.IsDir() || filepath.Ext(e.Name()) == ".go" || !licence.MatchString(e.Name()) || found[has] {
				continue
			}
			b, err := os.ReadFile(filepath.Join(dir, e.Name())) //nolint:gosec // of Go's cache of modules
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Trim(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n")
			found[has], texts[text] = true, append(texts[text], has)
		}
	}
	take("Go", strings.TrimSpace(asked(t, "linux", "env", "GOROOT")))
	modules := map[string]bool{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		for line := range strings.Lines(asked(t, system, "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}", "./cmd/prober")) {
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			field := strings.Split(line, "\t")
			module, root, dir := field[0], field[1], field[2]
			modules[module] = true
			// Parts of a module may be somebody else's again.
			for ; strings.HasPrefix(dir, root); dir = filepath.Dir(dir) {
				take(path.Join(module, filepath.ToSlash(strings.TrimPrefix(dir, root))), dir)
			}
		}
	}
	for m := range modules {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(found)), func(has string) bool { return path.Dir(has) == m }) {
			t.Errorf("%s says nowhere under which licence it is", m)
		}
	}
	if len(modules) < 20 {
		t.Errorf("only %d modules were found", len(modules))
	}

	var b bytes.Buffer
	fmt.Fprint(&b, "What the programs of prober are made of besides its own sources, and the licences of that. The program of one system has most of\nit, and need not have all. Time zones are in it as well, which are in the public domain.\n\nWritten by \"PROBER_REQUIRE_TOOLS=1 go test ./deploy/release -run ThirdParty -update\".\n")
	first := map[string]string{}
	for text, of := range texts {
		slices.Sort(of)
		first[of[0]] = text
	}
	for _, name := range slices.Sorted(maps.Keys(first)) {
		text := first[name]
		fmt.Fprintf(&b, "\n%s\n%s\n%[1]s\n\n%[3]s\n", strings.Repeat("=", 80), strings.Join(texts[text], "\n"), text)
	}
	if *update {
		if err := os.WriteFile(thirdParty, b.Bytes(), 0o644); err != nil { //nolint:gosec // of the repository
			t.Fatal(err)
		}
	}
	if got := get(t, thirdParty); got != b.String() {
		t.Errorf("%s is not what the program is made of: run PROBER_REQUIRE_TOOLS=1 go test ./deploy/release -run ThirdParty -update", thirdParty)
	}
}

// asked is what Go answers about the program for a system.
func asked(t *testing.T, system string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...) //nolint:gosec // of the test's own
	cmd.Dir, cmd.Env = root, append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0", "GOFLAGS=")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v", strings.Join(args, " "), err)
	}
	return string(out)
}

// Archives, packages and the image take it along.
func TestThirdPartyGoesAlong(t *testing.T) {
	for file, want := range map[string]string{
		"goreleaser.yaml":         "{src: deploy/release/" + thirdParty + ", strip_parent: true, info: *from}",
		"build":                   "-third-party deploy/release/" + thirdParty,
		"../package/nfpm.yaml":    "{src: deploy/release/" + thirdParty + ", dst: /usr/share/doc/prober/" + thirdParty,
		"../package/copyright":    "/usr/share/doc/prober/" + thirdParty,
		"../../docs/releasing.md": "`" + thirdParty + "`",
	} {
		if !strings.Contains(get(t, file), want) {
			t.Errorf("%s has no %q", file, want)
		}
	}
}
