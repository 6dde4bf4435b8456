package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"

	"prober/bench/load"
	"prober/bench/server"
)

// variant is a subject and how it is run.
type variant struct {
	Subject load.Subject `json:"subject"`
	Rate    float64      `json:"rate,omitempty"` // probes a second; 0: as many as go
}

func (v variant) String() string {
	if v.Rate == 0 {
		return string(v.Subject)
	}
	return fmt.Sprintf("%s at %g/s", v.Subject, v.Rate)
}

// comparison is of the CPU time of one variant with that of another.
type comparison struct {
	Name    string  `json:"name"`
	Subject variant `json:"subject"`
	Floor   variant `json:"floor"`
	// headline marks the one that -at-most is about.
	headline bool
}

// comparisons lists what is compared. The first is the number that the project promises;
// the others tell how much of it is due to the key exchange that is offered, and what an
// API's reply, the deeper look, and the schedule with its metrics add.
func (s *settings) comparisons() []comparison {
	bare, paced := variant{Subject: load.Bare}, variant{load.Bare, s.Rate}
	return []comparison{
		{"a probe, over the standard library's defaults", variant{Subject: load.Probe}, bare, true},
		{"an API call, its reply parsed and judged", variant{Subject: load.ProbeAPI}, bare, false},
		{"the deeper look, once in sixty probes", variant{Subject: load.ProbeDeep}, bare, false},
		{"both without post-quantum key exchange", variant{Subject: load.Probe}, variant{Subject: load.BareClassical}, false},
		{"both with post-quantum key exchange", variant{Subject: load.ProbePostQuantum}, bare, false},
		{"the monitor, over the bare loop at its pace", variant{load.Monitor, s.Rate}, paced, false},
	}
}

// variantsOf lists the variants of comparisons, each once, those that are compared next
// to each other.
func variantsOf(list []comparison) []variant {
	var out []variant
	for _, c := range list {
		for _, v := range []variant{c.Floor, c.Subject} {
			if !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	return out
}

func compareCommand(ctx context.Context, args []string, out, talk io.Writer) error {
	fs := flag.NewFlagSet("compare", flag.ContinueOnError)
	s := defaultSettings()
	s.bind(fs)
	fs.IntVar(&s.Rounds, "rounds", s.Rounds, "how often each loop has its turn")
	asJSON := fs.Bool("json", false, "print JSON instead of a table")
	atMost := fs.Float64("at-most", 0, "fail if a probe costs more than this `RATIO` of the bare loop; 0: never")
	self, world, stop, err := s.start(ctx, fs, args, talk)
	if err != nil {
		return err
	}
	defer stop()
	rep, err := compare(ctx, self, world, s)
	if err != nil {
		return err
	}
	if *asJSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		err = e.Encode(rep)
	} else {
		err = rep.table(out)
	}
	if err != nil {
		return err
	}
	return rep.check(*atMost)
}

// order returns variants in the order of a round. It turns round from one round to the
// next, so that a machine that gets slower in the course of each does not always hit the
// same loops.
func order(variants []variant, round int) []variant {
	out := slices.Clone(variants)
	if round%2 == 1 {
		slices.Reverse(out)
	}
	return out
}

// compare runs all rounds.
func compare(ctx context.Context, self program, world *server.World, s settings) (*report, error) {
	list := s.comparisons()
	variants := variantsOf(list)
	measured := make(map[variant][]load.Result, len(variants))
	for round := range s.Rounds {
		for _, v := range order(variants, round) {
			r, err := self.load(ctx, s.job(v, world), "")
			if err != nil {
				return nil, err
			}
			measured[v] = append(measured[v], r)
			fmt.Fprintf(self.talk, "round %d of %d: %s %.3f ms\n", round+1, s.Rounds, v, milliseconds(r.PerProbe()))
		}
	}
	return newReport(s, list, measured), nil
}
