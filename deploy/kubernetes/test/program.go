package test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// patience is how long anything may take that is sure to come.
const patience = 8 * time.Minute

// until asks again and again until the answer is empty. An answer that is not says what is still missing.
func until(t testing.TB, what string, missing func() string) {
	t.Helper()
	began, last := time.Now(), ""
	deadline := time.After(patience)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if t.Failed() {
			t.Fatalf("%s: no longer awaited: %s", what, last)
		}
		if last = missing(); last == "" {
			t.Logf("%s: after %v", what, time.Since(began).Round(time.Second))
			return
		}
		select {
		case <-deadline:
			t.Fatalf("%s: not within %v: %s", what, patience, last)
		case <-tick.C:
		}
	}
}

// start starts a program that ends with the test; the end of what it says is shown when the test fails.
func start(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	name := filepath.Base(cmd.Path)
	log, err := os.Create(filepath.Join(t.TempDir(), name+".log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		err := cmd.Wait()
		select {
		case <-over:
		default:
			t.Errorf("%s ended by itself: %v", name, err)
		}
	}()
	t.Cleanup(func() {
		close(over)
		_ = cmd.Process.Kill()
		<-ended
		_ = log.Close()
		if t.Failed() {
			t.Logf("the end of what %s said:\n%s", name, tail(log.Name()))
		}
	})
}

func tail(path string) string {
	text, _ := os.ReadFile(path)
	lines := bytes.Split(text, []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-25):], []byte("\n")))
}

// output is what a program prints that has to succeed.
func output(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(bytes.TrimSpace(out))
}

// get is what a URL answers.
func get(url string) (status int, body []byte, err error) {
	client := http.Client{Timeout: 20 * time.Second}
	r, err := client.Get(url)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = r.Body.Close() }()
	body, err = io.ReadAll(r.Body)
	return r.StatusCode, body, err
}

func write(t testing.TB, path string, text []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
