package packages

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"prober/needs"
)

// What the unit leaves open is little, as systemd counts it: 0 is nothing, 10 all.
func TestUnitIsHardened(t *testing.T) {
	const most = "20" // tenths
	analyze := needs.Program(t, "systemd-analyze")
	out, err := exec.CommandContext(t.Context(), analyze, "security", "--offline=true", "--no-pager", "--threshold="+most, "prober.service").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Overall exposure level for prober.service") {
		t.Errorf("%v:\n%s", err, out)
	}
}

// The unit has a state, keys, readiness, a watchdog and a reload, and takes its settings from the file that is shipped.
func TestUnit(t *testing.T) {
	u := readUnit(t, "prober.service")
	for name, want := range map[string]string{
		"Type": "notify", "User": "prober", "StateDirectory": "prober", "WatchdogSec": "60s", "ExecReload": "/bin/sh -c 'kill -HUP $MAINPID'",
		"RestartPreventExitStatus": "2", "Environment": "GOTRACEBACK=crash", // see TestUnitStartsAgain
		"ExecStart": "/usr/bin/prober serve --config.file /etc/prober/prober.yaml --state-dir ${STATE_DIRECTORY}",
	} {
		if got := strings.Join(u[name], "\n"); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	users, err := os.ReadFile("prober.sysusers")
	if err != nil || !strings.Contains(string(users), "\nu "+u["User"][0]+" - ") {
		t.Errorf("%v: %s makes no such user", err, users)
	}
	if got := len(u["LoadCredential"]); got != 6 {
		t.Errorf("%d keys can be given, want 6", got)
	}
	for _, key := range u["LoadCredential"] {
		name, from, _ := strings.Cut(key, ":")
		if from != "prober."+name { // a path of its own would have to be there
			t.Errorf("%s is taken from %s", name, from)
		}
	}
}

// readUnit is what a unit says, by name.
func readUnit(t *testing.T, path string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	u := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if name, value, is := strings.Cut(strings.TrimSpace(line), "="); is && !strings.HasPrefix(name, "#") {
			u[name] = append(u[name], value)
		}
	}
	return u
}

func TestScripts(t *testing.T) {
	shellcheck := needs.Program(t, "shellcheck")
	entries, err := os.ReadDir("scripts")
	if err != nil || len(entries) < 6 {
		t.Fatalf("%v: %d scripts", err, len(entries))
	}
	args := []string{"-s", "sh"}
	for _, e := range entries {
		args = append(args, "scripts/"+e.Name())
	}
	for _, args := range [][]string{args, {"make"}} {
		if out, err := exec.CommandContext(t.Context(), shellcheck, args...).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
}
