package load

import (
	"context"
	"errors"
	"fmt"
	"time"

	"prober/monitor"
	"prober/probe"
)

// monitored runs the monitor over all hosts of the job's world, at an interval that makes
// its rate, until m is full.
func monitored(ctx context.Context, job Job, m *Meter) error {
	interval, err := job.interval()
	if err != nil {
		return err
	}
	p, err := newProber(job.World, false)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	mon, err := monitor.New(monitor.Config{
		Prober: shallow{p}, Targets: targets(job.World, job.Subject.product()), Interval: interval,
		OnResult: func(o probe.Observation) {
			if err := verdict(&o); err != nil {
				cancel(err)
				return
			}
			m.Done()
		},
	})
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- mon.Run(running) }()
	select {
	case <-m.Full():
		stop()
		return <-ended
	case <-ctx.Done():
		return errors.Join(fmt.Errorf("%s: %w", job.Subject, context.Cause(ctx)), <-ended)
	}
}

// interval is the time in which every host has one turn at the job's rate.
func (j Job) interval() (time.Duration, error) {
	if j.Rate <= 0 {
		return 0, errors.New("the monitor runs paced only: want a rate")
	}
	return time.Duration(float64(j.World.Hosts) / j.Rate * float64(time.Second)), nil
}

// shallow leaves out what a monitor asks for besides at one turn of sixty, the table of
// TLS versions and the DNS canary: with the short intervals of a benchmark every endpoint
// would have its first such turn at the same time.
type shallow struct{ prober *probe.Prober }

// Probe implements [monitor.Prober].
func (s shallow) Probe(ctx context.Context, t probe.Target) probe.Observation {
	t.TLSVersions, t.Canary = false, false
	return s.prober.Probe(ctx, t)
}
