package run

import (
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"prober/catalog"
	"prober/report"
	"prober/session"
	"prober/suites/kit"
	"prober/suites/kms"
)

// The last lines of a run say what it ran against, what is broken and what it could not ask for
// want of a key; and a run that verified nothing says why, and fails by it, whatever other suites
// may run beside it.
func TestSummary(t *testing.T) {
	spec := func(state types.SpecState, requirement string, o report.Outcome, skip report.SkipReason) types.SpecReport {
		s := types.SpecReport{LeafNodeType: types.NodeTypeIt, State: state}
		if requirement != "" {
			e := kit.Entry{Result: report.Result{Endpoint: "kms/here/public", Requirement: requirement, Outcome: o, Skip: skip}}
			s.ReportEntries = types.ReportEntries{{Name: kit.EvidenceEntry, Value: types.WrapEntryValue(e)}}
		}
		return s
	}
	skipped := spec(types.SpecStateSkipped, "KMS-PROTO-24", report.Skip, report.NoCredentials)
	for name, test := range map[string]struct {
		selected string
		specs    types.SpecReports
		want     string
		nothing  string
	}{
		"something of everything": {"kms", types.SpecReports{
			spec(types.SpecStatePassed, "KMS-TLS-07", report.Pass, ""), skipped, spec(types.SpecStateSkipped, "KMS-CHARSET-06", report.Skip, report.NoKey),
			spec(types.SpecStateFailed, "KMS-TLS-02", report.Fail, ""), spec(types.SpecStateFailed, "KMS-TLS-02", report.Fail, ""),
			spec(types.SpecStateFailed, "KMS-DNS-06", report.Fail, ""),
			{LeafNodeType: types.NodeTypeReportAfterSuite, State: types.SpecStatePassed},
		}, `KMS against the sandbox, --region here: 3 fail, 2 skip, 1 pass
broken MUST: KMS-TLS-02 at 2 endpoints
broken SHOULD: KMS-DNS-06 at 1 endpoint
skipped for want of the provider's key: KMS-PROTO-24 at 1 endpoint
skipped for want of --kms-key-id: KMS-CHARSET-06 at 1 endpoint`, ""},
		"only skipped": {"kms", types.SpecReports{skipped, spec(types.SpecStateSkipped, "", "", "")}, `KMS against the sandbox, --region here: 1 skip
broken MUST: none
broken SHOULD: none
skipped for want of the provider's key: KMS-PROTO-24 at 1 endpoint
skipped for want of --kms-key-id: none`, "every spec was skipped"},
		"only skipped, beside one of somebody's own": {"kms", types.SpecReports{skipped, spec(types.SpecStatePassed, "", "", "")}, `KMS against the sandbox, --region here: 1 skip
broken MUST: none
broken SHOULD: none
skipped for want of the provider's key: KMS-PROTO-24 at 1 endpoint
skipped for want of --kms-key-id: none`, "every spec was skipped"},
		"of no selected endpoint": {"gaap", types.SpecReports{spec(types.SpecStateSkipped, "", "", "")}, `KMS against the sandbox, --region here: none
broken MUST: none
broken SHOULD: none
skipped for want of the provider's key: none
skipped for want of --kms-key-id: none`, "kms has no selected endpoint in here; name only the packages of products that have one"},
	} {
		d := &Door{name: "KMS", of: func(*catalog.Catalog) []kit.Suite { return []kit.Suite{kms.Suite()} }, plan: &kit.Plan{Endpoints: []catalog.Endpoint{{Product: test.selected}}}}
		d.Options.Options = session.Options{Sandbox: true, Regions: session.List{"here"}}
		if s := d.summarize(test.specs); s.String() != test.want || s.Nothing != test.nothing {
			t.Errorf("%s: nothing %q:\n%s", name, s.Nothing, s)
		}
	}
}
