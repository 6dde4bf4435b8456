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

	"prober/cloudapi"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
	"prober/report"
)

// quiet is a cloud in which silence takes a timeout, in the time of a bubble.
type quiet struct{ *cloud }

const aTimeout = 5 * time.Second

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
	waited(x.Reason)
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
		"silent inside the head, asked five times": {[]reason.Reason{reason.HeadersTimeout}, silent(reason.HeadersTimeout, forty...), 5, 2, false, false},
		"silent inside the head at first":          {[]reason.Reason{reason.HeadersTimeout, reason.None}, nil, 0, 1, true, false},
		"silent but to probes":                     {nil, silent(reason.RequestTimeout, forty...), 0, 2, false, false},
		"silent but to probes, asked five times":   {nil, silent(reason.RequestTimeout, forty...), 5, 2, false, false},
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
					if took := time.Since(began); took > time.Duration(test.most)*aTimeout {
						t.Errorf("took %s, want %d timeouts at most", took, test.most)
					}
					unasked := 0
					for _, q := range forty {
						a := s.answer(q.Name)
						if a.Unasked == nil {
							continue
						}
						unasked++
						known := strings.HasPrefix(a.Unasked.Why, "not asked: the ") || strings.HasPrefix(a.Unasked.Why, "no address came as far")
						if a.Unasked.Outcome != report.Inconclusive || !known {
							t.Errorf("%s: %s: %s", q.Name, a.Unasked.Outcome, a.Unasked.Why)
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

// A large request may be slow for what it is; when it is, other large ones are left out alone.
func TestSilenceOfLargeRequests(t *testing.T) {
	heavy := func(q *Question) { q.Heavy = true }
	p := &cloud{answers: map[string][]reason.Reason{"large1": {reason.RequestWriteTimeout}}}
	s := surveyed(t, p, &Plan{AtOnce: 1, Retries: 1}, ask("large1", heavy), ask("large2", heavy), ask("small", nil))
	if slices.Sort(p.asked); !slices.Equal(p.asked, []string{"large1", "large1", "small"}) {
		t.Errorf("asked %v", p.asked)
	}
	if a := s.answer("large2"); a.Unasked == nil || a.Unasked.Why != `not asked: the question "large1" met silence (request/write_timeout), and did so again` {
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
