package release

import (
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A vulnerability fails the run and is told, and so is a database that does not answer.
func TestVulnerabilities(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		govulncheck, summary string
		ok                   bool
	}{
		"none":      {"echo No vulnerabilities found.", "", true},
		"one":       {`[ "$2" = . ] || { echo "Vulnerability #1: GO-2026-0001"; exit 3; }`, "### Known vulnerabilities in what deploy/image calls\n\n~~~\nVulnerability #1: GO-2026-0001\n~~~\n", false},
		"no answer": {`[ "$2" != . ] || { echo "no such host" >&2; exit 1; }`, "### . could not be looked at\n\n~~~\nno such host\n~~~\n", false},
	} {
		r := newRunner(t, "")
		program, summary := filepath.Join(r.dir, "bin", "go"), filepath.Join(r.dir, "summary")
		put(t, program, "#!/bin/sh\n"+`[ "$1 $3 $5" = "-C tool govulncheck" ] || exit 9`+"\n"+c.govulncheck+"\n")
		put(t, summary, "")
		cmd := exec.CommandContext(t.Context(), "bash", read(t, "vulnerabilities.yml").Jobs["look"].Steps[2].Run) //nolint:gosec // a step of the workflow
		cmd.Dir, cmd.Env = filepath.Join(r.dir, "work"), []string{"PATH=" + filepath.Join(r.dir, "bin") + ":" + os.Getenv("PATH"), "GITHUB_STEP_SUMMARY=" + summary}
		out, err := cmd.CombinedOutput()
		if got := get(t, summary); (err == nil) != c.ok || got != c.summary {
			t.Errorf("%s: %v, the summary is\n%s%s", name, err, got, out)
		}
	}
}

// Every module, every package of Node.js and every action is watched for updates, in groups: one request a week and kind.
func TestUpdates(t *testing.T) {
	var config struct {
		Updates []struct {
			Ecosystem   string         `yaml:"package-ecosystem"`
			Directories []string       `yaml:"directories"`
			Groups      map[string]any `yaml:"groups"`
		} `yaml:"updates"`
	}
	if err := yaml.Unmarshal([]byte(get(t, filepath.Join(root, ".github", "dependabot.yml"))), &config); err != nil {
		t.Fatal(err)
	}
	watched := map[string][]string{}
	for _, u := range config.Updates {
		if len(u.Groups) == 0 {
			t.Errorf("%s of %v has no group", u.Ecosystem, u.Directories)
		}
		watched[u.Ecosystem] = append(watched[u.Ecosystem], u.Directories...)
	}
	for ecosystem, file := range map[string]string{"gomod": "go.mod", "npm": "package.json"} {
		used := map[string]bool{}
		err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || d.Name() == "dist") {
				return fs.SkipDir
			}
			if err != nil || d.Name() != file {
				return err
			}
			dir := path.Join("/", path.Dir(name))
			i := slices.IndexFunc(watched[ecosystem], func(pattern string) bool { is, _ := path.Match(pattern, dir); return is })
			if i < 0 {
				t.Errorf("%s: .github/dependabot.yml does not name %s", ecosystem, dir)
				return nil
			}
			used[watched[ecosystem][i]] = true
			return nil
		})
		if err != nil || len(used) != len(watched[ecosystem]) {
			t.Errorf("%s: of %q only %v is there (%v)", ecosystem, watched[ecosystem], used, err)
		}
	}
	if !slices.Equal(watched["github-actions"], []string{"/"}) {
		t.Errorf("actions: %q", watched["github-actions"])
	}
}
