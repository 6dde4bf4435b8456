package kit

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/reason"
)

// limited is a cloud that answers so many requests in a second, or a minute, and throttles the
// others.
type limited struct {
	*cloud
	most   int
	window time.Duration
	only   string // what is throttled begins so

	began time.Time
	n     int
	said  int // how often it complained
}

func (l *limited) takes() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Since(l.began) >= l.window {
		l.began, l.n = time.Now(), 0
	}
	l.n++
	if l.n > l.most {
		l.said++
	}
	return l.n <= l.most
}

func (l *limited) Probe(ctx context.Context, t probe.Target) probe.Observation {
	o := l.cloud.Probe(ctx, t)
	if l.only == "" && !l.takes() {
		o.Outcome, o.Reason = reason.Unknown, reason.ProberRateLimited
	}
	return o
}

func (l *limited) Ask(ctx context.Context, t probe.Target, a netip.Addr, named bool, r cloudapi.Request) probe.Exchange {
	time.Sleep(20 * time.Millisecond) // the way there and back
	x := l.cloud.Ask(ctx, t, a, named, r)
	if strings.HasPrefix(r.Query, "Action="+l.only) && !l.takes() {
		x.Class = cloudapi.Throttled
	}
	return x
}

// A run that is throttled slows down and ends decided, as long as anything is answered at all;
// else it gives up in some seconds.
func TestThrottled(t *testing.T) {
	forty := make([]*Question, 40)
	for i := range forty {
		forty[i] = ask(fmt.Sprintf("q%02d", i), nil)
	}
	for name, test := range map[string]struct {
		cloud   limited
		decided int
		took    time.Duration // at most
	}{
		"unlimited":                {limited{most: 1000, window: time.Second}, 40, time.Second},
		"twenty a second":          {limited{most: 20, window: time.Second}, 40, 15 * time.Second},
		"two a second":             {limited{most: 2, window: time.Second}, 40, 40 * time.Second},
		"one a second":             {limited{most: 1, window: time.Second}, 40, time.Minute},
		"one kind, two a second":   {limited{most: 2, window: time.Second, only: "q0"}, 40, time.Minute},
		"whatever comes":           {limited{window: time.Hour}, 0, 20 * time.Second},
		"whatever comes, but once": {limited{most: 4, window: time.Hour}, 3, 20 * time.Second},
		"one kind, whatever comes": {limited{window: time.Hour, only: "q39"}, 39, 20 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := test.cloud
				l.cloud = &cloud{}
				began := time.Now()
				s := surveyed(t, &l, &Plan{}, forty...)
				if took := time.Since(began); took > test.took {
					t.Errorf("took %s, want %s at most", took, test.took)
				}
				decided := 0
				for _, q := range forty {
					switch a := s.answer(q.Name); {
					case a.Told() == nil:
						decided++
					case a.Unasked != nil && !strings.HasPrefix(a.Unasked.Message, "not asked: the API throttled the "):
						t.Errorf("%s: %s", q.Name, a.Unasked.Message)
					}
				}
				if decided != test.decided {
					t.Errorf("%d of %d questions were answered, want %d", decided, len(forty), test.decided)
				}
			})
		})
	}
}

// A run keeps below the rate that the catalogue has, and is never throttled then.
func TestDocumentedRate(t *testing.T) {
	for _, documented := range []int{0, 20} {
		synctest.Test(t, func(t *testing.T) {
			c, plan, l := small(t), &Plan{Surveys: &Surveys{}, Live: true}, &limited{cloud: &cloud{}, most: 20, window: time.Second}
			var questions []*Question
			for i := range 60 {
				questions = append(questions, ask(fmt.Sprintf("q%02d", i), nil))
			}
			plan.Look([]Spec{{Endpoint: c.Endpoints[0], Requirement: Requirement{Judge: EachReply(questions)}}})
			p, _ := c.Product("kms")
			p.Rules.Errors = []catalog.ErrorRule{{Situation: catalog.Throttled, PerSecond: documented}}
			began := time.Now()
			plan.Survey(t.Context(), l, []probe.Target{{Endpoint: c.Endpoints[0], Product: p}}, 1)
			plan.Surveys.Of(t.Context(), c.Endpoints[0].ID)
			if paced := l.said == 0; paced != (documented > 0) || paced && time.Since(began) > 10*time.Second {
				t.Errorf("documented %d: throttled %d times, in %s", documented, l.said, time.Since(began))
			}
		})
	}
}

// What is throttled is asked again by a request of its own: a nonce serves once.
func TestThrottledRequestsAreMadeAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var made []time.Time
		q := ask("q", nil)
		request := q.Make
		q.Make = func(a *Asking) (cloudapi.Request, error) {
			made = append(made, a.Now)
			return request(a)
		}
		surveyed(t, &limited{cloud: &cloud{}, most: 0, window: time.Second, only: "q"}, &Plan{}, q)
		if len(made) < 5 || !made[1].After(made[0]) {
			t.Errorf("made at %v", made)
		}
	})
}
