package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"prober/bench/load"
	"prober/bench/server"
)

// settings say how much is measured.
type settings struct {
	Rounds  int     `json:"rounds"`
	Probes  int     `json:"probes"`  // measured in each run
	Warmup  int     `json:"warmup"`  // before them
	Workers int     `json:"workers"` // probes at once, except under the monitor
	Hosts   int     `json:"hosts"`
	Rate    float64 `json:"rate"` // of the paced runs, in probes a second
}

func defaultSettings() settings {
	return settings{Rounds: 7, Probes: 4000, Warmup: 1000, Workers: 4, Hosts: 1000, Rate: 500}
}

// bind defines the flags that every command has which runs loops.
func (s *settings) bind(fs *flag.FlagSet) {
	fs.IntVar(&s.Probes, "probes", s.Probes, "probes measured in each run")
	fs.IntVar(&s.Warmup, "warmup", s.Warmup, "probes before them that do not count")
	fs.IntVar(&s.Workers, "workers", s.Workers, "probes at once")
	fs.IntVar(&s.Hosts, "hosts", s.Hosts, "host names to go round")
	fs.Float64Var(&s.Rate, "rate", s.Rate, "probes a second of the paced runs")
}

// hostRate is how many connections a second the prober makes to one host at most.
const hostRate = 20

func (s *settings) check() error {
	switch {
	case s.Rounds < 1:
		return fmt.Errorf("-rounds %d: want 1 or more", s.Rounds)
	case s.Probes < 1 || s.Warmup < 0:
		return errors.New("-probes and -warmup: want at least one probe, and no negative number")
	case s.Workers < 1:
		return fmt.Errorf("-workers %d: want 1 or more", s.Workers)
	case s.Hosts < 1:
		return fmt.Errorf("-hosts %d: want 1 or more", s.Hosts)
	case s.Rate <= 0 || s.Rate > float64(s.Hosts)*hostRate/2:
		return fmt.Errorf("-rate %g: want more than 0 and, with %d hosts, at most %d", s.Rate, s.Hosts, s.Hosts*hostRate/2)
	}
	return nil
}

// start parses the flags of a command that runs loops, and starts what the loops probe.
func (s *settings) start(ctx context.Context, fs *flag.FlagSet, args []string, talk io.Writer) (self program, w *server.World, stop func(), err error) {
	if err := parse(fs, args, talk); err != nil {
		return self, nil, nil, err
	}
	if err := s.check(); err != nil {
		return self, nil, nil, usageError{err}
	}
	if self, err = ownProgram(talk); err != nil {
		return self, nil, nil, err
	}
	w, stop, err = self.serve(ctx, s.Hosts)
	return self, w, stop, err
}

func (s *settings) job(v variant, w *server.World) loadJob {
	return loadJob{
		Job:    load.Job{Subject: v.Subject, World: w, Workers: s.Workers, Rate: v.Rate},
		Warmup: s.Warmup, Probes: s.Probes,
	}
}
