package matrix

import (
	"testing"

	"prober/catalog"
	"prober/report"
	"prober/sandbox"
)

// On clean endpoints everything that is demanded is verified and kept.
func TestCleanEndpointsPass(t *testing.T) {
	t.Parallel()
	c := embedded(t)
	passed := 0
	for id, verdicts := range judge(t, c, nil, unhurried) {
		e, _ := c.Endpoint(id)
		for requirement, v := range verdicts {
			switch {
			case v.Outcome == report.Pass:
				passed++
			case v.Outcome != report.NotApplicable:
				t.Errorf("%s %s (%s): %s %s: %s", id, requirement, e.Lifecycle, v.Outcome, v.Skip, v.Message)
			}
		}
	}
	if passed < 40*len(c.Endpoints) {
		t.Errorf("only %d verdicts passed", passed)
	}
}

// Whatever is unusual and right breaks no requirement and leaves none undecided.
func TestVariantsPass(t *testing.T) {
	t.Parallel()
	c := embedded(t)
	all := trials(c, sandbox.Variants())
	run(t, c, all, unhurried)
	for _, x := range all {
		for id, v := range x.verdicts {
			if v.Outcome != report.Pass && v.Outcome != report.NotApplicable {
				t.Errorf("%s at %s: %s: %s %s", x.fault.Name, x.endpoint.ID, id, v.Outcome, v.Message)
			}
		}
		if x.endpoint.Network == catalog.Public && len(x.verdicts) == 0 {
			t.Errorf("%s: nothing was judged", x.fault.Name)
		}
	}
}
