package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prober/needs"
)

// typed are command lines as far as somebody has typed them, and what a TAB makes of them.
var typed = [][2]string{
	{"prober check --product k", "check|--product|kms"},
	{"prober check --network=v", "check|--network=vpc"},
	{"prober check kms/cn-hangzhou/v", "check|kms/cn-hangzhou/vpc"},
	{"prober check --fault kms/cn-hangzhou/public=cert_self", "check|--fault|kms/cn-hangzhou/public=cert_self_signed"},
	{"prober check --fault=kms/cn-hangzhou/public=cert_self", "check|--fault=kms/cn-hangzhou/public=cert_self_signed"},
	{"prober explain tls/cert_exp", "explain|tls/cert_expired"},
	{"prober conformance --label-filter req:KMS-TLS-02", "conformance|--label-filter|req:KMS-TLS-02"},
	{"prober report render repo", "report|render|report.json"},
	{"prober serve --state-dir sta", "serve|--state-dir|state"},
	{"prober serve sta", "serve|sta"},
}

// A TAB in each shell itself, on a terminal of its own.
func TestShellsComplete(t *testing.T) {
	needs.Patience(t, "it starts shells at terminals")
	script, program := needs.Program(t, "script"), filepath.Join(t.TempDir(), "prober")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for shell, start := range map[string][2]string{
		"bash": {"--norc --noprofile -i", ". /usr/share/bash-completion/bash_completion 2>/dev/null; . <(command prober completion bash)"},
		"zsh":  {"-f -i", "autoload -U compinit; compinit -u -D; . <(command prober completion zsh)"},
	} {
		path := needs.Program(t, shell)
		t.Run(shell, func(t *testing.T) {
			home := shellHome(t)
			keys := start[1] + "\n" + `prober() { if [ "$1" = __complete ]; then command prober "$@"; else echo; (IFS="|"; echo "<<$*>>"); fi; }` + "\n"
			for _, line := range typed {
				keys += line[0] + "\t\n"
			}
			cmd := exec.Command(script, "-qec", path+" "+start[0], os.DevNull)
			cmd.Dir, cmd.Env = home, append(os.Environ(), "HOME="+home, "TERM=dumb", "PATH="+filepath.Dir(program)+":"+os.Getenv("PATH"))
			cmd.Stdin = strings.NewReader(keys + "exit\n")
			out, err := cmd.CombinedOutput()
			for _, line := range typed {
				if whole := "<<" + line[1]; !strings.Contains(string(out), whole+">>") && !strings.Contains(string(out), whole+"/>>") {
					t.Errorf("%s, and a TAB: want %s", line[0], line[1])
				}
			}
			if t.Failed() {
				t.Logf("%v\n%s", err, out)
			}
		})
	}
	t.Run("fish", func(t *testing.T) {
		home, code := shellHome(t), "prober completion fish | source\n"
		for _, line := range typed {
			code += fmt.Sprintf("complete -C '%s'\necho ==\n", line[0])
		}
		cmd := exec.Command(needs.Program(t, "fish"), "--no-config", "-c", code)
		cmd.Dir, cmd.Env = home, append(os.Environ(), "HOME="+home, "PATH="+filepath.Dir(program)+":"+os.Getenv("PATH"))
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		answers := strings.Split(string(out), "==\n")
		for i, line := range typed {
			if line[0] == "prober serve sta" { // nothing is offered
				line[1] = ""
			}
			// fish knows no ends of names, and offers a word that is to have no space behind it twice.
			want := line[1][strings.LastIndexByte(line[1], '|')+1:]
			offers := strings.FieldsFunc(answers[i], func(r rune) bool { return r == '\n' || r == '\t' })
			if !slices.ContainsFunc(offers, func(o string) bool { return strings.TrimSuffix(o, "/") == want }) && (want != "" || len(offers) > 0) {
				t.Errorf("%s, and a TAB: %q, want %s", line[0], offers, want)
			}
		}
	})
}

// shellHome is a folder with a report and a folder to complete.
func shellHome(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "state"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"report.json", "report.html"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
