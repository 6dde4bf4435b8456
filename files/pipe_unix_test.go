//go:build unix

package files_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"prober/files"
)

// pipe makes a named pipe and returns its path.
func pipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// What is no plain file, or is somebody's open file, is written to and stays what it is, and a link leads on to the
// file that is new.
func TestReplaceLeavesWhatIsNoFile(t *testing.T) {
	dir, fifo := t.TempDir(), pipe(t)
	if err := files.Replace(fifo, files.Holding([]byte("x"))); err == nil || !strings.Contains(err.Error(), "nobody reads it") {
		t.Errorf("a pipe without a reader: %v", err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	named, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer named.Close()
	plain, link, output := filepath.Join(dir, "plain"), filepath.Join(dir, "link"), filepath.Join(dir, "output")
	for path, to := range map[string]string{link: plain, output: fmt.Sprintf("/proc/self/fd/%d", write.Fd())} {
		if err := os.Symlink(to, path); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(plain, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	paths := []string{fifo, link}
	if _, err := os.Stat(output); err == nil { // a system with such names
		paths = append(paths, output)
	}
	for _, path := range paths {
		before, _ := os.Lstat(path)
		if err := files.Replace(path, files.Holding([]byte("whole"))); err != nil {
			t.Error(err)
		}
		if after, err := os.Lstat(path); err != nil || after.Mode() != before.Mode() {
			t.Fatalf("%s became %v from %v: %v", path, after.Mode(), before.Mode(), err)
		}
	}
	if text, err := os.ReadFile(plain); err != nil || string(text) != "whole" {
		t.Errorf("behind the link stands %q: %v", text, err)
	}
	if text := make([]byte, 5); len(paths) == 3 {
		if _, err := io.ReadFull(read, text); err != nil || string(text) != "whole" {
			t.Errorf("the output has %q: %v", text, err)
		}
	}
	text := make([]byte, 5)
	if _, err := io.ReadFull(named, text); err != nil || string(text) != "whole" {
		t.Errorf("the pipe has %q: %v", text, err)
	}
	_ = write.Close()
}

// A link leads on to a file that is not there yet, too.
func TestReplaceFollowsLinksToNothingYet(t *testing.T) {
	dir := t.TempDir()
	inner := filepath.Join(dir, "inner")
	if err := os.Mkdir(inner, 0o700); err != nil {
		t.Fatal(err)
	}
	first, second, plain := filepath.Join(dir, "first"), filepath.Join(inner, "second"), filepath.Join(dir, "plain")
	for path, to := range map[string]string{first: "inner/second", second: "../plain"} {
		if err := os.Symlink(to, path); err != nil {
			t.Fatal(err)
		}
	}
	if err := files.Replace(first, files.Holding([]byte("whole"))); err != nil {
		t.Fatal(err)
	}
	for path, kind := range map[string]os.FileMode{first: os.ModeSymlink, second: os.ModeSymlink, plain: 0} {
		if is, err := os.Lstat(path); err != nil || is.Mode().Type() != kind {
			t.Errorf("%s: %v, %v", path, is, err)
		}
	}
	if text, err := os.ReadFile(plain); err != nil || string(text) != "whole" {
		t.Errorf("behind the links stands %q: %v", text, err)
	}
}

// What a service writes to may be a socket, of which nobody says that nobody reads it.
func TestReplaceNamesASocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Skipf("a socket cannot be made here: %v", err)
	}
	defer l.Close()
	if err := files.Replace(path, files.Holding([]byte("x"))); err == nil || !strings.Contains(err.Error(), "is a socket") {
		t.Errorf("got %v", err)
	}
}

// A pipe that somebody holds open and does not read is waited for no longer than one that is read.
func TestReplaceWaitsForNoReaderForEver(t *testing.T) {
	fifo := pipe(t)
	idle, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	err = files.WriteTo(fifo, time.Millisecond, files.Holding(make([]byte, 4<<20))) // more than a pipe holds
	if err == nil || !strings.Contains(err.Error(), "nobody read all of it within 1ms") {
		t.Errorf("got %v", err)
	}
}

// A link that another user put into a folder which all may write to leads a privileged one to where that user could not
// write. The owner of the folder, and who writes, may put links there.
func TestReplaceFollowsNoStrangersLink(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, to make links of another user's; .ci/run runs it as root")
	}
	const stranger, other = 65534, 65533
	for name, tt := range map[string]struct {
		mode        os.FileMode
		owner, link int
		there       bool // where it leads is a file
		followed    bool
	}{
		"a stranger's":                          {0o777 | os.ModeSticky, 0, stranger, true, false},
		"a stranger's to nothing yet":           {0o777 | os.ModeSticky, 0, stranger, false, false},
		"a stranger's in another's folder":      {0o777 | os.ModeSticky, other, stranger, true, false},
		"one's own":                             {0o777 | os.ModeSticky, other, 0, true, true},
		"of the folder's owner":                 {0o777 | os.ModeSticky, stranger, stranger, true, true},
		"in a folder that its owner writes to":  {0o755, 0, stranger, true, true},
		"in a folder where all move everything": {0o777, 0, stranger, true, true},
	} {
		dir, secret := t.TempDir(), filepath.Join(t.TempDir(), "secret")
		if tt.there {
			if err := os.WriteFile(secret, []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		link := filepath.Join(dir, "a.prom")
		if err := errors.Join(os.Symlink(secret, link), os.Lchown(link, tt.link, tt.link), os.Chmod(dir, tt.mode), os.Chown(dir, tt.owner, tt.owner)); err != nil {
			t.Fatal(err)
		}
		err := files.Replace(link, files.Holding([]byte("new")))
		text, _ := os.ReadFile(secret)
		if followed := err == nil && string(text) == "new"; followed != tt.followed || !followed && string(text) == "new" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
		if !tt.followed && (err == nil || !strings.Contains(err.Error(), "another user")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
