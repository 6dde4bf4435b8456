package packages

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
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
)

// service is the unit's command line at work, started as systemd starts it: as its user, with its state
// directory and its variables.
type service struct {
	cmd  *exec.Cmd
	log  string // a file
	page string
}

// start starts it, and returns when it has said that it is ready.
func (r root) start(t *testing.T, unit string) *service {
	t.Helper()
	u := readUnit(t, r.path(unit))
	uid, gid := r.user(t, u["User"][0])
	state := "/var/lib/" + u["StateDirectory"][0]
	mode, err := strconv.ParseUint(u["StateDirectoryMode"][0], 8, 32)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(r.path(state), os.FileMode(mode)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(r.path(state), uid, gid); err != nil {
		t.Fatal(err)
	}
	manager := r.listen(t, uid)
	line := strings.ReplaceAll(u["ExecStart"][0], "${STATE_DIRECTORY}", state)
	s := &service{cmd: r.command(t.Context(), strings.Fields(line)...), log: filepath.Join(t.TempDir(), "log")}
	s.cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)} //nolint:gosec // of a passwd file
	s.cmd.Env = append(s.cmd.Env, "STATE_DIRECTORY="+state, "NOTIFY_SOCKET="+notifySocket, "WATCHDOG_USEC=300000")
	log, err := os.Create(s.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	for _, want := range []string{"READY=1", "WATCHDOG=1"} {
		if got := hear(t, manager); !strings.HasPrefix(got, want) {
			t.Fatalf("said %q, want %s; %s", got, want, s.said(t))
		}
	}
	s.page = regexp.MustCompile(`page=(\S+)`).FindStringSubmatch(s.said(t))[1]
	return s
}

// notifySocket is where the manager listens, inside.
const notifySocket = "/run/notify"

func (r root) listen(t *testing.T, uid int) *net.UnixConn {
	t.Helper()
	// Names of sockets are short, and that of the test's folder is not.
	dir, err := os.MkdirTemp("", "r")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	short := filepath.Join(dir, "r")
	if err := os.Symlink(string(r), short); err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(r.path(notifySocket))
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(short, notifySocket), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	if err := os.Chown(r.path(notifySocket), uid, -1); err != nil {
		t.Fatal(err)
	}
	return l
}

// hear is what was said next; "" for nothing within a minute.
func hear(t *testing.T, l *net.UnixConn) string {
	t.Helper()
	if err := l.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	text := make([]byte, 1000)
	n, _ := l.Read(text)
	return string(text[:n])
}

// user is the number of a user in it, and that of its group.
func (r root) user(t *testing.T, name string) (uid, gid int) {
	t.Helper()
	for line := range strings.Lines(r.read(t, "/etc/passwd")) {
		f := strings.Split(strings.TrimSpace(line), ":")
		if len(f) == 7 && f[0] == name {
			if _, err := fmt.Sscan(f[2]+" "+f[3], &uid, &gid); err != nil {
				t.Fatal(err)
			}
			if uid == 0 || !strings.HasSuffix(f[6], "nologin") {
				t.Errorf("%s could log in, or is root", line)
			}
			return uid, gid
		}
	}
	t.Fatalf("there is no user %s", name)
	return 0, 0
}

func (s *service) said(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(s.log)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// get asks the running one.
func (s *service) get(t *testing.T, path string) string {
	t.Helper()
	resp, err := http.Get(strings.TrimSuffix(s.page, "/") + path) //nolint:noctx // on loopback
	if err != nil {
		t.Fatalf("%v; %s", err, s.said(t))
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", path, resp.Status, err)
	}
	return string(text)
}

// remembers is what it knows of its first endpoint from before: since when that is counted.
func (s *service) remembers(t *testing.T) time.Time {
	t.Helper()
	var all []struct {
		CountedSince time.Time `json:"counted_since"`
	}
	if err := json.Unmarshal([]byte(s.get(t, "/api/v1/endpoints")), &all); err != nil || len(all) == 0 || all[0].CountedSince.IsZero() {
		t.Fatalf("%v: %+v", err, all)
	}
	return all[0].CountedSince
}

// stop ends it as systemd does, and it ends well.
func (s *service) stop(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("%v; %s", err, s.said(t))
	}
}
