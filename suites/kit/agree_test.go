package kit

import (
	"net/netip"
	"strings"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/reason"
	"prober/report"
)

// Names that change while they are asked for are no damage: where replies differ all are asked for once more. What
// goes one way and differs again is damaged there, and what no reply comes to any more is taken as it was.
func TestAgree(t *testing.T) {
	named := func(name string) probe.Exchange {
		return probe.Exchange{Outcome: reason.OK, Status: 200, Class: cloudapi.Success, API: &cloudapi.Reply{}, Body: []byte(`{"LocalName":"` + name + `"}`)}
	}
	for name, test := range map[string]struct {
		says    func(n int, isForm bool) probe.Exchange
		retries int
		asked   int
		want    report.Outcome
		message string
	}{
		"the same": {func(int, bool) probe.Exchange { return named("青岛") }, 1, 3, report.Pass, ""},
		"renamed": {func(n int, _ bool) probe.Exchange {
			if n < 3 {
				return named("青岛")
			}
			return named("北京")
		}, 1, 6, report.Flaky, `at first the reply to the question "a" from 192.0.2.1 has "青岛", and that to the question "f" from 192.0.2.1 has "北京" instead`},
		"renamed, and not asked again": {func(n int, _ bool) probe.Exchange {
			if n < 3 {
				return named("青岛")
			}
			return named("北京")
		}, 0, 3, report.Fail, `has "北京" instead`},
		"damaged in forms": {func(_ int, isForm bool) probe.Exchange {
			if isForm {
				return named("青")
			}
			return named("青岛")
		}, 1, 6, report.Fail, `that to the question "f" from 192.0.2.1 has "青" instead`},
		"damaged, then gone": {func(n int, isForm bool) probe.Exchange {
			switch {
			case n > 3 && isForm:
				return badGateway()
			case isForm:
				return named("青")
			}
			return named("青岛")
		}, 1, 7, report.Fail, `has "青" instead`},
	} {
		t.Run(name, func(t *testing.T) {
			says := func(n int, r cloudapi.Request, _ netip.Addr) probe.Exchange { return test.says(n, r.Method == "POST") }
			questions := []*Question{ask("a", nil), ask("b", nil), form("f", nil)}
			judge := WhereShown(TogetherAgain(questions, HaveSameNames("LocalName")))
			p, plan := &picky{cloud: &cloud{}, says: says}, &Plan{Retries: test.retries, AtOnce: 1}
			plan.Look([]Spec{{Endpoint: &catalog.Endpoint{ID: "kms/here/public"}, Requirement: &Requirement{Judge: All(judge)}}})
			v := judged(judge, surveyed(t, p, plan, questions...))
			if v.Outcome != test.want || !strings.Contains(v.Message, test.message) || p.n != test.asked {
				t.Errorf("%s after %d requests, want %s after %d: %s", v.Outcome, p.n, test.want, test.asked, v.Message)
			}
		})
	}
}
