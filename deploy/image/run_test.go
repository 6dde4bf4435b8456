package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"prober/needs"
)

// engine is Podman with a store of its own.
type engine struct {
	command    []string // as root
	dir, image string
	runtime    string
}

// do runs a command of it, and returns its exit code and what it says on each side.
func (e engine) do(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, log bytes.Buffer
	// It ends what it has started after the test is done, too.
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), e.command[0], append(append(e.command[1:len(e.command):len(e.command)],
		"--root", filepath.Join(e.dir, "root"), "--runroot", filepath.Join(e.dir, "run"), "--tmpdir", filepath.Join(e.dir, "tmp"),
		"--runtime", e.runtime, "--storage-driver", "vfs", "--cgroup-manager", "cgroupfs", "--events-backend", "none",
		"--network-config-dir", filepath.Join(e.dir, "networks"), // no network of the machine's is used
	), args...)...)
	cmd.Stdout, cmd.Stderr = &out, &log
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), log.String()
}

// confined are the flags of a container that may do nothing: no root to write to, no capabilities, no network but its own loopback.
var confined = []string{
	"--rm", "--read-only", "--read-only-tmpfs=false", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--log-driver=none",
	// Lower than what Podman asks for by itself, which not every machine lets root have.
	"--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096",
}

// in runs the program in a container.
func (e engine) in(t *testing.T, network string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return e.do(t, append(append([]string{"run", "--network=" + network}, confined...), append([]string{e.image}, args...)...)...)
}

// newEngine is one with an empty store.
func newEngine(t *testing.T) engine {
	t.Helper()
	e := engine{command: []string{needs.Program(t, "podman")}, dir: shortDir(t), runtime: runtimeOf(t)}
	if os.Getuid() != 0 {
		e.command = append([]string{needs.Program(t, "sudo"), "-n"}, e.command...)
		t.Cleanup(func() { _ = exec.Command(e.command[0], "-n", "rm", "-rf", e.dir).Run() }) //nolint:gosec // made by the test
	}
	return e
}

// runtimeOf is what starts the containers: crun, or runc where the kernel's groups are those of version 1, which crun
// does not take beside those of version 2.
func runtimeOf(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat("/sys/fs/cgroup/cgroup.controllers"); err == nil {
		return needs.Program(t, "crun")
	}
	return needs.Program(t, "runc")
}

// with is the engine with the image of this machine's platform of a layout, loaded from an archive as releases have it.
func (e engine) with(t *testing.T, layout string) engine {
	t.Helper()
	archive := filepath.Join(t.TempDir(), "image.tar")
	if out, err := exec.CommandContext(t.Context(), "tar", "-C", layout, "-cf", archive, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if code, out, log := e.do(t, "load", "-q", "-i", archive); code != 0 || !strings.Contains(out, "localhost/prober:1.2.3") {
		t.Fatalf("the image cannot be loaded: exit code %d: %s%s", code, out, log)
	}
	_, out, _ := e.do(t, "image", "inspect", "--format", "{{.Id}}", "localhost/prober:1.2.3")
	e.image = strings.TrimSpace(out)
	return e
}

// program is prober as releases build it.
func program(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "prober")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -X main.stampedVersion=1.2.3 -X main.stampedCommit=abc", "-o", file, "./cmd/prober")
	cmd.Dir, cmd.Env = filepath.Join("..", ".."), append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return file
}

// The image runs, as its user, with nothing to write to but its volume.
func TestRun(t *testing.T) {
	needs.Patience(t, "runs containers")
	if runtime.GOOS != "linux" {
		t.Skip("needs Linux")
	}
	prober := program(t)
	layout, _ := makeImage(t, prober)
	e := newEngine(t).with(t, layout)

	t.Run("it is what it says", func(t *testing.T) {
		code, out, log := e.in(t, "none", "version", "--output", "json")
		var v struct{ Version, Commit string }
		if err := json.Unmarshal([]byte(out), &v); err != nil || code != 0 || v.Version != "1.2.3" || v.Commit != "abc" {
			t.Errorf("exit code %d: %s%s", code, out, log)
		}
	})
	t.Run("it judges the sandbox", func(t *testing.T) {
		if code, out, log := e.in(t, "none", "check", "--sandbox"); code != 0 || !strings.Contains(out, "76 ok") {
			t.Errorf("exit code %d: %s%s", code, out, log)
		}
	})
	t.Run("there is no shell", func(t *testing.T) {
		for _, shell := range []string{"/bin/sh", "/bin/bash", "/busybox/sh"} {
			if code, _, log := e.do(t, append(append([]string{"run", "--network=none", "--entrypoint=" + shell}, confined...), e.image, "-c", "true")...); code != 127 || !strings.Contains(strings.ToLower(log), "no such file") {
				t.Errorf("%s: exit code %d: %s", shell, code, log)
			}
		}
	})
	t.Run("it has time zones", func(t *testing.T) {
		list := filepath.Join(t.TempDir(), "list.yaml")
		put(t, list, "endpoints:\n  - url: https://api.example.com/\n    maintenance: [{days: [sat], start: '22:00', for: 4h, time_zone: Asia/Shanghai, why: patches}]\n")
		if code, out, log := e.do(t, append(append([]string{"run", "--network=none", "-v", list + ":/list.yaml:ro"}, confined...), e.image, "endpoints", "validate", "/list.yaml")...); code != 0 {
			t.Errorf("exit code %d: %s%s", code, out, log)
		}
	})
	t.Run("the authorities in it are those that are trusted", func(t *testing.T) { trusts(t, prober, e) })
	t.Run("it serves, and ends", func(t *testing.T) { serves(t, e) })
}

// trusts asks a server on loopback from the image as it is, and from one that has its authority.
func trusts(t *testing.T, prober string, plain engine) {
	s, pem := newServer(t)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	put(t, ca, string(pem))
	layout, _ := makeImage(t, "-authorities", ca, prober)
	trusting := plain.with(t, layout)
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ask := []string{"check", "https://example.com:" + port + "/", "--address", "127.0.0.1", "--allow-private", "--timeout", "20s"}
	for name, c := range map[string]struct {
		e    engine
		code int
		says string
	}{"with its authority": {trusting, 0, "ok"}, "without it": {plain, 1, "tls/cert_self_signed"}} {
		if code, out, log := c.e.in(t, "host", ask...); code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("%s: exit code %d, want %d with %q: %s%s", name, code, c.code, c.says, out, log)
		}
	}
}

// serves starts a container as Kubernetes does, asks how it is, looks at what it keeps, and ends it.
func serves(t *testing.T, e engine) {
	start := func() string {
		args := append([]string{
			"run", "--detach", "--network=none", "-v", "state:" + statePath,
			"--health-interval=disable", `--health-cmd=["/usr/bin/prober","health"]`,
		}, confined...)
		code, out, log := e.do(t, append(args, e.image, "serve", "--sandbox", "--state-dir", statePath, "--product", "gaap")...)
		if code != 0 {
			t.Fatalf("exit code %d: %s", code, log)
		}
		return strings.TrimSpace(out)
	}
	healthy := func(id string) {
		t.Helper()
		deadline := time.Now().Add(time.Minute)
		for {
			code, out, log := e.do(t, "exec", id, programPath, "health", "http://127.0.0.1:"+port+"/-/ready")
			if code == 0 {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("it is not ready: %s%s", out, log)
			}
		}
	}
	id := start()
	defer e.do(t, "rm", "--force", "--time=0", id)
	healthy(id)
	if code, out, log := e.do(t, "exec", id, programPath, "health"); code != 0 {
		t.Errorf("/-/healthy: exit code %d: %s%s", code, out, log)
	}
	if code, out, log := e.do(t, "healthcheck", "run", id); code != 0 {
		_, health, _ := e.do(t, "inspect", "--format", "{{json .State.Health}} {{json .Config.Healthcheck}}", id)
		t.Errorf("as Podman asks: exit code %d: %s%s%s", code, out, log, health)
	}
	_, out, _ := e.do(t, "inspect", "--format", "{{.State.Pid}}", id)
	status, err := os.ReadFile(filepath.Join("/proc", strings.TrimSpace(out), "status"))
	if err != nil || !bytes.Contains(status, []byte("\nUid:\t65532\t65532\t65532\t65532\n")) || !bytes.Contains(status, []byte("\nCapEff:\t0000000000000000\n")) {
		t.Errorf("it runs as %s (%v)", status, err)
	}
	// SIGTERM is what ends it, within its five seconds, and not the engine's patience of sixty.
	began := time.Now()
	if code, _, log := e.do(t, "stop", "--time=60", id); code != 0 || time.Since(began) > 30*time.Second {
		t.Errorf("it took %s to end: exit code %d: %s", time.Since(began), code, log)
	}
	if _, archive, log := e.do(t, "volume", "export", "state"); !strings.Contains(archive, "history.db") {
		t.Errorf("nothing was kept: %s", log)
	}
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil { //nolint:gosec // read by another user
		t.Fatal(err)
	}
}
