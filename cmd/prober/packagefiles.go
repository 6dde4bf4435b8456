package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"prober/prose"
)

// packageFilesCommand writes what packages of the program hold besides it. It is for those who make packages, and hidden from
// all others.
func (a *app) packageFilesCommand() *cobra.Command {
	return &cobra.Command{
		Use: "package-files DIR", Hidden: true,
		Short: "Write manual pages, completions and a file of settings into DIR, for packages",
		Args:  argsBetween(1, 1, "package-files takes one DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return fail(writePackageFiles(cmd.Root(), args[0], builtFrom()))
		},
	}
}

func writePackageFiles(root *cobra.Command, dir string, from build) error {
	manuals := filepath.Join(dir, "man1")
	if err := os.MkdirAll(manuals, 0o755); err != nil { //nolint:gosec // for everybody
		return err
	}
	for name, write := range map[string]func(io.Writer) error{
		"prober.bash": func(w io.Writer) error { return completionScript(w, root, "bash", true) },
		"prober.fish": func(w io.Writer) error { return completionScript(w, root, "fish", true) },
		"_prober":     func(w io.Writer) error { return completionScript(w, root, "zsh", true) },
		"prober.yaml": func(w io.Writer) error { return writeSettings(w, root, "serve") },
	} {
		var text bytes.Buffer
		if err := write(&text); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), text.Bytes(), 0o644); err != nil { //nolint:gosec // for everybody
			return err
		}
	}
	return writeManuals(root, manuals, from)
}

// writeManuals writes the page of a command and of those below it. Pages of one build are the same whenever they are made.
func writeManuals(cmd *cobra.Command, dir string, from build) error {
	if cmd.Hidden {
		return nil
	}
	cmd.InitDefaultHelpFlag()
	of, err := time.Parse(time.RFC3339, from.Date)
	if err != nil {
		of = time.Unix(0, 0) // nobody knows
	}
	page := manPage(cmd, from.Version, of.UTC())
	if err := os.WriteFile(filepath.Join(dir, manName(cmd)+".1"), page, 0o644); err != nil { //nolint:gosec // for everybody
		return err
	}
	for _, below := range cmd.Commands() {
		if err := writeManuals(below, dir, from); err != nil {
			return err
		}
	}
	return nil
}

// writeSettings writes a file of settings in which every flag of a command stands, behind a #, as it is without the file.
func writeSettings(w io.Writer, root *cobra.Command, name string) error {
	cmd, _, err := root.Find([]string{name})
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(w, remark(fmt.Sprintf(`Settings of "prober %[1]s". Each line that begins with "#" and a name shows what holds without it, or a word in capitals where nothing does: take the "#" away and change the value. Flags on the command line are on top; prober.service gives --state-dir there. prober-%[1]s(1) says the same.`, name)))
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Name == configFlag || f.Name == "help" || f.Hidden || err != nil {
			return
		}
		argument, usage := pflag.UnquoteUsage(f)
		value := f.DefValue
		if value == "" || value == "[]" {
			value = strings.ToUpper(strings.ReplaceAll(argument, " ", "-"))
		}
		if repeatable(f) {
			value = "[" + value + "]"
		}
		_, err = fmt.Fprintf(w, "\n%s#%s: %s\n", remark(prose.Line(usage)), f.Name, value)
	})
	return err
}

// remark is text as lines behind a #, none longer than 80 columns unless a word is.
func remark(text string) string {
	lines := []string{"#"}
	for word := range strings.FieldsSeq(text) {
		if last := lines[len(lines)-1]; len(last)+1+len(word) > 80 && last != "#" {
			lines = append(lines, "#")
		}
		lines[len(lines)-1] += " " + word
	}
	return strings.Join(lines, "\n") + "\n"
}
