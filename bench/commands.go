package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/pprof"

	"prober/bench/load"
	"prober/bench/server"
)

// serveCommand serves until its input ends.
func serveCommand(ctx context.Context, args []string, in io.Reader, out, talk io.Writer) error {
	fs := flag.NewFlagSet("serve", flag.ContinueOnError)
	hosts := fs.Int("hosts", 1000, "host names to serve")
	if err := parse(fs, args, talk); err != nil {
		return err
	}
	world, stop, err := server.Start(*hosts)
	if err != nil {
		return err
	}
	defer stop()
	if err := json.NewEncoder(out).Encode(world); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, in)
		ended <- err
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return nil
	}
}

// loadJob is what the load command reads from its input.
type loadJob struct {
	load.Job
	Warmup int `json:"warmup"` // probes that do not count
	Probes int `json:"probes"` // probes that do
}

// loadCommand runs one job in this process.
func loadCommand(ctx context.Context, args []string, in io.Reader, out, talk io.Writer) error {
	fs := flag.NewFlagSet("load", flag.ContinueOnError)
	profile := fs.String("cpuprofile", "", "write a CPU profile to this `FILE`")
	if err := parse(fs, args, talk); err != nil {
		return err
	}
	var j loadJob
	if err := json.NewDecoder(in).Decode(&j); err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	if j.World == nil || j.World.Hosts < 1 {
		return errors.New("the job names no world to probe")
	}
	meter := load.NewMeter(j.Warmup, j.Probes)
	if err := profiled(*profile, func() error { return load.Run(ctx, j.Job, meter) }); err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(meter.Result())
}

// profiled calls f and writes its CPU profile to file, if one is named.
func profiled(file string, f func() error) error {
	if file == "" {
		return f()
	}
	to, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("profiling: %w", err)
	}
	if err := pprof.StartCPUProfile(to); err != nil {
		return errors.Join(fmt.Errorf("profiling: %w", err), to.Close())
	}
	err = f()
	pprof.StopCPUProfile()
	return errors.Join(err, to.Close())
}

// profileCommand profiles one subject.
func profileCommand(ctx context.Context, args []string, out, talk io.Writer) error {
	fs := flag.NewFlagSet("profile", flag.ContinueOnError)
	s := defaultSettings()
	s.bind(fs)
	v := variant{Subject: load.Probe}
	fs.TextVar(&v.Subject, "subject", v.Subject, fmt.Sprintf("what to profile, one of %q", load.Subjects()))
	file := fs.String("o", "cpu.pprof", "`FILE` for the profile")
	self, world, stop, err := s.start(ctx, fs, args, talk)
	if err != nil {
		return err
	}
	defer stop()
	if v.Subject == load.Monitor {
		v.Rate = s.Rate
	}
	r, err := self.load(ctx, s.job(v, world), *file)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %.3f ms of CPU time a probe, profile in %s\n", v, milliseconds(r.PerProbe()), *file)
	return nil
}
