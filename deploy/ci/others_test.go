package ci

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"prober/needs"
)

// story is what every CI system is taken through: the same folder, one run after the other.
var story = []struct {
	name, fault string
	code        int
}{{"clean", "", 0}, {"first failure", version, 1}, {"still failing", version, 0}, {"undecided", outage, 3}, {"fixed", "", 0}, {"wrong usage", "none", 2}}

// arguments are those of a run of the story, a line each.
func arguments(fault string) string {
	in := sandboxed()
	if fault != "" {
		in = sandboxed(fault)
	}
	return "--product=kms\n--region=cn-hangzhou\n--network=public\n" + in["arguments"]
}

// shell runs a script in a folder, and returns its exit code and what it says.
func shell(t *testing.T, dir, script string, env ...string) (int, string) {
	t.Helper()
	cmd := exec.Command("sh", "-e", "-c", script) //nolint:gosec // a file of the project
	cmd.Dir, cmd.Env = dir, append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}, env...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

type gitlabJob struct {
	Script []string `yaml:"script"`
	Cache  struct {
		Paths []string `yaml:"paths"`
	} `yaml:"cache"`
	Artifacts struct {
		Paths   []string          `yaml:"paths"`
		Reports map[string]string `yaml:"reports"`
	} `yaml:"artifacts"`
}

func gitlab(t *testing.T) (prober, pages gitlabJob) {
	t.Helper()
	var f struct {
		Prober gitlabJob `yaml:"prober"`
		Pages  gitlabJob `yaml:"pages"`
	}
	if err := yaml.Unmarshal([]byte(get(t, "gitlab.yml")), &f); err != nil || len(f.Prober.Script) == 0 {
		t.Fatal(err)
	}
	return f.Prober, f.Pages
}

func TestGitLab(t *testing.T) {
	t.Parallel()
	program := builtProgram(t)
	judge, pages := gitlab(t)
	dir := t.TempDir()
	for i, c := range story {
		tries := 1
		if c.fault == version {
			tries = 3 // a job that is tried again comes to the same
		}
		for try := range tries {
			_ = os.RemoveAll(filepath.Join(dir, "report")) // each job has the cache alone
			code, said := shell(t, dir, strings.Join(judge.Script, "\n"), "CI_PIPELINE_ID="+strconv.Itoa(i), "PROBER_PROGRAM="+program, "PROBER_ARGUMENTS="+arguments(c.fault))
			if code != c.code {
				t.Errorf("%s, try %d: exit code %d, want %d\n%s", c.name, try+1, code, c.code, said)
			}
		}
		if c.code == 2 {
			if _, err := os.Stat(filepath.Join(dir, "report")); err == nil {
				t.Errorf("%s: there is a report, of another run", c.name)
			}
			continue
		}
		var entries []any
		if err := json.Unmarshal([]byte(get(t, filepath.Join(dir, judge.Artifacts.Reports["codequality"]))), &entries); err != nil || (len(entries) > 0) != (c.fault != "") {
			t.Errorf("%s: %d entries, %v", c.name, len(entries), err)
		}
		if !strings.Contains(get(t, filepath.Join(dir, judge.Artifacts.Reports["junit"])), "<testsuites ") {
			t.Errorf("%s: no JUnit report", c.name)
		}
		if code, said := shell(t, dir, strings.Join(pages.Script, "\n")); code != 0 || !strings.Contains(get(t, filepath.Join(dir, "public", "index.html")), "<html") {
			t.Errorf("%s: exit code %d of pages\n%s", c.name, code, said)
		}
	}
	code, said := shell(t, dir, strings.Join(judge.Script, "\n"), "PROBER_PROGRAM="+program, "PROBER_ARGUMENTS="+arguments(outage), "PROBER_TOLERATE_UNDECIDED=true")
	if code != 0 || !strings.Contains(said, "A shared runner is a poor place to look from") {
		t.Errorf("tolerated: exit code %d\n%s", code, said)
	}
	if code, said := shell(t, dir, strings.Join(judge.Script, "\n"), "PROBER_PROGRAM="+program, "PROBER_ARGUMENTS="+strings.ReplaceAll(arguments(""), "\n", "\r\n")+"\r"); code != 0 {
		t.Errorf("lines with CR LF: exit code %d\n%s", code, said)
	}
	if code, _ := shell(t, dir, strings.Join(judge.Script, "\n"), "PROBER_PROGRAM="+program, "PROBER_ARGUMENTS=$(touch made)"); code != 2 {
		t.Errorf("an argument that is shell: exit code %d", code)
	}
	if _, err := os.Stat(filepath.Join(dir, "made")); err == nil {
		t.Error("an argument was run")
	}
}

// The archive is unpacked only with the right sum, and its program is asked only where it runs.
func TestGitLabTakesARelease(t *testing.T) {
	needs.Program(t, "curl")
	judge, _ := gitlab(t)
	sums, archives := map[string]string{}, map[string][]byte{}
	for path, program := range map[string]string{
		"/here":  "#!/bin/sh\n[ \"$1\" != version ] || exit 0\necho \"it is asked for $*\"\nexit 2\n",
		"/other": "\x7fELF of another processor",
	} {
		dir := t.TempDir()
		put(t, filepath.Join(dir, "prober"), program)
		if err := os.Chmod(filepath.Join(dir, "prober"), 0o700); err != nil { //nolint:gosec // it is run
			t.Fatal(err)
		}
		archive, err := exec.Command("tar", "-czf", "-", "-C", dir, "prober").Output() //nolint:gosec // of the test's own
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(archive)
		archives[path], sums[path] = archive, hex.EncodeToString(sum[:])
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write(archives[r.URL.Path]) }))
	defer server.Close()
	for name, c := range map[string]struct {
		path, sum, says string
		unpacked        bool
	}{
		"right":             {"/here", sums["/here"], "it is asked for conformance --report-dir prober-last --since-last --sandbox", true},
		"wrong":             {"/here", strings.Repeat("0", 64), "FAILED", false},
		"none":              {"/here", "", "set PROBER_URL and PROBER_SHA256", false},
		"another processor": {"/other", sums["/other"], "does not run here: it has to be the one for Linux", true},
	} {
		work := t.TempDir()
		code, said := shell(t, work, strings.Join(judge.Script, "\n"), "PROBER_URL="+server.URL+c.path, "PROBER_SHA256="+c.sum, "PROBER_ARGUMENTS=--sandbox")
		_, missing := os.Stat(filepath.Join(work, "prober"))
		if code == 0 || !strings.Contains(said, c.says) || (missing == nil) != c.unpacked {
			t.Errorf("%s: exit code %d, unpacked %v\n%s", name, code, missing == nil, said)
		}
	}
}

// jenkinsScript is the shell of the pipeline.
func jenkinsScript(t *testing.T) string {
	t.Helper()
	_, rest, _ := strings.Cut(get(t, "Jenkinsfile"), "script: '''")
	script, _, ok := strings.Cut(rest, "''')")
	if !ok {
		t.Fatal("there is no script")
	}
	return script
}

func TestJenkins(t *testing.T) {
	t.Parallel()
	program := builtProgram(t)
	dir := t.TempDir()
	for _, c := range story {
		code, said := shell(t, dir, jenkinsScript(t), "PROBER_PROGRAM="+program, "PROBER_ARGUMENTS="+arguments(c.fault))
		_, missing := os.Stat(filepath.Join(dir, "report", "junit.xml"))
		if code != c.code || (missing == nil) != (c.code != 2) {
			t.Errorf("%s: exit code %d, want %d; junit.xml: %v\n%s", c.name, code, c.code, missing == nil, said)
		}
	}
}

// What a browser sends of a field with lines, the file takes; a report that cannot be read excuses nothing, and is none the
// next time.
func TestJenkinsOfAForm(t *testing.T) {
	t.Parallel()
	program := builtProgram(t)
	dir := t.TempDir()
	for _, last := range []string{"", "{", `{"version": 99}`} {
		if err := os.MkdirAll(filepath.Join(dir, "prober-last"), 0o700); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, "prober-last", "report.json"), last)
		for i, want := range []int{1, 0} {
			code, said := shell(t, dir, jenkinsScript(t), "PROBER_PROGRAM="+program, "PROBER_ARGUMENTS="+strings.ReplaceAll(arguments(version), "\n", "\r\n")+"\r")
			if code != want || i == 0 && !strings.Contains(said, "all that fails counts as new") {
				t.Errorf("after %q, run %d: exit code %d, want %d\n%s", last, i+1, code, want, said)
			}
		}
	}
}

// The shell within the files of other CI systems is held to what the steps are.
func TestShellcheckOfOthers(t *testing.T) {
	shellcheck := needs.Program(t, "shellcheck")
	judge, pages := gitlab(t)
	for name, script := range map[string]string{"GitLab": strings.Join(judge.Script, "\n"), "GitLab's pages": strings.Join(pages.Script, "\n"), "Jenkins": jenkinsScript(t)} {
		cmd := exec.Command(shellcheck, "--shell=sh", "-") //nolint:gosec // a tool of the machine
		cmd.Stdin = strings.NewReader("set -e\n" + script)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// The CronJob's command line does what the others do, with a folder in the place of its volume.
func TestCronJob(t *testing.T) {
	var job struct {
		Kind string `yaml:"kind"`
		Spec struct {
			JobTemplate struct {
				Spec struct {
					Template struct {
						Spec struct {
							Containers []struct {
								Args         []string `yaml:"args"`
								VolumeMounts []struct {
									MountPath string `yaml:"mountPath"`
								} `yaml:"volumeMounts"`
								SecurityContext struct {
									ReadOnly bool `yaml:"readOnlyRootFilesystem"`
								} `yaml:"securityContext"`
							} `yaml:"containers"`
						} `yaml:"spec"`
					} `yaml:"template"`
				} `yaml:"spec"`
			} `yaml:"jobTemplate"`
		} `yaml:"spec"`
	}
	if err := yaml.NewDecoder(bytes.NewReader([]byte(get(t, "cronjob.yaml")))).Decode(&job); err != nil || job.Kind != "CronJob" {
		t.Fatal(err)
	}
	container := job.Spec.JobTemplate.Spec.Template.Spec.Containers[0]
	mount := container.VolumeMounts[0].MountPath
	if !container.SecurityContext.ReadOnly {
		t.Error("it may write elsewhere")
	}
	program := builtProgram(t)
	t.Parallel()
	volume := t.TempDir()
	for _, c := range story {
		var args []string
		for _, a := range container.Args {
			args = append(args, strings.ReplaceAll(a, mount, volume))
		}
		args = append(args, strings.Split(arguments(c.fault), "\n")...)
		cmd := exec.Command(program, args...) //nolint:gosec // the program under test
		cmd.Env = []string{}
		if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != c.code {
			t.Errorf("%s: exit code %d, want %d\n%s", c.name, cmd.ProcessState.ExitCode(), c.code, out)
		}
	}
}
