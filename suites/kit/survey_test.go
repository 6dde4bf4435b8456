package kit

import (
	"bytes"
	"cmp"
	"context"
	"encoding/gob"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
	"prober/report"
)

// cloud is a Prober whose answers are given, the first first; the last is repeated.
type cloud struct {
	mu    sync.Mutex
	https []reason.Reason
	alone bool // the name has no second address, which replies
	// findings are all at the first address, by observation over HTTPS.
	findings [][]reason.Reason
	answers  map[string][]reason.Reason // by action
	probed   map[catalog.Scheme]int
	asked    []string
}

func (c *cloud) Probe(_ context.Context, t probe.Target) probe.Observation {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.probed == nil {
		c.probed = map[catalog.Scheme]int{}
	}
	n := c.probed[t.Scheme]
	c.probed[t.Scheme]++
	o := probe.Observation{Endpoint: t.Endpoint, Scheme: t.Scheme, Outcome: reason.OK, DNS: &dns.Lookup{Outcome: reason.OK}}
	a := probe.AddressResult{Address: netip.MustParseAddr("192.0.2.1"), HTTP: &probe.HTTPFacts{Status: 400}}
	if t.Scheme == catalog.HTTPS && len(c.https) > 0 {
		r := c.https[min(n, len(c.https)-1)]
		o.Outcome, o.Reason, a.Reason = r.Outcome(), r, r
		if r != reason.None {
			a.HTTP = nil
		}
	}
	if t.Scheme == catalog.HTTPS && n < len(c.findings) {
		for _, r := range c.findings[n] {
			a.Findings = append(a.Findings, reason.Finding{Reason: r})
		}
	}
	o.Addresses = []probe.AddressResult{a}
	if !c.alone {
		o.Addresses = append(o.Addresses, probe.AddressResult{Address: netip.MustParseAddr("192.0.2.2"), HTTP: &probe.HTTPFacts{Status: 400}})
	}
	return o
}

func (c *cloud) Ask(_ context.Context, _ probe.Target, addr netip.Addr, _ bool, r cloudapi.Request) probe.Exchange {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := strings.TrimPrefix(r.Query, "Action=")
	n := 0
	for _, earlier := range c.asked {
		if earlier == name {
			n++
		}
	}
	c.asked = append(c.asked, name)
	x := probe.Exchange{Address: addr, Outcome: reason.OK, Status: 400, Body: []byte("body of " + name)}
	if list := c.answers[name]; len(list) > 0 {
		if x.Reason = list[min(n, len(list)-1)]; x.Reason != reason.None {
			x.Outcome, x.Status = x.Reason.Outcome(), 0
		}
	}
	return x
}

func (c *cloud) Command(_ probe.Target, addr netip.Addr, r cloudapi.Request, _ reason.Finding) string {
	return "curl " + addr.String() + " " + r.Query
}

func ask(name string, change func(*Question)) *Question {
	q := &Question{Name: name, Make: func(a *Asking) (cloudapi.Request, error) {
		a.Kept = "kept by " + name + " after " + a.Earlier.Kept
		return cloudapi.Request{Method: "GET", Host: a.Host(), Path: "/", Query: "Action=" + name}, nil
	}}
	if change != nil {
		change(q)
	}
	return q
}

// surveyed surveys the public endpoint of the small catalogue over HTTPS, with questions.
func surveyed(t *testing.T, p Prober, plan *Plan, questions ...*Question) *Survey {
	t.Helper()
	c := small(t)
	plan.Catalog, plan.Surveys = c, &Surveys{}
	plan.Look([]Spec{{Endpoint: &c.Endpoints[0], Requirement: &Requirement{Judge: EachReply(questions)}}})
	product, _ := c.Product("kms")
	plan.Survey(t.Context(), p, []probe.Target{{Endpoint: c.Endpoints[0], Product: product}}, 1)
	s := plan.Surveys.Of(t.Context(), "kms/here/public")
	if s == nil {
		t.Fatal("no survey")
	}
	return s
}

// What fails for a reason of the network is asked once more, and says so when that helps. A
// broken rule is not retried away.
func TestRetry(t *testing.T) {
	for name, test := range map[string]struct {
		https   []reason.Reason
		retries int
		probes  int
		outcome reason.Outcome
		flaky   bool
	}{
		"good":                            {nil, 0, 1, reason.OK, false},
		"flaky":                           {[]reason.Reason{reason.ConnectTimeout, reason.None}, 1, 2, reason.OK, true},
		"down":                            {[]reason.Reason{reason.ConnectTimeout}, 1, 2, reason.Fail, false},
		"down, asked thrice":              {[]reason.Reason{reason.ConnectRefused}, 2, 3, reason.Fail, false},
		"silent":                          {[]reason.Reason{reason.ConnectTimeout}, 2, 2, reason.Fail, false},
		"silent to hellos":                {[]reason.Reason{reason.TLSTimeout}, 2, 2, reason.Fail, false},
		"silent to hellos beside another": {[]reason.Reason{reason.TLSTimeout}, 2, 1, reason.Fail, false},
		"flaky to hellos":                 {[]reason.Reason{reason.TLSTimeout, reason.None}, 2, 3, reason.OK, true},
		"never again":                     {[]reason.Reason{reason.ConnectTimeout, reason.None}, 0, 1, reason.Fail, false},
		"broken rule":                     {[]reason.Reason{reason.TLSCertExpired, reason.None}, 1, 1, reason.Fail, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := &cloud{https: test.https, alone: !strings.HasSuffix(name, "beside another")}
			s := surveyed(t, p, &Plan{Retries: test.retries})
			if p.probed[catalog.HTTPS] != test.probes || s.HTTPS.Outcome != test.outcome || (s.Flaky["https"] != "") != test.flaky {
				t.Errorf("%d probes, outcome %s, flaky %q", p.probed[catalog.HTTPS], s.HTTPS.Outcome, s.Flaky["https"])
			}
		})
	}
}

// A broken rule beside a failure of the network is not retried away with it.
func TestRetryKeepsBrokenRules(t *testing.T) {
	for name, test := range map[string]struct {
		second []reason.Reason
		want   reason.Reason
		flaky  bool
	}{
		"gone at the second look":  {nil, reason.ConnectTimeout, true}, // the network part of it is
		"there at the second look": {[]reason.Reason{reason.TLSCertExpired}, reason.None, true},
	} {
		p := &cloud{https: []reason.Reason{reason.ConnectTimeout, reason.None}, findings: [][]reason.Reason{{reason.ConnectTimeout, reason.TLSCertExpired}, test.second}}
		s := surveyed(t, p, &Plan{Retries: 1})
		if s.HTTPS.Reason != test.want || (s.Flaky["https"] != "") != test.flaky {
			t.Errorf("%s: %s is judged, flaky %q", name, s.HTTPS.Reason, s.Flaky["https"])
		}
	}
}

func TestQuestions(t *testing.T) {
	key := cloudapi.AlibabaKey{ID: "LTAI0000000000000000", Secret: "secret"}
	needing := func(n Need) func(*Question) { return func(q *Question) { q.Needs = n } }
	after := func(q *Question) { q.After = ask("first", nil) }
	afterSigned := func(q *Question) { q.After = ask("first", needing(Credentials)) }
	heavy := func(q *Question) { q.Heavy = true }
	for name, test := range map[string]struct {
		plan      Plan
		cloud     *cloud
		questions []*Question
		of        string
		untold    string
		asked     int
		flaky     bool
	}{
		"plain":                 {Plan{}, &cloud{}, []*Question{ask("first", nil)}, "first", "", 1, false},
		"without a key":         {Plan{}, &cloud{}, []*Question{ask("first", needing(Credentials))}, "first", string(report.NoCredentials), 0, false},
		"with a key":            {Plan{Alibaba: key}, &cloud{}, []*Question{ask("first", needing(Credentials))}, "first", "", 1, false},
		"no encryption key":     {Plan{Alibaba: key, Live: true}, &cloud{}, []*Question{ask("first", needing(EncryptionKey))}, "first", string(report.NoKey), 0, false},
		"an encryption key":     {Plan{Alibaba: key, Live: true, KMSKeyID: "k"}, &cloud{}, []*Question{ask("first", needing(EncryptionKey))}, "first", "", 1, false},
		"heavy, live":           {Plan{Live: true}, &cloud{}, []*Question{ask("first", heavy)}, "first", string(report.NotHeavy), 0, false},
		"heavy, wanted":         {Plan{Live: true, Heavy: true}, &cloud{}, []*Question{ask("first", heavy)}, "first", "", 1, false},
		"heavy, sandbox":        {Plan{}, &cloud{}, []*Question{ask("first", heavy)}, "first", "", 1, false},
		"after another":         {Plan{}, &cloud{}, []*Question{ask("second", after)}, "second", "", 2, false},
		"after one without key": {Plan{}, &cloud{}, []*Question{ask("second", afterSigned)}, "second", string(report.NoCredentials), 0, false},
		"no reply at all":       {Plan{}, &cloud{answers: map[string][]reason.Reason{"first": {reason.RequestEOF}}}, []*Question{ask("first", nil)}, "first", string(report.Inconclusive), 3, false},
		"a reply at the second": {Plan{}, &cloud{answers: map[string][]reason.Reason{"first": {reason.RequestEOF, reason.None}}}, []*Question{ask("first", nil)}, "first", "", 2, true},
		"signed anew":           {Plan{Alibaba: key}, &cloud{answers: map[string][]reason.Reason{"first": {reason.RequestEOF, reason.None}}}, []*Question{ask("first", needing(Credentials))}, "first", "", 2, true},
		"never asked":           {Plan{}, &cloud{}, nil, "first", string(report.Inconclusive), 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			p, plan := test.cloud, &test.plan
			plan.Retries = 1
			s := surveyed(t, p, plan, test.questions...)
			untold := ""
			if err := s.answer(test.of).Told(); err != nil {
				v := undecided(err)
				untold = cmp.Or(string(v.Skip), string(v.Outcome))
			}
			if untold != test.untold || len(p.asked) != test.asked || (s.Flaky[test.of] != "") != test.flaky {
				t.Errorf("untold %q, asked %v, flaky %q", untold, p.asked, s.Flaky[test.of])
			}
		})
	}
}

func TestQuestionsFollow(t *testing.T) {
	p, first := &cloud{}, ask("first", nil)
	second := ask("second", func(q *Question) { q.After = first })
	s := surveyed(t, p, &Plan{Retries: 1}, ask("third", func(q *Question) { q.After = second }), second, first)
	if !slices.Equal(p.asked, []string{"first", "second", "third"}) {
		t.Errorf("asked %v", p.asked)
	}
	if got, want := s.answer("second").Kept, "kept by second after kept by first after "; got != want {
		t.Errorf("kept %q, want %q", got, want)
	}
	if a := s.answer("first"); a.Reproduce != "curl 192.0.2.1 Action=first" {
		t.Errorf("reproduce with %q", a.Reproduce)
	}
}

// Questions go to the first address that replied.
func TestQuestionsGoWhereReplyComes(t *testing.T) {
	p := &cloud{https: []reason.Reason{reason.TLSCertExpired}}
	s := surveyed(t, p, &Plan{Retries: 1}, ask("first", nil))
	if got := s.answer("first").Exchange.Address.String(); got != "192.0.2.2" {
		t.Errorf("asked %s", got)
	}
}

// No command shows a customer's key.
func TestKeysAreNotReproduced(t *testing.T) {
	plan := &Plan{Alibaba: cloudapi.AlibabaKey{ID: "LTAI0000000000000000", Secret: "secret"}}
	s := surveyed(t, &cloud{}, plan, ask("first", func(q *Question) { q.Needs = Credentials }))
	if a := s.answer("first"); a.Reproduce != "" {
		t.Errorf("reproduce with %q", a.Reproduce)
	}
}

// A parallel run hands surveys from one process to another by gob.
func TestSurveysTravel(t *testing.T) {
	s := surveyed(t, &cloud{https: []reason.Reason{reason.ConnectTimeout, reason.None}}, &Plan{Retries: 1}, ask("first", nil))
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(map[string]*Survey{"x": s}); err != nil {
		t.Fatal(err)
	}
	var got map[string]*Survey
	if err := gob.NewDecoder(&b).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got["x"].Answers, s.Answers) || !reflect.DeepEqual(got["x"].Flaky, s.Flaky) || got["x"].HTTPS.Outcome != s.HTTPS.Outcome {
		t.Errorf("%+v arrived of %+v", got["x"], s)
	}
	var loaded Surveys
	loaded.Load(got)
	if loaded.Of(t.Context(), "x") == nil || loaded.Of(t.Context(), "y") != nil || len(loaded.All(t.Context())) != 1 {
		t.Error("a loaded survey is not to be had, or another one is")
	}
}

// Plain HTTP is probed only where a spec looks at it.
func TestPlainHTTPIsProbedOnDemand(t *testing.T) {
	c := small(t)
	product, _ := c.Product("kms")
	for _, over := range []catalog.Scheme{catalog.HTTPS, catalog.HTTP} {
		p, plan := &cloud{}, &Plan{Catalog: c, Surveys: &Surveys{}}
		plan.Look([]Spec{{Endpoint: &c.Endpoints[0], Requirement: &Requirement{Judge: EachAddress(over)}}})
		plan.Survey(t.Context(), p, []probe.Target{{Endpoint: c.Endpoints[0], Product: product}}, 1)
		s := plan.Surveys.Of(t.Context(), "kms/here/public")
		if want := over == catalog.HTTP; s == nil || (s.HTTP.Scheme == catalog.HTTP) != want || (p.probed[catalog.HTTP] == 1) != want || p.probed[catalog.HTTPS] != 1 {
			t.Errorf("for a look over %s probed %v", over, p.probed)
		}
	}
}

// A server may hang up on what is too large, and on nothing else. What rests on one answer
// needs it, whatever others show; and that a run leaves large questions out is said before
// anything that its key lacks.
func TestHeavyQuestions(t *testing.T) {
	rule := catalog.ErrorRule{Situation: catalog.TooLarge, Codes: []string{"TooLarge"}, Statuses: []int{413}}
	call, within, above := &Question{Name: "call"}, &Question{Name: "within", Heavy: true}, &Question{Name: "above", Heavy: true}
	j := Asked([]*Question{within, above}, Given(call, func(*Case, Answer) {}, All(
		EachReplyBy([]*Question{within}, func(c *Case, a Answer) { c.Expect(a, Not(BeTooLarge(rule))) }),
		EachReply([]*Question{above}, BeTooLarge(rule)),
	)))
	if !j.heavy() || Reply(call).heavy() {
		t.Error("what is heavy is not, or the reverse")
	}
	exchange := func(x probe.Exchange) Answer { return Answer{Exchange: x} }
	hungUp := exchange(probe.Exchange{Outcome: reason.Fail, Reason: reason.RequestReset})
	served := exchange(probe.Exchange{Outcome: reason.OK, Status: 200, API: &cloudapi.Reply{}, Class: cloudapi.Success})
	refused := exchange(probe.Exchange{Outcome: reason.OK, Status: 413})
	silent := exchange(probe.Exchange{Outcome: reason.Fail, Reason: reason.RequestTimeout})
	throttled := exchange(probe.Exchange{Outcome: reason.OK, Status: 400, Class: cloudapi.Throttled})
	noKey, light, dark := unasked(Skip(report.NoCredentials, "no key")), unasked(Skip(report.NotHeavy, "large")), unasked(CannotTell("no address"))
	for name, test := range map[string]struct {
		call, within, above Answer
		want                report.Outcome
		skip                report.SkipReason
	}{
		"both replied":                      {served, served, refused, report.Pass, ""},
		"above: hung up":                    {served, served, hungUp, report.Pass, ""},
		"above: silent":                     {served, served, silent, report.Inconclusive, ""},
		"above: served":                     {served, served, served, report.Fail, ""},
		"above: served, within: throttled":  {served, throttled, served, report.Fail, ""},
		"above: not to be asked":            {served, served, dark, report.Inconclusive, ""},
		"within: refused, above: not to be": {served, refused, dark, report.Fail, ""},
		"within: hung up":                   {served, hungUp, refused, report.Inconclusive, ""},
		"within: refused":                   {served, refused, refused, report.Fail, ""},
		"within: no key":                    {served, noKey, hungUp, report.Skip, report.NoCredentials},
		"above: not asked":                  {served, served, light, report.Skip, report.NotHeavy},
		"neither asked nor a key":           {noKey, light, light, report.Skip, report.NotHeavy},
		"no key":                            {noKey, noKey, noKey, report.Skip, report.NoCredentials},
		"the call: throttled":               {throttled, served, served, report.Inconclusive, ""},
		"the call: silent":                  {silent, refused, served, report.Inconclusive, ""},
	} {
		s := resolved()
		s.Answers = map[string]Answer{"call": test.call, "within": test.within, "above": test.above}
		if v := judged(j, s); v.Outcome != test.want || v.Skip != test.skip {
			t.Errorf("%s: %s %s, want %s %s: %s", name, v.Outcome, v.Skip, test.want, test.skip, v.Message)
		}
	}
}

// A survey that is there is handed out even when there is no time to wait for one: a report that
// is cut short still shows what its verdicts rest on.
func TestSurveyOfIsThereAtOnce(t *testing.T) {
	s := &Surveys{}
	s.Load(map[string]*Survey{"here": {}})
	s.all["there"] = &pending{done: make(chan struct{})}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for range 50 { // a choice between two that are ready is by chance
		if s.Of(over, "here") == nil || s.Of(over, "there") != nil {
			t.Fatal("want the one that is there, and no other")
		}
	}
}
