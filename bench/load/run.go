// Package load makes the loops whose CPU time is compared: a bare loop of the standard
// library, the project's prober in such a loop, and the project's monitor, which brings a
// schedule of its own.
//
// CPU time is that of the whole process, so each run wants a process of its own.
package load

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"prober/bench/server"
)

// Job says what to run. It is passed between processes as JSON.
type Job struct {
	Subject Subject       `json:"subject"`
	World   *server.World `json:"world"`
	// Workers is how many probes run at once; 0: 4. The monitor has its own bound.
	Workers int `json:"workers"`
	// Rate is how many probes are started per second, evenly spread; 0: as many as the
	// workers can make.
	Rate float64 `json:"rate,omitempty"`
}

// Run probes the hosts of the job's world, one after the other and over again, until m is
// full. A probe that fails ends it with an error.
func Run(ctx context.Context, job Job, m *Meter) error {
	if job.Subject == Monitor {
		return monitored(ctx, job, m)
	}
	probe, err := job.Subject.prober(job.World)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	pace := pacer{rate: job.Rate, start: time.Now()}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range cmp.Or(job.Workers, 4) {
		wg.Go(func() {
			for {
				select {
				case <-m.Full():
					return
				case <-ctx.Done():
					return
				default:
				}
				turn := next.Add(1) - 1
				pace.wait(ctx, turn)
				if err := probe(ctx, int(turn%int64(job.World.Hosts))); err != nil {
					cancel(err)
					return
				}
				m.Done()
			}
		})
	}
	wg.Wait()
	select {
	case <-m.Full():
		return nil
	default:
		return fmt.Errorf("%s: %w", job.Subject, context.Cause(ctx))
	}
}

// pacer spreads turns evenly over time.
type pacer struct {
	rate  float64 // a second; 0: no pace
	start time.Time
}

// wait returns when a turn is due, at once if that has passed, or when ctx ends.
func (p pacer) wait(ctx context.Context, turn int64) {
	if p.rate <= 0 {
		return
	}
	timer := time.NewTimer(time.Until(p.due(turn)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// due returns when a turn is due.
func (p pacer) due(turn int64) time.Time {
	return p.start.Add(time.Duration(float64(turn) / p.rate * float64(time.Second)))
}
