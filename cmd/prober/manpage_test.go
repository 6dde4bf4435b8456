package main

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"prober/needs"
)

// Every page reads well in 80 columns, and roff has nothing to say against it.
func TestManPages(t *testing.T) {
	t.Parallel()
	root := (&app{getenv: func(string) string { return "" }}).root()
	groff := ""
	if needs.All() {
		groff = needs.Program(t, "groff")
	}
	for _, cmd := range append(commandsBelow(root), root) {
		if cmd.Hidden {
			continue
		}
		page := string(manPage(cmd, "1.2.3", time.Unix(0, 0).UTC()))
		for _, text := range []string{cmd.Long, cmd.Example} {
			for line := range strings.Lines(text) {
				if line = strings.TrimRight(line, "\n"); strings.HasPrefix(line, "  ") && len(line) > 75 { // seven for the margin, less the two it has
					t.Errorf("%s: longer than a page is wide: %s", cmd.CommandPath(), line)
				}
			}
		}
		for _, want := range []string{
			".TH " + roff(strings.ToUpper(manName(cmd))) + " 1 1970-01-01 prober\\ 1.2.3 \"User Commands\"\n", "\n.SH NAME\n", "\n.SH SYNOPSIS\n", "\n.SH SEE ALSO\n",
		} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: %q is not in\n%s", cmd.CommandPath(), want, page)
			}
		}
		if groff == "" {
			continue
		}
		look := exec.CommandContext(t.Context(), groff, "-man", "-Tutf8", "-ww", "-rLL=80n") //nolint:gosec // a tool of the machine
		look.Stdin = strings.NewReader(page)
		out, err := look.CombinedOutput()
		if err != nil || strings.Contains(string(out), "warning") || !strings.Contains(string(out), cmd.Short[:12]) {
			t.Errorf("%s: %v\n%.600s", cmd.CommandPath(), err, out)
		}
	}
}

func TestRoff(t *testing.T) {
	for text, want := range map[string]string{
		"--a-b": `\-\-a\-b`, `a\nb`: `a\enb`, ".x": `\&.x`, "'x'": `\(aqx\(aq`, "~/^`": `\(ti/\(ha\(ga`, "x.y": "x.y",
	} {
		if got := roff(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
