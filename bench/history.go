package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"prober/bench/server"
)

// historyRun is what keeping a history is measured by.
type historyRun struct {
	prober   string
	hosts    int
	interval time.Duration
	each     time.Duration
	rounds   int
}

// historyCommand measures a running prober with and without --state-dir, in turns.
func historyCommand(ctx context.Context, args []string, out, talk io.Writer) error {
	h := historyRun{}
	fs := flag.NewFlagSet("history", flag.ContinueOnError)
	fs.StringVar(&h.prober, "prober", "", "the `PROGRAM` to run; go build makes it")
	fs.IntVar(&h.hosts, "hosts", 1000, "endpoints that are probed")
	fs.DurationVar(&h.interval, "interval", time.Second, "time from one probe of an endpoint to the next")
	fs.DurationVar(&h.each, "for", time.Minute, "time of one run")
	fs.IntVar(&h.rounds, "rounds", 1, "runs of each")
	if err := parse(fs, args, talk); err != nil {
		return err
	}
	if h.prober == "" || h.hosts < 1 || h.interval <= 0 || h.each <= 0 || h.rounds < 1 {
		return usageError{errors.New("-prober PROGRAM is missing, or a number is not positive")}
	}
	self, err := ownProgram(talk)
	if err != nil {
		return err
	}
	w, stop, err := self.serve(ctx, h.hosts)
	if err != nil {
		return err
	}
	defer stop()
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "history\tprobes\tms CPU a probe\tresident, MB\ton disk, kB\tlate p99, s\tnot ok")
	for range h.rounds {
		for _, kept := range []bool{false, true} {
			if err := h.run(ctx, w, kept, t, talk); err != nil {
				return err
			}
		}
	}
	return t.Flush()
}

// run measures one prober and writes a row about it.
func (h *historyRun) run(ctx context.Context, w *server.World, kept bool, out, talk io.Writer) error {
	dir, err := os.MkdirTemp("", "history")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // temporary
	flags, name := []string{"--interval", h.interval.String()}, "in memory"
	state := filepath.Join(dir, "state")
	if kept {
		flags, name = append(flags, "--state-dir", state), "--state-dir"
	}
	address, end, err := start(ctx, h.prober, w, dir, talk, flags...)
	if err != nil {
		return err
	}
	before, err := scrape(ctx, address)
	if err != nil {
		return errors.Join(err, end())
	}
	select {
	case <-time.After(h.each):
	case <-ctx.Done():
	}
	after, err := scrape(ctx, address)
	if err := errors.Join(err, end()); err != nil {
		return err
	}
	probes := after.probes - before.probes
	_, err = fmt.Fprintf(out, "%s\t%.0f\t%.3f\t%.0f\t%d\t<= %g\t%.0f\n", name, probes, 1e3*(after.cpu-before.cpu)/probes, after.resident/1e6,
		sizeOf(state)/1000, after.lateness(before, .99), after.notOK-before.notOK)
	return err
}

// sizeOf is the size of the files in a folder.
func sizeOf(dir string) (sum int64) {
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil {
			if info, err := e.Info(); err == nil && !e.IsDir() {
				sum += info.Size()
			}
		}
		return nil // a folder that is not there has no files
	})
	return sum
}
