package board

import (
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"prober/probe/reason"
)

const (
	green  = "green"
	yellow = "yellow"
	orange = "orange"
	red    = "red"
	purple = "purple" // what is not known
	blue   = "blue"   // what is neither good nor bad
)

// objective is the share of probes that are to succeed, as prober:objective:ratio has it where nobody changed it:
// Grafana's thresholds are fixed numbers.
const objective = 0.995

// states are the words for endpoint:state:code. The highest of several is the worst.
func states() []dashboard.ValueMapping {
	return mapped("0", "up", green, "1", "unknown", purple, "2", "degraded, or down from some places", orange, "3", "down", red)
}

// stateSteps colour endpoint:state:code where words do not.
func stateSteps() []dashboard.Threshold {
	return steps(green, 1.0, purple, 2.0, orange, 3.0, red)
}

// yesNo are the words for a metric that is 1 or 0, with the colours of each.
func yesNo(yes, no string) []dashboard.ValueMapping {
	return mapped("1", "yes", yes, "0", "no", no)
}

// mapped turns triples of value, text and colour into a mapping of values.
func mapped(triples ...string) []dashboard.ValueMapping {
	options := map[string]dashboard.ValueMappingResult{}
	for i := 0; i+2 < len(triples); i += 3 {
		result := dashboard.ValueMappingResult{Text: &triples[i+1], Index: cog.ToPtr(int32(i / 3))}
		if triples[i+2] != "" {
			result.Color = &triples[i+2]
		}
		options[triples[i]] = result
	}
	return []dashboard.ValueMapping{{ValueMap: &dashboard.ValueMap{Type: dashboard.MappingTypeValueToText, Options: options}}}
}

// faults say whose fault a "phase/reason" usually is, as docs/reasons.md does.
func faults() []dashboard.ValueMapping {
	var triples []string
	for _, r := range reason.All() {
		triples = append(triples, r.String(), "the "+r.Blame().String(), "")
	}
	return mapped(triples...)
}

// availability is coloured by the objective.
func availabilitySteps() []dashboard.Threshold { return steps(red, objective, green) }

// budgetSteps warn before the error budget is used up.
func budgetSteps() []dashboard.Threshold { return steps(red, 0.0, orange, 0.25, green) }

// sentences joins what a description says.
func sentences(s ...string) string { return strings.Join(s, " ") }

// What several descriptions say.
const (
	spent    = "Of several places that probe an endpoint those failures count that over half of them see."
	quorum   = "An endpoint is down where at least two of the places that it is probed from can tell and over half of these see it down; a single place decides alone. \"Unknown\" is what could not be told, and counts neither as up nor as down."
	rules    = "Needs the recording rules of deploy/prometheus."
	rounded  = "Rounded down: 100 % means that no probe failed. What could not be told is left out."
	butMean  = "All but the mean need native histograms, or classic ones with --metrics.classic-histograms."
	native   = "Needs native histograms, or classic ones with --metrics.classic-histograms."
	detailed = "Only with --metrics.detail endpoint, the default of lists of up to 1,000 endpoints."
)

// What several panels show where there is nothing to show. Of what is not known they do not say that it is not so.
const (
	noRatio       = "Not known, as within an hour after the recording rules began, while no prober is heard, or where nothing could be told"
	noProbe       = "No probe of this time is known"
	noCertificate = "No prober that is heard has seen a certificate"
	noVersions    = "No table of TLS versions: none was taken yet, no prober is heard, or --metrics.detail region leaves them out"
	noActive      = "No rule knows an active endpoint"
)
