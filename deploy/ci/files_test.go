package ci

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

	"prober/needs"
)

// Every action of somebody else's is pinned to a commit, with the version beside it for people.
func TestActionsArePinned(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root(t), ".github", "workflows", "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	pinned := regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)+$`)
	found := 0
	for _, file := range append(files, filepath.Join(root(t), "action.yml")) {
		for line := range strings.Lines(get(t, file)) {
			_, name, is := strings.Cut(strings.TrimSpace(line), "uses: ")
			if !is || strings.HasPrefix(name, "./") || strings.HasPrefix(strings.TrimSpace(line), "#") {
				continue
			}
			if found++; !pinned.MatchString(name) {
				t.Errorf("%s: %s is not pinned", filepath.Base(file), name)
			}
		}
	}
	if found < 8 {
		t.Errorf("only %d actions were found", found)
	}
}

// Whoever calls the workflow from another organization has to name each secret: docs/ci.md names those that it takes.
func TestSecretsOfTheCaller(t *testing.T) {
	type job struct {
		Uses    string            `yaml:"uses"`
		Secrets map[string]string `yaml:"secrets"`
	}
	var called struct {
		On struct {
			Call struct {
				Secrets map[string]any `yaml:"secrets"`
			} `yaml:"workflow_call"`
		} `yaml:"on"`
	}
	if err := yaml.Unmarshal([]byte(get(t, filepath.Join(root(t), ".github", "workflows", "conformance-run.yml"))), &called); err != nil || len(called.On.Call.Secrets) == 0 {
		t.Fatal(err)
	}
	want := map[string]string{}
	for name := range called.On.Call.Secrets {
		want[name] = "${{ secrets." + name + " }}"
	}
	found := 0
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(get(t, filepath.Join(root(t), "docs", "ci.md")), -1) {
		var caller struct {
			Jobs map[string]job `yaml:"jobs"`
		}
		if err := yaml.Unmarshal([]byte(block[1]), &caller); err != nil {
			t.Errorf("%v:\n%s", err, block[1])
		}
		for _, j := range caller.Jobs {
			if !strings.Contains(j.Uses, "/conformance-run.yml@") {
				continue
			}
			if found++; !maps.Equal(j.Secrets, want) {
				t.Errorf("it is called with %v, want %v", j.Secrets, want)
			}
		}
	}
	if found == 0 {
		t.Error("docs/ci.md does not call the workflow")
	}
}

// The workflow takes what the action takes and hands it on; docs/ci.md names what only one of the two has.
func TestInputsOfTheWorkflow(t *testing.T) {
	var called struct {
		On struct {
			Call struct {
				Inputs map[string]any `yaml:"inputs"`
			} `yaml:"workflow_call"`
		} `yaml:"on"`
		Jobs map[string]struct {
			Steps []step `yaml:"steps"`
		} `yaml:"jobs"`
	}
	if err := yaml.Unmarshal([]byte(get(t, filepath.Join(root(t), ".github", "workflows", "conformance-run.yml"))), &called); err != nil {
		t.Fatal(err)
	}
	handed := map[string]string{}
	for _, st := range called.Jobs["judge"].Steps {
		if st.Uses == "./.prober" {
			handed = st.With
		}
	}
	own := theAction(t).Inputs
	told := func(only []string) string {
		slices.Sort(only)
		return strings.Join(only, " ")
	}
	var action, workflow []string
	for name := range own {
		if _, both := called.On.Call.Inputs[name]; !both {
			action = append(action, name)
		} else if want := "${{ inputs." + name + " }}"; handed[name] != want {
			t.Errorf("%s is handed on as %q", name, handed[name])
		}
	}
	for name := range called.On.Call.Inputs {
		if _, both := own[name]; !both {
			workflow = append(workflow, name)
		}
	}
	if got, want := told(action)+"; "+told(workflow), "issue-title program report-dir repository token; environment runner"; got != want {
		t.Errorf("they differ by %s, want %s", got, want)
	}
	if want := "the same inputs, but for `program`, `repository`, `report-dir`, `token` and `issue-title`; `runner` and\n`environment` are its own"; !strings.Contains(get(t, filepath.Join(root(t), "docs", "ci.md")), want) {
		t.Errorf("docs/ci.md does not say %q", want)
	}
}

// No expression stands within a script: what somebody else wrote would be run.
func TestNoExpressionInAScript(t *testing.T) {
	for i, st := range theAction(t).Runs.Steps {
		if strings.Contains(st.Run, "${{") {
			t.Errorf("step %d: %s", i+1, st.Run)
		}
	}
}

func TestShellcheck(t *testing.T) {
	shellcheck := needs.Program(t, "shellcheck")
	steps, err := filepath.Glob("steps/*")
	if err != nil || len(steps) < 7 {
		t.Fatal(steps, err)
	}
	for _, file := range steps {
		if info, err := os.Stat(file); err != nil || info.Mode()&0o111 == 0 {
			t.Errorf("%s cannot be run (%v)", file, err)
		}
	}
	if out, err := exec.Command(shellcheck, append(steps, filepath.Join(root(t), ".ci", "run"))...).CombinedOutput(); err != nil { //nolint:gosec // files of the project
		t.Errorf("%v\n%s", err, out)
	}
}
