// Command truth measures whether a delay shows in the phase that it happens in, and how much of it: a
// sandbox, in a process of its own, is late by 0, 20 and 200 ms at its DNS answers, its handshakes and the
// first byte of its replies, and "prober serve" probes the built-in list, 200 probes a second.
//
//	cd bench && go run ./truth                  seven runs of ten seconds
//	cd bench && go run ./truth -for 3s -rate 100
//
// The medians of all phases are compared with those of the run without delay. It exits with 1 when one
// is off by more than a millisecond. Whether the phase is the right one is also a test of package probe,
// in which the machine's speed has no part.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options are what a run can be told.
type options struct {
	prober string
	lasts  time.Duration
	rate   float64
	within time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	off, err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "truth:", err)
		os.Exit(2)
	}
	if len(off) > 0 {
		fmt.Fprintln(os.Stderr, "truth: off by more than the bound:", strings.Join(off, "; "))
		os.Exit(1)
	}
}

// parts are where the sandbox can be late, with the phase in which that must show.
var parts = []struct{ part, phase string }{{"dns", "resolve"}, {"tls", "tls"}, {"first_byte", "request"}}

// phases are all that are timed.
var phases = []string{"resolve", "connect", "tls", "request", "headers", "body"}

// run makes all runs and returns what was off.
func run(ctx context.Context, args []string, out io.Writer) ([]string, error) {
	var o options
	fs := flag.NewFlagSet("truth", flag.ContinueOnError)
	fs.StringVar(&o.prober, "prober", "", "the `PROGRAM`; built from this tree if empty")
	fs.DurationVar(&o.lasts, "for", 10*time.Second, "how long each run measures")
	fs.Float64Var(&o.rate, "rate", 200, "probes a second")
	fs.DurationVar(&o.within, "within", time.Millisecond, "how much a median may be off")
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	if o.prober == "" {
		dir, err := os.MkdirTemp("", "truth")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir) //nolint:errcheck // of the temporary files nothing is needed
		o.prober = filepath.Join(dir, "prober")
		build := exec.CommandContext(ctx, "go", "build", "-o", o.prober, "./cmd/prober")
		build.Dir, build.Stderr = "..", os.Stderr
		if err := build.Run(); err != nil {
			return nil, err
		}
	}
	still, err := measure(ctx, o, "dns=0s")
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "without delay, %d probes: %s\n", still.probes, still)
	var off []string
	for _, late := range []time.Duration{20 * time.Millisecond, 200 * time.Millisecond} {
		for _, p := range parts {
			m, err := measure(ctx, o, fmt.Sprintf("%s=%v", p.part, late))
			if err != nil {
				return nil, err
			}
			line := fmt.Sprintf("%v at %s, %d probes:", late, p.part, m.probes)
			for _, phase := range phases {
				want := still.median[phase]
				if phase == p.phase {
					want += late
				}
				diff := m.median[phase] - want
				line += fmt.Sprintf(" %s %+.2f ms", phase, float64(diff.Microseconds())/1e3)
				if diff.Abs() > o.within {
					off = append(off, fmt.Sprintf("%v at %s: %s by %v", late, p.part, phase, diff))
				}
			}
			fmt.Fprintln(out, line)
		}
	}
	return off, nil
}

// medians are those of each phase over all probes of a run.
type medians struct {
	median map[string]time.Duration
	probes int
}

func (m medians) String() string {
	var words []string
	for _, p := range phases {
		words = append(words, fmt.Sprintf("%s %.2f ms", p, float64(m.median[p].Microseconds())/1e3))
	}
	return strings.Join(words, " ")
}

func mediansOf(seen map[string][]time.Duration) medians {
	m := medians{median: map[string]time.Duration{}}
	for phase, all := range seen {
		slices.Sort(all)
		m.median[phase] = all[len(all)/2]
		m.probes = max(m.probes, len(all))
	}
	return m
}
