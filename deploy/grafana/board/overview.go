package board

// overview says what is down, since when, why and whose fault it is; how much failure the objective still allows; and whether
// the prober itself can be believed.
func overview() *builder {
	b := begin(overviewUID, "Prober: overview",
		"What is down, since when, why, and whose fault that usually is; availability and error budget; latency by phase; how the prober itself does.").
		WithVariable(product()).WithVariable(region()).WithVariable(network())
	b = linked(b, "/").
		WithPanel(now(9)).
		WithPanel(month(4)).
		WithPanel(budgetLeft(4)).
		WithPanel(believed()).
		WithRow(row("What is wrong")).
		WithPanel(wrong(9)).
		WithPanel(firing(6)).
		WithPanel(whyTable(12, 9, active+seen, "")).
		WithPanel(statesOverTime(12, 9)).
		WithRow(row("Products")).
		WithPanel(grid(panel{
			title: "Products", width: 12, height: 8,
			about: sentences("The active endpoints of each product that are known to be up or down, how many of them are down, and the share of probes that did not fail.", rounded, rules),
			queries: []query{
				{"", "sum by (product) (product_region:endpoints_known:count{" + chosen + "})", ""},
				{"", "sum by (product) (product_region:endpoints_down:count{" + chosen + "})", ""},
				{"", down(availability("product_region", "1h", chosen, "product")), ""},
				{"", down(availability("product_region", "1d", chosen, "product")), ""},
				{"", down(availability("product_region", "30d", chosen, "product")), ""},
				{"", budget(availability("product_region", "30d", chosen, "product")), ""},
			},
			quiet: "No endpoint is known to be up or down",
		}, []column{
			{of: "product", name: "Product", links: toProduct()},
			{name: "Known", unit: count, decimals: none, width: 70},
			{name: "Down", unit: count, decimals: none, steps: steps("text", 1.0, red), width: 70},
			{name: "1 hour", unit: share, decimals: three, steps: availabilitySteps()},
			{name: "1 day", unit: share, decimals: three, steps: availabilitySteps()},
			{name: "30 days", unit: share, decimals: three, steps: availabilitySteps()},
			{name: "Budget left", unit: share, decimals: none, steps: budgetSteps()},
		})).
		WithPanel(lines(panel{
			title: "Availability of products, each time over the hour before", width: 12, height: 8, unit: share,
			about:   sentences("The share of the probes of active endpoints that did not fail.", "What could not be told is left out.", rules),
			quiet:   noProbe + " to have decided anything",
			queries: []query{{"{{product}}", availability("product_region", "1h", chosen, "product"), ""}},
		}).Max(1)).
		WithRow(row("Latency")).
		WithPanel(phases(12, 8, active+seen)).
		WithPanel(quantiles(12, 8, active+seen)).
		WithRow(row("The prober itself"))
	return itself(b)
}
