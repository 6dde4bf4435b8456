package board

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
	"github.com/grafana/grafana-foundation-sdk/go/units"
)

var (
	none  = cog.ToPtr(0.0)
	three = cog.ToPtr(3.0)
)

// stateCounts are the queries of how many endpoints are in each state.
func stateCounts(sel string) []query {
	return []query{
		{"up", inState(0, sel), green},
		{"degraded", inState(2, sel), orange},
		{"down", inState(3, sel), red},
		{"unknown", inState(1, sel), purple},
	}
}

// now is how many endpoints are in each state.
func now(width uint32) *stat.PanelBuilder {
	return number(panel{
		title: "Endpoints now", width: width, height: 4, unit: count, decimals: none,
		about:   sentences("How many active endpoints are up, degraded, down, and unknown.", quorum, rules),
		quiet:   noActive,
		queries: stateCounts(active + chosen),
	}).ColorMode(common.BigValueColorModeValue)
}

// statesOverTime is the same over time.
func statesOverTime(width, height uint32) *timeseries.PanelBuilder {
	return areas(panel{
		title: "Endpoints by state", width: width, height: height, unit: count, decimals: none,
		about:   sentences("How many active endpoints were in each state.", quorum, rules),
		quiet:   "No rule knew an active endpoint in this time",
		queries: stateCounts(active + chosen),
	})
}

// month is the availability over 30 days.
func month(width uint32) *stat.PanelBuilder {
	return number(panel{
		title: "Availability, 30 days", width: width, height: 4, unit: share, decimals: three, steps: availabilitySteps(),
		about: sentences("The share of the probes of active endpoints that did not fail.", spent, rounded,
			"Green from 99.5 % on, the objective that prober:objective:ratio has unless somebody changed it.", rules),
		quiet:   noRatio,
		queries: []query{{"availability", down(availability("product_region", "30d", chosen, "")), ""}},
	})
}

// budgetLeft is what is left of the error budget of 30 days.
func budgetLeft(width uint32) *stat.PanelBuilder {
	return number(panel{
		title: "Error budget left", width: width, height: 4, unit: share, decimals: none, steps: budgetSteps(),
		about: sentences("How much of the failures that the objective (prober:objective:ratio) allows in 30 days is left: 100 % where no probe failed, below 0 where more failed than it allows.",
			rules),
		quiet:   noRatio,
		queries: []query{{"left", budget(availability("product_region", "30d", chosen, "")), ""}},
	})
}

// wrong is the table of endpoints that are not up.
func wrong(height uint32) *table.PanelBuilder {
	state := fmt.Sprintf("max by (%s) (endpoint:state:code{%s})", identity, active+chosen)
	bad := state + " >= 2"
	// What is down, be it for some, is so because it fails: defects that it had before, or has elsewhere, are another matter.
	fails := fmt.Sprintf("%s == 3 or endpoint:vantages_down:count{%s} > 0", state, active+chosen)
	return grid(panel{
		title: "What is wrong, since when, why, and whose fault it usually is", width: 24, height: height,
		about: sentences("Every active endpoint that is down or degraded, with the commonest reason of the last 15 minutes why it fails, or where it does not fail, why it is degraded, and whose fault that usually is (docs/reasons.md).", quorum,
			"The reason of each endpoint is there with --metrics.detail endpoint; with detail region, the panel below has those of the products and regions. \"Since\" is when the rules first saw it so without a break, to within a minute.", rules),
		quiet: "No endpoint is known to be down or degraded",
		queries: []query{
			{"", bad, ""},
			{"", fmt.Sprintf("1000 * (min by (%s) (endpoint:bad_since:timestamp{%s}) and %s)", identity, active+chosen, bad), ""},
			{"", commonest(failed(active+seen+`,host!=""`, "15m"), fails) + " or " +
				commonest(degraded(active+seen+`,host!=""`, "15m"), fmt.Sprintf("%s == 2 unless on (%s) (%s)", state, identity, fails)), ""},
		},
	}, []column{
		{of: "product", name: "product", width: 110},
		{of: "region", name: "region", width: 150},
		{of: "network", name: "network", width: 90},
		{of: "host", name: "host", links: toEndpoint()},
		{of: "name", name: "name"},
		{of: "scheme", name: "scheme"},
		{of: "port", name: "port"},
		{name: "State", mappings: states(), width: 240},
		{name: "Since", unit: units.DatetimeISO, width: 170},
		{of: "why", name: "Why"},
		{of: "fault", name: "Whose fault, usually", mappings: faults(), width: 170},
		{name: "Probes, 15 min", unit: count, decimals: none, width: 130},
	})
}

// firing is the table of this project's alerts that fire now, whatever is chosen: those about a prober are about no product.
func firing(height uint32) *table.PanelBuilder {
	const about = "alertname, severity, product, region, network, host, vantage, instance"
	return grid(panel{
		title: "Alerts that fire", width: 24, height: height,
		about:   "The alerts of deploy/prometheus that fire now, all of them, whatever is chosen above. Alertmanager may hold some back: one outage is one message.",
		quiet:   "No alert fires, or Prometheus has not loaded alerts.yml",
		queries: []query{{"", fmt.Sprintf(`max by (%s) (ALERTS{alertname=~"Prober.+",alertstate="firing"})`, about), ""}},
	}, []column{
		{of: "alertname", name: "Alert", width: 260},
		{of: "severity", name: "Severity", mappings: mapped("critical", "critical", red, "warning", "warning", orange), width: 100},
		{of: "product", name: "Product", width: 110},
		{of: "region", name: "Region", width: 150},
		{of: "network", name: "Network", width: 90},
		{of: "host", name: "Host"},
		{of: "vantage", name: "Vantage", width: 120},
		{of: "instance", name: "Prober", width: 180},
	})
}

// whyTable is what was wrong with the probes that did not succeed, by labels besides.
func whyTable(width, height uint32, sel, by string, first ...column) *table.PanelBuilder {
	return grid(panel{
		title: "Why probes did not succeed, and whose fault that usually is", width: width, height: height,
		about: sentences("How many probes failed, were degraded or could not tell in the time that is shown, by phase/reason (docs/reasons.md).",
			"Those that could not tell (unknown) count against nobody: their reasons lie with the prober or its network. Both details have this."),
		quiet:   noProbe + " to have failed, to be degraded, or to be unknown",
		queries: []query{{"", reasons(sel, "$__range", by), ""}},
	}, append(first,
		column{of: "outcome", name: "Outcome", mappings: mapped("failed", "failed", red, "degraded", "degraded", orange, "unknown", "unknown", purple), width: 100},
		column{of: "why", name: "Why"},
		column{of: "fault", name: "Whose fault, usually", mappings: faults(), width: 170},
		column{name: "Probes", unit: count, decimals: none, width: 90},
	))
}

// phases is the mean time of each phase, stacked.
func phases(width, height uint32, sel string) *timeseries.PanelBuilder {
	return areas(panel{
		title: "Latency by phase", width: width, height: height, unit: seconds,
		about: sentences("The mean time of each phase of the probes that completed it, per address. The phases of a probe add up to its whole; a probe that failed in a phase is in those before it."),
		queries: []query{
			{"{{phase}}", mean("endpoint_phase_duration_seconds", sel, "phase"), ""},
		},
		quiet: noProbe + " to have completed a phase",
	})
}

// quantiles is how long probes take.
func quantiles(width, height uint32, sel string) *timeseries.PanelBuilder {
	p := panel{
		title: "Latency of whole probes", width: width, height: height, unit: seconds,
		about: sentences("From the first DNS question to the end of the reply, per address that answered in full: the mean, and what 50, 95 and 99 of 100 answers do not exceed. Failures are not in it: their time says how patient the prober is.",
			butMean),
		quiet: noProbe + " to have been answered in full",
	}
	const metric = "endpoint_probe_duration_seconds"
	p.queries = []query{{"mean", mean(metric, sel, ""), ""}}
	for _, q := range [][2]string{{"50 %", "0.5"}, {"95 %", "0.95"}, {"99 %", "0.99"}} {
		p.queries = append(p.queries, query{q[0], quantile(q[1], metric, sel, ""), ""})
	}
	return lines(p)
}
