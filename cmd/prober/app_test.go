package main

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"testing"
	"time"
)

// result is what a command left behind.
type result struct {
	code   int
	stdout string
	stderr string
}

// runApp runs the program in this process, with an environment of its own.
func runApp(t *testing.T, env map[string]string, args ...string) result {
	t.Helper()
	return runAppAt(t, time.Now, env, args...)
}

// runAppAt is runApp with a clock. Where the sandbox answers, nothing that is not meant to be
// silent is taken for it, however busy the machine is.
func runAppAt(t *testing.T, now func() time.Time, env map[string]string, args ...string) result {
	t.Helper()
	if slices.Contains(args, "--sandbox") && !slices.Contains(args, "--timeout") {
		args = append(slices.Clone(args), "--timeout", unhurried.String())
	}
	var out, errs bytes.Buffer
	a := &app{
		out: &out, err: &errs, getenv: func(name string) string { return env[name] }, now: now, elapsed: func() time.Duration { return 0 },
		interrupted: func() os.Signal { return nil },
	}
	// A command that reads reports bounds the memory of its process, which is that of all these tests.
	defer debug.SetMemoryLimit(math.MaxInt64)
	code := a.run(context.Background(), args)
	return result{code, out.String(), errs.String()}
}

// unhurried is the time that answers get where none is expected to stay away.
const unhurried = time.Minute

// write puts a file into a fresh folder and returns its path.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
