package files_test

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"prober/files"
	"prober/limit"
)

// holding makes a file and returns its path.
func holding(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRead(t *testing.T) {
	path := holding(t, "12345")
	if data, err := files.Read(path, 5); string(data) != "12345" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	for _, path := range []string{path, "/dev/zero"} {
		if data, err := files.Read(path, 4); data != nil || err == nil || !strings.Contains(err.Error(), path+": holds more than 4 bytes") {
			t.Errorf("%s: %q, %v", path, data, err)
		}
	}
	if data, err := files.Read(os.DevNull, 4); len(data) != 0 || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := files.Read(path+"x", 4); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if _, err := files.Read(t.TempDir(), 4); err == nil {
		t.Error("a folder was read")
	}
	socket := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := files.Read(socket, 4); err == nil || !strings.HasSuffix(err.Error(), socket+": is a socket, which is no file to read") {
		t.Errorf("got %v", err)
	}
}

// What is refused for its size, or has no end, costs next to nothing.
func TestReadRefusesCheaply(t *testing.T) {
	path := holding(t, "")
	if err := os.Truncate(path, 10<<30); err != nil {
		t.Skip(err) // a file system without holes
	}
	for _, path := range []string{path, "/dev/zero"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := files.Read(path, limit.ReportBytes)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; err == nil || used > 16*limit.DeviceBytes { // the race detector needs twice as much as is needed without
			t.Errorf("%s: %v, %d bytes", path, err, used)
		}
	}
}

// A pipe is read to its end, whoever comes first, and whatever the writer does not say at once.
func TestReadAPipe(t *testing.T) {
	path := pipe(t)
	go func() {
		w, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			t.Error(err)
			return
		}
		for _, part := range []string{"12", "345"} {
			_, _ = w.WriteString(part)
		}
		_ = w.Close()
	}()
	if data, err := files.Read(path, 5); string(data) != "12345" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
}

// What does not come holds nobody who is told to stop, and nobody for ever; nothing of the attempt
// stays.
func TestReadIsToldToStop(t *testing.T) {
	nobody, silent := pipe(t), pipe(t)
	w, err := os.OpenFile(silent, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, path := range []string{nobody, silent} {
		told, tell := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, tell)
		if data, err := files.Until(told).Read(path, 5); data != nil || !errors.Is(err, files.ErrEnded) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %q, %v", path, data, err)
		}
		data, err := files.Reader{}.Waiting(time.Millisecond).Read(path, 5)
		if data != nil || err == nil || !strings.HasSuffix(err.Error(), path+": did not come to its end within 1ms, which is the longest that is waited") {
			t.Errorf("%s: %q, %v", path, data, err)
		}
	}
	if err := goleak.Find(); err != nil {
		t.Error(err)
	}
}

// What this machine takes for its own work is nobody else's silence: no clock ends it, and who is told to stop does.
func TestWork(t *testing.T) {
	r, lasted := files.Reader{}.Waiting(time.Millisecond), false
	err := r.Work(func() {
		lasted = r.Within(func(ctx context.Context) error { <-ctx.Done(); return nil }) != nil // as long as a file may take
	})
	if err != nil || !lasted {
		t.Errorf("%v, lasted %v", err, lasted)
	}
	told, tell := context.WithCancel(t.Context())
	held := make(chan struct{})
	defer close(held)
	if err := files.Until(told).Work(func() { tell(); <-held }); !errors.Is(err, files.ErrEnded) {
		t.Error(err)
	}
}

func TestLasting(t *testing.T) {
	path := holding(t, "12345")
	if err := files.Lasting(path, 5); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{path, pipe(t), t.TempDir(), os.DevNull, path + "x"} {
		if err := files.Lasting(bad, 4); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
