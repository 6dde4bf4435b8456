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
	return gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
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
		versionData{v, want})
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
		if a.Reproduce != "" {
			fmt.Fprintf(&b, "  $ %s\n", a.Reproduce)
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

// NotShow succeeds for an observation without any of the given findings.
func NotShow(what string, reasons ...reason.Reason) types.GomegaMatcher {
	return showNone(what, func(r reason.Reason) bool {
		for _, other := range reasons {
			if r == other {
				return true
			}
		}
		return false
	})
}

func showNone(what string, bad func(reason.Reason) bool) types.GomegaMatcher {
	return gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
		return len(findings(o, bad)) == 0, nil
	}).WithTemplate("expected {{.Actual.Endpoint.Host}} over {{.Actual.Scheme}} {{.To}} show nothing {{.Data.What}}\n{{.Data.List .Actual}}",
		findingData{what, bad})
}

type findingData struct {
	What string
	bad  func(reason.Reason) bool
}

// List shows the findings and how to reproduce them.
func (d findingData) List(o probe.Observation) string {
	return strings.Join(findings(o, d.bad), "\n")
}

// findings lists what an observation shows, as "address reason: detail", once each.
func findings(o probe.Observation, bad func(reason.Reason) bool) []string {
	var out []string
	add := func(where string, r reason.Reason, detail, reproduce string) {
		if r == reason.None || !bad(r) {
			return
		}
		line := fmt.Sprintf("  %s %s: %s", where, r, detail)
		if reproduce != "" {
			line += "\n  $ " + reproduce
		}
		out = append(out, line)
	}
	if o.DNS != nil {
		add(o.Endpoint.Host, o.DNS.Reason, o.DNS.Detail, "")
	}
	for _, a := range o.Addresses {
		add(a.Address.String(), a.Reason, a.Detail, a.Reproduce)
	}
	if len(out) == 0 && len(o.Addresses) == 0 {
		add(o.Endpoint.Host, o.Reason, o.Detail, o.Reproduce)
	}
	return out
}
