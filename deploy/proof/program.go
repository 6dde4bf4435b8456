package proof

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"prober/needs"
)

// root is the folder of the project, as seen from here.
const root = "../.."

// A program is a process that a test started; it ends with the test.
type program struct {
	cmd  *exec.Cmd
	log  string
	done chan struct{}
}

// run starts a program; what it says goes into a file, whose end is shown when the test fails.
func run(t testing.TB, name, path string, args ...string) *program {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), name+".log"))
	if err != nil {
		t.Fatal(err)
	}
	p := &program{cmd: exec.Command(path, args...), log: log.Name(), done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = log, log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = p.cmd.Wait(); _ = log.Close(); close(p.done) }()
	t.Cleanup(func() {
		p.end()
		if t.Failed() {
			t.Logf("the end of what %s said:\n%s", name, p.said())
		}
	})
	return p
}

// end ends the program, politely first.
func (p *program) end() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		p.kill()
	}
}

// kill ends the program at once.
func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// said is the end of what the program wrote.
func (p *program) said() string {
	text, _ := os.ReadFile(p.log)
	lines := bytes.Split(text, []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-60):], []byte("\n")))
}

// answers waits for a 200 of a URL, as long as the program runs.
func (p *program) answers(t testing.TB, url string) {
	t.Helper()
	Until(t, url, func() string {
		select {
		case <-p.done:
			t.Fatalf("%s ended:\n%s", p.cmd.Path, p.said())
		default:
		}
		r, err := http.Get(url)
		if err != nil {
			return err.Error()
		}
		_ = r.Body.Close()
		if r.StatusCode != http.StatusOK {
			return r.Status
		}
		return ""
	})
}

// goTool is the path of a tool of this module, which is built where it was not yet.
func goTool(t testing.TB, name string) string {
	t.Helper()
	out, err := exec.Command("go", "tool", "-n", name).Output()
	if err != nil {
		needs.Missing(t, "go tool %s: %v", name, err)
	}
	return strings.TrimSpace(string(out))
}
