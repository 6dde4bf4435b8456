package kit

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/limit"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
	"prober/report"
)

// quiet is a cloud in which silence takes a timeout, in the time of a bubble.
type quiet struct{ *cloud }

const aTimeout = 5 * time.Second

// within is the time that some timeouts take, and three of them less than that.
func within(timeouts int) time.Duration {
	whole := time.Duration(timeouts) * aTimeout
	if timeouts == limit.SilencesInAll {
		whole -= aTimeout / limit.SilenceSpared
	}
	return whole
}

func waited(r reason.Reason) {
	if isSilence(r) {
		time.Sleep(aTimeout)
	}
}

func (q quiet) Probe(ctx context.Context, t probe.Target) probe.Observation {
	o := q.cloud.Probe(ctx, t)
	o.Addresses[0].Reason = o.Reason
	if o.Reason.Phase() > reason.Request {
		o.Addresses[0].HTTP = &probe.HTTPFacts{} // the reply had begun
	} else if o.Reason != reason.None {
		o.Addresses = o.Addresses[:1]
	}
	waited(o.Reason)
	return o
}

func (q quiet) Ask(ctx context.Context, t probe.Target, a netip.Addr, named bool, r cloudapi.Request) probe.Exchange {
	x := q.cloud.Ask(ctx, t, a, named, r)
	if !isSilence(x.Reason) {
		return x
	}
	select {
	case <-time.After(aTimeout):
	case <-ctx.Done():
		x.Outcome, x.Reason = reason.Unknown, reason.ProberCanceled
	}
	return x
}

// An endpoint that does not answer is judged within three timeouts, however many questions
// there are, how often they are asked again and where it falls silent; and what was not asked
// for that says so.
func TestSilenceIsBounded(t *testing.T) {
	forty := make([]*Question, 40)
	for i := range forty {
		forty[i] = ask(fmt.Sprintf("q%02d", i), nil)
	}
	silent := func(r reason.Reason, of ...*Question) map[string][]reason.Reason {
		all := map[string][]reason.Reason{}
		for _, q := range of {
			all[q.Name] = []reason.Reason{r}
		}
		return all
	}
	once := silent(reason.HeadersTimeout)
	once["q00"] = []reason.Reason{reason.HeadersTimeout, reason.None}
	mixed := silent(reason.HeadersTimeout, forty[0])
	mixed["q20"], mixed["q30"], mixed["q39"] = []reason.Reason{reason.BodyTimeout}, []reason.Reason{reason.RequestTimeout}, []reason.Reason{reason.ConnectTimeout}
	for name, test := range map[string]struct {
		https   []reason.Reason
		answers map[string][]reason.Reason
		retries int
		most    int  // timeouts
		asked   bool // all of the questions
		some    bool // which of them are is chance
	}{
		"answers":               {nil, nil, 0, 0, true, false},
		"silent to connections": {[]reason.Reason{reason.ConnectTimeout}, nil, 0, 2, false, false},
		"silent to connections, asked five times":  {[]reason.Reason{reason.ConnectTimeout}, nil, 5, 2, false, false},
		"silent inside the head":                   {[]reason.Reason{reason.HeadersTimeout}, silent(reason.HeadersTimeout, forty...), 0, 2, false, false},
		"silent inside the head, asked five times": {[]reason.Reason{reason.HeadersTimeout}, silent(reason.HeadersTimeout, forty...), 5, 3, false, false},
		"silent inside the head at first":          {[]reason.Reason{reason.HeadersTimeout, reason.None}, nil, 0, 1, true, false},
		"silent but to probes":                     {nil, silent(reason.RequestTimeout, forty...), 0, 2, false, false},
		"silent but to probes, asked five times":   {nil, silent(reason.RequestTimeout, forty...), 5, 3, false, false},
		"silent to every other":                    {nil, silent(reason.BodyTimeout, forty[10:]...), 0, 2, false, false},
		"silent to one, once":                      {nil, once, 0, 1, true, false},
		"silent to one":                            {nil, silent(reason.HeadersTimeout, forty[39]), 0, 2, true, false},
		"silent in many phases":                    {nil, mixed, 0, 3, false, true},
		"silent once, and then inside the head":    {[]reason.Reason{reason.BodyTimeout, reason.None}, silent(reason.HeadersTimeout, forty...), 0, 3, false, false},
	} {
		for _, atOnce := range []int{1, 4} {
			t.Run(fmt.Sprintf("%s, %d at once", name, atOnce), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					began := time.Now()
					s := surveyed(t, quiet{&cloud{https: test.https, answers: test.answers}}, &Plan{Retries: test.retries, AtOnce: atOnce}, forty...)
					if took := time.Since(began); took > within(test.most) {
						t.Errorf("took %s, want %s at most", took, within(test.most))
					}
					unasked := 0
					for _, q := range forty {
						a := s.answer(q.Name)
						if a.Unasked == nil {
							continue
						}
						unasked++
						known := strings.HasPrefix(a.Unasked.Message, "not asked: silence ") || strings.Contains(a.Unasked.Message, " was not answered when the endpoint had been waited for for 13.75s") || strings.HasPrefix(a.Unasked.Message, "no address came as far")
						if a.Unasked.Outcome != report.Inconclusive || !known {
							t.Errorf("%s: %s: %s", q.Name, a.Unasked.Outcome, a.Unasked.Message)
						}
					}
					if !test.some && test.asked != (unasked == 0) {
						t.Errorf("%d of %d questions were not asked", unasked, len(forty))
					}
				})
			})
		}
	}
}

// many is a name of many addresses, of which some are silent: the prober dials some at once, each
// so often, and gives up when it may wait no longer.
type many struct {
	*cloud
	silent, replying int
	phase            reason.Reason
	dials            int           // to a silent address
	slow             time.Duration // what a whole look takes beside the silence
	http             bool          // silent too
	questions        []reason.Reason
	slots            chan struct{}
}

func (m many) Probe(ctx context.Context, t probe.Target) probe.Observation {
	o := m.cloud.Probe(ctx, t)
	one := o.Addresses[len(o.Addresses)-1]
	o.Addresses = nil
	results := make(chan probe.AddressResult, m.silent+m.replying)
	for i := range m.silent + m.replying {
		a := one
		a.Address = netip.AddrFrom4([4]byte{192, 0, 2, byte(i + 1)})
		go func() {
			for n := range m.dials {
				m.dial(ctx, &a, n, i < m.silent && (m.http || t.Scheme != catalog.HTTP))
			}
			results <- a
		}()
	}
	for range cap(results) {
		a := <-results
		o.Addresses = append(o.Addresses, a)
		if o.Reason == reason.None || a.Outcome == reason.Fail {
			o.Outcome, o.Reason = a.Outcome, a.Reason
		}
	}
	slices.SortFunc(o.Addresses, func(a, b probe.AddressResult) int { return a.Address.Compare(b.Address) })
	return o
}

// dial makes one connection to an address, in its turn.
func (m many) dial(ctx context.Context, a *probe.AddressResult, n int, silent bool) {
	takes := m.slow
	if silent {
		takes = aTimeout
	}
	select {
	case m.slots <- struct{}{}:
		defer func() { <-m.slots }()
	case <-ctx.Done():
		takes = time.Hour
	}
	select {
	case <-time.After(takes):
		if silent {
			a.Outcome, a.Reason = reason.Fail, m.phase
			if m.phase.Phase() < reason.Headers {
				a.HTTP = nil
			}
		}
	case <-ctx.Done():
		if n == 0 {
			a.HTTP, a.Outcome, a.Reason = nil, reason.Unknown, reason.ProberCanceled
		}
	}
}

func (m many) Ask(ctx context.Context, t probe.Target, a netip.Addr, named bool, r cloudapi.Request) probe.Exchange {
	return quiet{m.cloud}.Ask(ctx, t, a, named, r)
}

// However many addresses of a name are silent, and in whatever way, an endpoint is judged within
// three timeouts. One that replies, and is slow, gets its time.
func TestSilentAddressesAreBounded(t *testing.T) {
	for name, test := range map[string]struct {
		many
		most int // timeouts
	}{
		"three, to connections": {many{silent: 3, phase: reason.ConnectTimeout, dials: 1, http: true}, 3},
		"five, to connections":  {many{silent: 5, phase: reason.ConnectTimeout, dials: 1, http: true}, 3},
		"sixteen":               {many{silent: 16, phase: reason.ConnectTimeout, dials: 1, http: true}, 3},
		"three, to hellos":      {many{silent: 3, phase: reason.TLSTimeout, dials: 2}, 3},
		"nine, to hellos":       {many{silent: 9, phase: reason.TLSTimeout, dials: 2, http: true}, 3},
		"one beside one that is silent to questions": {many{silent: 1, replying: 1, phase: reason.ConnectTimeout, dials: 1, questions: []reason.Reason{reason.BodyTimeout}}, 3},
		"one, to hellos, beside such a one":          {many{silent: 1, replying: 1, phase: reason.TLSTimeout, dials: 2, questions: []reason.Reason{reason.BodyTimeout}}, 3},
		"eight beside such a one":                    {many{silent: 8, replying: 1, phase: reason.ConnectTimeout, dials: 1, questions: []reason.Reason{reason.BodyTimeout}}, 3},
		"one, inside the body, and to questions":     {many{silent: 1, replying: 1, phase: reason.BodyTimeout, dials: 1, questions: []reason.Reason{reason.BodyTimeout}}, 3},
		"two, inside the body, beside one":           {many{silent: 2, replying: 1, phase: reason.BodyTimeout, dials: 1, questions: []reason.Reason{reason.BodyTimeout}}, 3},
		"none, but slow":                             {many{replying: 16, dials: 10, slow: aTimeout / 5, questions: []reason.Reason{reason.None}}, 20},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := test.many
				m.cloud, m.slots = &cloud{answers: map[string][]reason.Reason{"q1": m.questions, "q2": m.questions, "q3": m.questions}}, make(chan struct{}, probe.DefaultConnectionsPerHost)
				began := time.Now()
				plan := &Plan{Retries: 2, Timeout: aTimeout}
				plan.looks = map[string][]Look{"kms/here/public": {{Over: catalog.HTTP}}}
				s := surveyed(t, m, plan, ask("q1", nil), ask("q2", nil), ask("q3", nil))
				if took := time.Since(began); took > within(test.most) {
					t.Errorf("took %s, want %s at most", took, within(test.most))
				}
				if test.silent > 0 && !silentAnywhere(s.HTTPS) {
					t.Errorf("the silence is not seen: %+v", s.HTTPS.Addresses)
				}
				if a := s.answer("q1"); (a.Told() == nil) != (test.silent == 0) {
					t.Errorf("q1: %v", a.Told())
				}
			})
		})
	}
}

// deaf is a name whose lookup does not end.
type deaf struct {
	*cloud
	heard []reason.Reason // what came of the questions
}

func (d deaf) Probe(ctx context.Context, t probe.Target) probe.Observation {
	o := d.cloud.Probe(ctx, t)
	<-ctx.Done()
	o.Outcome, o.Reason, o.Addresses, o.DNS = reason.Unknown, reason.ProberCanceled, nil, &dns.Lookup{Outcome: reason.Unknown}
	for _, r := range d.heard {
		o.DNS.Queries = append(o.DNS.Queries, dns.Answer{Reason: r})
	}
	return o
}

// Resolvers that are all silent are named as such, however many there are; one that answered is
// not.
func TestSilentResolversAreBounded(t *testing.T) {
	for _, test := range []struct {
		heard []reason.Reason
		want  reason.Reason
	}{
		{[]reason.Reason{reason.ResolveTimeout, reason.ResolveTimeout, reason.ProberCanceled}, reason.ProberResolverUnavailable},
		{[]reason.Reason{reason.ResolveServFail, reason.ProberCanceled}, reason.ProberCanceled},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			s := surveyed(t, deaf{&cloud{}, test.heard}, &Plan{Retries: 2, Timeout: aTimeout}, ask("q", nil))
			if took := time.Since(began); took > within(limit.SilencesInAll) || s.HTTPS.Reason != test.want {
				t.Errorf("%v: %s after %s", test.heard, s.HTTPS.Reason, took)
			}
		})
	}
}

// A large request may be slow for what it is; when it is, other large ones are left out alone.
func TestSilenceOfLargeRequests(t *testing.T) {
	heavy := func(q *Question) { q.Heavy = true }
	p := &cloud{answers: map[string][]reason.Reason{"large1": {reason.RequestWriteTimeout}}}
	s := surveyed(t, p, &Plan{AtOnce: 1, Retries: 1}, ask("large1", heavy), ask("large2", heavy), ask("small", nil))
	if slices.Sort(p.asked); !slices.Equal(p.asked, []string{"large1", "large1", "small"}) {
		t.Errorf("asked %v", p.asked)
	}
	if a := s.answer("large2"); a.Unasked == nil || a.Unasked.Message != `not asked: silence met the question "large1" (request/write_timeout) and the question "large1" (request/write_timeout)` {
		t.Errorf("the other large one: %+v", a.Unasked)
	}
}

// A lookup that met silence at two resolvers was asked twice; another kind of question, or
// another answer, does not make it so.
func TestLookupsAreNotRepeated(t *testing.T) {
	silent := func(kind dns.Type) dns.Answer { return dns.Answer{Type: kind, Reason: reason.ResolveTimeout} }
	for name, test := range map[string]struct {
		queries []dns.Answer
		want    bool
	}{
		"none":               {nil, false},
		"two of one kind":    {[]dns.Answer{silent(dns.A), {Type: dns.AAAA}, silent(dns.A)}, true},
		"one of each":        {[]dns.Answer{silent(dns.A), silent(dns.AAAA)}, false},
		"one, then servfail": {[]dns.Answer{silent(dns.A), {Type: dns.A, Reason: reason.ResolveServFail}}, false},
	} {
		if got := waitedTwice(probe.Observation{DNS: &dns.Lookup{Queries: test.queries}}); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
