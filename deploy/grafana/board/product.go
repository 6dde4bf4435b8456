package board

import (
	"fmt"
)

// productBoard says of a product, or of several, which regions and networks are up, how fast they are, how long certificates
// last, and which TLS versions are accepted.
func productBoard() *builder {
	b := begin(productUID, "Prober: product",
		"One product, or several: its regions and networks, latency, certificates and TLS versions.").
		WithVariable(product()).WithVariable(region()).WithVariable(network())
	const by = "product, region, network"
	place := "{{product}} {{region}} {{network}}"
	b = linked(b, "/?product=${product:raw}").
		WithPanel(now(12)).
		WithPanel(month(6)).
		WithPanel(budgetLeft(6)).
		WithRow(row("Regions and networks")).
		WithPanel(matrix(panel{
			title: "Regions now", width: 12, height: 12,
			about: sentences("The worst state of the active endpoints of each region, by product and network. Empty is what the list of endpoints does not have.",
				quorum, rules),
			quiet:    noActive,
			mappings: states(),
			queries:  []query{{"", fmt.Sprintf(`label_join(max by (%s) (endpoint:state:code{%s}), "of", " ", "product", "network")`, by, active+chosen), ""}},
		}, "region", "of", toRegion())).
		WithPanel(timeline(panel{
			title: "Regions over time", width: 12, height: 12,
			about:    sentences("The worst state of the active endpoints of each region and network.", quorum, rules),
			quiet:    noActive,
			mappings: states(), steps: stateSteps(),
			queries: []query{{place, fmt.Sprintf("max by (%s) (endpoint:state:code{%s})", by, active+chosen), ""}},
		})).
		WithPanel(grid(panel{
			title: "Regions in numbers", width: 24, height: 10,
			about: sentences("The active endpoints of each region and network that are known to be up or down, how many of them are down, the share of probes that did not fail, and the mean time of a probe now, over all places.", rounded, rules),
			quiet: "No endpoint is known to be up or down",
			queries: []query{
				{"", "sum by (" + by + ") (product_region:endpoints_known:count{" + chosen + "})", ""},
				{"", "sum by (" + by + ") (product_region:endpoints_down:count{" + chosen + "})", ""},
				{"", down(availability("product_region", "1h", chosen, by)), ""},
				{"", down(availability("product_region", "1d", chosen, by)), ""},
				{"", down(availability("product_region", "30d", chosen, by)), ""},
				{"", budget(availability("product_region", "30d", chosen, by)), ""},
				{"", "avg by (" + by + ") (product_region:probe_duration_seconds:mean5m{" + seen + "})", ""},
			},
		}, []column{
			{of: "product", name: "Product"},
			{of: "region", name: "Region", links: toRegion()},
			{of: "network", name: "Network"},
			{name: "Known", unit: count, decimals: none, width: 80},
			{name: "Down", unit: count, decimals: none, steps: steps("text", 1.0, red), width: 80},
			{name: "1 hour", unit: share, decimals: three, steps: availabilitySteps()},
			{name: "1 day", unit: share, decimals: three, steps: availabilitySteps()},
			{name: "30 days", unit: share, decimals: three, steps: availabilitySteps()},
			{name: "Budget left", unit: share, decimals: none, steps: budgetSteps()},
			{name: "Latency", unit: seconds},
		})).
		WithPanel(lines(panel{
			title: "Availability of networks, each time over the hour before", width: 12, height: 8, unit: share,
			about:   sentences("The share of the probes of active endpoints that did not fail, by product and network.", "What could not be told is left out.", rules),
			quiet:   noProbe + " to have decided anything",
			queries: []query{{"{{product}} {{network}}", availability("product_region", "1h", chosen, "product, network"), ""}},
		}).Max(1)).
		WithPanel(areas(panel{
			title: "Probes that failed, by phase", width: 12, height: 8, unit: count,
			about:   "How many probes of active endpoints failed in each phase in a minute. Both details have this.",
			quiet:   "Prometheus hears no prober of an active endpoint",
			queries: []query{{"{{phase}}", "60 * sum by (phase) (rate(endpoint_phase_failures_total{" + active + seen + "}[$__rate_interval]))", ""}},
		})).
		WithRow(row("What is wrong")).
		WithPanel(wrong(8)).
		WithPanel(whyTable(24, 8, active+seen, by,
			column{of: "product", name: "Product"}, column{of: "region", name: "Region"}, column{of: "network", name: "Network"})).
		WithRow(row("Latency")).
		WithPanel(phases(12, 8, active+seen)).
		WithPanel(quantiles(12, 8, active+seen)).
		WithPanel(lines(panel{
			title: "Mean latency by region", width: 12, height: 10, unit: seconds,
			about:   sentences("The mean time of the probes of each region and network that were answered in full, as each place sees it.", rules),
			quiet:   noProbe + " to have been answered in full",
			queries: []query{{place + " {{vantage}}", "product_region:probe_duration_seconds:mean5m{" + seen + "}", ""}},
		}).Min(0)).
		WithPanel(lines(panel{
			title: "Latency that 95 of 100 probes do not exceed, by region", width: 12, height: 10, unit: seconds,
			about:   sentences("Of the probes of each region and network that were answered in full, as each place sees it.", native, rules),
			quiet:   "Prometheus has neither native histograms nor classic buckets of this time",
			queries: []query{{place + " {{vantage}}", "product_region:probe_duration_seconds:p95_rate5m{" + seen + "}", ""}},
		}).Min(0)).
		WithRow(row("Certificates and TLS"))
	return secured(b)
}
