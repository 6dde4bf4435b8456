package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"prober/needs"
	"prober/report"
	"prober/suites/kit"
)

// The ginkgo command with one process, with three processes, and the conformance command
// run what was planned, each spec once, and come to the same verdicts.
func TestParallelProcessesAgree(t *testing.T) {
	t.Parallel()
	flags := []string{
		"--sandbox", "--timeout", "1m", "--product", "kms", "--region", "cn-hangzhou", "--region", "cn-shanghai", "--region", "ap-southeast-1",
		"--fault", "kms/cn-shanghai/public=version_accepted", "--fault", "kms/ap-southeast-1/vpc=charset",
	}
	want := verdictsOf(t, flags)
	failed := 0
	for _, outcome := range want {
		if outcome == report.Fail {
			failed++
		}
	}
	if failed < 2 || failed > len(want)/10 {
		t.Fatalf("%d of %d verdicts of the conformance command are failures, want those of the two faults", failed, len(want))
	}
	runs := map[string]string{"--procs=3": "--github-output"}
	if needs.All() { // the suites' own tests run in one process
		runs["--procs=1"] = "--no-color"
	}
	for processes, console := range runs {
		t.Run(processes, func(t *testing.T) {
			specs := ginkgoReport(t, []string{processes, console}, flags)
			got := map[string]report.Outcome{}
			ran := map[int]bool{}
			for _, s := range specs {
				if s.LeafNodeType != types.NodeTypeIt {
					continue
				}
				ran[s.ParallelProcess] = true
				e := evidenceOf(t, s)
				key := e.Result.Endpoint + " " + e.Result.Requirement
				if _, twice := got[key]; twice {
					t.Errorf("%s ran twice", key)
				}
				got[key] = e.Result.Outcome
				if (s.State == types.SpecStateFailed) != (e.Result.Outcome == report.Fail) {
					t.Errorf("%s is %s in Ginkgo's report and %s by its evidence", key, s.State, e.Result.Outcome)
				}
				if s.State == types.SpecStateFailed && s.Failure.Location.String() != s.LeafNodeLocation.String() {
					t.Errorf("%s is stated at %s, and fails at %s", key, s.LeafNodeLocation, s.Failure.Location)
				}
			}
			for key, outcome := range want {
				if got[key] != outcome {
					t.Errorf("%s: %q, want %s as the conformance command says", key, got[key], outcome)
				}
				delete(got, key)
			}
			for key := range got {
				t.Errorf("%s ran and was not planned", key)
			}
			if parallel := processes == "--procs=3"; parallel != (len(ran) > 1) {
				t.Errorf("specs ran in %d processes", len(ran))
			}
		})
	}
}

// evidenceOf reads the evidence that a spec added to Ginkgo's report.
func evidenceOf(t *testing.T, s types.SpecReport) kit.Entry {
	t.Helper()
	var e kit.Entry
	for _, entry := range s.ReportEntries {
		if entry.Name != "evidence" {
			continue
		}
		if err := json.Unmarshal([]byte(entry.Value.AsJSON), &e); err != nil {
			t.Fatalf("the evidence of %s: %v", s.FullText(), err)
		}
		return e
	}
	t.Fatalf("%s (%s) has no evidence", s.FullText(), s.State)
	return e
}

// verdictsOf returns the verdicts of the conformance command, by endpoint and requirement.
// Each of the specs that were planned has one.
func verdictsOf(t *testing.T, flags []string) map[string]report.Outcome {
	t.Helper()
	o := options(t, flags...)
	planned, _, err := List(o, environment(&bytes.Buffer{}))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Conformance(t.Context(), options(t, flags...), environment(&bytes.Buffer{}))
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]report.Outcome{}
	for _, res := range r.Results {
		verdicts[res.Endpoint+" "+res.Requirement] = res.Outcome
	}
	if len(r.Results) != len(planned) || len(verdicts) != len(planned) {
		t.Fatalf("%d specs are planned, %d results came, of %d specs", len(planned), len(r.Results), len(verdicts))
	}
	return verdicts
}

// ginkgoReport runs the KMS suite by the ginkgo command and returns what its report says of
// each spec. What is printed, and the report for JUnit, name the lines of requirements where specs
// fail, and not that of the call that makes them do so.
func ginkgoReport(t *testing.T, ginkgo, flags []string) types.SpecReports {
	t.Helper()
	dir := t.TempDir()
	args := slices.Concat([]string{"tool", "ginkgo"}, ginkgo, []string{"--json-report=report.json", "--junit-report=junit.xml", "--output-dir=" + dir, "./suites/kms", "--"}, flags)
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("%v: %v, want exit code 1 for the faults:\n%s", args, err, out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	junit, err := os.ReadFile(filepath.Join(dir, "junit.xml"))
	if err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{"the console": string(out), "JUnit": string(junit)} {
		if strings.Contains(text, "suites/kit/ginkgo.go") || strings.Count(text, "suites/common/tls.go:") < 2 {
			t.Errorf("%s does not say where the requirement is stated that is broken:\n%s", what, text)
		}
	}
	var reports []types.Report
	if err := json.Unmarshal(data, &reports); err != nil {
		t.Fatal(err)
	}
	var specs types.SpecReports
	for _, r := range reports {
		if r.SuiteDescription != "KMS against the sandbox" {
			t.Errorf("the suite runs as %q: want where it runs", r.SuiteDescription)
		}
		specs = slices.Concat(specs, r.SpecReports)
	}
	return specs
}
