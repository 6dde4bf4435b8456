package kit

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
	"prober/report"
)

// Survey begins the surveys of targets, atOnce at a time, and returns without waiting. They
// look at what [Plan.Look] named. Those that have not begun when ctx ends come out as cut
// short. One that failed as a broken network of ours makes it waits until another shows whether it was.
func (p *Plan) Survey(ctx context.Context, prober Prober, targets []probe.Target, atOnce int) {
	p.fill()
	all := map[string]*pending{}
	slots := make(chan struct{}, max(1, atOnce))
	together := &alike{left: len(targets)}
	for _, t := range targets {
		under := &pending{done: make(chan struct{})}
		all[t.Endpoint.ID] = under
		go func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			under.survey = collect(ctx, prober, p, t)
			together.take(t.Product.Provider, under)
		}()
	}
	p.Surveys.set(all)
}

// Prober measures one target once, and asks it a question. [probe.Prober] is one.
type Prober interface {
	Probe(ctx context.Context, t probe.Target) probe.Observation
	Ask(ctx context.Context, t probe.Target, addr netip.Addr, named bool, request cloudapi.Request) probe.Exchange
	Command(t probe.Target, addr netip.Addr, request cloudapi.Request, found reason.Finding) string
}

type surveyor struct {
	prober Prober
	plan   *Plan
	main   catalog.Scheme // over which questions are asked, unless they say another

	mu     sync.Mutex
	survey *Survey
	slow   throttle
	waits  *patience
	first  asked // the address that questions are asked of
}

// asked is what becomes of questions at one address.
type asked struct {
	addr   netip.Addr
	silent silences
	ways   ways
	last   bool // it is asked whatever was waited for before
}

// collect surveys one endpoint. The two schemes are looked at in parallel, then the
// questions are asked. An endpoint of plain HTTP alone is looked at over that.
func collect(ctx context.Context, prober Prober, plan *Plan, t probe.Target) *Survey {
	s := &surveyor{prober: prober, plan: plan, main: catalog.HTTPS, waits: plan.patience(), survey: &Survey{Answers: map[string]Answer{}, Flaky: map[string]string{}}}
	switch {
	case t.Scheme != "" && !t.Scheme.IsHTTP(): // its kind has no other
		s.main = t.Scheme
	case t.Endpoint.Scheme == catalog.HTTP && !plan.over(t.Endpoint.ID, catalog.HTTPS):
		s.main, s.survey.PlainOnly = catalog.HTTP, true
	}
	s.slow.pause = probe.Clock{SleepFunc: plan.Pause}.Sleep
	if plan.Live { // the sandbox takes more
		s.slow.least = documentedInterval(t.Product)
	}
	// The schemes share the connections to a host: until HTTPS replies, plain HTTP may take half of
	// the time that silence gets.
	patient, lose := context.WithCancel(ctx)
	defer lose()
	brief, hurry := context.WithCancel(patient)
	defer hurry()
	defer time.AfterFunc(s.waits.whole, lose).Stop()
	half := time.AfterFunc(s.waits.whole/2, hurry)
	defer half.Stop()
	t.Scheme, t.Text = s.main, true
	over := t.Over(catalog.HTTP)
	var wg sync.WaitGroup
	if plan.over(t.Endpoint.ID, catalog.HTTP) && !s.survey.PlainOnly {
		wg.Go(func() { s.survey.HTTP = s.probe(ctx, brief, over) })
	}
	t = t.Over(t.Scheme)
	t.TLSVersions, t.Canary, t.EachResolver, t.Diagnose, t.Brief, t.BothKinds = true, true, true, true, true, true
	o := s.firstLook(ctx, patient, t)
	// Where one address replies and another is silent, or a kind of them is not told, that is looked at
	// again while the first is asked: neither waits for the other.
	_, replied := firstReplying(o)
	var again sync.WaitGroup
	if *s.survey.main() = o; replied && silentAnywhere(o) && !silentSince(o) && !silentToVersions(o) {
		again.Go(func() { o = s.again(ctx, patient, t, o) })
	} else {
		o = s.again(ctx, patient, t, o)
		*s.survey.main() = o
	}
	if _, replied := firstReplying(*s.survey.main()); replied {
		half.Stop()
	}
	s.ask(ctx, t, patient.Err() != nil)
	again.Wait()
	*s.survey.main() = o
	wg.Wait()
	return s.survey
}

// probe measures, and measures again what failed for a reason of the network. A rule that was
// seen to be broken stays broken, whatever is seen later. What was silent twice is not looked
// at a third time, and what is silent is waited for until patient ends: a look that is cut short
// tells less than the one before. What replies, and is slow, gets the time that it takes.
func (s *surveyor) probe(ctx, patient context.Context, t probe.Target) probe.Observation {
	o := s.firstLook(ctx, patient, t)
	return s.again(ctx, patient, t, o)
}

func (s *surveyor) firstLook(ctx, patient context.Context, t probe.Target) probe.Observation {
	o, cut := s.look(ctx, patient, t)
	if _, replied := firstReplying(o); replied && cut && !silentAnywhere(o) && !silentSince(o) && !silentToVersions(o) {
		o, _ = s.look(ctx, ctx, t)
	}
	if cut && ctx.Err() == nil && unanswered(o) {
		o.Reason, o.Detail = reason.ProberResolverUnavailable, "no resolver answered in time"
	}
	return o
}

// again is what becomes of an observation when it is made again.
func (s *surveyor) again(ctx, patient context.Context, t probe.Target, o probe.Observation) probe.Observation {
	silent := 0
	for range s.plan.Retries {
		within := ctx
		if silentAnywhere(o) {
			silent++
			within = patient
		}
		if !o.Passing() || silent == limit.SilencesInPhase || waitedTwice(o) || s.silentToHellos(within, t, o) {
			break
		}
		next, cut := s.look(ctx, within, t)
		if cut {
			return o
		}
		if !next.Passing() {
			s.flaky(Look{Over: t.Scheme}.Name(), o.Reason.String()+": "+o.Detail)
		}
		now := next.Broken()
		if slices.ContainsFunc(o.Broken(), func(r reason.Reason) bool { return !slices.Contains(now, r) }) {
			return o
		}
		o = next
	}
	return o
}

// silentToHellos reports whether an address that was silent to two hellos is so to a third,
// with which nothing else is asked: a whole look would send two more. Two are enough where
// other addresses reply, which are still to be asked.
func (s *surveyor) silentToHellos(ctx context.Context, t probe.Target, o probe.Observation) bool {
	met := func(o probe.Observation, _ bool) bool {
		return slices.ContainsFunc(o.Addresses, func(a probe.AddressResult) bool {
			return a.Reason == reason.TLSTimeout || a.Reason == reason.TLSLost
		})
	}
	t.TLSVersions, t.Canary, t.EachResolver, t.Diagnose = false, false, false, false
	_, replied := firstReplying(o)
	return met(o, false) && (replied || met(s.look(ctx, ctx, t)))
}

// look measures once, and again after a pause what is throttled. Questions are asked of one
// address over HTTPS, and rest on its not having been silent. What throttles is not silent: from
// then on patience is that of ctx. It may have ended first, which cuts a look short.
func (s *surveyor) look(ctx, patient context.Context, t probe.Target) (o probe.Observation, cut bool) {
	pace, err := s.slow.wait(ctx)
	o = s.prober.Probe(patient, t)
	busy := s.busy(o, pace)
	for err == nil && len(busy) > 0 && s.slow.enough() == nil {
		patient, t.Address = ctx, busy[0] // alone: what others said is kept
		pace, err = s.slow.wait(ctx)
		alone := s.prober.Probe(patient, t)
		o.Again(alone)
		busy = append(busy[1:], s.busy(alone, pace)...)
	}
	if t.Scheme == s.main {
		if a, ok := firstReplying(o); ok {
			for _, r := range o.Addresses {
				if r.Address == a {
					s.first.silent.heard("the probe", false, r.Reason)
				}
			}
		}
	}
	return o, patient.Err() != nil
}

// busy are the addresses that throttled a probe.
func (s *surveyor) busy(o probe.Observation, pace int) []netip.Addr {
	var busy []netip.Addr
	var said complaint
	for _, a := range o.Addresses {
		if c := complainsAt(a, s.plan.Now()); c.made {
			busy, said.made, said.after = append(busy, a.Address), true, max(said.after, c.after)
		}
	}
	s.slow.heard("the probe", said, pace)
	return busy
}

func (s *surveyor) flaky(name, at string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.survey.Flaky[name] = "at first " + at
}

// ask asks the questions of the first address that replied to the probe: first those that
// stand for themselves, then those that come after these, and so on. Beside them it asks those that
// are for every address of the others that replied. Nothing is asked when addresses have been
// waited for too long.
func (s *surveyor) ask(ctx context.Context, t probe.Target, impatient bool) {
	at, why := &s.first, s.unreachable()
	addr, ok := firstReplying(*s.survey.main())
	if ok && impatient && silentSince(*s.survey.main()) {
		ok, why = false, cannotTell("not asked: the endpoint fell silent, and was waited for for %s", s.waits.whole)
	}
	if silentSince(*s.survey.main()) {
		at.silent.heard("a hello of the probe", false, reason.TLSTimeout)
	}
	at.addr = addr
	silentOther := slices.ContainsFunc(s.survey.main().Addresses, func(a probe.AddressResult) bool {
		return a.Address != addr && isSilence(a.Reason)
	})
	if silentOther {
		at.silent.before = ", as it met the probe at another address"
		for range limit.SilencesInPhase { // the probe looks again
			s.waits.silence()
		}
	}
	if ok && silentOther && impatient {
		ok, why = false, cannotTell("not asked: other addresses were silent for %s", s.waits.whole)
	}
	rounds := map[int][]*Question{}
	questions := s.plan.questions(t.Endpoint.ID)
	for _, q := range questions {
		rounds[q.round()] = append(rounds[q.round()], q)
	}
	everywhere := s.plan.everywhere(questions, t.Product)
	var others []elsewhere
	var beside sync.WaitGroup
	if ok {
		beside.Go(func() { others = s.askOthers(ctx, t, addr, everywhere) })
	}
	for n := range len(rounds) {
		s.each(rounds[n], func(q *Question) {
			a := unasked(why)
			if ok {
				a = s.question(ctx, t, at, q)
			}
			a.Name = q.Name
			s.mu.Lock()
			defer s.mu.Unlock()
			s.survey.Answers[q.Name] = a
		})
		s.askSilentAgain(ctx, t, at, rounds[n])
	}
	if !ok {
		return
	}
	beside.Wait()
	s.judgeWays(ctx, t, at, questions)
	s.addElsewhere(ctx, t, everywhere, others)
	for _, a := range s.plan.agreements[t.Endpoint.ID] {
		s.agree(ctx, t, at, a)
	}
}

// each does something with each of several questions, a few at once.
func (s *surveyor) each(questions []*Question, do func(q *Question)) {
	eachIn(make(chan struct{}, s.plan.AtOnce), questions, do)
}

// eachIn is that in slots which others may share.
func eachIn(slots chan struct{}, questions []*Question, do func(q *Question)) {
	var wg sync.WaitGroup
	for _, q := range questions {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			do(q)
		})
	}
	wg.Wait()
}

func (s *surveyor) unreachable() error {
	o := s.survey.main()
	if o.Reason == reason.ProberPrivateNetwork {
		return Skip(report.PrivateNetwork, o.Detail)
	}
	return cannotTell("no address came as far as an HTTP reply: %s", o.Reason)
}

func firstReplying(o probe.Observation) (netip.Addr, bool) {
	if i := slices.IndexFunc(o.Addresses, hasReply); i >= 0 {
		return o.Addresses[i].Address, true
	}
	return netip.Addr{}, false
}

// hasReply reports whether an address came as far as a reply, whatever that says.
func hasReply(a probe.AddressResult) bool { return a.HTTP != nil }

// question asks one question, and asks again, by a request of its own, what may have failed by
// chance.
func (s *surveyor) question(ctx context.Context, t probe.Target, at *asked, q *Question) Answer {
	if lacking := s.plan.lacks(q, t.Product); lacking != nil {
		return unasked(lacking)
	}
	if q.Over != "" {
		t = t.Over(q.Over)
	}
	asking := &Asking{
		Endpoint: t.Endpoint, Product: t.Product, Target: t.Path, Authority: t.Authority, Alibaba: s.plan.Alibaba, Tencent: s.plan.Tencent,
		KMSKeyID: s.plan.KMSKeyID, Random: s.plan.Random,
	}
	if q.After != nil {
		s.mu.Lock()
		asking.Earlier = s.survey.Answers[q.After.Name]
		s.mu.Unlock()
		if err := asking.Earlier.Told(); err != nil {
			return unasked(err)
		}
	}
	a, request := s.exchange(ctx, t, at, q, asking)
	for range s.plan.Retries {
		// Over plain HTTP not to answer is an answer, and to hang up may be one to a large request. What met
		// silence is asked again together with the others that did.
		if q.Over != "" || asksTogether(q, a) || !a.mayPass() && !a.serviceFailed() || q.Heavy && a.HungUp() {
			break
		}
		again, fresh := s.exchange(ctx, t, at, q, asking)
		if again.Unasked != nil {
			break
		}
		first := a
		if a, request = again, fresh; !a.mayPass() && !a.serviceFailed() {
			s.flaky(q.Name, first.summary())
		} else if first.unanswered() && a.unanswered() {
			a.Twice = true
		}
	}
	if a.Unasked == nil && q.Needs == Nothing {
		a.Reproduce, a.Dated = s.prober.Command(t, at.addr, request, a.Exchange.Reason.Found(a.Exchange.Detail)), dated(request)
	}
	return a
}

// exchange asks a question once, and again after a pause, with a fresh request, what is
// throttled.
func (s *surveyor) exchange(ctx context.Context, t probe.Target, at *asked, q *Question, asking *Asking) (a Answer, request cloudapi.Request) {
	name := fmt.Sprintf("the question %q", q.Name)
	defer at.silent.takeOff()()
	for {
		why := cmp.Or(at.silent.enough(q.Heavy), s.slow.enough())
		if !at.last {
			why = cmp.Or(why, s.waits.over())
		}
		if why != nil {
			if a.Exchange.Status == 0 {
				a.Unasked = new(undecided(why))
				request, _ = q.Make(asking) // what it is asked by
				a.Way, a.Exchange.Address = wayOf(request, q.Needs), at.addr
			}
			return a, request
		}
		pace, err := s.slow.wait(ctx)
		if err != nil {
			return unasked(err), request
		}
		asking.Now = s.plan.Now()
		if request, err = q.Make(asking); err != nil {
			return unasked(err), request
		}
		t.Signed = q.Needs != Nothing // a reply may be long then
		n := at.ways.sends()
		within, end := s.waits.within(ctx)
		a = Answer{Kept: asking.Kept, Way: wayOf(request, q.Needs), Exchange: s.prober.Ask(within, t, at.addr, false, request)}
		end()
		if a.Exchange.Reason == reason.ProberCanceled && ctx.Err() == nil {
			s.waits.silence()
			if a.GivenUp = true; at.last { // others need not be waited for, too
				at.silent.heard(name, q.Heavy, reason.RequestTimeout)
			}
			a.Unasked = new(undecided(cannotTell("the question %q was not answered when the endpoint had been waited for for %s", q.Name, s.waits.whole)))
			return a, request
		}
		if q.Over == "" {
			at.silent.heard(name, q.Heavy, a.Exchange.Reason)
			if isSilence(a.Exchange.Reason) {
				s.waits.silence()
			}
		}
		if q.Over == "" && !q.Heavy { // to a large one not to answer may be an answer
			at.ways.heard(n, a)
		}
		said := a.complaint(asking.Now)
		s.slow.heard(name, said, pace)
		if !said.made {
			return a, request
		}
	}
}

// lacks says what a plan lacks for a question; nil when nothing.
func (p *Plan) lacks(q *Question, product catalog.Product) error {
	zero := p.Alibaba.IsZero()
	names := cloudapi.EnvAlibabaID + " and " + cloudapi.EnvAlibabaSecret
	if product.APIStyle == catalog.StyleTencent3 {
		zero, names = p.Tencent.IsZero(), cloudapi.EnvTencentID+" and "+cloudapi.EnvTencentSecret
	}
	switch {
	case q.Heavy && p.Live && !p.Heavy:
		return Skip(report.NotHeavy, "the question is large; --heavy asks it")
	case q.Needs != Nothing && zero:
		return Skip(report.NoCredentials, "set "+names)
	case q.Needs == EncryptionKey && p.KMSKeyID == "":
		return Skip(report.NoKey, "name a key with --kms-key-id")
	}
	return nil
}
