// Command soak runs "prober serve" over a list of which a tenth is hostile, while clients crowd its
// web port, and says what that did to the rest: failures told of endpoints that are well, the memory,
// goroutines and descriptors of the process, and how late its probes began.
//
//	cd bench && go run ./soak                     ten minutes, 2,000 endpoints, 200 clients a path
//	cd bench && go run ./soak -for 1m -endpoints 200 -clients 20
//
// The hostile endpoints are the sandbox's, in a process of its own; everything stays on loopback.
// It exits with 1 when a promise is broken: an endpoint that is well failed, or the process grew.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// options are what a run can be told.
type options struct {
	prober    string
	lasts     time.Duration
	endpoints int
	clients   int
	interval  time.Duration
	megabytes int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	broken, err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(2)
	}
	if len(broken) > 0 {
		fmt.Fprintln(os.Stderr, "soak: broken:", strings.Join(broken, "; "))
		os.Exit(1)
	}
}

// run makes one run and returns which promises it broke.
func run(ctx context.Context, args []string, out io.Writer) ([]string, error) {
	var o options
	fs := flag.NewFlagSet("soak", flag.ContinueOnError)
	fs.StringVar(&o.prober, "prober", "", "the `PROGRAM`; built from this tree if empty")
	fs.DurationVar(&o.lasts, "for", 10*time.Minute, "how long")
	fs.IntVar(&o.endpoints, "endpoints", 2000, "endpoints, a tenth of them hostile")
	fs.IntVar(&o.clients, "clients", 200, "clients at once on each path in turn; 0 for none")
	fs.DurationVar(&o.interval, "interval", 30*time.Second, "from one probe of an endpoint to the next")
	fs.IntVar(&o.megabytes, "megabytes", 200, "the most that may be resident")
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "soak")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // of the temporary files nothing is needed
	if o.prober == "" {
		if o.prober, err = build(ctx, dir); err != nil {
			return nil, err
		}
	}
	cloud, err := startCloud(ctx, o, dir)
	if err != nil {
		return nil, err
	}
	defer cloud.stop()
	p, err := startProber(ctx, o, cloud)
	if err != nil {
		return nil, err
	}
	defer p.stop()
	return watch(ctx, o, cloud, p, out)
}
