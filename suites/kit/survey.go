package kit

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"sync"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/reason"
	"prober/report"
)

// Survey is everything that was collected about one endpoint. It is data: a parallel run
// hands it from one process to another.
type Survey struct {
	// HTTPS is the endpoint over HTTPS, with the version table of each address and the DNS
	// canary.
	HTTPS probe.Observation
	// HTTP is the endpoint over plain HTTP.
	HTTP probe.Observation
	// Answers are those to questions, by name. They were asked of the first address that
	// replied over HTTPS.
	Answers map[string]Answer
	// Flaky says what failed at first and not when asked again, by the name of a [Look].
	Flaky map[string]string
}

// over returns the observation over a scheme.
func (s *Survey) over(scheme catalog.Scheme) probe.Observation {
	if scheme == catalog.HTTP {
		return s.HTTP
	}
	return s.HTTPS
}

// answer returns the answer to a question; one that says so when it was never asked.
func (s *Survey) answer(name string) Answer {
	a, ok := s.Answers[name]
	if !ok {
		why := fmt.Sprintf("the question %q was not asked", name)
		return Answer{Name: name, Unasked: &Untold{Outcome: report.Inconclusive, Why: why}}
	}
	return a
}

// flaked says what of several looks was flaky; "" when nothing.
func (s *Survey) flaked(looks []Look) string {
	for _, l := range looks {
		if text := s.Flaky[l.Name()]; text != "" {
			return text
		}
	}
	return ""
}

// Prober measures one target once, and asks it a question. [probe.Prober] is one.
type Prober interface {
	Probe(ctx context.Context, t probe.Target) probe.Observation
	Ask(ctx context.Context, t probe.Target, addr netip.Addr, named bool, request cloudapi.Request) probe.Exchange
	Command(t probe.Target, addr netip.Addr, request cloudapi.Request) string
}

// surveyor surveys one endpoint.
type surveyor struct {
	prober Prober
	plan   *Plan
	target probe.Target

	mu     sync.Mutex
	survey *Survey
}

// collect surveys one endpoint. The two schemes are looked at in parallel, then the
// questions are asked.
func collect(ctx context.Context, prober Prober, plan *Plan, t probe.Target) *Survey {
	s := &surveyor{prober: prober, plan: plan, target: t, survey: &Survey{Answers: map[string]Answer{}, Flaky: map[string]string{}}}
	over := t
	over.Scheme = catalog.HTTP
	var wg sync.WaitGroup
	if plan.over(t.Endpoint.ID, catalog.HTTP) {
		wg.Go(func() { s.survey.HTTP = s.probe(ctx, over) })
	}
	t.Scheme, t.TLSVersions, t.Canary, t.EachResolver, t.Diagnose, t.BothKinds = catalog.HTTPS, true, true, true, true, true
	s.survey.HTTPS = s.probe(ctx, t)
	s.ask(ctx, t)
	wg.Wait()
	return s.survey
}

// probe measures, and measures again what failed for a reason of the network. A rule that was
// seen to be broken stays broken, whatever is seen later.
func (s *surveyor) probe(ctx context.Context, t probe.Target) probe.Observation {
	o := s.prober.Probe(ctx, t)
	for range s.plan.retries() {
		if !networkFailed(o) {
			break
		}
		first := o
		o = s.prober.Probe(ctx, t)
		if !networkFailed(o) {
			s.flaky(Look{Over: t.Scheme}.Name(), first.Reason, first.Detail)
		}
		now := brokenRules(o)
		if slices.ContainsFunc(brokenRules(first), func(r reason.Reason) bool { return !slices.Contains(now, r) }) {
			return first
		}
	}
	return o
}

// networkFailed reports whether something failed for a reason of the network, at any address.
func networkFailed(o probe.Observation) bool {
	if o.Outcome == reason.OK {
		return false
	}
	for _, a := range o.Addresses {
		if a.Reason.Transient() || mayBeReset(a.Reason) {
			return true
		}
	}
	return o.Reason.Transient()
}

// mayBeReset reports whether a finding may come from a connection that was reset by chance:
// where the server had asked for a client certificate, such a one is taken for its answer.
func mayBeReset(r reason.Reason) bool { return r == reason.TLSClientCertRequired }

// brokenRules are the findings of an observation that the network has no part in.
func brokenRules(o probe.Observation) []reason.Reason {
	var broken []reason.Reason
	add := func(findings []reason.Finding) {
		for _, f := range findings {
			if !f.Reason.Transient() && !mayBeReset(f.Reason) && f.Reason.Outcome() != reason.Unknown {
				broken = append(broken, f.Reason)
			}
		}
	}
	add(o.Findings)
	for _, v := range o.Resolvers {
		if v.Outcome == reason.Fail {
			add([]reason.Finding{{Reason: v.Reason}})
		}
	}
	for _, a := range o.Addresses {
		add(a.Findings)
	}
	return broken
}

func (s *surveyor) flaky(name string, r reason.Reason, detail string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.survey.Flaky[name] = "at first " + r.String() + ": " + detail
}

// ask asks the questions of the first address that replied to the probe: first those that
// stand for themselves, then those that come after these, and so on.
func (s *surveyor) ask(ctx context.Context, t probe.Target) {
	addr, ok := firstReplying(s.survey.HTTPS)
	rounds := map[int][]*Question{}
	for _, q := range s.plan.questions(t.Endpoint.ID) {
		rounds[q.round()] = append(rounds[q.round()], q)
	}
	for n := range len(rounds) {
		slots := make(chan struct{}, s.plan.atOnce())
		var wg sync.WaitGroup
		for _, q := range rounds[n] {
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				a := Answer{Unasked: s.unreachable()}
				if ok {
					a = s.question(ctx, t, addr, q)
				}
				s.mu.Lock()
				defer s.mu.Unlock()
				a.Name = q.Name
				s.survey.Answers[q.Name] = a
			})
		}
		wg.Wait()
	}
}

// unreachable says why nothing can be asked of an endpoint.
func (s *surveyor) unreachable() *Untold {
	o := s.survey.HTTPS
	if o.Reason == reason.ProberPrivateNetwork {
		return &Untold{report.Skip, report.PrivateNetwork, o.Detail}
	}
	return &Untold{Outcome: report.Inconclusive, Why: "no address came as far as an HTTP reply: " + o.Reason.String()}
}

// firstReplying returns the first address that replied to a probe.
func firstReplying(o probe.Observation) (netip.Addr, bool) {
	for _, a := range o.Addresses {
		if a.HTTP != nil {
			return a.Address, true
		}
	}
	return netip.Addr{}, false
}

// question asks one question, and asks again what failed for a reason of the network.
func (s *surveyor) question(ctx context.Context, t probe.Target, addr netip.Addr, q *Question) Answer {
	if lacking := s.plan.lacks(q, t.Product); lacking != nil {
		return Answer{Unasked: lacking}
	}
	asking := &Asking{
		Endpoint: t.Endpoint, Product: t.Product, Alibaba: s.plan.Alibaba, Tencent: s.plan.Tencent,
		KMSKeyID: s.plan.kmsKey(), Now: s.plan.now(), Random: s.plan.random(),
	}
	if q.After != nil {
		s.mu.Lock()
		asking.Earlier = s.survey.Answers[q.After.Name]
		s.mu.Unlock()
		if err := asking.Earlier.Told(); err != nil {
			return Answer{Unasked: untoldBy(err)}
		}
	}
	request, err := q.Make(asking)
	if err != nil {
		return Answer{Unasked: untoldBy(err)}
	}
	a := Answer{Kept: asking.Kept, Exchange: s.prober.Ask(ctx, t, addr, false, request)}
	for range s.plan.retries() {
		// A nonce serves once: what may have arrived is not sent again.
		if !a.Exchange.Reason.Transient() || a.Exchange.Reason.Phase() != reason.Connect && q.Needs != Nothing {
			break
		}
		first := a.Exchange
		if a.Exchange = s.prober.Ask(ctx, t, addr, false, request); !a.Exchange.Reason.Transient() {
			s.flaky(q.Name, first.Reason, first.Detail)
		}
	}
	if q.Needs == Nothing {
		a.Reproduce, a.Dated = s.prober.Command(t, addr, request), dated(request)
	}
	return a
}

func (p *Plan) random() io.Reader {
	if p.Random != nil {
		return p.Random
	}
	return rand.Reader
}
