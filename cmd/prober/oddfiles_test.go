package main

import (
	"bytes"
	"cmp"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"prober/needs"
	"prober/report"
)

// asksForFiles are command lines with FILE where a command or a flag takes a file to read, one for
// each that there is: new ones come by themselves, by the name of what they take.
func asksForFiles(t *testing.T) [][]string {
	t.Helper()
	written := []string{"report render --file", "conformance --metrics-file"}
	reads, takesFile := regexp.MustCompile(`^(FILE|REPORT)$`), regexp.MustCompile(`\b(FILE|REPORT|OLD)\b`)
	besides := map[string]string{ // without which a command does not come to its file
		"health --password-file": "--user x", "page": "--prometheus http://127.0.0.1:1", "page --password-file": "--prometheus http://127.0.0.1:1 --user x",
		"endpoints import --targets": "FILE", "endpoints new": "https://127.0.0.1:1", "report compare": "FILE",
	}
	var lines [][]string
	add := func(command string, takes ...string) {
		name := strings.Join(append([]string{command}, takes...), " ")
		more := cmp.Or(besides[strings.TrimSuffix(name, " FILE")], besides[command])
		lines = append(lines, slices.Concat(strings.Fields(command), takes, strings.Fields(more)))
	}
	a := &app{getenv: func(string) string { return "" }}
	var visit func(*cobra.Command)
	visit = func(c *cobra.Command) {
		_, command, _ := strings.Cut(c.CommandPath(), " ")
		if takesFile.MatchString(c.Use) {
			add(command, "FILE")
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if takes, _ := pflag.UnquoteUsage(f); reads.MatchString(takes) && !slices.Contains(written, command+" --"+f.Name) {
				add(command, "--"+f.Name, "FILE")
			}
		})
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(a.root())
	return lines
}

// oddFiles are what somebody may name in place of a file that can be used.
func oddFiles(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	odd := map[string]string{"a folder": dir, "none": filepath.Join(dir, "none"), "a loop": filepath.Join(dir, "loop")}
	if err := os.Symlink("loop", odd["a loop"]); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/dev/zero"); err == nil {
		odd["one without an end"] = "/dev/zero"
	}
	for name, text := range map[string]string{"NUL": "\x00\x00\x00", "UTF-16": "\xff\xfea\x00:\x00 \x001\x00\n\x00", "10 GB": "", "unreadable": "x: 1", "empty": ""} {
		odd[name] = filepath.Join(dir, strings.ReplaceAll(name, " ", ""))
		if err := os.WriteFile(odd[name], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Truncate(odd["10 GB"], 10<<30); err != nil { // it takes no room
		delete(odd, "10 GB")
	}
	if _, err := os.ReadFile(odd["unreadable"]); os.Chmod(odd["unreadable"], 0) != nil || err != nil || os.Geteuid() == 0 {
		delete(odd, "unreadable") // root reads all
	}
	return odd
}

// runAppWithin is runApp for a command that may go on for ever where it is wrong.
func runAppWithin(t *testing.T, most time.Duration, args ...string) result {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), most)
	defer stop()
	var out, errs bytes.Buffer
	a := &app{out: &out, err: &errs, getenv: func(string) string { return "" }, now: time.Now, interrupted: func() os.Signal { return nil }}
	code := a.run(ctx, args)
	return result{code, out.String(), errs.String()}
}

// Whatever stands where a file is asked for, the answer is one line that names it, at once, and exit code 2.
func TestOddFiles(t *testing.T) {
	lines, odd := asksForFiles(t), oddFiles(t)
	if len(lines) < 30 {
		t.Errorf("%d command lines take a file: %q", len(lines), lines)
	}
	for what, file := range odd {
		if !needs.All() && !slices.Contains([]string{"NUL", "empty", "10 GB"}, what) {
			continue // they cost time
		}
		for _, line := range lines {
			if what == "empty" && strings.Contains(strings.Join(line, " "), "config.file") {
				continue // which says nothing, and is none the worse
			}
			args := slices.Clone(line)
			for i := range args {
				if args[i] == "FILE" {
					args[i] = file
				}
			}
			if args[0] == "serve" {
				args = append(args, "--web.listen-address", "127.0.0.1:0")
			}
			r := runAppWithin(t, time.Minute, args...)
			told, more := strings.CutSuffix(r.stderr, "\n")
			if r.code != int(report.ExitUsage) || r.stdout != "" || !more || strings.Contains(told, "\n") || !strings.HasPrefix(told, "prober: error: ") || !strings.Contains(told, filepath.Base(file)) {
				t.Errorf("%s: %s: exit code %d, %.300q", what, strings.Join(line, " "), r.code, r.stdout+r.stderr)
			}
		}
	}
}
