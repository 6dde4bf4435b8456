package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"prober/files"
	"prober/limit"
	"prober/prose"
	"prober/report"
)

// run parses the arguments, runs the command and returns the exit code. Results go to
// stdout; whatever is said about them goes to stderr, prefixed with the program's name.
func (a *app) run(ctx context.Context, args []string) int {
	a.args, a.files = args, files.Until(ctx)
	a.getenv = a.credentialed(a.getenv)
	defer a.attach()()
	root := a.root()
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	code := codeOf(err)
	if errors.Is(err, files.ErrEnded) && a.interrupted != nil {
		if s := a.interrupted(); s != nil {
			code = signalled(s)
			if slices.Contains(untilTold(), cmd.Name()) {
				code = report.ExitPass // it was told before it began to serve: that ends it as any time later does
			}
		}
	}
	var e *exitError
	switch {
	case err == nil, errors.As(err, &e) && e.err == nil:
	case code == report.ExitPass:
		a.say("%v", err)
	default:
		a.complain(err)
	}
	return int(code)
}

// complain prints each line of an error on its own, as "prober: error: ...". Of many lines the
// first are shown, and of a long one its ends. A password in a URL that somebody gave is not.
func (a *app) complain(err error) {
	lines := strings.Split(strings.TrimSpace(prose.NoUserinfo(err.Error())), "\n")
	if more := len(lines) - limit.ShownErrors; more > 1 { // one is no more than the line that counts it
		lines = append(lines[:limit.ShownErrors], fmt.Sprintf("and %d lines more", more))
	}
	for _, line := range lines {
		line = prose.Middle(line, limit.ShownLine)
		if a.log != nil {
			a.log.Error(line)
			continue
		}
		_, _ = fmt.Fprintf(a.err, "prober: error: %s\n", line)
	}
}

// say prints a line for people on stderr.
func (a *app) say(format string, args ...any) {
	line := prose.Middle(prose.NoUserinfo(fmt.Sprintf(format, args...)), limit.ShownLine)
	if a.log != nil {
		a.log.Info(line)
		return
	}
	_, _ = fmt.Fprintln(a.err, "prober: "+line)
}

func (a *app) root() *cobra.Command {
	version := false
	root := &cobra.Command{
		Use:   "prober",
		Short: "Tells whether documented API endpoints are up, how fast, and if not, what broke",
		Example: `  prober check --sandbox             probe the built-in cloud once
  prober check 'ecs/cn-*/public'     probe endpoints by id, on the internet
  prober check https://example.com   probe any URL
  prober serve --sandbox             metrics and a page, on 127.0.0.1:9115
  prober conformance --sandbox       judge endpoints by documented rules
  prober explain tls/cert_expired    what a reason, or a requirement, means`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if version {
				return a.printVersion(outputTable)
			}
			return cmd.Help()
		},
	}
	root.Flags().BoolVar(&version, "version", false, "print the version of the program and of Go")
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		// What stands before the flag was to be a command.
		if words := cmd.Flags().Args(); cmd.HasAvailableSubCommands() && len(words) > 0 {
			return noArgs(cmd, words)
		}
		return usage("%w%s; see %q", plainly(err), flagMeant(cmd, err), cmd.CommandPath()+" --help")
	})
	root.AddCommand(
		a.checkCommand(), a.serveCommand(), a.pageCommand(), a.conformanceCommand(), a.reportCommand(), a.endpointsCommand(), a.sandboxCommand(),
		a.doctorCommand(), a.healthCommand(), a.explainCommand(), a.versionCommand(), a.packageFilesCommand(),
	)
	strictly(root, a.exact.out)
	return narrowed(completed(root))
}

// group is a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(commands...)
	return cmd
}

// noArgs refuses arguments with a line that says what to do.
func noArgs(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) > 0 && cmd.HasAvailableSubCommands():
		return usage("%s has no command %q%s; see %q", cmd.CommandPath(), args[0], commandMeant(cmd, args[0]), cmd.CommandPath()+" --help")
	case len(args) > 0:
		return usage("%s takes no argument, got %q; see %q", cmd.CommandPath(), args[0], cmd.CommandPath()+" --help")
	}
	return nil
}

// argsBetween refuses more or fewer arguments with a line that says how many there are.
func argsBetween(least, most int, says string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return usage("%s, got %d", says, len(args))
		}
		return nil
	}
}

// addFlags adds to a command what bind defines on the standard library's kind of set.
func addFlags(cmd *cobra.Command, bind func(*flag.FlagSet)) {
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	bind(fs)
	cmd.Flags().AddGoFlagSet(fs)
}

// outputFlag adds --output table|json to a command.
func outputFlag(cmd *cobra.Command, into *output) {
	*into = outputTable
	cmd.Flags().VarP(into, "output", "o", "table or json")
}

// output is the form in which results are printed.
type output string

const (
	outputTable output = "table"
	outputJSON  output = "json"
)

// String implements pflag.Value.
func (o *output) String() string { return string(*o) }

// Type implements pflag.Value.
func (o *output) Type() string { return "format" }

// Set implements pflag.Value.
func (o *output) Set(s string) error {
	switch output(s) {
	case outputTable, outputJSON:
		*o = output(s)
		return nil
	}
	return errors.New("want table or json")
}

// print prints v, as a table for people or as JSON for programs.
func (a *app) print(form output, v any, table func(io.Writer) error) error {
	if form == outputJSON {
		return a.printJSON(v)
	}
	return fail(table(a.out))
}

// printJSON prints v for programs.
func (a *app) printJSON(v any) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fail(err)
	}
	_, err := a.exact.out.Write(prose.JSON(text.Bytes()))
	return fail(err)
}
