package board

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/units"
)

// one selects the chosen endpoint, oneSeen as the chosen places see it.
const (
	one     = chosen + `,host=~"$host"`
	oneSeen = seen + `,host=~"$host"`
)

// around is the series of the endpoint or, with detail "region", those of all endpoints in its product, region and network,
// which are labelled so. Names have no labels but by, and "of".
func around(own, region string) string {
	return own + ` or label_replace(` + region + `, "of", "(all endpoints of its region)", "", "")`
}

// itsRegion keeps of an expression by product, region and network what the endpoint is in.
func itsRegion(expr string) string {
	return "(" + expr + `) and on (product, region, network) endpoint_info{` + oneSeen + `}`
}

// endpoint is about one endpoint: its state over time, how fast it is, how it fails, its certificates, addresses and TLS
// versions, and how far all this can be believed.
func endpoint() *builder {
	b := begin(endpointUID, "Prober: endpoint",
		"One endpoint: state, latency by phase, failures by reason, certificates, addresses, TLS versions, and how much is unknown.").
		WithVariable(product()).WithVariable(region()).WithVariable(network()).WithVariable(host())
	availabilityOver := func(window, title string) query {
		return query{title, down(availability("endpoint", window, one, "")), ""}
	}
	b = linked(b, "/?text=${host:raw}").
		WithPanel(number(panel{
			title: "State", width: 5, height: 4, mappings: states(), steps: stateSteps(),
			about:   sentences("Now.", quorum, rules),
			quiet:   "No rule knows this endpoint",
			queries: []query{{"{{network}} {{name}} {{scheme}} {{port}}", "endpoint:state:code{" + one + "}", ""}},
		})).
		WithPanel(number(panel{
			title: "Availability", width: 8, height: 4, unit: share, decimals: three, steps: availabilitySteps(),
			about:   sentences("The share of probes that did not fail.", spent, rounded, rules),
			quiet:   noRatio,
			queries: []query{availabilityOver("1h", "1 hour"), availabilityOver("1d", "1 day"), availabilityOver("30d", "30 days")},
		})).
		WithPanel(number(panel{
			title: "Error budget left", width: 3, height: 4, unit: share, decimals: none, steps: budgetSteps(),
			about:   sentences("How much of the failures that the objective (prober:objective:ratio) allows in 30 days is left.", rules),
			quiet:   noRatio,
			queries: []query{{"left", budget(availability("endpoint", "30d", one, "")), ""}},
		})).
		WithPanel(number(panel{
			title: "Last probe", width: 4, height: 4, unit: seconds,
			about: "How long the last probe took, at the slowest address, and at the slowest of the places.",
			quiet: "No prober that is heard has a result of it",
			queries: []query{
				{"took", "max(endpoint_last_probe_duration_seconds{" + oneSeen + "})", ""},
			},
		})).
		WithPanel(number(panel{
			title: "Age of the result", width: 4, height: 4, unit: units.DurationSeconds, decimals: none,
			about: "How old the last result is at the place where it is oldest, and the interval of the slowest prober. A result that is older than three intervals says nothing of now.",
			quiet: "No prober that is heard has a result of it",
			queries: []query{
				{"age", "max(time() - endpoint_last_probe_timestamp_seconds{" + oneSeen + "})", ""},
				{"interval", "max(prober_interval_seconds{" + own + "})", ""},
			},
		})).
		WithPanel(timeline(panel{
			title: "State over time", width: 24, height: 6,
			about:    sentences("Over all places, and then as each place sees it: up, down, or unknown where it could not tell or has no fresh result.", quorum, "The first row needs the recording rules of deploy/prometheus."),
			quiet:    "No endpoint is chosen, or no prober that is heard has it",
			mappings: states(), steps: stateSteps(),
			queries: []query{
				{"all places {{network}} {{name}} {{scheme}} {{port}}", "endpoint:state:code{" + one + "}", ""},
				{"{{vantage}} {{network}} {{name}} {{scheme}} {{port}}", named(fmt.Sprintf("3 * (1 - min by (%[1]s, vantage) (endpoint_up{%[2]s})) or max by (%[1]s, vantage) (endpoint_probes_total{%[2]s}) * 0 + 1", identity, oneSeen)), ""},
			},
		})).
		WithPanel(areas(panel{
			title: "Probes by outcome", width: 12, height: 8, unit: count,
			about:   "How many probes came out how in a minute. Unknown ones count neither for nor against the endpoint.",
			quiet:   "No endpoint is chosen, or no prober that is heard has it",
			queries: outcomes("60 * sum by (outcome) (rate(endpoint_probes_total{outcome=%q," + oneSeen + "}[$__rate_interval]))"),
		})).
		WithPanel(lines(panel{
			title: "Share of results that are unknown", width: 12, height: 8, unit: share,
			about: "The share of probes, by place, that could tell nothing, because of the prober, its resolver or its network.",
			quiet: noProbe,
			queries: []query{{"{{vantage}}", named(`sum by (vantage) (rate(endpoint_probes_total{outcome="unknown",` + oneSeen + `}[$__rate_interval])) / (sum by (vantage) (rate(endpoint_probes_total{` +
				oneSeen + `}[$__rate_interval])) > 0)`), ""}},
		}).Min(0).AxisSoftMax(0.05)).
		WithRow(row("How fast"))
	b = paced(b).WithRow(row("How it fails"))
	return rest(failing(b))
}

// paced adds the panels on latency.
func paced(b *builder) *builder {
	const phase, whole = "endpoint_phase_duration_seconds", "endpoint_probe_duration_seconds"
	regional := func(f func(metric, sel, by string) string, metric, by string) string {
		return "avg by (" + by + ") (" + itsRegion(f(metric, seen+`,host=""`, labels("product, region, network", by))) + ")"
	}
	quantiled := func(q string) func(metric, sel, by string) string {
		return func(metric, sel, by string) string { return quantile(q, metric, sel, by) }
	}
	p := panel{
		title: "Latency of whole probes", width: 12, height: 8, unit: seconds,
		about: sentences("From the first DNS question to the end of the reply, per address that answered in full: the mean, and what 50, 95 and 99 of 100 answers do not exceed.",
			"With --metrics.detail region the mean is the endpoint's own, the others are those of all endpoints in its product, region and network, and say so.", butMean),
		quiet: noProbe + " to have been answered in full",
		queries: []query{{"mean", mean(whole, oneSeen, "") + " or sum(rate(endpoint_duration_seconds_sum{" + oneSeen +
			"}[$__rate_interval])) / (sum(rate(endpoint_duration_seconds_count{" + oneSeen + "}[$__rate_interval])) > 0)", ""}},
	}
	for _, q := range [][2]string{{"50 %", "0.5"}, {"95 %", "0.95"}, {"99 %", "0.99"}} {
		p.queries = append(p.queries, query{q[0] + " {{of}}", around(quantile(q[1], whole, oneSeen, ""), regional(quantiled(q[1]), whole, "")), ""})
	}
	return b.
		WithPanel(areas(panel{
			title: "Latency by phase", width: 12, height: 8, unit: seconds,
			about: sentences("The mean time of each phase of the probes that completed it, per address. The phases of a probe add up to its whole.",
				"With --metrics.detail region these are the phases of all endpoints in its product, region and network, and say so."),
			quiet:   noProbe + " to have completed a phase",
			queries: []query{{"{{phase}} {{of}}", around(mean(phase, oneSeen, "phase"), regional(mean, phase, "phase")), ""}},
		})).
		WithPanel(lines(p))
}

// failing adds the panels on failures.
func failing(b *builder) *builder {
	const by = "product, region, network, phase"
	failures := func(sel, by string) string {
		return "60 * sum by (" + by + ") (rate(endpoint_phase_failures_total{" + sel + "}[$__rate_interval]))"
	}
	return b.
		WithPanel(areas(panel{
			title: "Failures by phase", width: 10, height: 8, unit: count,
			about: sentences("How many probes failed in each phase in a minute.",
				"With --metrics.detail region these are the failures of all endpoints in its product, region and network, and say so."),
			quiet:   "No endpoint is chosen, or no prober that is heard has it",
			queries: []query{{"{{phase}} {{of}}", around(failures(oneSeen, "phase"), "sum by (phase) ("+itsRegion(failures(seen+`,host=""`, by))+")"), ""}},
		})).
		WithPanel(grid(panel{
			title: "Why probes did not succeed, and whose fault that usually is", width: 14, height: 8,
			about: sentences("How many probes failed, were degraded or could not tell in the time that is shown, by phase/reason (docs/reasons.md). With detail \"endpoint\" a prober shows the two reasons that came last.",
				"With --metrics.detail region these are the probes of all endpoints in its product, region and network, and say so."),
			quiet: noProbe + " to have failed, to be degraded, or to be unknown",
			queries: []query{{"", around(reasons(oneSeen, "$__range", ""),
				"sum by (outcome, why, fault) ("+itsRegion(reasons(seen+`,host=""`, "$__range", "product, region, network"))+")"), ""}},
		}, []column{
			{of: "outcome", name: "Outcome", mappings: mapped("failed", "failed", red, "degraded", "degraded", orange, "unknown", "unknown", purple), width: 100},
			{of: "why", name: "Why"},
			{of: "fault", name: "Whose fault, usually", mappings: faults(), width: 170},
			{of: "of", name: "Of"},
			{name: "Probes", unit: count, decimals: none, width: 90},
		}))
}

// rest adds the panels on certificates, addresses and TLS versions.
func rest(b *builder) *builder {
	milliseconds := func(aggregate, metric string) string {
		return fmt.Sprintf("1000 * %s(%s{%s})", aggregate, metric, oneSeen)
	}
	return b.WithRow(row("Certificates, addresses, TLS")).
		WithPanel(number(panel{
			title: "Certificates end", width: 8, height: 7, unit: units.DatetimeISO,
			about: sentences("The earliest end over all addresses and places: of the server certificate, good or bad; of what lies on the verified path to a trusted root, which is the one to watch; and of all certificates that are sent, needed or not.",
				"They keep their values while handshakes fail."),
			quiet: noCertificate,
			queries: []query{
				{"server certificate", milliseconds("min", "endpoint_certificate_not_after_timestamp_seconds"), ""},
				{"verified path", milliseconds("min", "endpoint_certificate_path_not_after_timestamp_seconds"), ""},
				{"all that is sent", milliseconds("min", "endpoint_certificate_chain_not_after_timestamp_seconds"), ""},
			},
		})).
		WithPanel(number(panel{
			title: "Verified", width: 3, height: 7, mappings: yesNo(green, red),
			about:   "Whether the certificates last shown led to a trusted root, for this host and then, at every address and from every place.",
			quiet:   noCertificate,
			queries: []query{{"verified", "min(endpoint_certificate_verified{" + oneSeen + "})", ""}},
		})).
		WithPanel(timeline(panel{
			title: "Addresses", width: 8, height: 7,
			about:    sentences("Which addresses of the endpoint were up, as all places see them; empty where that is unknown.", detailed),
			quiet:    "No address is known to be up or down, or --metrics.detail region leaves them out",
			mappings: mapped("1", "up", green, "0", "down", red), steps: steps(red, 1.0, green),
			queries: []query{{"{{address}}", "min by (address, family) (endpoint_address_up{" + oneSeen + "})", ""}},
		})).
		WithPanel(grid(panel{
			title: "TLS versions", width: 5, height: 7,
			about: sentences("The share of addresses that accept TLS 1.3, and the oldest version that some address accepts. Looked at about once an hour; a version that could not be told is left out.", detailed),
			quiet: noVersions,
			queries: []query{
				{"", "min by (version) (endpoint_tls_version_accepted{" + oneSeen + "})", ""},
			},
		}, []column{
			{of: "version", name: "Version"},
			{name: "Addresses", unit: share, decimals: none},
		}))
}
