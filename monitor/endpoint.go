package monitor

import (
	"cmp"
	"reflect"
	"slices"
	"sync"
	"time"

	"prober/catalog"
	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/reason"
)

// endpoint is all that is kept of one endpoint between its probes. There may be a hundred thousand: what is
// short stands together, times are instants, and what few have is behind a pointer.
type endpoint struct {
	id string // never changes
	// interval is that of its own; 0: that of all. It never changes: with another one it is another endpoint.
	interval time.Duration

	mu      sync.Mutex
	removed bool // from the list: a probe that still runs no longer counts

	// Kept by the loop and the workers.
	busy       bool // waiting for a worker, or being probed
	waiting    bool // for a worker
	confirming bool // being probed to confirm a failure, and not for a turn
	skipped    bool // some turn, because it was busy
	deep       bool // the running turn looks deeper
	asked      bool // to be looked at again; with the Monitor, whose lock it has

	inMaintenance bool // when it was last looked at: see [Monitor.markStale]

	turns    int64 // begun
	nextSlow int64 // the turn that looks deeper next
	every    int   // turns from one that looks deeper to the next

	target  *entry  // into the list last applied; never written through
	created instant // when its counters began at 0
	tally   *tally  // its own, or the one shared by its group

	outcomes [view.NumOutcomes]uint64
	answers  durations // of the addresses that answered in full
	last     summary
	since    instant             // when the outcome or the reason last changed
	before   *reason.Outcome     // how an earlier process left it, until the first result that decides; nil: not known
	doubt    *doubt              // a failure that is not confirmed; nil: none
	failure  *view.FailureStatus // the last one; nil: none, as of most
	results  results
	cert     keptCertificate
	versions versionVotes
	slow     slowFacts
	defect   *reason.Finding // of the last deeper look, until the next; nil: none, as of most

	standing standing // with the vantage, whose lock it has
}

// summary is what is kept of the last probe.
type summary struct {
	started   time.Time     // zero: not probed yet
	said      *said         // nil: nothing, as of what is well
	total     time.Duration // of the slowest address; of the whole probe when there is none
	addresses []view.AddressStatus
	outcome   reason.Outcome
	reason    reason.Reason
	resolved  bool    // DNS was asked
	stale     bool    // when it was last looked at: see [Monitor.stale]
	recalled  bool    // it is of an earlier process
	found     instant // when an earlier process found total and addresses, in a probe before this one; 0: in this one
}

// said is what a result says for people.
type said struct{ detail, reproduce string }

// saying keeps it, if it is anything.
func saying(detail, reproduce string) *said {
	if detail == "" && reproduce == "" {
		return nil
	}
	return &said{detail, reproduce}
}

// words are what the result says for people.
func (s *summary) words() said {
	if s.said == nil {
		return said{}
	}
	return *s.said
}

func (s *summary) probed() bool { return !s.started.IsZero() }

func newEndpoint(t *probe.Target, now time.Time, interval time.Duration) *endpoint {
	own := intervalOf(t)
	every := slowTurns(cmp.Or(own, interval))
	return &endpoint{
		id: t.Endpoint.ID, interval: own, created: instantOf(now),
		every: every, nextSlow: slowTurn(t.Endpoint.ID, every, -1),
	}
}

// sameSeries says whether what is kept of one target may be carried on for another: the
// metrics' labels are the same and the same thing is measured.
func sameSeries(a, b *probe.Target) bool {
	x, y := &a.Endpoint, &b.Endpoint
	return x.ID == y.ID && x.Product == y.Product && x.Region == y.Region && x.Network == y.Network &&
		x.Host == y.Host && x.Port(schemeOf(a)) == y.Port(schemeOf(b)) && schemeOf(a) == schemeOf(b) &&
		intervalOf(a) == intervalOf(b) && sameTalk(a.Own, b.Own) &&
		a.Address == b.Address && a.Path == b.Path && a.Authority == b.Authority && a.Signed == b.Signed
}

// sameSeries says whether what is kept of e may be carried on for a target.
func (e *endpoint) sameSeries(t *probe.Target) bool {
	now := e.currentTarget()
	return sameSeries(&now, t)
}

// intervalOf is the interval that a target has of its own; 0: none.
func intervalOf(t *probe.Target) time.Duration {
	if t.Own == nil {
		return 0
	}
	return t.Own.Interval
}

// sameTalk says whether the same is said to two endpoints of kind tcp, or asked of two of kind dns.
func sameTalk(a, b *probe.Own) bool {
	if a == nil || b == nil || a == b {
		return a == b || a == nil && b.TCP == nil && b.DNS == nil || b == nil && a.TCP == nil && a.DNS == nil
	}
	return reflect.DeepEqual(a.TCP, b.TCP) && reflect.DeepEqual(a.DNS, b.DNS)
}

func schemeOf(t *probe.Target) catalog.Scheme { return cmp.Or(t.Scheme, catalog.HTTPS) }

func lifecycleOf(e *catalog.Endpoint) catalog.Lifecycle {
	return cmp.Or(e.Lifecycle, catalog.Active)
}

// retarget gives e the entry of a newly applied list, and the tally that it shares with
// others; nil gives it one of its own.
func (e *endpoint) retarget(t *entry, shared *tally, c *Config, now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.target = t
	switch {
	case shared != nil:
		e.tally = shared
	case e.tally == nil || e.tally.shared:
		e.tally = &tally{created: now, bounds: c.phaseBounds()}
	}
}

// remove marks e as no longer in the list.
func (e *endpoint) remove() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.removed = true
}

// isRemoved says whether e is no longer in the list.
func (e *endpoint) isRemoved() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.removed
}

// carryFinding lets what a deeper look found stand until the next one: an endpoint that
// accepts a forbidden protocol version is degraded all the time, not once an hour, and of one about which
// resolvers disagree nothing can be told as long as the first one denies it. The caller holds e.mu.
func (e *endpoint) carryFinding(o *probe.Observation) {
	d := e.defect
	switch {
	case deepOnly(o):
		d := o.Reason.Found(o.Detail)
		d.Reproduce = o.Reproduce
		e.defect = &d
	case e.deep && (o.Outcome == reason.OK || o.Outcome == reason.Degraded || o.Reason.Phase() == reason.Resolve):
		e.defect = nil
	case d == nil:
	case d.Reason == reason.ProberResolversDisagree:
		if o.Outcome == reason.Fail && o.Reason.Phase() == reason.Resolve {
			o.Outcome, o.Reason, o.Detail, o.Reproduce = reason.Unknown, d.Reason, d.Detail, d.Reproduce
		}
	case o.Outcome == reason.OK || o.Reason == reason.TLSVersionOld && o.Outcome == reason.Degraded: // the product's own rules tell more
		o.Outcome, o.Reason, o.Detail, o.Reproduce = reason.Degraded, d.Reason, d.Detail, d.Reproduce
	}
}

// change is what one result changed.
type change struct {
	first     bool // the endpoint had no state
	from, to  reason.Outcome
	reason    reason.Reason
	lifecycle catalog.Lifecycle
	doubted   bool // it is a failure to be confirmed
	stays     bool // the state, which is in doubt
	refuted   bool // it shows that the failure before did not last
	ask       bool // the endpoint is to be looked at again soon
}

// intake says how a result is taken in.
type intake struct {
	history int       // how many results are kept
	confirm bool      // a failure changes the state only once it is confirmed
	counts  bool      // the probe was a turn, and not made to confirm a failure
	stands  time.Time // when a failure that this one is the first of has lasted
}

// observe takes in one result. The caller has made sure that it is one of the endpoint's.
// It returns false when e is no longer in the list.
func (e *endpoint) observe(o *probe.Observation, in intake) (change, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.removed {
		return change{}, false
	}
	e.carryFinding(o)
	detail := phrase.Clean(o.Detail)
	total := o.Duration.Duration()
	if len(o.Addresses) > 0 {
		total = slices.MaxFunc(o.Addresses, func(a, b probe.AddressResult) int { return cmp.Compare(a.Phases.Total, b.Phases.Total) }).Phases.Total
	}
	failed := view.FailureStatus{Time: view.UTC(o.Started), Words: o.Reason.Words(), Detail: detail}
	if o.Outcome == reason.Fail {
		last := failed // a copy, so that only failures cost memory
		e.failure = &last
	}
	if in.counts {
		e.tally.observe(o)
		e.outcomes[o.Outcome]++
		e.answers.observe(o)
		e.results.add(result{seconds32(o.Started), view.Micros(total), o.Outcome, o.Reason}, in.history)
	}
	c := e.decide(&summary{
		started: o.Started, outcome: o.Outcome, reason: o.Reason, said: saying(detail, cleanCommand(o.Reproduce)),
		total: total, resolved: o.DNS != nil, addresses: addressesOf(o.Addresses),
	}, failed, in)
	c.lifecycle = e.target.lifecycle()
	e.slow.note(o, e.deep)
	if e.deep && toldNothing(o) { // looked at again as soon as a new endpoint is, and as spread
		e.nextSlow = min(e.nextSlow, e.turns+slowTurn(e.id, e.every, -1))
	}
	if cert, seen := certificateOf(o); seen {
		if e.slow.outdated(&cert) {
			e.nextSlow = min(e.nextSlow, e.turns) // the next turn
		}
		e.cert.keep(worstOf(cert, e.slow.other()))
	}
	if votes := versionVotesOf(o); votes != (versionVotes{}) {
		e.versions = votes
	}
	return c, true
}

// begin marks a turn as begun. When the last one has not ended it does nothing and says
// whether that is an overrun, which a first regular turn that meets the early one is not, and whether
// it still waits for a worker.
func (e *endpoint) begin() (begun, overrun, waits bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.busy && e.confirming {
		e.confirming = false // what runs is as good as this turn, and counts for it
		return false, false, false
	}
	if e.busy {
		overrun = e.turns > 1 || e.skipped
		e.skipped = true
		return false, overrun, e.waiting
	}
	e.busy, e.waiting = true, true
	return true, false, false
}

// aim returns what to probe this turn.
func (e *endpoint) aim() probe.Target {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.waiting = false
	t := e.target.whole()
	t.Diagnose = true // costs connections only where a handshake is refused or breaks without a word
	if e.confirming { // nothing that only a deeper look finds is a failure
		e.deep = false
		return t
	}
	e.deep = e.turns >= e.nextSlow
	if e.deep {
		t.TLSVersions = schemeOf(&t).IsTLS()
		t.Canary, t.BothKinds, t.EachResolver = true, true, true
		e.nextSlow = slowTurn(e.id, e.every, e.turns)
	}
	e.turns++
	return t
}

// end marks the turn as ended.
func (e *endpoint) end() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.busy, e.confirming = false, false
}

// probed says whether there is a result of this process, be it one that is being confirmed.
func (e *endpoint) probed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.last.probed() && !e.last.recalled || e.doubt != nil
}

// currentTarget returns what e is aimed at.
func (e *endpoint) currentTarget() probe.Target {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.target.whole()
}
