package ci

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"prober/needs"
)

// Whoever runs .ci/run where it cannot do all that it has to is told so in one line, before anything is built.
func TestRunSaysWhatItLacks(t *testing.T) {
	const says = "#!/bin/sh\n"
	real := []string{"bash", "dirname", "grep", "sed", "env", "sh"}
	for name, c := range map[string]struct {
		programs map[string]string
		want     string
	}{
		"no Go":          {map[string]string{"id": "echo 0"}, "Go is missing: install the version that go.mod names"},
		"no sudo":        {map[string]string{"id": "echo 1000", "go": ""}, "run it as root, or install sudo"},
		"not Debian":     {map[string]string{"id": "echo 0", "go": ""}, "there is no apt-get here"},
		"nothing to get": {map[string]string{"id": "echo 0", "go": "", "apt-get": "exit 100"}, "these packages could not be installed: openssl "},
		"with sudo": {
			map[string]string{"id": "echo 1000", "go": "", "sudo": `shift; exec "$@"`, "apt-get": `[ "$1" = update ]`},
			"these packages could not be installed: openssl ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, program := range real {
				if err := os.Symlink(needs.Program(t, program), filepath.Join(dir, program)); err != nil {
					t.Fatal(err)
				}
			}
			for program, does := range c.programs {
				if err := os.WriteFile(filepath.Join(dir, program), []byte(says+does+"\n"), 0o700); err != nil { //nolint:gosec // it is run
					t.Fatal(err)
				}
			}
			cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "bash"), filepath.Join("..", "..", ".ci", "run")) //nolint:gosec // the project's own
			cmd.Env = []string{"PATH=" + dir}
			var said strings.Builder
			cmd.Stderr = &said
			err := cmd.Run()
			lines := strings.Split(strings.TrimSpace(said.String()), "\n")
			if last := lines[len(lines)-1]; cmd.ProcessState.ExitCode() != 2 || !strings.HasPrefix(last, ".ci/run: ") || !strings.Contains(last, c.want) {
				t.Errorf("%v, it says\n%s", err, said.String())
			}
		})
	}
}
