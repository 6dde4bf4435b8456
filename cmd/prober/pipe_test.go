//go:build unix

package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
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
	for _, line := range []string{
		"endpoints validate PIPE",
		"endpoints list --endpoints PIPE",
		"endpoints diff PIPE",
		"check --sandbox --endpoints PIPE",
		"check --sandbox --config.file PIPE",
		"check --ca-file PIPE",
		"serve --endpoints PIPE --web.listen-address 127.0.0.1:0",
		"serve --config.file PIPE",
		"conformance --sandbox --product kms --waivers PIPE",
		"conformance --sandbox --baseline PIPE",
		"conformance --sandbox --rerun-failed PIPE",
		"report render PIPE",
		"report compare PIPE PIPE",
		"sandbox --endpoints PIPE",
		"sandbox --list-faults --endpoints PIPE",
		"doctor --endpoints PIPE",
		"health --user x --password-file PIPE",
		"health --ca-file PIPE",
	} {
		ctx, stop := context.WithCancel(t.Context())
		stop()
		var out, errs bytes.Buffer
		a := &app{out: &out, err: &errs, getenv: func(string) string { return "" }, now: time.Now, interrupted: func() os.Signal { return syscall.SIGTERM }}
		code := a.run(ctx, strings.Fields(strings.ReplaceAll(line, "PIPE", pipe)))
		// What is read before the pipe hears of it as well.
		if code != 143 || !strings.Contains(errs.String(), ": the process was told to stop before it was read") {
			t.Errorf("%s: exit code %d, %s", line, code, errs.String())
		}
	}
	r := runApp(t, nil, "serve", "--sandbox", "--web.config.file", pipe)
	if r.code != 2 || !strings.Contains(r.stderr, "--web.config.file "+pipe+": ") || !strings.Contains(r.stderr, "is no plain file") {
		t.Errorf("%+v", r)
	}
}
