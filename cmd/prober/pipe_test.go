//go:build unix

package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A file that does not come, such as a pipe that nobody writes to, keeps no command from its end.
func TestNoFileKeepsACommandFromItsEnd(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range asksForFiles(t) {
		for i := range args {
			if args[i] == "FILE" {
				args[i] = pipe
			}
		}
		line := strings.Join(args, " ")
		if strings.Contains(line, "--web.config.file") {
			if r := runApp(t, nil, args...); r.code != 2 || !strings.Contains(r.stderr, "--web.config.file "+pipe+": ") || !strings.Contains(r.stderr, "is no plain file") {
				t.Errorf("%+v", r)
			}
			continue
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		var out, errs bytes.Buffer
		a := &app{out: &out, err: &errs, getenv: func(string) string { return "" }, now: time.Now, interrupted: func() os.Signal { return syscall.SIGTERM }}
		code := a.run(ctx, args)
		want := 143
		if slices.Contains(untilTold(), args[0]) {
			want = 0
		}
		// What is read before the pipe hears of it as well.
		if code != want || !strings.Contains(errs.String(), ": the process was told to stop before it was read") {
			t.Errorf("%s: exit code %d, %s", line, code, errs.String())
		}
	}
}
