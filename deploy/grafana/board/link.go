package board

import (
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// link is one from a cell of a table.
type link struct {
	Title       string `json:"title"`
	URL         string `json:"url"`
	TargetBlank bool   `json:"targetBlank,omitempty"`
}

// The uids by which dashboards link each other. Bookmarks hold them.
const (
	overviewUID = "prober-overview"
	productUID  = "prober-product"
	endpointUID = "prober-endpoint"
)

// kept are the variables that go along from one dashboard to the next.
const kept = "${datasource:queryparam}&${page:queryparam}&${vantage:queryparam}&${__url_time_range}"

// toEndpoint leads to the dashboard of the endpoint that the row is about, and to the prober's own page.
func toEndpoint() []link {
	return []link{
		{Title: "This endpoint over time", URL: "/d/" + endpointUID + "?var-product=${__data.fields.product}&var-region=${__data.fields.region}" +
			"&var-network=${__data.fields.network}&var-host=${__value.text}&" + kept},
		{
			Title: "The prober's page: evidence, and a command that shows it", TargetBlank: true,
			URL: "${page:raw}/?product=${__data.fields.product}&region=${__data.fields.region}&network=${__data.fields.network}&text=${__value.text}",
		},
	}
}

// toProduct leads to the dashboard of the product that the cell names.
func toProduct() []link {
	return []link{
		{Title: "This product", URL: "/d/" + productUID + "?var-product=${__value.text}&" + kept},
		{Title: "The prober's page", URL: "${page:raw}/?product=${__value.text}", TargetBlank: true},
	}
}

// toRegion narrows the dashboard down to the region that the cell names.
func toRegion() []link {
	return []link{
		{Title: "This region alone", URL: "/d/" + productUID + "?${product:queryparam}&var-region=${__value.text}&${network:queryparam}&" + kept},
		{Title: "The prober's page", URL: "${page:raw}/?region=${__value.text}", TargetBlank: true},
	}
}

// linked gives a dashboard its links to the others and to the prober's own page at path.
func linked(b *builder, path string) *builder {
	return b.
		Link(dashboard.NewDashboardLinkBuilder("Dashboards of the prober").Type(dashboard.DashboardLinkTypeDashboards).
			Tags([]string{tag}).AsDropdown(true).IncludeVars(true).KeepTime(true)).
		Link(dashboard.NewDashboardLinkBuilder("The prober's page").Type(dashboard.DashboardLinkTypeLink).
			Url("${page:raw}" + path).TargetBlank(true).Tags([]string{}).
			Tooltip("What is wrong now and why, with evidence and a command that shows it. The variable \"Page\" says where it is."))
}
