package catalog

import (
	"fmt"
	"io"
	"text/tabwriter"

	"prober/prose"
)

// Row is an endpoint as lists show it, with what the catalogue knows about it filled in.
// Its JSON form is part of the program's interface.
type Row struct {
	ID         string    `json:"id"`
	Product    string    `json:"product"`
	Region     string    `json:"region"`
	RegionName string    `json:"region_name"`
	Network    Network   `json:"network"`
	Host       string    `json:"host"`
	Lifecycle  Lifecycle `json:"lifecycle"`
	Ports      Ports     `json:"ports"` // those to dial, never 0
	Sources    []string  `json:"sources"`
}

// Rows returns a row for each endpoint; an empty list, not nil, for none.
func (c *Catalog) Rows(endpoints []Endpoint) []Row {
	rows := make([]Row, len(endpoints))
	for i, e := range endpoints {
		rows[i] = Row{
			ID: e.ID, Product: e.Product, Region: e.Region, RegionName: c.RegionName(e),
			Network: e.Network, Host: e.Host, Lifecycle: e.Lifecycle,
			Ports: Ports{HTTPS: e.Port(HTTPS), HTTP: e.Port(HTTP)}, Sources: e.Sources,
		}
	}
	return rows
}

// WriteTable writes rows for people, a heading first. Ports are shown only where they
// are not 443 and 80.
func WriteTable(w io.Writer, rows []Row) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	// What a tabwriter could not write, Flush reports.
	_, _ = fmt.Fprintln(tw, "ENDPOINT\tHOST\tREGION\tLIFECYCLE")
	for _, r := range rows {
		host := r.Host
		if (r.Ports != Ports{HTTPS: 443, HTTP: 80}) {
			host = fmt.Sprintf("%s:%d,%d", host, r.Ports.HTTPS, r.Ports.HTTP)
		}
		_, _ = fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", r.ID, host, prose.Short(r.RegionName), r.Lifecycle)
	}
	return tw.Flush()
}
