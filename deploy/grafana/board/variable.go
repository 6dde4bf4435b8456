package board

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// variables are those that every dashboard begins with: where the numbers come from, and where the prober's page is.
func variables(b *builder) *builder {
	return b.
		WithVariable(dashboard.NewDatasourceVariableBuilder("datasource").Label("Data source").Type("prometheus").
			Description("The Prometheus server that scrapes the prober.")).
		// The address is the one that Prometheus scrapes, which a label has: none is made up here.
		WithVariable(dashboard.NewQueryVariableBuilder("page").Label("Page").Datasource(source()).
			Description("Where links to the prober's own page lead. Offered is what Prometheus scrapes, with http; type another address where that is not how you reach it.").
			Query(text(`query_result(label_replace(last_over_time(prober_build_info[$__range]), "page", "http://$1", "instance", "(.+)"))`)).
			Regex(`/page="([^"]+)"/`).Refresh(dashboard.VariableRefreshOnTimeRangeChanged).Sort(dashboard.VariableSortAlphabeticalAsc).
			AllowCustomValue(true)).
		WithVariable(several("vantage", "Vantage", "label_values(endpoint_info, vantage)",
			"The place that is probed from, as the label \"vantage\" of the series says. All is right where there is no such label."))
}

// several is a variable of which any number of values is chosen. All matches series without the label as well.
func several(name, label, query, about string) *dashboard.QueryVariableBuilder {
	return dashboard.NewQueryVariableBuilder(name).Label(label).Description(about).Datasource(source()).Query(text(query)).
		Multi(true).IncludeAll(true).AllValue(".*").Current(all()).
		Refresh(dashboard.VariableRefreshOnTimeRangeChanged).Sort(dashboard.VariableSortAlphabeticalAsc)
}

func product() *dashboard.QueryVariableBuilder {
	return several("product", "Product", "label_values(endpoint_info, product)", "The product, as the list of endpoints names it.")
}

func region() *dashboard.QueryVariableBuilder {
	return several("region", "Region", `label_values(endpoint_info{product=~"$product"}, region)`, "The region, as the list of endpoints names it.")
}

func network() *dashboard.QueryVariableBuilder {
	return several("network", "Network", `label_values(endpoint_info{product=~"$product",region=~"$region"}, network)`,
		"public, or vpc: the provider's private network.")
}

// host is the one endpoint that a dashboard is about.
func host() *dashboard.QueryVariableBuilder {
	return dashboard.NewQueryVariableBuilder("host").Label("Host").Datasource(source()).
		Description("The endpoint, by its host name.").
		Query(text(`label_values(endpoint_info{product=~"$product",region=~"$region",network=~"$network"}, host)`)).
		Refresh(dashboard.VariableRefreshOnTimeRangeChanged).Sort(dashboard.VariableSortAlphabeticalAsc)
}

func text(s string) dashboard.StringOrMap { return dashboard.StringOrMap{String: &s} }

func all() dashboard.VariableOption {
	return dashboard.VariableOption{
		Selected: cog.ToPtr(true),
		Text:     dashboard.StringOrArrayOfString{ArrayOfString: []string{"All"}},
		Value:    dashboard.StringOrArrayOfString{ArrayOfString: []string{"$__all"}},
	}
}
