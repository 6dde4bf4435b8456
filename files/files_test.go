package files_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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
