package packages

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/needs"
)

// Somebody installs a package, has its service run, changes the settings, upgrades, rolls back, and removes it. History
// and settings stay until they are purged.
func TestPackages(t *testing.T) {
	needs.Patience(t, "makes packages and a Debian: a minute or two")
	if os.Geteuid() != 0 {
		t.Skip("needs root, for a Debian of its own; .ci/run runs it as root")
	}
	old, now := madeTwice(t, "1.2.2"), made(t, "1.2.3")
	lint(t, now.deb)
	r := newRoot(t)
	t.Run("deb", func(t *testing.T) { deb(t, r, old.deb, now.deb) })
	t.Run("rpm", func(t *testing.T) { rpm(t, r, old.rpm, now.rpm) })
	t.Run("dnf", func(t *testing.T) { withDNF(t, r, old.rpm, now.rpm) })
}

// files are the packages of one version for this machine.
type files struct{ deb, rpm string }

func made(t *testing.T, version string) files {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "./make", version, dir, runtime.GOARCH) //nolint:gosec // the project's own
	cmd.Env = append(os.Environ(), "PROBER_MAINTAINER=The maintainers of prober <maintainers@prober.test>")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var f files
	for pattern, into := range map[string]*string{"prober_" + version + "-1_*.deb": &f.deb, "prober-" + version + "-1.*.rpm": &f.rpm} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: %v, %v", pattern, found, err)
		}
		*into = found[0]
	}
	return f
}

// madeTwice makes them twice, and the two are the same.
func madeTwice(t *testing.T, version string) files {
	t.Helper()
	one, two := made(t, version), made(t, version)
	for a, b := range map[string]string{one.deb: two.deb, one.rpm: two.rpm} {
		if out, err := exec.CommandContext(t.Context(), "cmp", a, b).CombinedOutput(); err != nil {
			t.Errorf("made twice, %s differs: %s", filepath.Base(a), out)
		}
	}
	return one
}

func lint(t *testing.T, deb string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), needs.Program(t, "lintian"), "--allow-root", "--fail-on", "error", deb).CombinedOutput()
	if err != nil {
		t.Errorf("lintian: %v\n%s", err, out)
	}
}

const (
	settingsFile = "/etc/prober/prober.yaml"
	unitFile     = "/lib/systemd/system/prober.service"
	// The user's own settings: the loopback cloud, one endpoint, and whatever port is free.
	userSettings = "sandbox: true\nproduct: gaap\nregion: nearest\nweb.listen-address: 127.0.0.1:0\n"
)

func deb(t *testing.T, r root, old, now string) {
	r.install(t, old)
	worksAlone(t, r, "1.2.2")
	documentsLead(t, r)
	shipped := r.read(t, settingsFile)
	if !strings.Contains(shipped, "\n#interval: 1m0s\n") {
		t.Errorf("%s does not say what holds: %.300s", settingsFile, shipped)
	}
	// Nobody has to take the shipped settings for more than a note: they are read, and then there is no such flag.
	if out, err := r.command(t.Context(), "/usr/bin/prober", "serve", "--config.file", settingsFile, "--interval", "0").CombinedOutput(); err == nil ||
		!strings.Contains(string(out), "--interval 0s: want at least") {
		t.Errorf("serve says %s (%v) of the shipped settings", out, err)
	}
	r.write(t, settingsFile, userSettings)
	s := r.start(t, unitFile)
	s.remembers(t)
	if got := s.get(t, "/-/healthy"); got == "" {
		t.Error("it is not healthy")
	}
	s.stop(t)
	ended := time.Now()

	kept := func(what string) {
		t.Helper()
		if got := r.read(t, settingsFile); got != userSettings {
			t.Errorf("%s: the user's settings are %q", what, got)
		}
		s := r.start(t, unitFile)
		defer s.stop(t)
		if since := s.remembers(t); !since.Before(ended) {
			t.Errorf("%s: what was before is forgotten: counted since %s", what, since)
		}
	}
	r.install(t, now)
	worksAlone(t, r, "1.2.3")
	kept("upgrade")
	r.install(t, withOtherSettings(t, now), "-o", "Dpkg::Options::=--force-confold")
	kept("upgrade to a version with other settings")
	if got := r.read(t, settingsFile+".dpkg-dist"); !strings.HasPrefix(got, "# other\n") {
		t.Errorf("the new settings are not beside the user's: %.100s", got)
	}
	r.install(t, old, "--allow-downgrades", "-o", "Dpkg::Options::=--force-confold")
	worksAlone(t, r, "1.2.2")
	kept("roll back")

	r.run(t, "/usr/bin/apt-get", "remove", "-y", "prober")
	if got := r.left(t, "prober"); !slices.Contains(got, "/var/lib/prober") || !slices.Contains(got, settingsFile) || slices.Contains(got, "/usr/bin/prober") {
		t.Errorf("after the removal there are %v", got)
	}
	r.run(t, "/usr/bin/apt-get", "purge", "-y", "prober")
	if got := r.left(t, "prober"); len(got) > 0 {
		t.Errorf("purged, there are still %v", got)
	}
}

// worksAlone is the program with nothing beside it, as its package has it.
func worksAlone(t *testing.T, r root, version string) {
	t.Helper()
	if got := r.run(t, "/usr/bin/prober", "--version"); !strings.HasPrefix(got, "prober "+version+" (revision ") {
		t.Errorf("%s is installed, want %s", got, version)
	}
	if got := r.run(t, "/usr/bin/prober", "check", "--sandbox"); !strings.Contains(got, "\n76 ok, ") {
		t.Errorf("check says %s", got)
	}
}

// withOtherSettings is the package of a version yet to come, which ships other settings.
func withOtherSettings(t *testing.T, deb string) string {
	t.Helper()
	dir, other := filepath.Join(t.TempDir(), "deb"), filepath.Join(t.TempDir(), "other.deb")
	dpkg := needs.Program(t, "dpkg-deb")
	run := func(args ...string) {
		t.Helper()
		if out, err := exec.CommandContext(t.Context(), dpkg, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v %s", args, err, out)
		}
	}
	run("-R", deb, dir)
	for file, edit := range map[string]func(string) string{
		settingsFile:      func(s string) string { return "# other\n" + s },
		"/DEBIAN/control": func(s string) string { return strings.Replace(s, "Version: 1.2.3-1\n", "Version: 1.2.4-1\n", 1) },
	} {
		root(dir).write(t, file, edit(root(dir).read(t, file)))
	}
	run("-b", "-Znone", dir, other)
	return other
}

// The rpm goes into the same Debian: Debian's rpm keeps a database of its own, and the scripts are run there. What it
// depends on is there, too, but under the names of other packages.
func rpm(t *testing.T, r root, old, now string) {
	program := needs.Program(t, "rpm")
	do := func(args ...string) string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), program, append([]string{"--root", string(r), "--nodeps"}, args...)...).CombinedOutput()
		if err != nil || strings.Contains(string(out), "scriptlet failed") {
			t.Fatalf("rpm %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	do("-i", old)
	worksAlone(t, r, "1.2.2")
	r.write(t, settingsFile, userSettings)
	const unit = "/usr" + unitFile
	s := r.start(t, unit)
	s.remembers(t)
	s.stop(t)
	ended := time.Now()
	do("-U", now)
	worksAlone(t, r, "1.2.3")
	do("-U", "--oldpackage", old)
	worksAlone(t, r, "1.2.2")
	if got := r.read(t, settingsFile); got != userSettings {
		t.Errorf("the user's settings are %q", got)
	}
	s = r.start(t, unit)
	if since := s.remembers(t); !since.Before(ended) {
		t.Errorf("what was before is forgotten: counted since %s", since)
	}
	s.stop(t)
	do("-e", "prober")
	if got := r.left(t, "prober"); !slices.Equal(got, []string{"/etc/prober", settingsFile + ".rpmsave", "/var/lib/prober"}) {
		t.Errorf("after the removal there are %v", got)
	}
}
