package kit

import (
	"strings"
	"testing"

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

func TestJudge(t *testing.T) {
	broken := func(c *Case) { c.Expect(1).To(gomega.Equal(2)); panic("went on after a failure") }
	kept := func(*Case) {}
	flaky := resolved()
	flaky.Flaky = map[string]string{OverHTTPS: "at first connect/timeout"}
	undecided := resolved()
	undecided.HTTPS.DNS.Outcome = reason.Unknown
	undecided.HTTPS.Reason = reason.ProberResolverUnavailable
	vpc := resolved()
	vpc.HTTPS.DNS, vpc.HTTPS.Outcome, vpc.HTTPS.Reason = nil, reason.Unknown, reason.ProberPrivateNetwork
	for name, test := range map[string]struct {
		survey    *Survey
		level     Level
		lifecycle catalog.Lifecycle
		check     func(*Case)
		outcome   report.Outcome
		skip      SkipReason
		message   string
	}{
		"kept":                   {resolved(), Must, catalog.Active, kept, report.Pass, "", ""},
		"broken":                 {resolved(), Must, catalog.Active, broken, report.Fail, "", "to equal"},
		"should":                 {resolved(), Should, catalog.Active, broken, report.Fail, "", "to equal"},
		"report":                 {resolved(), Report, catalog.Active, broken, report.NotApplicable, NotApplicable, "nothing is demanded; seen:"},
		"report, kept":           {resolved(), Report, catalog.Active, kept, report.Pass, "", ""},
		"closed":                 {resolved(), Must, catalog.Closed, broken, report.Skip, NotActive, "the endpoint is closed"},
		"closed, kept":           {resolved(), Must, catalog.Closed, kept, report.Pass, "", ""},
		"cut short":              {nil, Must, catalog.Active, kept, report.Inconclusive, Inconclusive, "cut short"},
		"undecided":              {undecided, Must, catalog.Active, broken, report.Inconclusive, Inconclusive, "resolver_unavailable"},
		"private network":        {vpc, Must, catalog.Active, broken, report.Skip, PrivateNetwork, ""},
		"flaky":                  {flaky, Must, catalog.Active, kept, report.Flaky, "", "at first connect/timeout"},
		"flaky, and broken too":  {flaky, Must, catalog.Active, broken, report.Fail, "", "to equal"},
		"skipped by the check":   {resolved(), Must, catalog.Active, func(c *Case) { c.Skip(NoKey, "no key") }, report.Skip, NoKey, "no key"},
		"noted":                  {resolved(), Must, catalog.Active, func(c *Case) { c.Notef("seen %d", 7) }, report.Pass, "", "seen 7"},
		"noted beside a failure": {resolved(), Must, catalog.Active, func(c *Case) { c.Notef("seen %d", 7); broken(c) }, report.Fail, "", "seen 7\n"},
	} {
		t.Run(name, func(t *testing.T) {
			q := stated("KMS-DNS-01")
			q.Level = test.level
			s := Spec{Endpoint: catalog.Endpoint{ID: "kms/here/public", Lifecycle: test.lifecycle}, Requirement: q, Basis: Looked(), Check: test.check}
			v := s.Judge(test.survey)
			if v.Outcome != test.outcome || v.Skip != test.skip || !strings.Contains(v.Message, test.message) {
				t.Errorf("%+v, want %s %s %q", v, test.outcome, test.skip, test.message)
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
	Spec{Basis: Looked(), Check: func(*Case) { panic("a bug") }}.Judge(resolved())
}
