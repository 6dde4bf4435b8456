package files_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"prober/files"
	"prober/files/filelock"
	"prober/needs"
)

// names lists a folder.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

// What a killed process left goes with the next one; what is somebody else's, another file's, no
// plain file, or still being written stays.
func TestReplaceRemovesWhatWasLeft(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.json")
	stay := []string{".a.json.123", ".a.json.prober-", ".a.json.prober-12x", ".b.json.prober-123", "a.json.prober-1", ".a.json.prober-99/"}
	for _, name := range append([]string{".a.json.prober-1", ".a.json.prober-4157"}, stay...) {
		if strings.HasSuffix(name, "/") {
			if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
				t.Fatal(err)
			}
		} else if err := os.WriteFile(filepath.Join(dir, name), []byte("part"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	busy, err := os.Create(filepath.Join(dir, ".a.json.prober-77"))
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	if err := filelock.Take(busy); err != nil {
		t.Fatal(err)
	}
	if err := files.Replace(path, files.Holding([]byte("whole"))); err != nil {
		t.Fatal(err)
	}
	if got, want := names(t, dir), ".a.json.123 .a.json.prober- .a.json.prober-12x .a.json.prober-77 .a.json.prober-99 .b.json.prober-123 a.json a.json.prober-1"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if data, err := os.ReadFile(path); string(data) != "whole" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o644 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	long := filepath.Join(dir, strings.Repeat("n", 255))
	if err := files.Replace(long, files.Holding([]byte("whole"))); err != nil {
		t.Error(err)
	}
}

func TestReplaceLeavesNothingWhenItFails(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "a.json", "in"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := files.Replace(filepath.Join(dir, "a.json"), files.Holding(nil)); err == nil {
		t.Error("a folder was replaced")
	}
	if got := names(t, dir); got != "a.json" {
		t.Errorf("left %s", got)
	}
}

func TestProbe(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{".prober-1", ".prober-x", ".prober-2/full"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := files.Probe(dir); err != nil {
		t.Error(err)
	}
	if got := names(t, dir); got != ".prober-2 .prober-x" {
		t.Errorf("left %s", got)
	}
	if err := files.Probe(filepath.Join(dir, "none")); err == nil {
		t.Error("a folder that is not there can be written")
	}
}

// TestMain is also the process that TestKilled kills: it replaces a file for ever.
func TestMain(m *testing.M) {
	if path := os.Getenv("REPLACE_FOR_EVER"); path != "" {
		whole := strings.Repeat("whole ", 200_000)
		for {
			if err := files.Replace(path, files.Holding([]byte(whole))); err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
		}
	}
	os.Exit(m.Run())
}

// A process that is killed at whatever moment leaves a whole file, and its part of another for
// the next one to remove. Several that write the same file do not harm each other.
func TestKilled(t *testing.T) {
	needs.Patience(t, "starts and kills processes")
	dir := t.TempDir()
	path := filepath.Join(dir, "a.json")
	left := 0
	for i := range 40 {
		var two [2]*exec.Cmd
		for j := range two {
			two[j] = exec.Command(os.Args[0])
			two[j].Env = append(os.Environ(), "REPLACE_FOR_EVER="+path)
			if err := two[j].Start(); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(20*time.Millisecond + time.Duration(i*i)*37*time.Microsecond) // an odd time, the point of the test
		for _, c := range two {
			_ = c.Process.Kill()
			if err := c.Wait(); c.ProcessState.ExitCode() != -1 {
				t.Fatalf("it ended by itself: %v", err)
			}
		}
		if data, err := os.ReadFile(path); err != nil && !errors.Is(err, fs.ErrNotExist) || err == nil && len(data) != len("whole ")*200_000 {
			t.Fatalf("%d bytes, %v", len(data), err)
		}
		if strings.Contains(names(t, dir), ".prober-") {
			left++
		}
	}
	if left == 0 {
		t.Error("nothing was ever left, so that nothing was tested")
	}
	if err := files.Replace(path, files.Holding(nil)); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); got != "a.json" {
		t.Errorf("left %s", got)
	}
}

// Files that belong together are all of one time, and what went wrong is said once.
func TestReplaceAll(t *testing.T) {
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	content := func(text string) func(io.Writer) error { return files.Holding([]byte(text)) }
	if err := files.ReplaceAll(files.File{Path: one, Write: content("1")}, files.File{Path: two, Write: content("1")}); err != nil {
		t.Fatal(err)
	}
	full := func(w io.Writer) error {
		_, _ = io.WriteString(w, "2")
		return syscall.ENOSPC
	}
	err := files.ReplaceAll(files.File{Path: one, Write: content("2")}, files.File{Path: two, Write: full})
	if !errors.Is(err, syscall.ENOSPC) || strings.Count(err.Error(), syscall.ENOSPC.Error()) != 1 || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v (%v)", entries, err)
	}
	for _, path := range []string{one, two} {
		if text, err := os.ReadFile(path); err != nil || string(text) != "1" {
			t.Errorf("%s is %q (%v)", path, text, err)
		}
	}
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no file here is always full")
	}
	defer func() { _ = f.Close() }()
	for _, size := range []int{1, 1 << 20} {
		if err := files.Fill(f, files.Holding(make([]byte, size))); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%d bytes: got %v", size, err)
		}
	}
}
