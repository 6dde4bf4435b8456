package kit

import (
	"bytes"
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
)

// cloud is a Prober whose answers are given, the first first; the last is repeated.
type cloud struct {
	mu    sync.Mutex
	https []reason.Reason
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
		o.Outcome, o.Reason = r.Outcome(), r
		if r != reason.None {
			a.HTTP = nil
		}
	}
	if t.Scheme == catalog.HTTPS && n < len(c.findings) {
		for _, r := range c.findings[n] {
			a.Findings = append(a.Findings, reason.Finding{Reason: r})
		}
	}
	o.Addresses = []probe.AddressResult{a, {Address: netip.MustParseAddr("192.0.2.2"), HTTP: &probe.HTTPFacts{Status: 400}}}
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

func (c *cloud) Command(_ probe.Target, addr netip.Addr, r cloudapi.Request) string {
	return "curl " + addr.String() + " " + r.Query
}

func ask(name string, change func(*Question)) Question {
	q := Question{Name: name, Make: func(a *Asking) (cloudapi.Request, error) {
		a.Kept = "kept by " + name + " after " + a.Earlier.Kept
		return cloudapi.Request{Method: "GET", Host: a.Host(), Path: "/", Query: "Action=" + name}, nil
	}}
	if change != nil {
		change(&q)
	}
	return q
}

// surveyed surveys the public endpoint of the small catalogue.
func surveyed(t *testing.T, p Prober, plan *Plan, questions ...Question) *Survey {
	t.Helper()
	c := small(t)
	plan.Catalog, plan.Surveys = c, &Surveys{}
	plan.Use(Suite{Product: "kms", Questions: func(catalog.Endpoint, catalog.Product) []Question { return questions }})
	product, _ := c.Product("kms")
	plan.Surveys.Start(t.Context(), p, []probe.Target{{Endpoint: c.Endpoints[0], Product: product}}, 1)
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
		"good":               {nil, 0, 1, reason.OK, false},
		"flaky":              {[]reason.Reason{reason.ConnectTimeout, reason.None}, 0, 2, reason.OK, true},
		"down":               {[]reason.Reason{reason.ConnectTimeout}, 0, 2, reason.Fail, false},
		"down, asked thrice": {[]reason.Reason{reason.ConnectTimeout}, 2, 3, reason.Fail, false},
		"never again":        {[]reason.Reason{reason.ConnectTimeout, reason.None}, -1, 1, reason.Fail, false},
		"broken rule":        {[]reason.Reason{reason.TLSCertExpired, reason.None}, 0, 1, reason.Fail, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := &cloud{https: test.https}
			s := surveyed(t, p, &Plan{Retries: test.retries})
			if p.probed[catalog.HTTPS] != test.probes || s.HTTPS.Outcome != test.outcome || (s.Flaky[OverHTTPS] != "") != test.flaky {
				t.Errorf("%d probes, outcome %s, flaky %q", p.probed[catalog.HTTPS], s.HTTPS.Outcome, s.Flaky[OverHTTPS])
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
		s := surveyed(t, p, &Plan{})
		if s.HTTPS.Reason != test.want || (s.Flaky[OverHTTPS] != "") != test.flaky {
			t.Errorf("%s: %s is judged, flaky %q", name, s.HTTPS.Reason, s.Flaky[OverHTTPS])
		}
	}
}

func TestQuestions(t *testing.T) {
	key := cloudapi.AlibabaKey{ID: "LTAI0000000000000000", Secret: "secret"}
	needing := func(n Need) func(*Question) { return func(q *Question) { q.Needs = n } }
	after := func(q *Question) { q.After = "first" }
	heavy := func(q *Question) { q.Heavy = true }
	for name, test := range map[string]struct {
		plan      Plan
		cloud     *cloud
		questions []Question
		of        string
		skip      SkipReason
		asked     int
		flaky     bool
	}{
		"plain":                  {Plan{}, &cloud{}, []Question{ask("first", nil)}, "first", "", 1, false},
		"without a key":          {Plan{}, &cloud{}, []Question{ask("first", needing(Credentials))}, "first", NoCredentials, 0, false},
		"with a key":             {Plan{Alibaba: key}, &cloud{}, []Question{ask("first", needing(Credentials))}, "first", "", 1, false},
		"no encryption key":      {Plan{Alibaba: key, Live: true}, &cloud{}, []Question{ask("first", needing(EncryptionKey))}, "first", NoKey, 0, false},
		"an encryption key":      {Plan{Alibaba: key, Live: true, KMSKeyID: "k"}, &cloud{}, []Question{ask("first", needing(EncryptionKey))}, "first", "", 1, false},
		"the sandbox's":          {Plan{Alibaba: key}, &cloud{}, []Question{ask("first", needing(EncryptionKey))}, "first", "", 1, false},
		"heavy, live":            {Plan{Live: true}, &cloud{}, []Question{ask("first", heavy)}, "first", NotHeavy, 0, false},
		"heavy, wanted":          {Plan{Live: true, Heavy: true}, &cloud{}, []Question{ask("first", heavy)}, "first", "", 1, false},
		"heavy, sandbox":         {Plan{}, &cloud{}, []Question{ask("first", heavy)}, "first", "", 1, false},
		"after another":          {Plan{}, &cloud{}, []Question{ask("second", after), ask("first", nil)}, "second", "", 2, false},
		"after one without key":  {Plan{}, &cloud{}, []Question{ask("second", after), ask("first", needing(Credentials))}, "second", NoCredentials, 0, false},
		"no reply at all":        {Plan{}, &cloud{answers: map[string][]reason.Reason{"first": {reason.RequestEOF}}}, []Question{ask("first", nil)}, "first", Inconclusive, 2, false},
		"a reply at the second":  {Plan{}, &cloud{answers: map[string][]reason.Reason{"first": {reason.RequestEOF, reason.None}}}, []Question{ask("first", nil)}, "first", "", 2, true},
		"a nonce is not sent on": {Plan{Alibaba: key}, &cloud{answers: map[string][]reason.Reason{"first": {reason.RequestEOF, reason.None}}}, []Question{ask("first", needing(Credentials))}, "first", Inconclusive, 1, false},
		"never asked":            {Plan{}, &cloud{}, nil, "first", Inconclusive, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			p, plan := test.cloud, &test.plan
			s := surveyed(t, p, plan, test.questions...)
			why, _ := s.Answer(test.of).missing(test.of)
			if why != test.skip || len(p.asked) != test.asked || (s.Flaky[test.of] != "") != test.flaky {
				t.Errorf("skip %q, asked %v, flaky %q", why, p.asked, s.Flaky[test.of])
			}
		})
	}
}

func TestQuestionsFollow(t *testing.T) {
	p := &cloud{}
	s := surveyed(t, p, &Plan{}, ask("second", func(q *Question) { q.After = "first" }), ask("first", nil))
	if !slices.Equal(p.asked, []string{"first", "second"}) {
		t.Errorf("asked %v", p.asked)
	}
	if got, want := s.Answer("second").Kept, "kept by second after kept by first after "; got != want {
		t.Errorf("kept %q, want %q", got, want)
	}
	if a := s.Answer("first"); a.Reproduce != "curl 192.0.2.1 Action=first" {
		t.Errorf("reproduce with %q", a.Reproduce)
	}
}

// Questions go to the first address that replied.
func TestQuestionsGoWhereReplyComes(t *testing.T) {
	p := &cloud{https: []reason.Reason{reason.TLSCertExpired}}
	s := surveyed(t, p, &Plan{}, ask("first", nil))
	if got := s.Answer("first").Exchange.Address.String(); got != "192.0.2.2" {
		t.Errorf("asked %s", got)
	}
}

// No command shows a customer's key.
func TestKeysAreNotReproduced(t *testing.T) {
	plan := &Plan{Alibaba: cloudapi.AlibabaKey{ID: "LTAI0000000000000000", Secret: "secret"}}
	s := surveyed(t, &cloud{}, plan, ask("first", func(q *Question) { q.Needs = Credentials }))
	if a := s.Answer("first"); a.Reproduce != "" {
		t.Errorf("reproduce with %q", a.Reproduce)
	}
}

// A parallel run hands surveys from one process to another by gob.
func TestSurveysTravel(t *testing.T) {
	s := surveyed(t, &cloud{https: []reason.Reason{reason.ConnectTimeout, reason.None}}, &Plan{}, ask("first", nil))
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

// Texts are valid, of differing names, and hold what their classes say.
func TestTexts(t *testing.T) {
	seen := map[string]bool{}
	for _, text := range Texts() {
		if seen[text.Name] || text.Why == "" || text.Value == "" {
			t.Errorf("%+v: twice, or without a reason", text)
		}
		seen[text.Name] = true
		if strings.ToValidUTF8(text.Value, "") != text.Value {
			t.Errorf("%s is not valid UTF-8", text.Name)
		}
		if strings.ContainsFunc(text.Name, func(r rune) bool { return r < '0' || r > 'z' }) {
			t.Errorf("%q cannot name a parameter", text.Name)
		}
	}
}

// A server may hang up on what is too large, and on nothing else.
func TestHangingUp(t *testing.T) {
	hungUp := Answer{Exchange: probe.Exchange{Outcome: reason.Fail, Reason: reason.RequestReset}}
	replied := Answer{Exchange: probe.Exchange{Outcome: reason.OK, Status: 413}}
	silent := Answer{Exchange: probe.Exchange{Outcome: reason.Fail, Reason: reason.RequestTimeout}}
	for name, test := range map[string]struct {
		within, above Answer
		want          SkipReason
	}{
		"both replied":     {replied, replied, ""},
		"above: hung up":   {replied, hungUp, ""},
		"above: silent":    {replied, silent, Inconclusive},
		"within: hung up":  {hungUp, replied, Inconclusive},
		"within: no key":   {Answer{Skip: NoCredentials}, hungUp, NoCredentials},
		"above: not asked": {replied, Answer{Skip: NotHeavy}, NotHeavy},
	} {
		s := &Survey{Answers: map[string]Answer{"call": replied, "within": test.within, "above": test.above}}
		b := AskedHeavily("call", []string{"within"}, []string{"above"})
		got, _ := b.tells(s)
		if _, lacking := b.part(s); got == "" && lacking != "" {
			got = Inconclusive
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
