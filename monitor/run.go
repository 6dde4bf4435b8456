package monitor

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"prober/monitor/phrase"
	"prober/probe"
	"prober/probe/reason"
)

// Run probes the list until ctx ends. It then starts nothing more, gives running probes
// Config.Grace to end, cancels those that have not, and returns nil when all have
// stopped. What was cancelled is not counted. Only one Run may be under way.
func (m *Monitor) Run(ctx context.Context) error {
	if !m.running.CompareAndSwap(false, true) {
		return errors.New("monitor: already running")
	}
	defer m.running.Store(false)
	probing, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	m.begin()

	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		if wait, any := m.turn(probing); any {
			timer.Reset(wait)
		}
		m.recording.Lock()
		m.settle(m.vantage.overdue(m.elapsed()))
		m.recording.Unlock()
		m.turned.Store(true)
		select {
		case <-ctx.Done():
		case <-m.wake:
		case <-timer.C:
		}
	}
	m.stop(cancel)
	return nil
}

// earlySpacing is the time between the early turns of new endpoints, so that a short list
// has its first results within seconds and is not started in a burst.
const earlySpacing = 50 * time.Millisecond

// plan makes the schedule one of endpoints, of which fresh get an early turn. When these
// would take more than half an interval there are none: the regular turns come as soon,
// and both together would double the load.
func (m *Monitor) plan(endpoints, fresh []*endpoint, now time.Time) {
	spreadOver := earlySpacing * time.Duration(len(fresh))
	if spreadOver > m.config.Interval/2 {
		fresh = nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.confirms.forget((*endpoint).isRemoved)
	m.schedule.set(endpoints, fresh, now, spreadOver)
}

// replan makes a running schedule one of another list.
func (m *Monitor) replan(endpoints, fresh []*endpoint, now time.Time) {
	m.mu.Lock()
	m.startDue(now) // what the old schedule has not seen yet
	m.mu.Unlock()
	m.plan(endpoints, fresh, now)
	m.wakeUp()
}

// begin makes a new schedule, in which every endpoint is new.
func (m *Monitor) begin() {
	m.applying.Lock()
	defer m.applying.Unlock()
	m.mu.Lock()
	m.schedule = schedule{interval: m.config.Interval}
	m.stopped = false
	m.mu.Unlock()
	endpoints := m.list.Load().endpoints
	m.plan(endpoints, endpoints, m.steady())
}

// turn starts what is due and returns how long to sleep; false: until woken.
func (m *Monitor) turn(probing context.Context) (time.Duration, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.steady()
	m.startDue(now)
	for n := min(len(m.queue)+m.confirms.due(now), m.atOnce()-m.workers); n > 0; n-- {
		m.workers++
		m.working.Go(func() { m.work(probing) })
	}
	next, any := m.soonest(now)
	if !any {
		return 0, false
	}
	return sleep(now, next), true
}

// startDue queues everything that is due, unless Run is ending. The caller holds m.mu.
func (m *Monitor) startDue(now time.Time) {
	if m.stopped {
		return
	}
	missed := m.schedule.due(now, func(e *endpoint, due time.Time) {
		switch begun, overrun, waits := e.begin(); {
		case begun:
			m.queue.push(job{e, due})
		case overrun:
			m.counts.overruns++
			if waits {
				m.overload(overloadedSkipped)
			}
		}
	})
	m.counts.missed += uint64(missed)
	if missed > 0 {
		m.overload(overloadedSkipped)
	}
}

// call gives endpoints a turn now.
func (m *Monitor) call(endpoints []*endpoint) {
	if len(endpoints) == 0 || !m.running.Load() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stopped {
		return
	}
	for _, e := range endpoints {
		if begun, _, _ := e.begin(); begun {
			m.queue.push(job{e, m.steady()})
		}
	}
	m.wakeUp()
}

// steady is the time by which turns come: it began with the wall clock's and is never set.
func (m *Monitor) steady() time.Time { return m.created.Add(m.elapsed()) }

// wakeUp makes the loop look at the schedule again.
func (m *Monitor) wakeUp() {
	select {
	case m.wake <- struct{}{}:
	default: // it will anyway
	}
}

// stop drops what waits, lets what runs end within the grace, and then cancels it.
func (m *Monitor) stop(cancel context.CancelFunc) {
	m.mu.Lock()
	m.stopped = true
	m.vantage.drop()
	m.confirms.forget(func(*endpoint) bool { return true })
	for len(m.queue) > 0 {
		m.queue.pop().endpoint.end()
	}
	m.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		m.working.Wait()
		close(ended)
	}()
	grace := time.NewTimer(m.config.Grace)
	defer grace.Stop()
	select {
	case <-ended:
	case <-grace.C:
	}
	cancel()
	<-ended
	m.recording.Lock()
	defer m.recording.Unlock()
	m.sumUp(true)
}

// work probes what waits in the queue until there is nothing left.
func (m *Monitor) work(ctx context.Context) {
	for {
		j, any := m.take()
		if !any {
			return
		}
		began := m.elapsed()
		o := m.safely(ctx, j.endpoint.aim())
		m.mu.Lock()
		m.counts.inFlight--
		m.mu.Unlock()
		if ctx.Err() == nil || o.Outcome == reason.OK {
			m.record(j.endpoint, &o, began)
		}
		j.endpoint.end()
	}
}

// take returns the next job; false tells the worker to leave.
func (m *Monitor) take() (job, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.workers > m.atOnce() {
		m.workers--
		return job{}, false
	}
	if len(m.queue) == 0 {
		j, any := m.confirms.pop(m.steady())
		if any {
			m.counts.inFlight++
		} else {
			m.workers--
		}
		return j, any
	}
	j := m.queue.pop()
	m.counts.inFlight++
	late := m.steady().Sub(j.due)
	m.lateness.Observe(late)
	if late > m.lateBound() {
		m.overload(overloadedLate)
	}
	return j, true
}

// safely probes t. A panic costs that probe, not the prober: one bad endpoint must not
// blind it to all others.
func (m *Monitor) safely(ctx context.Context, t probe.Target) (o probe.Observation) {
	started := m.config.Now()
	defer func() {
		if p := recover(); p != nil {
			m.config.Logger.Error("probe panicked", "endpoint", t.Endpoint.ID,
				"panic", phrase.Clean(fmt.Sprint(p)), "stack", string(debug.Stack()))
			o = probe.Observation{
				Endpoint: t.Endpoint, Scheme: schemeOf(&t), Reason: reason.ProberInternal,
				Detail: "the prober panicked; its log has the stack", Started: started, Duration: reason.Seconds(m.config.Now().Sub(started)),
			}
		}
	}()
	o = m.config.Prober.Probe(ctx, t)
	if o.Started.IsZero() {
		o.Started = started
	}
	return o
}
