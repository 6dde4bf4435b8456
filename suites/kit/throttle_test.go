package kit

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
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
	every  int    // in place of the rate: which one of so many is throttled
	after  string // Retry-After of a proxy's status 503, in place of the API's code

	began time.Time
	n     int
	said  int // how often it complained
}

func (l *limited) takes() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n++
	if l.every > 0 {
		return l.n%l.every != 0
	}
	if time.Since(l.began) >= l.window {
		l.began, l.n = time.Now(), 1
	}
	if l.n > l.most {
		l.said++
	}
	return l.n <= l.most
}

// Probe asks each address, or the one that is given.
func (l *limited) Probe(ctx context.Context, t probe.Target) probe.Observation {
	o := l.cloud.Probe(ctx, t)
	if t.Address.IsValid() {
		o.Addresses = slices.DeleteFunc(o.Addresses, func(a probe.AddressResult) bool { return a.Address != t.Address })
	}
	for i := range o.Addresses {
		if a := &o.Addresses[i]; l.only == "" && !l.takes() {
			a.Outcome, a.Reason = reason.Unknown, reason.ProberRateLimited
			if l.after != "" {
				a.Outcome, a.Reason, a.HTTP.Status, a.HTTP.RetryAfter = reason.Fail, reason.VerifyServerError, 503, l.after
			}
			o.Outcome, o.Reason = a.Outcome, a.Reason
		}
	}
	return o
}

func (l *limited) Ask(ctx context.Context, t probe.Target, a netip.Addr, named bool, r cloudapi.Request) probe.Exchange {
	time.Sleep(20 * time.Millisecond) // the way there and back
	x := l.cloud.Ask(ctx, t, a, named, r)
	if strings.HasPrefix(r.Query, "Action="+l.only) && !l.takes() {
		if x.Class = cloudapi.Throttled; l.after != "" {
			x.Class, x.Status, x.Header = cloudapi.ServerError, 503, http.Header{"Retry-After": {l.after}}
		}
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
		"five a second":            {limited{most: 5, window: time.Second}, 40, 20 * time.Second},
		"two a second":             {limited{most: 2, window: time.Second}, 40, 40 * time.Second},
		"one a second":             {limited{most: 1, window: time.Second}, 40, time.Minute},
		"one kind, two a second":   {limited{most: 2, window: time.Second, only: "q0"}, 40, time.Minute},
		"whatever comes":           {limited{window: time.Hour}, 0, 15 * time.Second},
		"whatever comes, but once": {limited{most: 4, window: time.Hour}, 2, 15 * time.Second},
		"one kind, whatever comes": {limited{window: time.Hour, only: "q39"}, 39, 15 * time.Second},
		"every seventh":            {limited{every: 7}, 40, 10 * time.Second},
		"every third":              {limited{every: 3}, 40, 20 * time.Second},
		"as it says":               {limited{most: 8, window: 5 * time.Second, after: "5"}, 40, 40 * time.Second},
		"longer than the run":      {limited{most: 4, window: time.Hour, after: "3600"}, 2, time.Second},
		"longer than anybody":      {limited{most: 4, window: time.Hour, after: "99999999999999999999"}, 2, time.Second},
		"by a date":                {limited{most: 4, window: time.Hour, after: "Fri, 31 Dec 9999 23:59:59 GMT"}, 2, time.Second},
		"less than nothing":        {limited{most: 4, window: time.Hour, after: "-5"}, 2, 15 * time.Second},
		"longer than silence":      {limited{most: 4, window: time.Hour, after: "50"}, 2, time.Second},
		"again and again":          {limited{most: 4, window: time.Hour, after: "4"}, 2, 15 * time.Second},
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

// What a reply says of when to come again is read as RFC 9110 has it, by the clock of who says it.
func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for name, test := range map[string]struct {
		status      int
		after, date string
		made        bool
		want        time.Duration
	}{
		"seconds":                    {503, "7", "", true, 7 * time.Second},
		"none":                       {503, "", "", false, 0},
		"429":                        {429, "7", "", true, 7 * time.Second},
		"429 without":                {429, "", "", true, 0},
		"zero":                       {503, "0", "", true, 0},
		"date":                       {503, at(9 * time.Second), "", true, 9 * time.Second},
		"date by another clock":      {503, at(time.Hour), at(time.Hour - 5*time.Second), true, 5 * time.Second},
		"date that is over":          {503, at(-time.Hour), "", true, 0},
		"date in ages":               {503, "Fri, 31 Dec 9999 23:59:59 GMT", "", true, longestWait},
		"negative":                   {503, "-5", "", true, 0},
		"a fraction":                 {503, "1.5", "", true, 0},
		"text":                       {503, "soon", "", true, 0},
		"seconds beyond 31 bits":     {503, "99999999999", "", true, longestWait},
		"seconds beyond all bits":    {503, strings.Repeat("9", 400), "", true, longestWait},
		"on what is no complaint":    {200, "7", "", false, 7 * time.Second},
		"date with a date of no use": {503, at(9 * time.Second), "yesterday", true, 9 * time.Second},
	} {
		x := probe.Exchange{Status: test.status, Header: http.Header{"Retry-After": {test.after}, "Date": {test.date}}}
		if got := (Answer{Exchange: x}).complaint(now); got.made != test.made || got.after != test.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Who asks for a long wait is still known when an answer that was under way comes after it.
func TestLongWaitNamesItsQuestion(t *testing.T) {
	l := throttle{}
	l.heard("the question A", complaint{made: true, after: time.Hour}, 0)
	l.heard("the question B", complaint{}, 0)
	if got, want := l.enough().Error(), "not asked: the API throttled the question A and asks to wait for 1h0m0s, longer than this run waits"; got != want {
		t.Errorf("%q, want %q", got, want)
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
			plan.Look([]Spec{{Endpoint: &c.Endpoints[0], Requirement: &Requirement{Judge: EachReply(questions)}}})
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
