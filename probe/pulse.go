package probe

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"prober/limit"
	"prober/probe/reason"
)

// pulse tells whether this process ran while probes were under way. A process that is stopped,
// on a machine that sleeps or that has no processor time for it, finds deadlines passed and
// connections gone when it runs again, and none of that is the doing of whom it talked to. While
// there are probes a timer beats; what passes beyond the time of a beat is time in which nothing
// here ran. The zero pulse with a clock is ready.
type pulse struct {
	clock  func() time.Duration           // goes on while the machine sleeps, and nobody sets it
	waited func() (time.Duration, uint64) // of what could have gone on, and how many times; see [queue]

	mu    sync.Mutex
	under int // probes under way
	timer *time.Timer
	last  time.Duration // the last beat
	late  time.Duration // of all beats together
	gaps  int           // beats so late that the process stood still
}

// flight is a probe under way.
type flight struct {
	began, late time.Duration
	gaps        int
	waited      time.Duration
	waits       uint64
}

// begin starts to watch over a probe.
func (p *pulse) begin() flight {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.under == 0 {
		p.last = p.clock()
		p.arm()
	} else {
		p.beat()
	}
	p.under++
	waited, waits := p.waited()
	return flight{p.last, p.late, p.gaps, waited, waits}
}

// end ends the watch and says what kept the process from looking after the probe; "" when nothing did.
// An answer had timeout. Whether something waited for an answer in vain is told by timed: what many
// things at once do to each other matters only there.
func (p *pulse) end(f flight, timeout time.Duration, timed bool) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.beat()
	if p.under--; p.under == 0 {
		p.timer.Stop()
	}
	late, took := (p.late - f.late).Round(time.Millisecond), (p.last - f.began).Round(time.Millisecond)
	switch {
	case p.gaps > f.gaps:
		return fmt.Sprintf("this process did not run for %s of the %s that the probe took", late, took)
	case late > limit.Beat && late > min(took, timeout)/limit.BeatShare:
		return fmt.Sprintf("this process waited %s for the processor in the %s that the probe took", late, took)
	case !timed:
		return ""
	}
	waited, waits := p.waited()
	if waits -= f.waits; waits == 0 {
		return ""
	}
	each := (waited - f.waited) / time.Duration(waits)
	if each <= limit.StepGrain || each <= timeout/(limit.BeatShare*limit.ProbeSteps) {
		return ""
	}
	return fmt.Sprintf("this process was so busy that each of the steps of a probe waited %s for its turn", each.Round(100*time.Microsecond))
}

// arm sets the timer for the next beat. The caller holds p.mu.
func (p *pulse) arm() {
	if p.timer != nil {
		p.timer.Reset(limit.Beat)
		return
	}
	p.timer = time.AfterFunc(limit.Beat, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.beat(); p.under > 0 {
			p.arm()
		}
	})
}

// beat notes that the process runs, and how long it may not have. The caller holds p.mu.
func (p *pulse) beat() {
	now := p.clock()
	late := now - p.last - limit.Beat
	p.last = now
	if late > limit.BeatGrain {
		p.late += late
	}
	if late > limit.BeatGap {
		p.gaps++
	}
}

// excuse takes back what a probe found while this process did not run, as far as it may be gone
// at the next attempt. What was shown is not changed by it, but how long it took is.
func (o *Observation) excuse(stalled string) {
	if stalled == "" {
		return
	}
	o.Stalled = true
	if o.Outcome == reason.OK || o.Outcome == reason.Unknown || !o.timed() {
		return
	}
	o.Outcome, o.Reason, o.Detail = reason.Unknown, reason.ProberStalled, stalled+"; it then found: "+o.Detail
	o.Reproduce, o.Findings = "", nil
	for i := range o.Addresses {
		if a := &o.Addresses[i]; timed(a.Reason) {
			a.Outcome, a.Reason, a.Findings, a.Reproduce = reason.Unknown, reason.ProberStalled, nil, ""
		}
	}
}

// timed reports whether anything that o found is.
func (o *Observation) timed() bool {
	return timed(o.Reason) || slices.ContainsFunc(o.Addresses, func(a AddressResult) bool { return timed(a.Reason) })
}

// timed reports whether a finding rests on an answer that did not come in time, or that came when
// nobody was there any more. A refused connection was answered, whenever that was looked at.
func timed(r reason.Reason) bool {
	return mayPass(r) && r != reason.ConnectRefused || r == reason.TLSHelloIntolerant || r == reason.VerifySlow
}
