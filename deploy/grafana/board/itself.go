package board

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/units"
)

// believed says whether anything is known at all, and whether the prober's own trouble makes results unknown.
func believed() *stat.PanelBuilder {
	return number(panel{
		title: "Can this be believed?", width: 7, height: 4, unit: count, decimals: none,
		about: sentences("How many probers Prometheus hears, how many of these suspect their own network, how many are overloaded, and how many endpoints have no fresh result.",
			"What such trouble makes unknown counts against no endpoint."),
		quiet: "Prometheus hears no prober",
		queries: []query{
			{"probers", "count(prober_build_info{" + own + "})", ""},
			{"offline", "sum(prober_vantage_offline{" + own + "})", ""},
			{"overloaded", "sum(prober_overloaded{" + own + "})", ""},
			{"stale results", "sum(prober_endpoints_stale{" + own + "})", ""},
		},
	}).
		OverrideByRegexp("/offline|overloaded|stale/", []dashboard.DynamicConfigValue{
			{Id: "thresholds", Value: dashboard.ThresholdsConfig{Mode: dashboard.ThresholdsModeAbsolute, Steps: steps(green, 1.0, red)}},
		})
}

// itself adds the panels of the prober's own health.
func itself(b *builder) *builder {
	// The process metrics of the probers, told from those of other programs by a metric that only probers have.
	process := func(expr string) string { return expr + " and on (job, instance) prober_build_info{" + own + "}" }
	return b.
		WithPanel(lines(panel{
			title: "Share of results that are unknown", width: 8, height: 8, unit: share,
			about: "The share of probes, by place, that could tell nothing because of the prober, its resolver or its network. They count against no endpoint.",
			quiet: noProbe,
			queries: []query{{"{{vantage}}", named(`sum by (vantage) (rate(endpoint_probes_total{outcome="unknown",` + active + seen + `}[$__rate_interval])) / (sum by (vantage) (rate(endpoint_probes_total{` +
				active + seen + `}[$__rate_interval])) > 0)`), ""}},
		}).Min(0).AxisSoftMax(0.05)).
		WithPanel(lines(panel{
			title: "Share of endpoints that each place sees up", width: 8, height: 8, unit: share,
			about:   "Of the active endpoints with a fresh result, by place: where one place alone sees less, its network is the first suspect.",
			quiet:   "No endpoint has a fresh result that tells anything",
			queries: []query{{"{{vantage}}", named(`avg by (vantage) (endpoint_up{` + active + seen + `})`), ""}},
		}).Max(1)).
		WithPanel(timeline(panel{
			title: "Suspicion against the prober's own network", width: 8, height: 8,
			about:    "Where everything that can tell fails alike, the prober suspects its own resolver, network or clock, and counts nothing. The rows are what it suspects.",
			quiet:    "Prometheus hears no prober",
			mappings: yesNo(red, green), steps: steps(green, 1.0, red),
			queries: []query{{"{{reason}}", "max by (reason) (prober_vantage_suspicion{" + own + "})", ""}},
		})).
		WithPanel(lines(panel{
			title: "How late probes begin", width: 8, height: 8, unit: seconds,
			about: sentences("How much later than planned probes were started: the mean, and what 99 of 100 do not exceed. High values mean too few workers or too little processor time, and latencies are then less to be trusted.", butMean),
			quiet: noProbe,
			queries: []query{
				{"mean", mean("prober_schedule_lateness_seconds", own, ""), ""},
				{"99 %", quantile("0.99", "prober_schedule_lateness_seconds", own, ""), ""},
			},
		}).Min(0)).
		WithPanel(areas(panel{
			title: "Probes a second, by outcome", width: 8, height: 8, unit: units.CountsPerSecond,
			about:   "Probes of active endpoints a second, by what came out.",
			quiet:   "Prometheus hears no prober of an active endpoint",
			queries: outcomes("sum by (outcome) (rate(endpoint_probes_total{outcome=%q," + active + seen + "}[$__rate_interval]))"),
		})).
		WithPanel(lines(panel{
			title: "Work that waits or was left out", width: 8, height: 8, unit: count,
			about: "Probes whose turn has come and that wait for a worker; turns that were left out because the endpoint's probe before had not ended; turns that were missed because the prober stood still. The last two are how many in a minute.",
			quiet: "Prometheus hears no prober",
			queries: []query{
				{"waiting", "sum(prober_probes_queued{" + own + "})", ""},
				{"left out", "60 * sum(rate(prober_overruns_total{" + own + "}[$__rate_interval]))", ""},
				{"missed", "60 * sum(rate(prober_missed_turns_total{" + own + "}[$__rate_interval]))", ""},
			},
		}).Min(0)).
		WithPanel(lines(panel{
			title: "Processor time", width: 8, height: 7, unit: units.Short,
			about:   "Processor seconds a second, of each prober: 1 is a whole core.",
			quiet:   "Prometheus hears no prober",
			queries: []query{{"{{instance}}", process("rate(process_cpu_seconds_total[$__rate_interval])"), ""}},
		}).Min(0)).
		WithPanel(lines(panel{
			title: "Memory", width: 8, height: 7, unit: units.BytesIEC,
			about:   "Resident memory of each prober.",
			quiet:   "Prometheus hears no prober",
			queries: []query{{"{{instance}}", process("process_resident_memory_bytes"), ""}},
		}).Min(0)).
		WithPanel(grid(panel{
			title: "Probers", width: 8, height: 7,
			about: "Each prober that Prometheus hears: its version, how many endpoints it probes, whether its last reload succeeded, and whether its history is kept (empty without --state-dir).",
			quiet: "Prometheus hears no prober",
			queries: []query{
				{"", "max by (instance, vantage, version) (prober_build_info{" + own + "})", ""},
				{"", "sum by (instance, vantage) (prober_endpoints{" + own + "})", ""},
				{"", "min by (instance, vantage) (prober_config_last_reload_successful{" + own + "})", ""},
				{"", "min by (instance, vantage) (prober_history_ok{" + own + "}) or min by (instance, vantage) (prober_build_info{" + own + "}) * 0 - 1", ""},
			},
		}, []column{
			{of: "instance", name: "Prober"},
			{of: "vantage", name: "Vantage"},
			{of: "version", name: "Version"},
			{name: "heard", mappings: yesNo(green, red), width: 60},
			{name: "Endpoints", unit: count, decimals: none, width: 90},
			{name: "Reload", mappings: mapped("1", "well", green, "0", "refused", red), width: 80},
			{name: "History", mappings: mapped("1", "kept", green, "0", "in memory only", red, "-1", "in memory, as asked", ""), width: 140},
		}))
}

// named says something of series without a vantage.
func named(expr string) string {
	return `label_replace(` + expr + `, "vantage", "the only place", "vantage", "")`
}

// outcomes are the queries by outcome, each with its colour; expr has %q for the outcome.
func outcomes(expr string) []query {
	list := make([]query, 0, 4)
	for _, o := range [][2]string{{"ok", green}, {"degraded", orange}, {"fail", red}, {"unknown", purple}} {
		list = append(list, query{o[0], fmt.Sprintf(expr, o[0]), o[1]})
	}
	return list
}
