package monitor

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
	"prober/suspicion"
)

// vantage suspects the prober's own network. When everything that can tell fails at once, across
// providers or with the controls, it is far likelier that this machine has lost its network than
// that all of it went down. Such results are unknown, prober/vantage_offline, until any endpoint
// answers again.
//
// A failing result is held until others have shown which it is: the first answer from beyond shows
// that the network is well, and what was held is told; when everything that can tell has failed as
// well, it is judged. Some of the others are probed ahead of their turns, so that neither takes
// long. An endpoint whose failure was told can tell nothing until it answers again, unless it is one that
// somebody answers for, by a refusal or a bad certificate: where that stops, or a stranger answers, it fails anew.
type vantage struct {
	mu    sync.Mutex
	span  time.Duration   // for which a result may be held
	cause suspicion.Cause // of the suspicion; None: the network is not suspected
	doubt suspicion.Doubt // whether what fails is the network
	names bool            // with the present suspicion, or the last, names did not resolve
	lost  bool            // with it, no name resolves, and controls have shown that it is the resolver
	ended time.Duration   // when the network was last seen to be well again

	endpoints []*endpoint // that are judged by
	list      uint32      // number of the list that they are of
	round     uint32      // of held results, the number of times that it began
	open      bool        // the round has begun: some result is not decided
	opened    time.Duration
	until     time.Duration
	held      []held
	able      int // endpoints that can tell something
	pending   int // of them, those that have not spoken in this round
	fails     suspicion.Census
	print     string // who answers in place of the endpoints
	called    int    // ahead of their turns in this round
	next      int    // the endpoint to call next

	says suspicion.Words // what those say last that can tell
}

// standing is what the vantage knows of one endpoint. Its lock is the vantage's.
type standing struct {
	said   suspicion.Reading
	told   bool   // its failure was told: it is down whatever the network does
	spared bool   // its failure was taken back once, because others failed with it
	round  uint32 // in which it last spoke
	called uint32 // round in which it was called
	cut    uint32 // round in which this machine lost its way there
	list   uint32 // of which it is counted
}

// out reports whether an endpoint can tell nothing.
func (s *standing) out() bool {
	return s.told && !s.said.Trouble.Answered() || s.said.Trouble == suspicion.Mute
}

// failsAnew reports whether an endpoint that is down, and somebody answered for, fails anew by what it says now: nobody
// answers any more, or a stranger does.
func (s *standing) failsAnew(now suspicion.Reading) bool {
	silent := now.Trouble == suspicion.Unconnected || now.Trouble == suspicion.Unresolved
	other := now.Trouble == suspicion.Intercepted && (s.said.Trouble != suspicion.Intercepted || now.Stranger != s.said.Stranger)
	return s.told && s.said.Trouble.Answered() && (silent || other)
}

// held is a result that waits, or is settled.
type held struct {
	endpoint *endpoint
	result   *probe.Observation
	tells    bool // it is judged by
	known    bool // it was told before that it fails
	counts   bool // it is of a turn, and not made to confirm a failure
}

// settled are results that can be taken in, and endpoints that are to be probed at once.
type settled struct {
	results []held
	call    []*endpoint
	changed bool // whether the network is suspected
}

// reset counts anew after a change of the list. What the endpoints said stays said.
func (v *vantage) reset(endpoints []*endpoint, now time.Duration) settled {
	v.mu.Lock()
	defer v.mu.Unlock()
	was := v.cause
	v.endpoints, v.cause, v.doubt, v.able, v.says = nil, suspicion.None, suspicion.NoDoubt, 0, suspicion.Words{}
	v.list++
	for _, e := range endpoints {
		if t := e.currentTarget(); canTell(&t) {
			v.endpoints, e.standing.list = append(v.endpoints, e), v.list
			v.count(&e.standing, +1)
		}
	}
	var out settled
	if was != suspicion.None || v.open {
		v.begin(now)
		v.recount()
		v.judgeIfComplete(&out)
	}
	out.changed = v.cause != was
	return out
}

// note takes in the result of e, whose probe began at a given time, and returns what can be settled.
func (v *vantage) note(e *endpoint, o *probe.Observation, began, now time.Duration) settled {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out settled
	was := v.cause
	t := e.currentTarget()
	said := suspicion.Read(o)
	if said.Print != "" && v.print != "" && v.print != said.Print {
		said.Trouble = suspicion.Reached // another one than answers for the others
	}
	this := held{endpoint: e, result: o, tells: canTell(&t), counts: e.counts()}
	if e.isRemoved() {
		return out
	}
	if this.tells && e.standing.failsAnew(said) {
		v.change(this, func(s *standing) { s.told = false })
	}
	switch overlaps := v.cause != suspicion.None || began < v.ended; {
	case said.Trouble == suspicion.Reached && this.tells && v.open && began < v.opened:
		v.early(this)
		out.results = append(out.results, this)
	case (said.Trouble == suspicion.Reached || o.Vouched && (said.Trouble != suspicion.Unresolved || v.cause == suspicion.None)) && this.tells:
		// Once no name resolved, a resolver may go on to say so of a name for a while (RFC 9520).
		v.well(&out, now)
		v.speak(this, &t, said)
		v.change(this, func(s *standing) { s.told = said.Trouble != suspicion.Reached })
		if overlaps && o.Outcome == reason.Degraded && o.Transient() {
			this = v.offline(this)
		}
		out.results = append(out.results, this)
	case said.Trouble == suspicion.Unasked: // whoever waits for it waits on, and others may tell sooner
		if v.open && this.tells {
			v.callOthers(&t, &out)
		}
		out.results = append(out.results, this)
	case !said.Trouble.Tells():
		v.speak(this, &t, said)
		v.change(this, func(s *standing) { s.told = false })
		if overlaps && v.names && o.Outcome == reason.Fail && said.Trouble == suspicion.Mute {
			this = v.offline(this)
		}
		out.results = append(out.results, this)
	case o.Outcome == reason.Unknown: // there is nothing to decide about it
		if this.tells {
			v.suspect(this, &t, said, now)
		}
		out.results = append(out.results, this)
	case overlaps:
		v.speak(this, &t, said)
		out.results = append(out.results, v.offline(this))
	case !v.open && e.standing.told:
		out.results = append(out.results, this)
	default:
		v.suspect(this, &t, said, now)
		this.known = e.standing.told
		v.held = append(v.held, this)
		v.callOthers(&t, &out)
	}
	v.judgeIfComplete(&out)
	out.changed = v.cause != was
	return out
}

// early notes an answer to a probe that began before the first failure was seen: it may have got
// through before the others began to fail, so that it shows nothing of what came after.
func (v *vantage) early(h held) {
	if s := &h.endpoint.standing; s.out() && s.round != v.round { // else it has spoken
		v.pending++
	}
	v.change(h, func(s *standing) { s.said.Trouble, s.told, s.spared = suspicion.Reached, false, false })
}

// change changes what is known of an endpoint, which may be of no list any more.
func (v *vantage) change(h held, to func(*standing)) {
	s := &h.endpoint.standing
	if s.list != v.list {
		to(s)
		return
	}
	v.count(s, -1)
	to(s)
	v.count(s, +1)
}

// count counts an endpoint that can tell, and what it says, or no longer.
func (v *vantage) count(s *standing, by int) {
	if !s.out() {
		v.able += by
		v.says.Add(s.said, by)
	}
}

// overdue judges what has been held for as long as it may.
func (v *vantage) overdue(now time.Duration) settled {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out settled
	if v.open && now >= v.until {
		v.judge(&out)
		out.changed = v.cause != suspicion.None
	}
	return out
}

// drop forgets what is held: the prober stops.
func (v *vantage) drop() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.open, v.held = false, nil
}

// suspect begins a round, if none has, with a result that may be the network's.
func (v *vantage) suspect(h held, t *probe.Target, said suspicion.Reading, now time.Duration) {
	if !v.open && v.cause == suspicion.None {
		v.round++
		v.begin(now)
		v.pending = v.able
	}
	if said.Print != "" {
		v.print = said.Print
	}
	v.speak(h, t, said)
}

// begin begins a round.
func (v *vantage) begin(now time.Duration) {
	v.open, v.opened, v.until = true, now, now+v.span
	v.pending, v.fails, v.called = 0, suspicion.Census{}, 0
}

// recount counts who spoke in the round, after a change of the list.
func (v *vantage) recount() {
	for _, e := range v.endpoints {
		switch s := &e.standing; {
		case s.out():
		case s.round != v.round:
			v.pending++
		case s.told:
		case s.said.Trouble.Tells():
			t := e.currentTarget()
			v.add(&t, s)
		}
	}
}

// speak notes what an endpoint says.
func (v *vantage) speak(h held, t *probe.Target, said suspicion.Reading) {
	s := &h.endpoint.standing
	first := s.round != v.round
	waited := v.open && first && h.tells && !s.out()
	if said.Trouble == suspicion.Unrouted && s.said.Trouble == suspicion.Reached {
		s.cut = v.round
	}
	v.change(h, func(s *standing) { s.said, s.round = said, v.round })
	if said.Trouble == suspicion.Reached {
		s.spared = false
	}
	if waited {
		v.pending--
	}
	if v.open && first && h.tells && !s.told && said.Trouble.Tells() {
		v.add(t, s)
	}
	v.goOn()
}

// goOn has what is suspected follow what endpoints say while it lasts: a network whose cable was pulled out comes back
// behind a portal.
func (v *vantage) goOn() {
	c := v.says.Census()
	if v.cause == suspicion.None || c.Tell()+c.Unrouted == 0 {
		return
	}
	v.cause, v.names = c.Cause(), v.names || c.Of(suspicion.Unresolved) > 0
	v.lost = v.cause == suspicion.Lookups && (v.lost || c.Decided() > 0)
}

// add counts an endpoint that has spoken. One to which there was a way until this round, and is none
// now, shows by itself that this machine's network is not what it was.
func (v *vantage) add(t *probe.Target, s *standing) {
	if s.said.Trouble == suspicion.Unrouted && s.cut == v.round {
		v.fails.Add(placeOf(t), suspicion.Reading{Trouble: suspicion.Unconnected, Decided: true})
		return
	}
	v.fails.Add(placeOf(t), s.said)
}

// well ends round and suspicion: something shows that the network is in order now. Two failures
// of two providers with nothing well between them are taken back all the same, once: a network
// that was gone for a moment looks so.
func (v *vantage) well(out *settled, now time.Duration) {
	moment := v.fails.Providers() > 1
	for _, h := range v.held {
		s := &h.endpoint.standing
		if moment && h.tells && !h.known && !s.spared {
			s.spared = true
			h = v.offline(h)
			out.call = append(out.call, h.endpoint)
			v.ended = now
		} else {
			v.change(h, func(s *standing) { s.told = true })
		}
		out.results = append(out.results, h)
	}
	if v.cause != suspicion.None {
		v.ended = now
	}
	v.open, v.held, v.cause, v.doubt, v.print = false, nil, suspicion.None, suspicion.NoDoubt, ""
}

// judgeIfComplete judges once everything that can tell has spoken, or enough has.
func (v *vantage) judgeIfComplete(out *settled) {
	enough := v.fails.Tell() >= limit.EnoughFails && v.fails.Providers() > 1
	if v.open && (v.pending <= 0 || enough || len(v.held) >= limit.HeldResults) {
		v.judge(out)
	}
}

// judge decides about everything that is held.
func (v *vantage) judge(out *settled) {
	if v.broken() {
		v.cause, v.names = v.fails.Cause(), v.fails.Of(suspicion.Unresolved) > 0
		v.lost = v.cause == suspicion.Lookups && v.fails.Decided() > 0
	} else {
		v.doubt = v.fails.Doubt()
	}
	for _, h := range v.held {
		if v.cause != suspicion.None {
			h = v.offline(h)
		} else {
			v.change(h, func(s *standing) { s.told = true })
		}
		out.results = append(out.results, h)
	}
	v.open, v.held = false, nil
}

// offline takes back a verdict on an endpoint that this machine's network explains.
func (v *vantage) offline(h held) held {
	said := suspicion.Read(h.result)
	suspicion.TakeBack(h.result)
	if v.lost && said.Trouble == suspicion.Unresolved {
		h.result.Reason = reason.ProberResolverUnavailable // one outage has one reason, whichever controls were asked when it began
	}
	return h
}

// callOthers picks endpoints that may show which it is: two for each failure, of another provider
// where there is one.
func (v *vantage) callOthers(t *probe.Target, out *settled) {
	const each = 2
	looks := min(len(v.endpoints), limit.WitnessLooks)
	for _, another := range []bool{true, false} {
		for i := 0; i < looks && len(out.call) < each && v.called < limit.Witnesses; i++ {
			e := v.endpoints[(v.next+i)%len(v.endpoints)]
			s := &e.standing
			if s.round == v.round || s.called == v.round || s.out() {
				continue
			}
			if other := e.currentTarget(); another && providerOf(&other.Product, other.Endpoint.Host) == providerOf(&t.Product, t.Endpoint.Host) {
				continue
			}
			s.called = v.round
			v.called++
			out.call = append(out.call, e)
		}
	}
	v.next += max(looks/2, 1)
}

// state returns whether the network is suspected, why, and whether there is a doubt.
func (v *vantage) state() (suspicion.Cause, suspicion.Doubt) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.cause, v.doubt
}

// suspected says whether the network is suspected.
func (v *vantage) suspected() bool {
	cause, _ := v.state()
	return cause != suspicion.None
}

// broken reports whether the failures of the round are those of the prober's own network. That
// this machine has no way to an endpoint shows it where it has none to any.
func (v *vantage) broken() bool {
	if v.fails.Tell() > 0 || v.fails.Unrouted == 0 {
		return v.fails.Broken()
	}
	return !slices.ContainsFunc(v.endpoints, func(e *endpoint) bool {
		return e.standing.said.Trouble != suspicion.Unrouted && e.standing.said.Trouble != suspicion.Mute
	})
}

// canTell reports whether an endpoint is one that is judged by.
func canTell(t *probe.Target) bool { return lifecycleOf(&t.Endpoint) == catalog.Active }

// placeOf is where an endpoint stands.
func placeOf(t *probe.Target) suspicion.Place {
	return suspicion.Place{Provider: providerOf(&t.Product, t.Endpoint.Host), Region: t.Endpoint.Region}
}

// providerOf is who runs an endpoint: the provider of its product, or where the list names none,
// whoever has the zone.
func providerOf(p *catalog.Product, host string) string {
	return cmp.Or(p.Provider, probe.ZoneOf(host))
}
