package main

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// docs/commands.md is what the commands say of themselves.
func TestDocsOfCommands(t *testing.T) {
	root := (&app{out: io.Discard, err: io.Discard}).root()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	var b bytes.Buffer
	fmt.Fprint(&b, `# Commands

Generated from the program: it is what `+"`prober help COMMAND`"+` prints. Every flag can stand in a file too ([configuration.md](configuration.md)).

| command | does |
|---|---|
`)
	all := slices.DeleteFunc(commandsBelow(root), func(cmd *cobra.Command) bool { return cmd.Hidden })
	for _, cmd := range all {
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s |\n", cmd.CommandPath(), slug(cmd.CommandPath()), sentence(cmd.Short))
	}
	for _, part := range []struct {
		title string
		rows  []row
	}{{"Exit codes", exitCodes()}, {"Environment variables", variables()}, {"Files", usedFiles()}} {
		fmt.Fprintf(&b, "\n## %s\n\n| | |\n|---|---|\n", part.title)
		for _, r := range part.rows {
			fmt.Fprintf(&b, "| `%s` | %s |\n", strings.ReplaceAll(r.name, ", ", "`, `"), r.text)
		}
	}
	for _, cmd := range all {
		cmd.InitDefaultHelpFlag()
		fmt.Fprintf(&b, "\n## %s\n\n```text\n%s\n```\n", cmd.CommandPath(), helpOf(t, cmd))
	}
	golden(t, filepath.Join("..", "..", "docs", "commands.md"), b.Bytes())
	if len(all) < 15 {
		t.Errorf("there are only %d commands", len(all))
	}
}

// helpOf is the help of a command, without blanks at the ends of its lines.
func helpOf(t *testing.T, cmd *cobra.Command) string {
	t.Helper()
	var b strings.Builder
	cmd.SetOut(&b)
	if err := cmd.Help(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
