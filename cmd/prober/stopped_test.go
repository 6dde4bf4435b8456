//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"prober/needs"
)

// A process that is stopped for longer than its probes may take, with some of them under way,
// blames nobody: not in serve, and not in check.
func TestAStoppedProcessBlamesNobody(t *testing.T) {
	needs.Patience(t, "stops a process for some seconds")
	dir := t.TempDir()
	program := filepath.Join(dir, "prober")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var cloud sandboxJSON
	if err := json.Unmarshal([]byte(standingSandbox(t, "}\n", "--dir", filepath.Join(dir, "cloud"), "--latency", "first_byte=1s", "--output", "json")), &cloud); err != nil {
		t.Fatal(err)
	}
	reach := append(strings.Fields(strings.ReplaceAll(strings.TrimPrefix(cloud.Try, "prober check "), "'", "")), "--timeout", "6s") // the cloud may be starved itself

	t.Run("serve", func(t *testing.T) {
		cmd := exec.Command(program, append([]string{"serve", "--interval", "4s", "--log.level", "debug", "--web.listen-address", "127.0.0.1:0"}, reach...)...)
		log, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
		page, bad := pageOf(t, log)
		await(t, page, func(m metricsSeen) bool { return m.ok >= 100 })
		stopFor(t, cmd.Process, 8*time.Second)
		m := await(t, page, func(m metricsSeen) bool { return m.stalled > 0 && m.ok >= 200 })
		if m.fail != 0 || m.degraded != 0 {
			_ = cmd.Process.Kill()
			t.Errorf("%+v:\n%s", m, <-bad)
		}
	})
	t.Run("check", func(t *testing.T) {
		cmd := exec.Command(program, append([]string{"check"}, reach...)...)
		var out strings.Builder
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(500 * time.Millisecond) // the replies take a second
		stopFor(t, cmd.Process, 8*time.Second)
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code == 1 || strings.Contains(out.String(), " fail ") {
			t.Errorf("exit code %d:\n%s", code, out.String())
		}
	})
}

// stopFor stops a process, as a debugger or a sleeping machine does, and lets it go on.
func stopFor(t *testing.T, p *os.Process, d time.Duration) {
	t.Helper()
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	time.Sleep(d)
	if err := p.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
}

// pageOf reads the address of the status page from the log, which it goes on to read: at its end
// bad gives what it says of probes that found something.
func pageOf(t *testing.T, log io.Reader) (page string, bad <-chan string) {
	t.Helper()
	said := regexp.MustCompile(`page=(http://[^ ]+/)`)
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if m := said.FindStringSubmatch(lines.Text()); m != nil {
			page = m[1]
			break
		}
	}
	if page == "" {
		t.Fatal("it does not serve")
	}
	all := make(chan string, 1)
	go func() {
		var found strings.Builder
		for lines.Scan() {
			if strings.Contains(lines.Text(), "outcome=fail") || strings.Contains(lines.Text(), "outcome=degraded") {
				found.WriteString(lines.Text() + "\n")
			}
		}
		all <- found.String()
	}()
	return page, all
}

// metricsSeen are results by outcome, and those that a stopped process could not tell.
type metricsSeen struct{ ok, degraded, fail, unknown, stalled int }

// await reads the metrics until they are as wanted.
func await(t *testing.T, page string, wanted func(metricsSeen) bool) metricsSeen {
	t.Helper()
	var m metricsSeen
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		r, err := http.Get(page + "metrics")
		if err != nil {
			t.Fatal(err)
		}
		m = metricsSeen{}
		for lines := bufio.NewScanner(r.Body); lines.Scan(); {
			for of, n := range map[string]*int{
				`outcome="ok"`: &m.ok, `outcome="degraded"`: &m.degraded, `outcome="fail"`: &m.fail, `outcome="unknown"`: &m.unknown, `reason="stalled"`: &m.stalled,
			} {
				if name, value, _ := strings.Cut(lines.Text(), "} "); strings.HasPrefix(name, "endpoint_") && strings.Contains(name, of) {
					v, err := strconv.ParseFloat(value, 64)
					if err != nil {
						t.Fatal(err)
					}
					*n += int(v)
				}
			}
		}
		_ = r.Body.Close()
		if wanted(m) {
			return m
		}
	}
	t.Fatalf("not in a minute: %+v", m)
	return m
}
