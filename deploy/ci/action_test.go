package ci

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"prober/limit"
	"prober/needs"
)

// built is the program, once for all tests.
var built = sync.OnceValues(func() (string, error) {
	output := filepath.Join(scratch, "output")
	repository, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return "", err
	}
	cmd := exec.Command("bash", "steps/obtain")
	cmd.Env = append(os.Environ(), "RUNNER_TEMP="+scratch, "SOURCE="+repository, "PROGRAM=", "VERSION=", "GITHUB_OUTPUT="+output)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	text, err := os.ReadFile(output) //nolint:gosec // of the test's own
	return strings.TrimSuffix(strings.TrimPrefix(string(text), "program="), "\n"), err
})

// builtProgram is the program as the step "obtain" builds it.
func builtProgram(t *testing.T) string {
	t.Helper()
	needs.Patience(t, "builds the program and runs it as a CI system does")
	needs.Program(t, "jq")
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// sandboxed judges two requirements at one endpoint of the sandbox, with faults.
func sandboxed(faults ...string) map[string]string {
	lines := []string{"--sandbox", "--timeout", "60s", "--requirement", "KMS-TLS-02", "--requirement", "KMS-TLS-07"}
	for _, f := range faults {
		lines = append(lines, "--fault", f)
	}
	return map[string]string{"product": "kms", "region": "cn-hangzhou", "network": "public", "arguments": strings.Join(lines, "\n")}
}

func with(inputs map[string]string, more ...string) map[string]string {
	for i := 0; i < len(more); i += 2 {
		inputs[more[i]] = more[i+1]
	}
	return inputs
}

const (
	version = "kms/cn-hangzhou/public=version_accepted"
	expired = "kms/cn-hangzhou/public=cert_expired"
	outage  = "*=resolver_unavailable_servfail"
)

func TestAction(t *testing.T) {
	t.Parallel()
	program := builtProgram(t)

	t.Run("from the first failure to the last", func(t *testing.T) {
		g := newGitHub(t, program)
		for _, c := range []struct {
			name     string
			inputs   map[string]string
			code     int
			summary  string // is in it
			open     bool
			comments int
			issues   int // so far
		}{
			{"clean", sandboxed(), 0, "Conformance: nothing failed", false, 0, 0},
			{"first failure", sandboxed(version), 1, "1 broken requirement at 1 endpoint", true, 0, 1},
			{"still failing", sandboxed(version), 0, "still broken: 1 since 2026-01-02; nothing new failed", true, 0, 1},
			{"undecided", sandboxed(outage), 3, "A hosted runner is a poor place to look from", true, 0, 1},
			{"tolerated", with(sandboxed(outage), "tolerate-undecided", "true"), 0, "lets this job pass all the same", true, 0, 1},
			// It is compared with the last run that could tell, and fails since the day of the first.
			{"decided again", sandboxed(version), 0, "still broken: 1 since 2026-01-02; nothing new failed", true, 0, 1},
			{"another one", sandboxed(expired), 1, "KMS-TLS-07", true, 1, 1},
			{"fixed", sandboxed(), 0, "Conformance: nothing failed", false, 2, 1},
			{"broken anew", sandboxed(version), 1, "1 broken requirement at 1 endpoint", true, 0, 2},
		} {
			r := g.run(t, job{inputs: c.inputs})
			if c.name == "first failure" {
				g.age(t, "2026-01-02")
			}
			if r.code != c.code || !strings.Contains(r.summary, c.summary) {
				t.Errorf("%s: exit code %d, want %d with %q\n%s%s", c.name, r.code, c.code, c.summary, r.summary, r.log)
			}
			issues := g.issues(t)
			if len(issues) != c.issues {
				t.Fatalf("%s: %d issues, want %d", c.name, len(issues), c.issues)
			}
			if c.issues == 0 {
				continue
			}
			last := issues[len(issues)-1]
			if last.Open != c.open || len(last.Comments) != c.comments {
				t.Errorf("%s: open %v, want %v; %d comments, want %d: %q", c.name, last.Open, c.open, len(last.Comments), c.comments, last.Comments)
			}
			if c.code == 1 && !strings.Contains(r.log, "::error file=endpoints.json,line=") {
				t.Errorf("%s: no annotation\n%s", c.name, r.log)
			}
			body := last.Body
			if strings.Contains(c.summary, "since 2026-01-02") && !strings.Contains(body, "fail, since 2026-01-02") {
				t.Errorf("%s: the issue does not say since when\n%s", c.name, body)
			}
			if !strings.Contains(body, "<code>kms/cn-hangzhou/public</code>") || !strings.Contains(body, "https://github.example/acme/shop/actions/runs/") {
				t.Errorf("%s: the issue says\n%s", c.name, body)
			}
		}
		for _, name := range []string{"report.html", "report.json", "report.md", "junit.xml", "badge.svg"} {
			if get(t, filepath.Join(g.dir, "runs", "2", "conformance-report", name)) == "" {
				t.Errorf("the artifact has an empty %s", name)
			}
		}
	})

	// A run that passes while what was broken is undecided, as before, does not say that it is well.
	t.Run("undecided time and again", func(t *testing.T) {
		g := newGitHub(t, program)
		for i, c := range []struct {
			fault   string
			code    int
			summary string
			open    bool
		}{
			{"missing_key_code", 1, "1 broken requirement at 1 endpoint", true},
			{"cert_expired", 3, "broken when last decided: 1, since ", true},
			{"cert_expired", 0, "undecided as before", true},
			{"signature_not_echoed", 0, "nothing failed: 2 results verified", false},
		} {
			arguments := "--sandbox\n--timeout\n60s\n--requirement\nKMS-DNS-01\n--requirement\nKMS-PROTO-08\n--fault\nkms/cn-hangzhou/public=" + c.fault
			r := g.run(t, job{inputs: with(sandboxed(), "arguments", arguments)})
			if r.code != c.code || !strings.Contains(r.summary, c.summary) {
				t.Errorf("run %d: exit code %d, want %d with %q\n%s%s", i+1, r.code, c.code, c.summary, r.summary, r.log)
			}
			if issues := g.issues(t); len(issues) != 1 || issues[0].Open != c.open {
				t.Errorf("run %d: %+v", i+1, issues)
			}
		}
	})

	t.Run("without a baseline", func(t *testing.T) {
		g := newGitHub(t, program)
		for i, faults := range [][]string{{version}, {version}, {expired}} {
			if r := g.run(t, job{inputs: with(sandboxed(faults...), "baseline", "none")}); r.code != 1 {
				t.Errorf("run %d: exit code %d\n%s", i+1, r.code, r.log)
			}
		}
		// The second run says nothing new.
		if issues := g.issues(t); len(issues) != 1 || len(issues[0].Comments) != 1 {
			t.Errorf("%+v", issues)
		}
	})

	t.Run("with the cache", func(t *testing.T) {
		g := newGitHub(t, program)
		for i, c := range []struct {
			key, event string
			again      bool
			faults     []string
			code       int
		}{
			{"", "", false, []string{version}, 1},
			{"", "", true, []string{version}, 1}, // asked again it is no better
			{"", "", true, []string{version}, 1},
			{"", "", false, []string{version}, 0},
			{"", "", true, []string{version}, 0},
			{"", "", true, []string{expired}, 1},
			{"", "pull_request", false, []string{version}, 1}, // which the last one did not find
			{"", "pull_request", false, []string{version}, 1},
			{"", "push", false, []string{expired}, 0},
			{"conformance-eu", "", false, []string{version}, 1}, // another key, though one begins with the other
			{"", "", false, []string{version}, 1},
		} {
			inputs := with(sandboxed(c.faults...), "baseline", "cache", "issue", "false")
			if c.key != "" {
				inputs["key"] = c.key
			}
			if r := g.run(t, job{event: c.event, again: c.again, inputs: inputs}); r.code != c.code {
				t.Errorf("run %d: exit code %d, want %d\n%s", i+1, r.code, c.code, r.log)
			}
		}
	})

	// The run that is tried again is none to compare with.
	t.Run("tried again", func(t *testing.T) {
		g := newGitHub(t, program)
		for i, c := range []struct {
			again bool
			code  int
		}{{false, 1}, {true, 1}, {false, 0}, {true, 0}} {
			if r := g.run(t, job{again: c.again, inputs: with(sandboxed(version), "issue", "false")}); r.code != c.code {
				t.Errorf("run %d: exit code %d, want %d\n%s", i+1, r.code, c.code, r.log)
			}
		}
	})

	// What is not looked at by hand is not well.
	t.Run("a part of it by hand", func(t *testing.T) {
		g := newGitHub(t, program)
		for i, c := range []struct {
			event, network string
			faults         []string
			open           bool
			says           string
		}{
			{"schedule", "all", []string{version}, true, ""},
			{"workflow_dispatch", "vpc", nil, true, "this run looked at another part than the one that wrote it"},
			{"workflow_dispatch", "all", []string{version}, true, ""},
			{"workflow_dispatch", "all", nil, false, ""},
			{"workflow_dispatch", "public", []string{expired}, true, ""},
			{"schedule", "vpc", nil, false, ""},
		} {
			r := g.run(t, job{event: c.event, inputs: with(sandboxed(c.faults...), "network", c.network)})
			issues := g.issues(t)
			if len(issues) == 0 || issues[len(issues)-1].Open != c.open || strings.Contains(r.log, "looked at another part") != (c.says != "") {
				t.Errorf("run %d: %+v\n%s", i+1, issues, r.log)
			}
		}
	})

	t.Run("a matrix", func(t *testing.T) {
		for key, want := range map[string]bool{"conformance": true, "conformance-eu": false} {
			r := newGitHub(t, program).run(t, job{jobs: "3", inputs: with(sandboxed(), "key", key)})
			if got := strings.Contains(r.log, "the jobs of this matrix share"); r.code != 0 || got != want {
				t.Errorf("%s: exit code %d, told: %v\n%s", key, r.code, got, r.log)
			}
		}
	})

	t.Run("what cannot be kept", func(t *testing.T) {
		for input, c := range map[string]struct{ value, says string }{
			"key":        {"eu/west", "input key: want letters"},
			"report-dir": {"", "input report-dir: want a folder of its own"},
			"arguments":  {"--sandbox\n--report-dir=out", "input arguments: the folder of the report is the input report-dir"},
		} {
			r := newGitHub(t, program).run(t, job{inputs: with(sandboxed(), input, c.value)})
			if r.code != 2 || !strings.Contains(r.log, "::error title=prober::"+c.says) || !strings.Contains(r.summary, c.says) || r.outputs["judge.report"] != "" {
				t.Errorf("%s: exit code %d, want 2 with %q\n%s%s", input, r.code, c.says, r.summary, r.log)
			}
		}
	})

	t.Run("where the issue is left alone", func(t *testing.T) {
		for name, c := range map[string]struct {
			job    job
			forbid string
			says   string
		}{
			"fork":           {job{inputs: sandboxed(version), context: map[string]string{"event.repository.fork": "true"}}, "", "this run is of a fork"},
			"from a fork":    {job{event: "pull_request", inputs: sandboxed(version), context: map[string]string{"event.pull_request.head.repo.fork": "true"}}, "", "this run is of a fork"},
			"no token":       {job{inputs: with(sandboxed(version), "token", "")}, "", "there is no token"},
			"no permission":  {job{inputs: sandboxed(version)}, "no-issue", "as gh says above: it takes the permission issues: write"},
			"no run is seen": {job{inputs: with(sandboxed(version), "issue", "false")}, "no-run", "as gh says above: it takes the permission actions: read"},
			"a proposal":     {job{event: "pull_request", inputs: sandboxed(version)}, "", "this run is of a pull request"},
		} {
			g := newGitHub(t, program)
			if c.forbid != "" {
				put(t, filepath.Join(g.dir, c.forbid), "")
			}
			// The verdict does not depend on it.
			if r := g.run(t, c.job); r.code != 1 || !strings.Contains(r.log, c.says) || len(g.issues(t)) != 0 {
				t.Errorf("%s: exit code %d, %d issues, want %q\n%s", name, r.code, len(g.issues(t)), c.says, r.log)
			}
		}
	})

	// What a runner of somebody's own lacks is named, and nobody's permissions are blamed.
	t.Run("where gh or jq is not there", func(t *testing.T) {
		for _, missing := range []string{"gh", "jq"} {
			path := without(t, missing)
			r := newGitHub(t, program).run(t, job{inputs: sandboxed(version), env: map[string]string{"PATH": path}})
			if r.code != 1 || strings.Count(r.log, missing+" is not on this runner") != 2 || strings.Contains(r.log, "permission") {
				t.Errorf("%s: exit code %d\n%s", missing, r.code, r.log)
			}
		}
	})

	// In a public repository anybody opens issues, with whatever in them.
	t.Run("an issue of somebody else's", func(t *testing.T) {
		g := newGitHub(t, program)
		const theirs = "<!-- prober-conformance conformance 0-0 -->"
		put(t, filepath.Join(g.dir, "issues.json"), `[{"number": 1, "author": "somebody", "title": "Mine", "open": true, "body": "`+theirs+`"}]`)
		for _, faults := range [][]string{{version}, {}} {
			g.run(t, job{inputs: sandboxed(faults...)})
			all := g.issues(t)
			if len(all) != 2 || all[0].Body != theirs || !all[0].Open || len(all[0].Comments) > 0 || all[1].Open != (len(faults) > 0) {
				t.Errorf("%q: %+v", faults, all)
			}
		}
	})

	t.Run("lines with CR LF", func(t *testing.T) {
		inputs := sandboxed(version)
		inputs["arguments"] = strings.ReplaceAll(inputs["arguments"], "\n", "\r\n") + "\r\n"
		if r := newGitHub(t, program).run(t, job{inputs: inputs}); r.code != 1 {
			t.Errorf("exit code %d\n%s", r.code, r.log)
		}
	})

	t.Run("a folder as the program", func(t *testing.T) {
		if r := newGitHub(t, program).run(t, job{inputs: with(sandboxed(), "program", "/")}); r.code == 0 || !strings.Contains(r.log, "there is no program of that name") {
			t.Errorf("exit code %d\n%s", r.code, r.log)
		}
	})

	t.Run("wrong usage", func(t *testing.T) {
		r := newGitHub(t, program).run(t, job{inputs: with(sandboxed(), "product", "kmss")})
		if r.code != 2 || !strings.Contains(r.summary, `did you mean "kms"`) || r.outputs["judge.report"] != "" {
			t.Errorf("exit code %d\n%s", r.code, r.summary)
		}
	})

	t.Run("a baseline that cannot be read", func(t *testing.T) {
		g := newGitHub(t, program)
		dir := filepath.Join(g.dir, "runs", "0", "conformance-report")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, "report.json"), "{")
		put(t, filepath.Join(g.dir, "runs", "0", "event"), "push")
		if r := g.run(t, job{inputs: sandboxed(version)}); r.code != 1 || !strings.Contains(r.log, "the last report cannot be read") {
			t.Errorf("exit code %d\n%s", r.code, r.log)
		}
	})

	// Nobody who opens a pull request chooses what is excused.
	t.Run("no baseline of a pull request", func(t *testing.T) {
		g := newGitHub(t, program)
		g.run(t, job{event: "pull_request", inputs: sandboxed(version)})
		if r := g.run(t, job{event: "pull_request", inputs: sandboxed(version)}); r.code != 1 {
			t.Errorf("exit code %d\n%s", r.code, r.log)
		}
	})

	t.Run("no input is shell", func(t *testing.T) {
		g := newGitHub(t, program)
		made := filepath.Join(g.dir, "made")
		for i, evil := range []string{"$(touch " + made + ")", "`touch " + made + "`", "'; touch " + made + " #", `"; touch ` + made + ` #`} {
			inputs := map[string]string{}
			for _, name := range []string{"endpoints", "product", "region", "network", "fail-on", "waivers", "vantage", "arguments", "key", "issue-title"} {
				inputs[name] = evil
			}
			for name := range inputs {
				if i > 0 {
					break // each by itself once
				}
				g.run(t, job{inputs: with(sandboxed(version), name, evil)})
			}
			if r := g.run(t, job{inputs: inputs}); r.code != 2 {
				t.Errorf("%s: exit code %d\n%s", evil, r.code, r.log)
			}
		}
		if _, err := os.Stat(made); err == nil {
			t.Error("an input was run")
		}
	})

	// Everything of one provider fails: the issue ends with a whole row, within what GitHub takes.
	t.Run("more than an issue holds", func(t *testing.T) {
		g := newGitHub(t, program)
		r := g.run(t, job{inputs: map[string]string{"product": "ecs, kms", "arguments": "--sandbox\n--timeout\n60s\n--group\ntls\n--fault\n*=cert_expired"}})
		issues := g.issues(t)
		if r.code != 1 || len(issues) != 1 {
			t.Fatalf("exit code %d, %d issues\n%s", r.code, len(issues), r.log)
		}
		body := issues[0].Body
		if len(body) < limit.IssueBytes/2 || !strings.Contains(body, " more: see report.html") {
			t.Errorf("%d bytes:\n%s", len(body), body)
		}
		for line := range strings.Lines(body) {
			if strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|\n") {
				t.Errorf("half a row: %q", line)
			}
		}
	})

	// What an endpoint says is printed where the runner obeys nothing.
	t.Run("no line of an endpoint is a command", func(t *testing.T) {
		r := newGitHub(t, program).run(t, job{inputs: sandboxed(version)})
		m := regexp.MustCompile(`(?s)^::stop-commands::([0-9a-f]{32})\n(.*)\n::([0-9a-f]{32})::\n(.*)$`).FindStringSubmatch(r.log[strings.Index(r.log, "::stop"):])
		if m == nil || m[1] != m[3] || !strings.Contains(m[2], "1 broken requirement") || !strings.Contains(m[4], "::error file=") {
			t.Errorf("the log is\n%s", r.log)
		}
	})
}

// A release is taken only if its archive has the sum that was asked for.
func TestObtainARelease(t *testing.T) {
	g := newGitHub(t, "")
	dir := filepath.Join(g.dir, "releases", "acme", "prober", "v1.2.3")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "prober"), "#!/bin/sh\necho it runs\n")
	if err := os.Chmod(filepath.Join(dir, "prober"), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	archive := filepath.Join(dir, "prober_1.2.3_linux_arm64.tar.gz")
	if out, err := exec.Command("tar", "-czf", archive, "-C", dir, "prober").CombinedOutput(); err != nil { //nolint:gosec // of the test's own
		t.Fatalf("%v: %s", err, out)
	}
	sum := sha256.Sum256([]byte(get(t, archive)))
	good, bad := hex.EncodeToString(sum[:]), strings.Repeat("0", 64)
	for _, c := range []struct {
		name, version, sums, os string
		code                    int
		says                    string
	}{
		{"the sum of this one among others", "v1.2.3", bad + "\n" + good, "Linux", 0, ""},
		{"another sum", "v1.2.3", bad, "Linux", 2, "has the sum " + good},
		{"no sum", "v1.2.3", "", "Linux", 2, "input version needs sha256"},
		{"no such release", "v9.9.9", good, "Linux", 2, "has no archive prober_9.9.9_linux_arm64.tar.gz"},
		{"no version", "../v1.2.3", good, "Linux", 2, "want a release such as v1.2.3"},
		{"a system without one", "v1.2.3", good, "Windows", 2, "no release is taken on this system"},
		{"nothing to fetch it with", "v1.2.3", good, "Linux", 2, "gh is not there to fetch a release with"},
	} {
		temp, path := t.TempDir(), standIns(t)+":"+os.Getenv("PATH")
		if c.name == "nothing to fetch it with" {
			path = without(t, "gh")
		}
		output := filepath.Join(temp, "output")
		put(t, output, "")
		cmd := exec.Command("bash", "steps/obtain")
		cmd.Env = []string{
			"PATH=" + path, "HUB=" + g.dir, "GH_TOKEN=x", "RUNNER_TEMP=" + temp, "RUNNER_OS=" + c.os, "RUNNER_ARCH=ARM64",
			"GITHUB_OUTPUT=" + output, "VERSION=" + c.version, "SHA256=" + c.sums, "REPOSITORY=acme/prober",
		}
		out, err := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != c.code || !strings.Contains(string(out), c.says) {
			t.Errorf("%s: %v, want exit code %d and %q\n%s", c.name, err, c.code, c.says, out)
		}
		program, given := strings.CutPrefix(strings.TrimSpace(get(t, output)), "program=")
		_, missing := os.Stat(filepath.Join(temp, "prober", "prober"))
		if given != (c.code == 0) || given != (missing == nil) {
			t.Errorf("%s: a program is given: %v, unpacked: %v", c.name, given, missing == nil)
		}
		if given {
			if out, err := exec.Command(program).Output(); err != nil || string(out) != "it runs\n" {
				t.Errorf("%s: %v: %s", c.name, err, out)
			}
		}
	}
}

// Go makes the program of the action's sources once: the runs after it have it from the cache, on runners without Go as well.
func TestBuiltOnce(t *testing.T) {
	t.Parallel()
	program := builtProgram(t)
	g := newGitHub(t, "")
	makes, fails := t.TempDir(), t.TempDir()
	for dir, does := range map[string]string{makes: `[ "$1 $2 $4" = "build -o ./cmd/prober" ] && mkdir -p "$(dirname "$3")" && cp "` + program + `" "$3"`, fails: "exit 1"} {
		put(t, filepath.Join(dir, "go"), "#!/bin/sh\n"+does+"\n")
		if err := os.Chmod(filepath.Join(dir, "go"), 0o700); err != nil { //nolint:gosec // it is run
			t.Fatal(err)
		}
	}
	for i, dir := range []string{makes, fails, fails} {
		r := g.run(t, job{inputs: sandboxed(), env: map[string]string{"PATH": dir + ":" + standIns(t) + ":" + os.Getenv("PATH")}})
		if r.code != 0 || !strings.Contains(r.summary, "nothing failed") {
			t.Errorf("run %d: exit code %d\n%s", i+1, r.code, r.log)
		}
	}
	if r := newGitHub(t, "").run(t, job{inputs: sandboxed(), env: map[string]string{"PATH": fails + ":" + os.Getenv("PATH")}}); r.code == 0 {
		t.Errorf("without a cache, and with a Go that builds nothing: exit code 0\n%s", r.log)
	}
}

// The cache knows a program by what it was made of.
func TestKeyOfSources(t *testing.T) {
	t.Parallel()
	key := func(dir string, env ...string) string {
		t.Helper()
		output := filepath.Join(t.TempDir(), "output")
		cmd := exec.Command("bash", "steps/sources")
		cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "SOURCE=" + dir, "RUNNER_TEMP=/tmp", "RUNNER_OS=Linux", "RUNNER_ARCH=X64", "GITHUB_OUTPUT=" + output}, env...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		first, _, _ := strings.Cut(get(t, output), "\n")
		return first
	}
	sources := func(files ...string) string {
		t.Helper()
		dir := t.TempDir()
		for i := 0; i < len(files); i += 2 {
			file := filepath.Join(dir, files[i])
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				t.Fatal(err)
			}
			put(t, file, files[i+1])
		}
		return dir
	}
	one := key(sources("go.mod", "a", "cmd/main.go", "b"))
	for name, c := range map[string]struct {
		got  string
		same bool
	}{
		"the same":          {key(sources("cmd/main.go", "b", "go.mod", "a")), true},
		"what git keeps":    {key(sources("go.mod", "a", "cmd/main.go", "b", ".git/index", "c")), true},
		"another text":      {key(sources("go.mod", "a", "cmd/main.go", "c")), false},
		"another name":      {key(sources("go.mod", "a", "cmd/main2.go", "b")), false},
		"one more":          {key(sources("go.mod", "a", "cmd/main.go", "b", "c d", "")), false},
		"another processor": {key(sources("go.mod", "a", "cmd/main.go", "b"), "RUNNER_ARCH=ARM64"), false},
		"another system":    {key(sources("go.mod", "a", "cmd/main.go", "b"), "RUNNER_OS=macOS"), false},
	} {
		if !regexp.MustCompile(`^key=prober-program-\w+-\w+-[0-9a-f]{64}$`).MatchString(c.got) || (c.got == one) != c.same {
			t.Errorf("%s: %s, beside %s", name, c.got, one)
		}
	}
}
