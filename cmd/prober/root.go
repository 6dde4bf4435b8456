package main

import (
	"context"
	"errors"
	"flag"
	"slices"

	"github.com/spf13/cobra"

	"prober/files"
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
