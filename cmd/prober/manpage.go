package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manPage is the manual page of a command, for man(1). What help shows as it is typed is typed so here, too: lists of
// words and command lines are not filled.
func manPage(cmd *cobra.Command, version string, of time.Time) []byte {
	var b bytes.Buffer
	name := manName(cmd)
	fmt.Fprintf(&b, ".TH %s 1 %s %s \"User Commands\"\n", roff(strings.ToUpper(name)), of.Format(time.DateOnly), roff("prober\u00a0"+version))
	fmt.Fprintf(&b, ".nh\n.ad l\n.SH NAME\n%s \\- %s\n.SH SYNOPSIS\n\\fB%s\\fR", roff(name), roff(cmd.Short), roff(cmd.CommandPath()))
	fmt.Fprintf(&b, "%s\n", roff(strings.TrimPrefix(cmd.UseLine(), cmd.CommandPath())))
	if cmd.Long != "" {
		b.WriteString(".SH DESCRIPTION\n")
		manText(&b, cmd.Long)
	}
	manCommands(&b, cmd)
	manFlags(&b, "OPTIONS", cmd.NonInheritedFlags())
	manFlags(&b, "OPTIONS OF EVERY COMMAND", cmd.InheritedFlags())
	if !cmd.HasParent() {
		manProgram(&b)
	}
	if cmd.Example != "" {
		b.WriteString(".SH EXAMPLES\n")
		manText(&b, cmd.Example)
	}
	b.WriteString(".SH SEE ALSO\n")
	var others []string
	if cmd.HasParent() {
		others = append(others, manName(cmd.Parent()))
	}
	for _, below := range cmd.Commands() {
		if below.IsAvailableCommand() {
			others = append(others, manName(below))
		}
	}
	if cmd.Flags().Lookup(configFlag) != nil && cmd.Name() != "serve" {
		others = append(others, "prober-serve")
	}
	for i, other := range others {
		others[i] = `\fB` + roff(other) + `\fR(1)`
	}
	b.WriteString(strings.Join(others, ", ") + "\n")
	return b.Bytes()
}

// manName is the name of a command's page.
func manName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// manText writes text as help has it: lines that are indented stay as they are, the others are filled.
func manText(b *bytes.Buffer, text string) {
	typed, begun, blank := false, false, false
	for line := range strings.Lines(text) {
		line = strings.Replace(strings.TrimRight(line, "\n"), "\t", "  ", 1)
		if line == "" {
			blank = begun
			continue
		}
		if indented := strings.HasPrefix(line, "  "); typed != indented {
			typed = indented
			b.WriteString(map[bool]string{true: ".nf\n", false: ".fi\n"}[typed])
		}
		if blank {
			b.WriteString(".PP\n")
		}
		begun, blank = true, false
		b.WriteString(roff(strings.TrimPrefix(line, "  ")) + "\n")
	}
	if typed {
		b.WriteString(".fi\n")
	}
}

// manCommands writes what stands below a command.
func manCommands(b *bytes.Buffer, cmd *cobra.Command) {
	if !cmd.HasAvailableSubCommands() {
		return
	}
	b.WriteString(".SH COMMANDS\n")
	for _, below := range cmd.Commands() {
		if below.IsAvailableCommand() {
			fmt.Fprintf(b, ".TP\n\\fB%s\\fR(1)\n%s\n", roff(manName(below)), roff(below.Short))
		}
	}
}

// manFlags writes flags, each with what it takes and what holds without it.
func manFlags(b *bytes.Buffer, section string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(b, ".SH %s\n", section)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		argument, usage := pflag.UnquoteUsage(f)
		b.WriteString(".TP\n")
		if f.Shorthand != "" {
			fmt.Fprintf(b, "\\fB\\-%s\\fR, ", roff(f.Shorthand))
		}
		fmt.Fprintf(b, "\\fB\\-\\-%s\\fR", roff(f.Name))
		if argument != "" {
			fmt.Fprintf(b, " \\fI%s\\fR", roff(strings.ToUpper(argument)))
		}
		if !slices.Contains([]string{"", "[]", "false", "0", "0s"}, f.DefValue) && !strings.Contains(usage, "(default") {
			usage += " (default " + f.DefValue + ")"
		}
		fmt.Fprintf(b, "\n%s\n", roff(usage))
	})
}

// manProgram writes what holds for every command.
func manProgram(b *bytes.Buffer) {
	for _, part := range []struct {
		title string
		rows  []row
	}{{"EXIT STATUS", exitCodes()}, {"ENVIRONMENT", variables()}, {"FILES", usedFiles()}} {
		fmt.Fprintf(b, ".SH %s\n", part.title)
		for _, r := range part.rows {
			fmt.Fprintf(b, ".TP\n%s\n%s\n", roff(r.name), roff(r.text))
		}
	}
}

// roff is text that means nothing else to roff than itself, and that can be copied from the page.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, "'", `\(aq`, `"`, `\(dq`, "\u00a0", `\ `).Replace(text)
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}
