package kit

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega/gcustom"
	"github.com/onsi/gomega/types"

	"prober/probe"
	"prober/probe/reason"
)

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
	return because(gcustom.MakeMatcher(func(o probe.Observation) (bool, error) {
		return len(findings(o, bad)) == 0, nil
	}).WithTemplate("expected {{.Actual.Endpoint.Host}} over {{.Actual.Scheme}} {{.To}} show nothing {{.Data.What}}\n{{.Data.List .Actual}}",
		findingData{what, bad}), func(o probe.Observation) Cause {
		for _, f := range findings(o, bad) {
			return Cause{Reason: f.Reason, Reproduce: f.Reproduce}
		}
		return Cause{}
	})
}

type findingData struct {
	What string
	bad  func(reason.Reason) bool
}

// List shows the findings and how to reproduce them.
func (d findingData) List(o probe.Observation) string {
	var lines []string
	for _, f := range findings(o, d.bad) {
		line := fmt.Sprintf("  %s %s: %s", f.at, f.Reason, f.Detail)
		if f.Reproduce != "" {
			line += "\n  $ " + f.Reproduce
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// located is a finding with the host or the address that it is about.
type located struct {
	at string
	reason.Finding
	unlessAnother bool // an address that could not be told may make up for it
}

// findings are those of an observation that are bad: of its name, what other resolvers make
// of it, then of its addresses.
func findings(o probe.Observation, bad func(reason.Reason) bool) []located {
	var out []located
	add := func(at string, all []reason.Finding) {
		for _, f := range all {
			if bad(f.Reason) {
				out = append(out, located{at: at, Finding: f})
			}
		}
	}
	add(o.Endpoint.Host, o.Findings)
	for _, v := range o.Resolvers {
		if v.Outcome == reason.Fail {
			add("resolver "+v.Resolver.String(), []reason.Finding{{Reason: v.Reason, Detail: v.Detail, Reproduce: v.Reproduce}})
		}
	}
	for _, a := range o.Addresses {
		add(a.Address.String(), a.Findings)
	}
	return out
}
