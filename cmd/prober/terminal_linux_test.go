package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// openTerminal returns both sides of one of 80 columns.
func openTerminal(t *testing.T) (outside, inside *os.File) {
	t.Helper()
	outside, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	t.Cleanup(func() { _ = outside.Close() })
	fd := int(outside.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	inside, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80}); err != nil {
		t.Fatal(err)
	}
	return outside, inside
}

// atTerminal runs a command at a terminal, and returns what is seen there.
func atTerminal(t *testing.T, env map[string]string, args ...string) string {
	t.Helper()
	outside, inside := openTerminal(t)
	seen := make(chan string)
	go func() {
		var b strings.Builder
		for chunk := make([]byte, 4096); ; {
			n, err := outside.Read(chunk)
			b.Write(chunk[:n])
			if err != nil { // EIO: the other side is closed
				seen <- strings.ReplaceAll(b.String(), "\r\n", "\n")
				return
			}
		}
	}()
	a := &app{
		out: inside, err: inside, getenv: func(name string) string { return env[name] }, now: time.Now,
		elapsed: func() time.Duration { return 0 }, interrupted: func() os.Signal { return nil },
	}
	a.run(context.Background(), args)
	if err := inside.Close(); err != nil {
		t.Fatal(err)
	}
	return <-seen
}

// At a terminal, nothing that people read is wider than it; what programs read, and what goes into a pipe, is as it is.
func TestTerminalWidth(t *testing.T) {
	long := strings.Repeat("a word ", 30)
	for _, args := range [][]string{
		{"endpoints", "list"},
		{"endpoints", "validate"},
		{"endpoints", "diff", "--sdk"},
		{"explain"},
		{"explain", "tls/cert_expired"},
		{"explain", "catalogue.endpoints.url"},
		{"sandbox", "--list-faults"},
		{"sandbox", "--list-variants"},
		{"conformance", "--sandbox", "--list", "--product", "kms"},
		{"check", "--sandbox", "--region", "cn-hangzhou", "--product", "kms", "--tls-versions", "--fault", "*=version_accepted", "--timeout", unhurried.String()},
		{"check", long},
		{"check", "--" + long},
		{long},
		{"version"},
	} {
		t.Run(args[0], func(t *testing.T) {
			for _, line := range strings.Split(atTerminal(t, nil, args...), "\n") {
				bare := regexp.MustCompile(`\x1b\[[0-9;]*[mK]`).ReplaceAllString(line, "")
				words := strings.Fields(bare)
				if utf8.RuneCountInString(bare) > 80 && len(words) > 1 && words[0] != "$" {
					t.Errorf("prober %.60s: wider than 80 columns: %s", strings.Join(args, " "), bare)
				}
			}
		})
	}
	// The rows of the built-in list stay whole, as those of any list whose names are of usual length.
	if seen := atTerminal(t, nil, "endpoints", "list"); strings.Contains(seen, "\n ") || !strings.Contains(seen, "ecs.ap-south-1.aliyuncs.com (closed)\n") {
		t.Errorf("prober endpoints list: a row takes more than a line\n%s", seen)
	}
	for _, args := range [][]string{
		{"endpoints", "list", "--output", "json"}, {"sandbox", "--list-faults", "--output", "json"}, {"completion", "bash"}, {"completion", "powershell"},
	} {
		piped := runApp(t, nil, args...)
		if seen := atTerminal(t, nil, args...); seen != piped.stdout {
			t.Errorf("prober %s: other text at a terminal than in a pipe", strings.Join(args, " "))
		}
	}
}

// Whoever says how wide a terminal is knows it better than the terminal.
func TestColumns(t *testing.T) {
	_, inside := openTerminal(t)
	defer inside.Close()
	for said, want := range map[string]int{"": 80, "132": 132, "7": 20, "0": 80, "-3": 80, "wide": 80} {
		a := &app{getenv: func(string) string { return said }}
		if got := a.columns(inside); got != want {
			t.Errorf("COLUMNS=%q: got %d, want %d", said, got, want)
		}
	}
	if got := (&app{getenv: func(string) string { return "40" }}).columns(&strings.Builder{}); got != 0 {
		t.Errorf("no terminal: got %d, want 0", got)
	}
}
