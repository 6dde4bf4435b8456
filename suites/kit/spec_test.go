package kit

import (
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"prober/catalog"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
	"prober/report"
)

// resolved is a survey of an endpoint whose name resolves.
func resolved() *Survey {
	return &Survey{HTTPS: probe.Observation{
		Endpoint: catalog.Endpoint{ID: "kms/here/public", Host: "kms.example.test"}, Scheme: catalog.HTTPS,
		Outcome: reason.OK, DNS: &dns.Lookup{Outcome: reason.OK},
	}}
}

// judged is the verdict on a survey of an active endpoint.
func judged(j Judgement, s *Survey) Verdict {
	q := stated("KMS-DNS-01")
	q.Judge = j
	return Spec{Endpoint: &catalog.Endpoint{Lifecycle: catalog.Active}, Requirement: &q}.Judge(s)
}

func TestJudge(t *testing.T) {
	broken := func(c *Case) { c.Expect(1, gomega.Equal(2)); panic("went on after a failure") }
	kept := func(*Case) {}
	unresolved := func(c *Case) { c.Expect(Lookup{c.Survey.HTTPS}, BeResolved()) }
	looked := func(c *Case) { c.Expect(Lookup{c.Survey.HTTPS}, Not(BeResolved())) }
	addressed := func(c *Case) {
		if err := observable(c.Survey.HTTPS); err != nil {
			c.Skip(err)
		}
		broken(c)
	}
	flaky := resolved()
	flaky.Flaky = map[string]string{"https": "at first connect/timeout"}
	elsewhere := resolved()
	elsewhere.Flaky = map[string]string{"http": "at first connect/timeout"}
	undecided := resolved()
	undecided.HTTPS.DNS.Outcome = reason.Unknown
	undecided.HTTPS.Reason = reason.ProberResolverUnavailable
	vpc := resolved()
	vpc.HTTPS.DNS, vpc.HTTPS.Outcome, vpc.HTTPS.Reason = nil, reason.Unknown, reason.ProberPrivateNetwork
	for name, test := range map[string]struct {
		survey    *Survey
		level     report.Level
		lifecycle catalog.Lifecycle
		check     func(*Case)
		outcome   report.Outcome
		skip      report.SkipReason
		message   string
	}{
		"kept":                   {resolved(), report.Must, catalog.Active, kept, report.Pass, "", ""},
		"broken":                 {resolved(), report.Must, catalog.Active, broken, report.Fail, "", "to equal"},
		"broken address":         {resolved(), report.Must, catalog.Active, unresolved, report.Fail, "", "to be resolved"},
		"closed, with a reason":  {resolved(), report.Must, catalog.Closed, unresolved, report.Skip, report.NotActive, "to be resolved"},
		"should":                 {resolved(), report.Should, catalog.Active, broken, report.Fail, "", "to equal"},
		"report":                 {resolved(), report.Info, catalog.Active, broken, report.NotApplicable, "", "nothing is demanded; seen:"},
		"report, kept":           {resolved(), report.Info, catalog.Active, kept, report.Pass, "", ""},
		"report, undecided":      {undecided, report.Info, catalog.Active, looked, report.Inconclusive, "", "resolver_unavailable"},
		"closed":                 {resolved(), report.Must, catalog.Closed, broken, report.Skip, report.NotActive, "the endpoint is closed"},
		"closed, kept":           {resolved(), report.Must, catalog.Closed, kept, report.Pass, "", ""},
		"cut short":              {nil, report.Must, catalog.Active, kept, report.Inconclusive, "", "cut short"},
		"undecided":              {undecided, report.Must, catalog.Active, looked, report.Inconclusive, "", "resolver_unavailable"},
		"private network":        {vpc, report.Must, catalog.Active, looked, report.Skip, report.PrivateNetwork, ""},
		"private, by addresses":  {vpc, report.Must, catalog.Active, addressed, report.Skip, report.PrivateNetwork, ""},
		"flaky":                  {flaky, report.Must, catalog.Active, kept, report.Flaky, "", "at first connect/timeout"},
		"flaky, and broken too":  {flaky, report.Must, catalog.Active, broken, report.Fail, "", "to equal"},
		"flaky in what else is":  {elsewhere, report.Must, catalog.Active, kept, report.Pass, "", ""},
		"skipped by the check":   {resolved(), report.Must, catalog.Active, func(c *Case) { c.Skip(Skip(report.NoKey, "no key")) }, report.Skip, report.NoKey, "no key"},
		"cannot tell":            {resolved(), report.Must, catalog.Active, func(c *Case) { c.Skip(CannotTell("it is dark")) }, report.Inconclusive, "", "it is dark"},
		"not applicable":         {resolved(), report.Must, catalog.Active, func(c *Case) { c.Skip(NotApplicable("no rule")) }, report.NotApplicable, "", "no rule"},
		"noted":                  {resolved(), report.Must, catalog.Active, func(c *Case) { c.Notef("seen %d", 7) }, report.Pass, "", "seen 7"},
		"noted, report":          {resolved(), report.Info, catalog.Active, func(c *Case) { c.Notef("seen %d", 7) }, report.NotApplicable, "", "nothing is demanded; seen: seen 7"},
		"noted beside a failure": {resolved(), report.Must, catalog.Active, func(c *Case) { c.Notef("seen %d", 7); broken(c) }, report.Fail, "", "seen 7\n"},
		"noted, report, skipped": {resolved(), report.Info, catalog.Active, func(c *Case) { c.Notef("seen %d", 7); c.Skip(CannotTell("dark")) }, report.NotApplicable, "", "nothing is demanded; seen: seen 7"},
		"noted beside a skip":    {resolved(), report.Must, catalog.Active, func(c *Case) { c.Notef("seen %d", 7); c.Skip(CannotTell("dark")) }, report.Inconclusive, "", "seen 7\ndark"},
	} {
		t.Run(name, func(t *testing.T) {
			q := stated("KMS-DNS-01")
			q.Level, q.Judge = test.level, NameBy(func(c *Case, _ Lookup) { test.check(c) })
			s := Spec{Endpoint: &catalog.Endpoint{ID: "kms/here/public", Lifecycle: test.lifecycle}, Requirement: &q}
			v := s.Judge(test.survey)
			if v.Outcome != test.outcome || v.Skip != test.skip || !strings.Contains(v.Message, test.message) {
				t.Errorf("%+v, want %s %s %q", v, test.outcome, test.skip, test.message)
			}
			if (v.Mismatch != Mismatch{}) != (name == "broken address") {
				t.Errorf("%s with the mismatch %+v", v.Outcome, v.Mismatch)
			}
		})
	}
}

// A panic that is no verdict is a bug of the check, and is not swallowed.
func TestJudgeDoesNotSwallowPanics(t *testing.T) {
	defer func() {
		if r := recover(); r != "a bug" {
			t.Errorf("recovered %v", r)
		}
	}()
	judged(NameBy(func(*Case, Lookup) { panic("a bug") }), resolved())
}

// A spec took as long as everything that it looks at.
func TestTook(t *testing.T) {
	q := &Question{Name: "first"}
	s := Spec{Requirement: &Requirement{Judge: All(Name(BeResolved()), EachAddress(catalog.HTTP), Reply(q, BeAPIReply()), Reply(q, BeUTF8()))}}
	survey := &Survey{
		HTTPS: probe.Observation{Duration: reason.Seconds(time.Second)}, HTTP: probe.Observation{Duration: reason.Seconds(2 * time.Second)},
		Answers: map[string]Answer{"first": {Exchange: probe.Exchange{Phases: probe.Phases{Total: 4 * time.Second}}}, "other": {Exchange: probe.Exchange{Phases: probe.Phases{Total: time.Hour}}}},
	}
	if got := s.Took(survey); got != 7*time.Second {
		t.Errorf("took %s", got)
	}
	if got := s.Took(nil); got != 0 {
		t.Errorf("took %s of a survey that was cut short", got)
	}
}
