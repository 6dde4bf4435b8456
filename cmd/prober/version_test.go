package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

func TestBuildOf(t *testing.T) {
	const unfilled = "commit: $Format:%H$\ndate: $Format:%cI$\nrefs: $Format:%D$\n"
	checkout := func(version string, settings ...debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Version: version}, Settings: settings}
	}
	vcs := []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-01-02T03:04:05Z"}, {Key: "vcs.modified", Value: "true"}}
	for name, c := range map[string]struct {
		stamped build
		info    *debug.BuildInfo
		archive string
		want    build // without what is the same for all
		hint    string
	}{
		"a release": {
			build{Version: "1.2.3", Commit: "def", Date: "2026-05-06T07:08:09Z"},
			checkout("v0.0.1", vcs...), unfilled,
			build{Version: "1.2.3", Commit: "def", Date: "2026-05-06T07:08:09Z"},
			"",
		},
		"a checkout": {
			build{}, checkout("v1.3.0+dirty", vcs...), unfilled, build{Version: "1.3.0+dirty", Commit: "abc", Date: "2026-01-02T03:04:05Z", Modified: true}, "",
		},
		"a version, stamped by hand, of a checkout": {
			build{Version: "v9"}, checkout("(devel)", vcs...), unfilled, build{Version: "9", Commit: "abc", Date: "2026-01-02T03:04:05Z", Modified: true}, "",
		},
		"a tarball of a tag": {
			build{},
			checkout("(devel)"), "commit: fed\ndate: 2026-09-10T11:12:13+08:00\nrefs: HEAD -> main, tag: v2.0.0, origin/main\n",
			build{Version: "2.0.0", Commit: "fed", Date: "2026-09-10T11:12:13+08:00"},
			"",
		},
		"a tarball of another commit": {
			build{},
			checkout("(devel)"), "commit: fed\ndate: 2026-09-10T11:12:13+08:00\nrefs: main\n",
			build{Version: development, Commit: "fed", Date: "2026-09-10T11:12:13+08:00"},
			"build it at a tag",
		},
		"nothing":         {build{}, checkout("(devel)"), unfilled, build{Version: development}, "git archive"},
		"no build info":   {build{}, &debug.BuildInfo{}, "", build{Version: development}, "-buildvcs=true"},
		"a version alone": {build{Version: "1.0.0"}, checkout(""), unfilled, build{Version: "1.0.0"}, "main.stampedCommit"},
	} {
		t.Run(name, func(t *testing.T) {
			got := buildOf(c.stamped, c.info, c.archive)
			if got.Go != runtime.Version() || got.Platform != runtime.GOOS+"/"+runtime.GOARCH {
				t.Errorf("built by %q for %q", got.Go, got.Platform)
			}
			if (c.hint == "") != (got.Hint == "") || !strings.Contains(got.Hint, c.hint) {
				t.Errorf("hint %q, want %q", got.Hint, c.hint)
			}
			got.Go, got.Platform, got.Hint = "", "", ""
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// The three ways to ask say the same.
func TestVersion(t *testing.T) {
	t.Parallel()
	asked, flag, data := runApp(t, nil, "version"), runApp(t, nil, "--version"), runApp(t, nil, "version", "--output", "json")
	if asked.code != 0 || flag.code != 0 || asked.stdout != flag.stdout || !strings.HasPrefix(asked.stdout, "prober ") {
		t.Errorf("%+v and %+v", asked, flag)
	}
	var b build
	if err := json.Unmarshal([]byte(data.stdout), &b); err != nil || b.line() != asked.stdout {
		t.Errorf("%v: %s of %q", err, data.stdout, asked.stdout)
	}
	if known := b.Commit != ""; !known && !strings.Contains(asked.stderr, "-buildvcs=true") {
		t.Errorf("there is no commit, and nothing says what to do: %q", asked.stderr)
	}
}

// git archive fills in what a tarball is built with.
func TestArchiveKnowsItsCommit(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("needs git")
	}
	dir := t.TempDir()
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), git, args...) //nolint:gosec // a tool of the machine
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
		return string(out)
	}
	for _, name := range []string{".gitattributes", "cmd/prober/archived.txt"} {
		text, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run("init", "-q")
	run("add", ".")
	run("commit", "-q", "-m", "one")
	run("tag", "v3.2.1")
	run("archive", "-o", "a.tar", "--prefix", "x/", "HEAD")
	text, err := exec.CommandContext(t.Context(), "tar", "xOf", filepath.Join(dir, "a.tar"), "x/cmd/prober/archived.txt").Output() //nolint:gosec // made above
	if err != nil {
		t.Fatal(err)
	}
	b := buildOf(build{}, &debug.BuildInfo{}, string(text))
	if want := strings.TrimSpace(run("rev-parse", "HEAD")); b.Version != "3.2.1" || b.Commit != want || b.Date == "" || b.Hint != "" {
		t.Errorf("%s is read as %+v, want commit %s", text, b, want)
	}
}
