// Package board writes the dashboards for Grafana, from typed code, so that an option which Grafana does not have is an error
// of the compiler, a query is written once for all panels that ask it, and whose fault a reason usually is comes from where the
// program itself has it. A test writes the JSON, which is what is shipped.
package board

import (
	"encoding/json"
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// tag is what the dashboards have in common, and find each other by.
const tag = "prober"

// The classic form of a dashboard: the SDK would rather have its successor, which only the newest Grafana reads.
type (
	builder = dashboard.DashboardBuilder //nolint:staticcheck // see above
	classic = dashboard.Dashboard        //nolint:staticcheck // see above
)

// begin is a dashboard without panels.
func begin(uid, title, about string) *builder {
	b := dashboard.NewDashboardBuilder(title) //nolint:staticcheck // the classic form
	return variables(b.Uid(uid).Description(about).Tags([]string{tag}).
		Timezone("browser").Time("now-6h", "now").Refresh("1m").Editable().
		Tooltip(dashboard.DashboardCursorSyncCrosshair))
}

// file is a dashboard and the name of the file that it is shipped in.
type file struct {
	name  string
	board *builder
}

// written are the dashboards in the order in which one goes through them.
func written() []file {
	return []file{{"overview.json", overview()}, {"product.json", productBoard()}, {"endpoint.json", endpoint()}}
}

// All returns the JSON of the dashboards by the names of their files.
func All() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, f := range written() {
		d, err := f.board.Build()
		if err != nil {
			return nil, fmt.Errorf("dashboard %s: %w", f.name, err)
		}
		number := uint32(0)
		for i := range d.Panels {
			number++
			if p := d.Panels[i].Panel; p != nil {
				p.Id = cog.ToPtr(number)
			} else {
				d.Panels[i].RowPanel.Id = number
			}
		}
		text, err := json.MarshalIndent(d, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("dashboard %s: %w", f.name, err)
		}
		files[f.name] = append(text, '\n')
	}
	return files, nil
}

// row is a heading over the panels that follow it.
func row(title string) *dashboard.RowBuilder { return dashboard.NewRowBuilder(title) }
