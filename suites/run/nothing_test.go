package run

import (
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"prober/catalog"
	reports "prober/report"
	"prober/suites/kit"
)

// A suite that verified nothing says why, and fails by it under "go test", whoever else has
// selected endpoints.
func TestNothing(t *testing.T) {
	spec := func(state types.SpecState, message string) types.SpecReport {
		return types.SpecReport{LeafNodeType: types.NodeTypeIt, State: state, Failure: types.Failure{Message: message}}
	}
	r := &runner{plan: &kit.Plan{Endpoints: []catalog.Endpoint{{Product: "gaap"}}}}
	for want, specs := range map[string]types.SpecReports{
		"every spec was skipped":         {spec(types.SpecStateSkipped, ""), spec(types.SpecStateSkipped, "not-applicable: so it is")},
		"no endpoint of KMS is selected": {spec(types.SpecStateSkipped, string(reports.NotSelected))},
		"":                               {spec(types.SpecStateSkipped, ""), spec(types.SpecStatePassed, "")},
	} {
		if got := r.nothing(types.Report{SpecReports: specs}, "KMS"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := r.nothing(types.Report{SpecReports: types.SpecReports{spec(types.SpecStateFailed, "broken")}}, "KMS"); got != "" {
		t.Errorf("a failure is a verdict, not nothing: %q", got)
	}
}
