package packages

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"prober/needs"
)

// withDNF does with dnf what docs/install.md says: it finds what the rpm depends on, or says what is missing, and
// upgrades, downgrades and removes it. The system is the same Debian, in which a package with nothing in it stands
// for those of another distribution.
func withDNF(t *testing.T, r root, old, now string) {
	program := needs.Program(t, "dnf")
	dnf := func(args ...string) (string, error) {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), program, append([]string{ //nolint:gosec // a test's
			"--installroot=" + string(r), "--releasever=1", "--disablerepo=*", "--setopt=reposdir=" + t.TempDir(), "--nogpgcheck", "-y",
		}, args...)...).CombinedOutput()
		return string(out), err
	}
	do := func(args ...string) {
		t.Helper()
		if out, err := dnf(args...); err != nil || strings.Contains(out, "scriptlet failed") {
			t.Fatalf("dnf %v: %v\n%s", args, err, out)
		}
	}
	const theirs = "the user's own\n"
	kept := func(version string) {
		t.Helper()
		worksAlone(t, r, version)
		if got := r.read(t, settingsFile); got != theirs {
			t.Errorf("with %s: the user's settings are %q", version, got)
		}
	}
	if out, err := dnf("install", old); err == nil || !strings.Contains(out, "nothing provides ca-certificates") || !strings.Contains(out, "nothing provides systemd") {
		t.Errorf("without what it needs: %v\n%s", err, out)
	}
	do("install", old, standIn(t))
	r.write(t, settingsFile, theirs)
	kept("1.2.2")
	do("upgrade", now)
	kept("1.2.3")
	do("downgrade", old)
	kept("1.2.2")
	do("remove", "prober")
	if got := r.read(t, settingsFile+".rpmsave"); got != theirs {
		t.Errorf("after the removal the user's settings are %q", got)
	}
	if _, err := os.Stat(r.path("/usr/bin/prober")); err == nil {
		t.Error("the program is still there")
	}
}

// standIn is a package that is there for the names of others.
func standIn(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	const text = "name: stand-in\narch: all\nversion: 1.0.0\nmaintainer: a test\ndescription: nothing\nprovides: [ca-certificates, systemd]\n"
	if err := os.WriteFile(filepath.Join(dir, "nfpm.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "tool", "-modfile=tools/nfpm/go.mod", "nfpm", "package", //nolint:gosec // a test's
		"--config", filepath.Join(dir, "nfpm.yaml"), "--packager", "rpm", "--target", filepath.Join(dir, "stand-in.rpm"))
	cmd.Dir = filepath.Join("..", "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return filepath.Join(dir, "stand-in.rpm")
}
