package kit

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega/gcustom"
	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/probe"
	"prober/probe/hello"
	"prober/probe/reason"
)

// AcceptTLS succeeds for an observation in which every address accepts protocol version v.
func AcceptTLS(v catalog.TLSVersion) types.GomegaMatcher { return versionMatcher(v, hello.Accepted) }

// RefuseTLS succeeds for an observation in which every address rejects protocol version v.
// A version that could not be decided is neither accepted nor refused.
func RefuseTLS(v catalog.TLSVersion) types.GomegaMatcher { return versionMatcher(v, hello.Rejected) }

func versionMatcher(v catalog.TLSVersion, want hello.Verdict) types.GomegaMatcher {
	bad := reason.TLSVersionMissing
	if want == hello.Rejected {
		bad = reason.TLSVersionAccepted
	}
	return because(gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
		if len(o.Addresses) == 0 {
			return false, fmt.Errorf("%s has no address", o.Endpoint.ID)
		}
		for _, a := range o.Addresses {
			r, ok := versionAt(a, v)
			if !ok {
				return false, fmt.Errorf("%s at %s has no version table", o.Endpoint.ID, a.Address)
			}
			if r.Verdict != want {
				return false, nil
			}
		}
		return true, nil
	}).WithTemplate("expected {{.Actual.Endpoint.Host}} {{.To}} have {{.Data.Version}} {{.Data.Want}}\n{{.Data.Table .Actual}}",
		versionData{v, want}), func(o probe.Observation) Cause {
		for _, a := range o.Addresses {
			if r, ok := versionAt(a, v); ok && r.Verdict != want {
				return Cause{Reason: bad, Reproduce: versionCommand(a, r)}
			}
		}
		return Cause{}
	})
}

type versionData struct {
	Version catalog.TLSVersion
	Want    hello.Verdict
}

// Table shows the verdicts and their evidence.
func (d versionData) Table(o probe.Observation) string {
	var b strings.Builder
	for _, a := range o.Addresses {
		r, _ := versionAt(a, d.Version)
		fmt.Fprintf(&b, "  %s  %s  %s\n", a.Address, r.Verdict, r.Evidence)
		if cmd := versionCommand(a, r); cmd != "" {
			fmt.Fprintf(&b, "  $ %s\n", cmd)
		}
	}
	return b.String()
}

func versionAt(a probe.AddressResult, v catalog.TLSVersion) (hello.Result, bool) {
	if a.TLS == nil || a.TLS.Versions == nil {
		return hello.Result{}, false
	}
	for _, r := range a.TLS.Versions {
		if r.Version.String() == string(v) {
			return r, true
		}
	}
	return hello.Result{}, false
}

// versionCommand shows the verdict on a version.
func versionCommand(a probe.AddressResult, r hello.Result) string {
	if a.TLS == nil || int(r.Version) >= len(a.TLS.Commands) {
		return ""
	}
	return a.TLS.Commands[r.Version]
}

// AgreeOnVersions succeeds for an observation whose addresses accept the same protocol
// versions. What could not be decided at one of them disagrees with nothing.
func AgreeOnVersions() types.GomegaMatcher {
	return because(gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
		if len(o.Addresses) == 0 {
			return false, fmt.Errorf("%s has no address", o.Endpoint.ID)
		}
		return len(disagreements(o)) == 0, nil
	}).WithTemplate("expected the addresses of {{.Actual.Endpoint.Host}} {{.To}} accept the same protocol versions\n{{.Data.List .Actual}}", disagreeing{}),
		func(o probe.Observation) Cause {
			for _, d := range disagreements(o) {
				return Cause{Reproduce: d.commands}
			}
			return Cause{}
		})
}

type disagreeing struct{}

// List shows the versions that addresses disagree on.
func (disagreeing) List(o probe.Observation) string {
	var lines []string
	for _, d := range disagreements(o) {
		lines = append(lines, d.text+"\n  $ "+d.commands)
	}
	return strings.Join(lines, "\n")
}

// discord is a version that some addresses accept and others reject.
type discord struct {
	text     string
	commands string // for one address of either kind
}

func disagreements(o probe.Observation) []discord {
	var out []discord
	for _, v := range catalog.TLSVersions() {
		seen := map[hello.Verdict]string{}
		for _, a := range o.Addresses {
			if r, ok := versionAt(a, v); ok && r.Verdict != hello.Inconclusive {
				seen[r.Verdict] = versionCommand(a, r)
			}
		}
		if len(seen) == 2 {
			out = append(out, discord{
				text:     fmt.Sprintf("  %s: %s", v, verdicts(&Survey{HTTPS: o}, v)),
				commands: seen[hello.Accepted] + " ; " + seen[hello.Rejected],
			})
		}
	}
	return out
}
