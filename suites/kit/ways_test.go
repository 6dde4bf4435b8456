package kit

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/reason"
	"prober/report"
)

// picky is a cloud that answers some requests otherwise than others.
type picky struct {
	*cloud
	says func(n int, r cloudapi.Request, at netip.Addr) probe.Exchange

	mu sync.Mutex
	n  int
}

func (p *picky) Ask(_ context.Context, _ probe.Target, at netip.Addr, _ bool, r cloudapi.Request) probe.Exchange {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	x := p.says(p.n, r, at)
	x.Address = at
	return x
}

// answered and the following are what may come of a request.
func answered() probe.Exchange {
	return probe.Exchange{Outcome: reason.OK, Status: 404, Class: cloudapi.OrdinaryError, API: &cloudapi.Reply{IsError: true, Code: "X"}}
}

func failedAs(r reason.Reason) probe.Exchange {
	return probe.Exchange{Outcome: reason.Fail, Reason: r, Detail: "so it was"}
}

func badGateway() probe.Exchange {
	return probe.Exchange{Outcome: reason.OK, Status: 502, APIProblem: "not an API reply: found HTML"}
}

func form(name string, change func(*Question)) *Question {
	q := ask(name, change)
	q.Make = func(a *Asking) (cloudapi.Request, error) {
		return cloudapi.Request{Method: "POST", Host: a.Host(), Path: "/", Body: []byte("Action=" + name), Header: []cloudapi.Field{{Name: "Content-Type", Value: cloudapi.FormType}}}, nil
	}
	return q
}

// A way by which nothing is answered is told from a question that failed by chance, and from a
// server that has gone away.
func TestWays(t *testing.T) {
	posts := func(r cloudapi.Request) bool { return r.Method == "POST" }
	signed := func(q *Question) { q.Needs = Credentials }
	for name, test := range map[string]struct {
		says    func(n int, r cloudapi.Request, at netip.Addr) probe.Exchange
		retries int
		form    *Question
		want    report.Outcome
		says1   string
	}{
		"answered": {func(int, cloudapi.Request, netip.Addr) probe.Exchange { return answered() }, 1, form("f", nil), report.Pass, ""},
		"forms silent": {func(_ int, r cloudapi.Request, _ netip.Addr) probe.Exchange {
			if posts(r) {
				return failedAs(reason.RequestTimeout)
			}
			return answered()
		}, 1, form("f", nil), report.Fail, "asked twice: request/timeout"},
		"two forms silent": {func(_ int, r cloudapi.Request, _ netip.Addr) probe.Exchange {
			if posts(r) {
				return failedAs(reason.RequestTimeout)
			}
			return answered()
		}, 0, form("f", nil), report.Inconclusive, "broke off"}, // the last that was sent
		"two forms silent, and others answered since": {func(n int, r cloudapi.Request, _ netip.Addr) probe.Exchange {
			if posts(r) {
				return failedAs([]reason.Reason{reason.RequestTimeout, reason.BodyTimeout}[n%2])
			}
			return answered()
		}, 0, form("f", nil), report.Fail, "none of 2 requests (POST with application/x-www-form-urlencoded) was answered"},
		"forms hung up on": {func(_ int, r cloudapi.Request, _ netip.Addr) probe.Exchange {
			if posts(r) {
				return failedAs(reason.RequestEOF)
			}
			return answered()
		}, 1, form("f", signed), report.Fail, "signed with the customer's key) was answered: one got request/eof"},
		"hung up on once": {func(_ int, r cloudapi.Request, _ netip.Addr) probe.Exchange {
			if posts(r) {
				return failedAs(reason.RequestEOF)
			}
			return answered()
		}, 0, form("f", nil), report.Inconclusive, "broke off"},
		"one reset inside its body": {func(_ int, r cloudapi.Request, _ netip.Addr) probe.Exchange {
			if posts(r) && strings.HasSuffix(string(r.Body), "=f") {
				return failedAs(reason.BodyReset)
			}
			return answered()
		}, 1, form("f", nil), report.Fail, "asked twice: body/reset: so it was"},
		"gone away": {func(n int, _ cloudapi.Request, _ netip.Addr) probe.Exchange {
			if n > 1 {
				return failedAs(reason.RequestEOF)
			}
			return answered()
		}, 1, form("f", nil), report.Inconclusive, "broke off"},
		"a hop that fails once": {func(_ int, _ cloudapi.Request, _ netip.Addr) probe.Exchange { return badGateway() }, 1, form("f", nil), report.Pass, ""},
	} {
		t.Run(name, func(t *testing.T) {
			more := form("g", nil)
			if test.form.Needs != Nothing || !strings.HasPrefix(name, "one ") && !strings.HasPrefix(name, "two ") {
				more = ask("g", nil)
			}
			questions := []*Question{ask("q", nil), test.form, more}
			if strings.HasSuffix(name, "since") {
				questions = append(questions, ask("r", nil))
			}
			plan := &Plan{Retries: test.retries, AtOnce: 1, Alibaba: cloudapi.AlibabaKey{ID: "LTAI0000000000000000", Secret: "secret"}}
			s := surveyed(t, &picky{cloud: &cloud{}, says: test.says}, plan, questions...)
			v := judged(Reply(test.form, BeAnswered()), s)
			if v.Outcome != test.want || !strings.Contains(v.Message, test.says1) {
				t.Errorf("%s, want %s: %s", v.Outcome, test.want, v.Message)
			}
		})
	}
}

// Where questions fail by chance, one that failed twice shows no more than that, and neither does a
// page that came twice.
func TestChance(t *testing.T) {
	for name, fails := range map[string]func() probe.Exchange{
		"resets": func() probe.Exchange { return failedAs(reason.RequestReset) }, "pages": badGateway,
	} {
		says := func(n int, _ cloudapi.Request, _ netip.Addr) probe.Exchange {
			if n == 2 || n == 4 || n == 5 { // the second question once, the third twice
				return fails()
			}
			return answered()
		}
		first, second, third := ask("1", nil), ask("2", nil), ask("3", nil)
		s := surveyed(t, &picky{cloud: &cloud{}, says: says}, &Plan{Retries: 1, AtOnce: 1}, first, second, third)
		all := EachReply([]*Question{first, second, third}, BeAnswered(), BeAPIReply())
		if v := judged(all, s); v.Outcome == report.Fail {
			t.Errorf("%s: %s: %s", name, v.Outcome, v.Message)
		}
	}
}

// A failure that the API has no word in is asked again, as a broken connection is.
func TestHopsThatFailByChance(t *testing.T) {
	for name, test := range map[string]struct {
		fails int
		flaky bool
	}{"never": {0, false}, "once": {1, true}, "always": {9, false}} {
		says := func(n int, _ cloudapi.Request, _ netip.Addr) probe.Exchange {
			if n <= test.fails {
				return badGateway()
			}
			return answered()
		}
		s := surveyed(t, &picky{cloud: &cloud{}, says: says}, &Plan{Retries: 1}, ask("q", nil))
		if s.Flaky["q"] != "" != test.flaky || (s.answer("q").Exchange.Status == 502) != (test.fails > 1) {
			t.Errorf("%s: %+v, flaky %q", name, s.answer("q"), s.Flaky["q"])
		}
	}
}

// What is asked everywhere is judged at every address that replies, which is named: by signed
// calls where there is a key, else by those of anybody.
func TestEverywhere(t *testing.T) {
	everywhere := func(n Need) func(*Question) {
		return func(q *Question) { q.Everywhere, q.Needs = true, n }
	}
	says := func(_ int, _ cloudapi.Request, at netip.Addr) probe.Exchange {
		if at == netip.MustParseAddr("192.0.2.2") {
			return badGateway()
		}
		return answered()
	}
	for name, key := range map[string]cloudapi.AlibabaKey{"unsigned": {}, "signed": {ID: "LTAI0000000000000000", Secret: "secret"}} {
		unsigned, signed, alone := ask("unsigned", everywhere(Nothing)), ask("signed", everywhere(Credentials)), ask("alone", nil)
		s := surveyed(t, &picky{cloud: &cloud{}, says: says}, &Plan{Alibaba: key}, unsigned, signed, alone)
		for _, q := range []*Question{unsigned, signed, alone} {
			v := judged(WherePossible(Reply(q, ComeFromAPI())), s)
			if seen := strings.Contains(v.Message, "192.0.2.2: status 502"); seen != (q.Name == name) || seen != (v.Outcome == report.Fail) {
				t.Errorf("%s, with a key: %t: %s: %s", q.Name, !key.IsZero(), v.Outcome, v.Message)
			}
		}
	}
}

// A way is counted by itself, whatever the method of its signature, and with all that is signed.
func TestNamesOfWays(t *testing.T) {
	form := cloudapi.Request{Method: "POST", Body: []byte("A=1&SignatureMethod=HmacSHA1&Z=2"), Header: []cloudapi.Field{{Name: "Content-Type", Value: cloudapi.FormType}}}
	json := cloudapi.Request{Method: "POST", Body: []byte("{}"), Header: []cloudapi.Field{
		{Name: "Content-Type", Value: "application/json; charset=utf-8"}, {Name: "Authorization", Value: "TC3-HMAC-SHA256 Credential=x"},
	}}
	for _, test := range []struct {
		r     cloudapi.Request
		needs Need
		want  string
	}{
		{cloudapi.Request{Method: "GET"}, Nothing, "GET"},
		{cloudapi.Request{Method: "GET", Query: "SignatureMethod=HMAC-SHA1"}, Nothing, "GET, by HMAC-SHA1 | GET"},
		{form, Credentials, "POST with application/x-www-form-urlencoded, by HmacSHA1, signed with the customer's key | POST with application/x-www-form-urlencoded, signed with the customer's key | signed with the customer's key"},
		{json, Nothing, "POST with application/json, by TC3-HMAC-SHA256 | POST with application/json"},
		{json.With("Authorization", "open sesame"), Nothing, "POST with application/json"},
	} {
		if got := strings.Join(namesOf(wayOf(test.r, test.needs)), " | "); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

// A service that says once that it failed may have done so whatever was asked. One that says so again does over
// the question.
func TestServiceThatFailedOnce(t *testing.T) {
	failing := func() probe.Exchange {
		return probe.Exchange{Outcome: reason.OK, Status: 503, Class: cloudapi.ServerError, API: &cloudapi.Reply{IsError: true, Code: "ServiceUnavailable"}}
	}
	for name, test := range map[string]struct {
		fails func(n int) bool
		asked int
		want  report.Outcome
	}{
		"never": {func(int) bool { return false }, 2, report.Pass},
		"once":  {func(n int) bool { return n == 2 }, 3, report.Flaky},
		"twice": {func(n int) bool { return n > 1 }, 3, report.Fail},
	} {
		says := func(n int, _ cloudapi.Request, _ netip.Addr) probe.Exchange {
			if test.fails(n) {
				return failing()
			}
			return answered()
		}
		p, questions := &picky{cloud: &cloud{}, says: says}, []*Question{ask("a", nil), ask("b", nil)}
		s := surveyed(t, p, &Plan{Retries: 1, AtOnce: 1}, questions...)
		v := judged(EachReply(questions, Not(BeServerFailure(catalog.ErrorRule{}))), s)
		if v.Outcome != test.want || p.n != test.asked {
			t.Errorf("%s: %s after %d requests, want %s after %d: %s", name, v.Outcome, p.n, test.want, test.asked, v.Message)
		}
	}
}
