// Command bench measures what a probe costs: the CPU time of the project's prober, and of
// its monitor, over that of a bare loop of the standard library that makes the same
// queries, connection, handshake and request.
//
//	go run .                              the comparison, as a table
//	go run . compare -json -rounds 9      as JSON, with more rounds
//	go run . profile -subject probe       where the CPU time goes, for go tool pprof
//	go run . crowd -prober PROGRAM        what 200 clients at the web port do to the probes
//	go run . history -prober PROGRAM      what keeping a history costs
//	go run . scale -prober PROGRAM        what long lists cost, and how late they are probed
//	go test -bench . ./...                Go benchmarks of the same loops
//
// The servers run in a process of their own and so does every run of a loop, on one
// processor each (GOMAXPROCS=1). The loops take turns, because the speed of a machine
// that others use too changes from minute to minute: only ratios within a round count.
// Everything stays on loopback addresses; 127.77.0.1 to 127.77.0.8 and 127.77.0.53 must be
// usable, as they are on Linux.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return
	}
	fmt.Fprintln(os.Stderr, "bench:", err)
	if errors.As(err, new(usageError)) {
		os.Exit(2)
	}
	os.Exit(1)
}

// usageError is a mistake on the command line.
type usageError struct{ error }

// run carries out one command. Results go to out, progress and the usage text to talk.
func run(ctx context.Context, args []string, in io.Reader, out, talk io.Writer) error {
	command := "compare"
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		command, args = args[0], args[1:]
	}
	switch command {
	case "compare":
		return compareCommand(ctx, args, out, talk)
	case "profile":
		return profileCommand(ctx, args, out, talk)
	case "serve":
		return serveCommand(ctx, args, in, out, talk)
	case "load":
		return loadCommand(ctx, args, in, out, talk)
	case "crowd":
		return crowdCommand(ctx, args, out, talk)
	case "history":
		return historyCommand(ctx, args, out, talk)
	case "scale":
		return scaleCommand(ctx, args, out, talk)
	}
	return usageError{fmt.Errorf("command %q: want compare, profile, crowd, history, scale, serve or load", command)}
}

// parse reads the flags of a command, which takes no other arguments.
func parse(fs *flag.FlagSet, args []string, talk io.Writer) error {
	fs.SetOutput(talk)
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return usageError{err}
	}
	if fs.NArg() > 0 {
		return usageError{fmt.Errorf("%s: unexpected argument %q", fs.Name(), fs.Arg(0))}
	}
	return nil
}
