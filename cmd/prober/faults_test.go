package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/monitor/fixture"
	"prober/report"
	"prober/sandbox"
)

// afterNotice is a day on which every dated rule of the catalogue is in force, so that every
// fault breaks one.
var afterNotice = time.Date(2026, 12, 2, 12, 0, 0, 0, time.UTC)

// clockFrom returns a clock that starts at a given instant and runs.
func clockFrom(at time.Time) func() time.Time {
	start := time.Now()
	return func() time.Time { return at.Add(time.Since(start)) }
}

// seen is the part of an observation that the tests look at.
type seen struct {
	Endpoint  struct{ ID, Host string }
	Scheme    string
	Outcome   string
	Phase     string
	Reason    string
	Detail    string
	Reproduce string
}

// Every fault of the sandbox, each on an endpoint of its own, in one run of check: each is
// reported with its documented phase and reason, and has a command that reproduces it.
func TestFaultsGetTheirReason(t *testing.T) {
	t.Parallel()
	faults, list := fixture.FaultList(t, sandbox.Faults)
	got := checkFaults(t, list, faults, func(f sandbox.Fault) time.Duration {
		if fixture.WaitsFor(f) {
			return 500 * time.Millisecond
		}
		return unhurried
	})
	for i, f := range faults {
		t.Run(f.Name, func(t *testing.T) {
			observations := got[list.Endpoints[i].ID]
			for _, o := range observations {
				if shows(o, f) {
					if !decided(o, f) {
						t.Errorf("outcome %s over %s, want %s", o.Outcome, o.Scheme, f.Reason.Outcome())
					}
					if o.Reproduce == "" && o.Outcome != "unknown" {
						t.Errorf("no command reproduces %s", f.Reason)
					}
					return
				}
			}
			t.Errorf("want %s, got %s", f.Reason, reasonsOf(observations))
		})
	}
}

// Every harmless variant, each on an endpoint of its own, in one run: all is well.
func TestVariantsPass(t *testing.T) {
	t.Parallel()
	variants, list := fixture.FaultList(t, sandbox.Variants)
	got := checkFaults(t, list, variants, func(sandbox.Fault) time.Duration { return unhurried })
	for i, v := range variants {
		t.Run(v.Name, func(t *testing.T) {
			for _, o := range got[list.Endpoints[i].ID] {
				if o.Outcome != "ok" {
					t.Errorf("over %s: %s %s/%s: %s", o.Scheme, o.Outcome, o.Phase, o.Reason, o.Detail)
				}
			}
		})
	}
}

func reasonsOf(observations []seen) string {
	var out []string
	for _, o := range observations {
		out = append(out, fmt.Sprintf("%s over %s: %s/%s (%s)", o.Outcome, o.Scheme, o.Phase, o.Reason, o.Detail))
	}
	return strings.Join(out, "; ")
}

// shows reports whether an observation is what a fault is documented to cause.
func shows(o seen, f sandbox.Fault) bool {
	return o.Phase == f.Phase.String() && o.Reason == f.Reason.Word()
}

// decided reports whether the outcome of an observation is the fault's. It is unknown where even the
// control questions got no answer in time.
func decided(o seen, f sandbox.Fault) bool {
	return o.Outcome == f.Reason.Outcome().String() || o.Outcome == "degraded"
}

// checkFaults puts each fault on the endpoint of its place in the list, and returns what check
// sees there, by endpoint. wait says how long a phase may take at a fault.
//
// A short wait shows what is silent soon, but on a busy machine it may end in an earlier phase
// than the silence: whatever was not seen is looked for again with more time.
func checkFaults(t *testing.T, c *catalog.Catalog, faults []sandbox.Fault, wait func(sandbox.Fault) time.Duration) map[string][]seen {
	t.Helper()
	file := write(t, "endpoints.json", string(catalog.Encode(c)))
	got := map[string][]seen{}
	due := map[time.Duration][]int{}
	for i, f := range faults {
		due[wait(f)] = append(due[wait(f)], i)
	}
	for len(due) > 0 {
		d := slices.Min(slices.Collect(maps.Keys(due)))
		args := []string{
			"check", "--sandbox", "--endpoints", file, "--tls-versions", "--signed", "--scheme", "all",
			"--timeout", d.String(), "--concurrency", "64", "--output", "json",
		}
		now := due[d]
		delete(due, d)
		for _, i := range now {
			args = append(args, "--fault", c.Endpoints[i].ID+"="+faults[i].Name, c.Endpoints[i].ID)
		}
		maps.Copy(got, checked(t, args))
		for _, i := range now {
			missed := !slices.ContainsFunc(got[c.Endpoints[i].ID], func(o seen) bool { return shows(o, faults[i]) && decided(o, faults[i]) })
			if longer := 4 * d; missed && longer < unhurried {
				due[longer] = append(due[longer], i)
			}
		}
	}
	return got
}

// checked runs check and returns what it saw, by endpoint.
func checked(t *testing.T, args []string) map[string][]seen {
	t.Helper()
	r := runAppAt(t, clockFrom(afterNotice), nil, args...)
	if r.code != int(report.ExitPass) && r.code != int(report.ExitFail) && r.code != int(report.ExitUndecided) {
		t.Fatalf("exit code %d: %s", r.code, r.stderr)
	}
	var observations []seen
	if err := json.Unmarshal([]byte(r.stdout), &observations); err != nil {
		t.Fatal(err)
	}
	got := map[string][]seen{}
	for _, o := range observations {
		got[o.Endpoint.ID] = append(got[o.Endpoint.ID], o)
	}
	return got
}
