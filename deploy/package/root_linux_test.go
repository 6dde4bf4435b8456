package packages

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"prober/needs"
)

// root is a Debian of the test's own, without a network's or a service manager's doing.
type root string

// suite is the Debian that packages are tried in.
const suite = "bookworm"

// newRoot makes one, of the packages that every Debian has and of those that the deb depends on.
func newRoot(t *testing.T) root {
	t.Helper()
	mmdebstrap := needs.Program(t, "mmdebstrap")
	dir := filepath.Join(t.TempDir(), "root")
	out, err := exec.CommandContext(t.Context(), mmdebstrap, "--quiet", "--variant=apt", "--include=ca-certificates,systemd-standalone-sysusers", suite, dir).CombinedOutput()
	if err != nil {
		needs.Missing(t, "needs a mirror of Debian: mmdebstrap: %v\n%s", err, out)
	}
	return root(dir)
}

// path is where something in it is, seen from outside.
func (r root) path(inside string) string { return filepath.Join(string(r), inside) }

// command is a program in it, by its path there.
func (r root) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "HOME=/root"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: string(r), Pdeathsig: syscall.SIGKILL}
	return cmd
}

// run runs one that has to work, and returns what it said.
func (r root) run(t *testing.T, args ...string) string {
	t.Helper()
	out, err := r.command(t.Context(), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// install has apt install a package by its file, as docs/install.md says it.
func (r root) install(t *testing.T, deb string, options ...string) string {
	t.Helper()
	text, err := os.ReadFile(deb)
	if err != nil {
		t.Fatal(err)
	}
	inside := "/tmp/" + filepath.Base(deb)
	if err := os.WriteFile(r.path(inside), text, 0o644); err != nil {
		t.Fatal(err)
	}
	return r.run(t, append(append([]string{"/usr/bin/apt-get", "install", "-y"}, options...), inside)...)
}

// read is the text of a file in it.
func (r root) read(t *testing.T, inside string) string {
	t.Helper()
	text, err := os.ReadFile(r.path(inside))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// write replaces a file in it.
func (r root) write(t *testing.T, inside, text string) {
	t.Helper()
	if err := os.WriteFile(r.path(inside), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// left are the files in it whose name has a word.
func (r root) left(t *testing.T, word string) (found []string) {
	t.Helper()
	for _, below := range []string{"etc", "usr", "lib", "var"} {
		err := filepath.WalkDir(r.path(below), func(path string, d os.DirEntry, err error) error {
			if err == nil && strings.Contains(d.Name(), word) {
				found = append(found, strings.TrimPrefix(path, string(r)))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}
