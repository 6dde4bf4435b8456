package release

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// workflow is a workflow of GitHub's, as far as it matters here.
type workflow struct {
	On          yaml.Node         `yaml:"on"`
	Permissions map[string]string `yaml:"permissions"`
	Jobs        map[string]struct {
		Permissions map[string]string `yaml:"permissions"`
		Needs       string            `yaml:"needs"`
		Environment string            `yaml:"environment"`
		Steps       []step            `yaml:"steps"`
	} `yaml:"jobs"`
}

type step struct {
	ID   string            `yaml:"id"`
	Uses string            `yaml:"uses"`
	Run  string            `yaml:"run"`
	If   string            `yaml:"if"`
	Env  map[string]string `yaml:"env"`
	With map[string]string `yaml:"with"`
}

// root is the folder of the repository.
var root = filepath.Join("..", "..")

func read(t *testing.T, name string) workflow {
	t.Helper()
	var w workflow
	if err := yaml.Unmarshal([]byte(get(t, filepath.Join(root, ".github", "workflows", name))), &w); err != nil {
		t.Fatal(err)
	}
	return w
}

// Each job may do what it needs, and what makes the files may write nothing at all.
func TestPermissions(t *testing.T) {
	readOnly := map[string]string{"contents": "read"}
	for name, want := range map[string]map[string]map[string]string{
		"release.yml": {
			"build":   nil,
			"publish": {"actions": "read", "attestations": "write", "contents": "write", "id-token": "write", "packages": "write"},
		},
		"vulnerabilities.yml": {"look": nil},
		"scorecard.yml":       {"score": {"contents": "read", "security-events": "write"}},
	} {
		w := read(t, name)
		if !maps.Equal(w.Permissions, readOnly) {
			t.Errorf("%s: permissions %v", name, w.Permissions)
		}
		for id, job := range w.Jobs {
			if permissions, known := want[id]; !known || !maps.Equal(job.Permissions, permissions) {
				t.Errorf("%s: job %s has permissions %v, want %v", name, id, job.Permissions, permissions)
			}
		}
		if len(w.Jobs) != len(want) {
			t.Errorf("%s has %d jobs", name, len(w.Jobs))
		}
	}
}

// No expression stands within a script, in any workflow, and no checkout leaves a token behind.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*.yml"))
	if err != nil || len(files) < 7 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		for id, job := range read(t, filepath.Base(file)).Jobs {
			for i, st := range job.Steps {
				if strings.Contains(st.Run, "${{") {
					t.Errorf("%s: job %s, step %d: %s", filepath.Base(file), id, i+1, st.Run)
				}
				if strings.HasPrefix(st.Uses, "actions/checkout@") && st.With["persist-credentials"] != "false" {
					t.Errorf("%s: job %s, step %d leaves its token in the checkout", filepath.Base(file), id, i+1)
				}
			}
		}
	}
}

const changes = `# Changelog

## Unreleased

## 1.2.3 - 2026-11-27

### Added

- One thing.

## 1.2.2 - 2026-11-01

- Another.
`

// runner is one on which the steps run, in a folder of its own with stand-ins of the programs that would leave it.
type runner struct {
	dir    string
	values map[string]string // of expressions
}

// chart is the file of the chart that names the image's tag.
const chart = "deploy/helm/prober/Chart.yaml"

func newRunner(t *testing.T, tag string) *runner {
	t.Helper()
	dir := t.TempDir()
	steps, err := filepath.Abs("steps")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"work/deploy/release", "work/deploy/helm/prober", "bin", "temp", "hub"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(steps, filepath.Join(dir, "work/deploy/release/steps")); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "work", "CHANGELOG.md"), changes)
	put(t, filepath.Join(dir, "work", chart), "version: 9.0.0\nappVersion: "+strings.TrimPrefix(tag, "v")+"\n")
	for name, script := range map[string]string{
		// What makes the files takes minutes, and is not what is looked at here.
		"work/deploy/release/build": `mkdir "$1" && cd "$1" && echo a >prober_1.2.3_linux_amd64.tar.gz && echo b >layer && tar -cf prober_1.2.3_image.tar layer && rm layer &&
			sha256sum -- * >../sums && mv ../sums checksums.txt; echo "build: $SOURCE_URL" >>"$HUB/log"`,
		"bin/gh": `[ "$GH_TOKEN" = a-token ] && [ "$GH_REPO" = Acme/Prober ] || exit 1
			echo "gh $*" >>"$HUB/log"
			case "$1 $2" in
				"run download") [ "$3 $4 $5 $6" = "7 --name release --dir" ] && cp -r "$HUB/release" "$7" ;;
				"release create") shift 3; for f; do case $f in *.md) cp "$f" "$HUB/text" ;; "$DIR"/*) echo "${f##*/}" >>"$HUB/published" ;; esac; done ;;
				*) exit 1 ;;
			esac`,
		"bin/cosign": `case $1 in
				login) cat >"$HUB/password"; echo "cosign login $2 $4" ;;
				sign-blob) [ "$*" = "sign-blob --yes --bundle checksums.txt.sigstore.json checksums.txt" ] && sha256sum <checksums.txt >checksums.txt.sigstore.json ;;
				sign) echo "cosign $*" ;;
				*) exit 1 ;;
			esac >>"$HUB/log"`,
		"bin/go": `[ -e "$RUNNER_TEMP/layout/layer" ] && echo "go $*" >>"$HUB/log" && echo sha256:abc`,
	} {
		file := filepath.Join(dir, name)
		put(t, file, "#!/bin/bash\nset -e\n"+script+"\n")
		if err := os.Chmod(file, 0o700); err != nil { //nolint:gosec // it is run
			t.Fatal(err)
		}
	}
	return &runner{dir, map[string]string{
		"github.ref_name": tag, "github.repository": "Acme/Prober", "github.server_url": "https://git.example.com", "github.token": "a-token", "github.actor": "somebody", "vars.PROBER_REGISTRY": "registry.example.com",
		"runner.temp": filepath.Join(dir, "temp"),
	}}
}

var expression = regexp.MustCompile(`\$\{\{ ([\w.-]+) \}\}`)

// do runs a step of a job, and returns whether it passed and what it said.
func (r *runner) do(t *testing.T, job string, st step) (bool, string) {
	t.Helper()
	fill := func(text string) string {
		return expression.ReplaceAllStringFunc(text, func(e string) string {
			v, known := r.values[expression.FindStringSubmatch(e)[1]]
			if !known {
				t.Errorf("%s is not known to step %q", e, st.Run+st.Uses)
			}
			return v
		})
	}
	temp, hub := filepath.Join(r.dir, "temp"), filepath.Join(r.dir, "hub")
	switch name, _, _ := strings.Cut(st.Uses, "@"); name {
	case "":
	case "actions/upload-artifact":
		if err := os.CopyFS(filepath.Join(hub, fill(st.With["name"])), os.DirFS(fill(st.With["path"]))); err != nil {
			t.Fatal(err)
		}
		return true, ""
	case "actions/attest-build-provenance":
		of := fill(st.With["subject-name"] + " " + st.With["subject-digest"] + " " + filepath.Base(st.With["subject-checksums"]))
		return true, r.note(t, "attest "+strings.TrimSpace(of))
	case "actions/checkout", "actions/setup-go", "sigstore/cosign-installer":
		return true, ""
	default:
		t.Fatalf("no stand-in for %s", st.Uses)
	}
	output := filepath.Join(temp, "output")
	put(t, output, "")
	cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", st.Run) //nolint:gosec // a step of the workflow
	cmd.Dir = filepath.Join(r.dir, "work")
	cmd.Env = []string{"PATH=" + filepath.Join(r.dir, "bin") + ":" + os.Getenv("PATH"), "HUB=" + hub, "RUNNER_TEMP=" + temp, "GITHUB_OUTPUT=" + output, "GITHUB_RUN_ID=7"}
	for name, v := range st.Env {
		cmd.Env = append(cmd.Env, name+"="+fill(v))
	}
	out, err := cmd.CombinedOutput()
	for line := range strings.Lines(get(t, output)) {
		name, v, _ := strings.Cut(strings.TrimSpace(line), "=")
		r.values["steps."+st.ID+".outputs."+name], r.values["needs."+job+".outputs."+name] = v, v
	}
	return err == nil, string(out)
}

// note adds a line to what left the machine.
func (r *runner) note(t *testing.T, line string) string {
	t.Helper()
	log := filepath.Join(r.dir, "hub", "log")
	before, _ := os.ReadFile(log) //nolint:gosec // of the test's own
	put(t, log, string(before)+line+"\n")
	return line
}

// job runs all steps of one; the publishing one begins on another machine.
func (r *runner) job(t *testing.T, name string) (bool, string) {
	t.Helper()
	temp := filepath.Join(r.dir, "temp")
	if err := os.RemoveAll(temp); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, st := range read(t, "release.yml").Jobs[name].Steps {
		if st.If == "${{ vars.PROBER_REGISTRY != '' }}" && r.values["vars.PROBER_REGISTRY"] == "" {
			continue
		}
		ok, out := r.do(t, name, st)
		if said += out; !ok {
			return false, said
		}
	}
	return true, said
}

// Where no registry is named, the image is a file of the release, and is sent nowhere else.
func TestReleaseWithoutARegistry(t *testing.T) {
	t.Parallel()
	r := newRunner(t, "v1.2.3")
	r.values["vars.PROBER_REGISTRY"] = ""
	for _, job := range []string{"build", "publish"} {
		if ok, said := r.job(t, job); !ok {
			t.Fatalf("%s: %s", job, said)
		}
	}
	log := get(t, filepath.Join(r.dir, "hub", "log"))
	if strings.Contains(log, "login") || strings.Contains(log, "-push") || !strings.Contains(log, "prober_1.2.3_image.tar") {
		t.Errorf("what left the machine is\n%s", log)
	}
}

// From a tag to what is published: everything is signed before anybody sees it.
func TestRelease(t *testing.T) {
	t.Parallel()
	r := newRunner(t, "v1.2.3")
	for _, job := range []string{"build", "publish"} {
		if ok, said := r.job(t, job); !ok {
			t.Fatalf("%s: %s", job, said)
		}
	}
	files := filepath.Join(r.dir, "temp", "files")
	want := `build: https://git.example.com/Acme/Prober
gh run download 7 --name release --dir ` + files + `
attest checksums.txt
cosign login registry.example.com somebody
go -C deploy/image run . -push registry.example.com/acme/prober:1.2.3 -layout ` + filepath.Join(r.dir, "temp", "layout") + `
cosign sign --yes registry.example.com/acme/prober@sha256:abc
attest registry.example.com/acme/prober sha256:abc .
gh release create v1.2.3 --verify-tag --title prober 1.2.3 --notes-file ` + files + `/notes.md ` + files + `/checksums.txt ` + files + `/checksums.txt.sigstore.json ` + files + `/prober_1.2.3_image.tar ` + files + `/prober_1.2.3_linux_amd64.tar.gz
`
	if got := get(t, filepath.Join(r.dir, "hub", "log")); got != want {
		t.Errorf("what left the machine is\n%swant\n%s", got, want)
	}
	if got := get(t, filepath.Join(r.dir, "hub", "text")); got != "### Added\n\n- One thing.\n\n" {
		t.Errorf("its text is %q", got)
	}
	if got := get(t, filepath.Join(r.dir, "hub", "password")); got != "a-token\n" {
		t.Errorf("the registry is given %q", got)
	}
}

// Files that are not those that were made are neither signed nor published.
func TestOtherFiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, says string }{
		"changed": {"prober_1.2.3_linux_amd64.tar.gz", "not those that checksums.txt was made of"},
		"added":   {"prober_1.2.3_linux_arm64.tar.gz", "files that checksums.txt does not name"},
	} {
		r := newRunner(t, "v1.2.3")
		if ok, said := r.job(t, "build"); !ok {
			t.Fatal(said)
		}
		put(t, filepath.Join(r.dir, "hub", "release", c.file), "evil")
		ok, said := r.job(t, "publish")
		if log := get(t, filepath.Join(r.dir, "hub", "log")); ok || !strings.Contains(said, c.says) || strings.Contains(log, "cosign") || strings.Contains(log, "create") {
			t.Errorf("%s: passed %v: %s\n%s", name, ok, said, log)
		}
	}
}

// A version with a suffix is published as one that is not to be taken for the newest.
func TestPrerelease(t *testing.T) {
	t.Parallel()
	r := newRunner(t, "v1.2.3-rc.1")
	put(t, filepath.Join(r.dir, "work", "CHANGELOG.md"), strings.ReplaceAll(changes, "1.2.3", "1.2.3-rc.1"))
	if ok, said := r.job(t, "build"); !ok {
		t.Fatal(said)
	}
	files := filepath.Join(r.dir, "temp", "files")
	st := read(t, "release.yml").Jobs["publish"].Steps
	if ok, said := r.do(t, "publish", st[len(st)-1]); !ok || !strings.Contains(get(t, filepath.Join(r.dir, "hub", "log")), "--notes-file "+files+"/notes.md --prerelease ") {
		t.Error(said)
	}
}

// The tag is what CHANGELOG.md says.
func TestTagIsWhatTheChangelogSays(t *testing.T) {
	t.Parallel()
	notes := read(t, "release.yml").Jobs["build"].Steps
	notes = notes[slices.IndexFunc(notes, func(s step) bool { return s.ID == "notes" }):]
	for name, c := range map[string]struct{ tag, changes, says string }{
		"the newest release": {"v1.2.3", changes, ""},
		"no v":               {"1.2.3", changes, "the tag is no version"},
		"two numbers":        {"v1.2", changes, "the tag is no version"},
		"shell":              {"v1.2.3;id", changes, "the tag is no version"},
		"an older release":   {"v1.2.2", changes, `the tag is v1.2.2, and the newest heading of CHANGELOG.md is "## 1.2.3 - 2026-11-27"`},
		"a pattern":          {"v1.2.3", strings.Replace(changes, "1.2.3", "1x2.3", 1), "the tag is v1.2.3"},
		"no date":            {"v1.2.3", strings.Replace(changes, " - 2026-11-27", "", 1), `want "## 1.2.3 - YYYY-MM-DD"`},
		"no release":         {"v1.2.3", "# Changelog\n\n## Unreleased\n\n- One thing.\n", "CHANGELOG.md has no release"},
		"unreleased things":  {"v1.2.3", strings.Replace(changes, "Unreleased\n", "Unreleased\n\n### Added\n\n- More.\n", 1), "still has something under Unreleased"},
		"nothing in it":      {"v1.2.3", strings.Replace(changes, "- One thing.\n", "", 1), "says nothing about 1.2.3"},
	} {
		r := newRunner(t, c.tag)
		put(t, filepath.Join(r.dir, "work", "CHANGELOG.md"), c.changes)
		ok, said := r.do(t, "build", notes[0])
		if ok != (c.says == "") || !strings.Contains(said, c.says) || (r.values["steps.notes.outputs.version"] == "1.2.3") != ok {
			t.Errorf("%s: passed %v, %q, want %q", name, ok, said, c.says)
		}
	}
}

// Whoever installs the chart of a release gets the image of that release.
func TestChartIsOfTheRelease(t *testing.T) {
	t.Parallel()
	notes := read(t, "release.yml").Jobs["build"].Steps
	notes = notes[slices.IndexFunc(notes, func(s step) bool { return s.ID == "notes" }):]
	r := newRunner(t, "v1.2.3")
	put(t, filepath.Join(r.dir, "work", chart), "version: 1.2.3\nappVersion: 1.2.2\n")
	if ok, said := r.do(t, "build", notes[0]); ok || !strings.Contains(said, "the appVersion 1.2.2 in "+chart+" is another one: the chart would run that image") {
		t.Errorf("passed %v: %s", ok, said)
	}
	if !regexp.MustCompile(`(?m)^appVersion: [0-9]+(\.[0-9]+){2}$`).MatchString(get(t, filepath.Join(root, chart))) {
		t.Errorf("%s has no appVersion as the step reads it", chart)
	}
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file) //nolint:gosec // of the project, or of the test's own
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
