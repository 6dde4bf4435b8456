package kit

import (
	"context"
	"sync"
	"time"

	"prober/limit"
)

// patience is how long an endpoint is waited for that falls silent. It begins with the survey: what
// else a run needs for it fits into the time that is spared, or is not asked.
type patience struct {
	whole, least time.Duration
	until        time.Time

	mu  sync.Mutex
	met int // silences, at whatever address
}

// patience is that of a survey which begins now.
func (p *Plan) patience() *patience {
	spared := p.Timeout / limit.SilenceSpared
	whole := limit.SilencesInAll*p.Timeout - spared
	return &patience{whole: whole, least: spared, until: time.Now().Add(whole)}
}

// silence notes one.
func (p *patience) silence() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.met++
}

// leavesSome reports whether time is left to wait for an endpoint in which others answer at once.
func (p *patience) leavesSome() bool { return time.Until(p.until) >= p.least }

// over says why nothing more is asked: silence was met again, and it took all the time that there
// is for it. A long run that meets it once asks on.
func (p *patience) over() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.met < limit.SilencesInPhase || time.Now().Before(p.until) {
		return nil
	}
	return cannotTell("not asked: silence was met %d times, and the endpoint was waited for for %s", p.met, p.whole)
}

// within returns a context for one exchange, which ends with patience where there was silence
// before. What is asked when it has ended gets the time in which others answer at once.
func (p *patience) within(ctx context.Context) (bounded context.Context, end func()) {
	bounded, cancel := context.WithCancel(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.met == 0 {
		return bounded, cancel
	}
	timer := time.AfterFunc(max(p.least, time.Until(p.until)), cancel)
	return bounded, func() { timer.Stop(); cancel() }
}
