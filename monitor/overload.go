package monitor

import (
	"runtime"
	"time"

	"prober/limit"
	"prober/probe"
)

// overload is what shows that this prober has more to do than it can.
type overload uint8

const (
	notOverloaded     overload = iota
	overloadedLate             // a probe began late
	overloadedSkipped          // a turn was skipped: the endpoint still waited for a worker, or the schedule was not asked
	overloadedStalled          // the process did not run while a probe was under way
)

// words says what shows it, in a sentence.
func (o overload) words() string {
	return [...]string{
		notOverloaded:     "",
		overloadedLate:    "probes begin late, for want of workers or processor time",
		overloadedSkipped: "turns are skipped, for want of workers or processor time",
		overloadedStalled: "the process does not run all the time, so that probes that run out of time say nothing",
	}[o]
}

// advice says what helps, in sentences. More at once helps where workers are what is short, and does
// harm where the processor is. While everything fails at once, workers are short because each probe waits for its timeouts.
func (o overload) advice(suspected bool) string {
	const both = "Lower the number of endpoints, lengthen --interval, "
	switch {
	case o == overloadedStalled:
		return both + "lower --concurrency, or give it more processor time."
	case suspected:
		return "While everything fails at once each probe may wait for all of its timeouts, and keeps a worker as long: look at what is suspected first."
	}
	return both + "or give it more processor time; where the processor has time to spare, raise --concurrency."
}

// load is how the prober copes with its work. Its lock is the Monitor's.
type load struct {
	seen    overload
	until   time.Duration // for which that is told
	allowed int           // probes at once, at most Config.Concurrency; 0: as many
}

// overload notes what shows an overload; it is told for an interval. The caller holds m.mu.
func (m *Monitor) overload(o overload) {
	now := m.elapsed()
	if now < m.load.until {
		o = max(o, m.load.seen)
	}
	m.load.seen, m.load.until = o, now+m.config.Interval
}

// overloaded returns what showed an overload within the last interval. The caller holds m.mu.
func (m *Monitor) overloaded() overload {
	if m.elapsed() < m.load.until {
		return m.load.seen
	}
	return notOverloaded
}

// noteLoad looks at whether the process ran during a probe. If it did not, fewer run at once for a
// while: what waits is late, and what runs is judged rightly.
func (m *Monitor) noteLoad(o *probe.Observation) {
	m.mu.Lock()
	defer m.mu.Unlock()
	allowed := m.atOnce()
	if o.Stalled {
		m.overload(overloadedStalled)
		m.load.allowed = max(allowed/2, min(runtime.GOMAXPROCS(0), m.config.Concurrency))
		return
	}
	m.load.allowed = min(allowed+1, m.config.Concurrency)
}

// atOnce is how many probes may run at once now. The caller holds m.mu.
func (m *Monitor) atOnce() int {
	if m.load.allowed == 0 {
		return m.config.Concurrency
	}
	return m.load.allowed
}

// lateBound is how late a probe begins when the prober is overloaded.
func (m *Monitor) lateBound() time.Duration { return min(m.config.Interval/2, limit.LateStart) }
