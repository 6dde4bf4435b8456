package ci

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// action is action.yml, as far as it is run here.
type action struct {
	Inputs map[string]struct {
		Default string `yaml:"default"`
	} `yaml:"inputs"`
	Runs struct {
		Steps []step `yaml:"steps"`
	} `yaml:"runs"`
}

type step struct {
	ID   string            `yaml:"id"`
	If   string            `yaml:"if"`
	Uses string            `yaml:"uses"`
	Run  string            `yaml:"run"`
	Env  map[string]string `yaml:"env"`
	With map[string]string `yaml:"with"`
}

// root is the folder of the repository.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func theAction(t *testing.T) action {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// github is a repository on GitHub with a runner: a folder that outlasts its runs.
type github struct {
	dir     string // holds runs, cache, releases and issues.json; the stand-in of gh works on it
	action  action
	program string

	runs, attempts int
}

// job is one run of the action.
type job struct {
	event   string // "schedule" unless it says something else
	jobs    string // of its matrix; "1" unless it says something else
	again   bool   // the run before is tried again
	inputs  map[string]string
	context map[string]string // of "github."
	env     map[string]string
}

// ran is what is left of it.
type ran struct {
	code    int
	outputs map[string]string // by "step.output"
	summary string
	log     string
}

func newGitHub(t *testing.T, program string) *github {
	t.Helper()
	return &github{dir: t.TempDir(), action: theAction(t), program: program}
}

// run runs the action as a runner does: step by step, with a file a step for outputs and summary.
func (g *github) run(t *testing.T, j job) ran {
	t.Helper()
	g.attempts++
	if !j.again {
		g.runs, g.attempts = g.runs+1, 1
	}
	if j.event == "" {
		j.event = "schedule"
	}
	id := fmt.Sprint(g.runs)
	workspace, temp := t.TempDir(), t.TempDir()
	s := scope{values: map[string]string{
		"github.action_path": root(t), "github.repository": "acme/shop", "github.run_id": id, "github.run_attempt": fmt.Sprint(g.attempts),
		"github.server_url": "https://github.example", "github.token": "a-token", "github.event_name": j.event, "strategy.job-total": "1",
	}}
	for k, v := range j.context {
		s.values["github."+k] = v
	}
	if j.jobs != "" {
		s.values["strategy.job-total"] = j.jobs
	}
	for name, in := range g.action.Inputs {
		s.values["inputs."+name] = s.fill(in.Default)
	}
	for name, v := range map[string]string{"program": g.program, "issue": "true"} {
		s.values["inputs."+name] = v
	}
	for name, v := range j.inputs {
		if _, known := g.action.Inputs[name]; !known {
			t.Fatalf("the action has no input %s", name)
		}
		s.values["inputs."+name] = v
	}
	env := map[string]string{
		"PATH": standIns(t) + ":" + os.Getenv("PATH"), "HOME": temp, "RUNNER_TEMP": temp, "GITHUB_ACTION_PATH": root(t), "GITHUB_RUN_ID": id,
		"GITHUB_WORKFLOW_REF": "acme/shop/.github/workflows/api.yml@refs/heads/main", "GITHUB_REF_NAME": "main", "GITHUB_BASE_REF": "",
		"RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", "RUNNER_ENVIRONMENT": "github-hosted", "HUB": g.dir,
		"GOCACHE": goEnv(t, "GOCACHE"), "GOMODCACHE": goEnv(t, "GOMODCACHE"),
	}
	maps.Copy(env, j.env)
	out := ran{outputs: map[string]string{}}
	for i, st := range g.action.Runs.Steps {
		if !s.holds(st.If) {
			continue
		}
		with := map[string]string{}
		for k, v := range st.With {
			with[k] = s.fill(v)
		}
		if st.Uses != "" {
			hit, err := g.use(st.Uses, with, workspace, id)
			if err != nil {
				t.Fatalf("step %d: %v", i+1, err)
			}
			s.values["steps."+st.ID+".outputs.cache-hit"] = fmt.Sprint(hit)
			continue
		}
		own := maps.Clone(env)
		own["GITHUB_OUTPUT"], own["GITHUB_STEP_SUMMARY"] = filepath.Join(temp, "output"), filepath.Join(temp, "summary")
		for _, file := range []string{own["GITHUB_OUTPUT"], own["GITHUB_STEP_SUMMARY"]} {
			put(t, file, "")
		}
		for k, v := range st.Env {
			own[k] = s.fill(v)
		}
		cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", st.Run) //nolint:gosec // a step of the action
		cmd.Dir = workspace
		for k, v := range own {
			cmd.Env = append(cmd.Env, k+"="+v)
		}
		said, err := cmd.CombinedOutput()
		out.log += string(said)
		if err != nil {
			out.code, s.failed = cmd.ProcessState.ExitCode(), true
		}
		for line := range strings.Lines(get(t, own["GITHUB_OUTPUT"])) {
			name, v, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
			if !ok {
				t.Errorf("step %d: the output %q has no value", i+1, line)
			}
			out.outputs[st.ID+"."+name], s.values["steps."+st.ID+".outputs."+name] = v, v
		}
		added := get(t, own["GITHUB_STEP_SUMMARY"])
		if len(added) > 1<<20 {
			t.Errorf("step %d: GitHub refuses a summary of %d bytes", i+1, len(added))
		}
		out.summary += added
	}
	if _, err := os.Stat(filepath.Join(g.dir, "runs", id)); err == nil {
		put(t, filepath.Join(g.dir, "runs", id, "event"), j.event)
	}
	return out
}

// age makes the last run one of another day, as far as its report tells.
func (g *github) age(t *testing.T, day string) {
	t.Helper()
	file := filepath.Join(g.dir, "runs", fmt.Sprint(g.runs), "conformance-report", "report.json")
	put(t, file, regexp.MustCompile(`("(?:as_of|started|finished)": ?")[0-9-]{10}`).ReplaceAllString(get(t, file), "${1}"+day))
}

// use stands in for the actions of others, and says whether the cache had what was asked for.
func (g *github) use(name string, with map[string]string, workspace, id string) (hit bool, err error) {
	path := with["path"]
	if !filepath.IsAbs(path) {
		path = filepath.Join(workspace, path)
	}
	kept := filepath.Join(g.dir, "cache", with["key"])
	switch name, _, _ = strings.Cut(name, "@"); name {
	case "actions/setup-go":
		if with["cache"] != "false" {
			return false, errors.New("setup-go keeps nothing for an action of somebody else's")
		}
		return false, nil
	case "actions/cache/save":
		return false, os.CopyFS(kept, os.DirFS(path))
	case "actions/cache/restore":
		if _, err := os.Stat(kept); err == nil {
			return true, os.CopyFS(path, os.DirFS(kept))
		}
		if with["restore-keys"] == "" {
			return false, nil
		}
		found, err := filepath.Glob(filepath.Join(g.dir, "cache", with["restore-keys"]+"*"))
		if err != nil || len(found) == 0 {
			return false, err
		}
		return false, os.CopyFS(path, os.DirFS(found[len(found)-1]))
	case "actions/upload-artifact":
		to := filepath.Join(g.dir, "runs", id, with["name"])
		if with["overwrite"] == "true" {
			err = os.RemoveAll(to)
		}
		return false, errors.Join(err, os.CopyFS(to, os.DirFS(path)))
	}
	return false, fmt.Errorf("no stand-in for %s", name)
}

// issue is one as the stand-in of gh keeps it.
type issue struct {
	Number   int      `json:"number"`
	Author   string   `json:"author,omitempty"` // empty: whoever has the token
	Title    string   `json:"title"`
	Body     string   `json:"body"`
	Open     bool     `json:"open"`
	Comments []string `json:"comments"`
}

// issues are those of the repository.
func (g *github) issues(t *testing.T) []issue {
	t.Helper()
	all, err := readIssues(g.dir)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func readIssues(hub string) ([]issue, error) {
	text, err := os.ReadFile(filepath.Join(hub, "issues.json"))
	if os.IsNotExist(err) {
		return nil, nil
	}
	var all []issue
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	return all, err
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
