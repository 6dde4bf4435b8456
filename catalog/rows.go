package catalog

import (
	"fmt"
	"io"

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
	Ports      Ports     `json:"ports"` // those that may be dialled, never 0
	Sources    []string  `json:"sources"`
	// Kind is what a probe does, where it is no request.
	Kind Kind `json:"kind,omitempty"`
}

// Rows returns a row for each endpoint; an empty list, not nil, for none.
func (c *Catalog) Rows(endpoints []Endpoint) []Row {
	rows := make([]Row, len(endpoints))
	for i, e := range endpoints {
		p, _ := c.Product(e.Product)
		scheme := e.over(&p)
		rows[i] = Row{
			ID: e.ID, Product: e.Product, Region: e.Region, RegionName: c.RegionName(e),
			Network: e.Network, Host: e.Host, Lifecycle: e.Lifecycle,
			Ports: Ports{HTTPS: e.Port(HTTPS), HTTP: e.Port(HTTP)}, Sources: e.Sources,
		}
		switch e.Scheme { // the one that is probed, whatever is selected
		case HTTPS:
			rows[i].Ports.HTTP = 0
		case HTTP:
			rows[i].Ports.HTTPS = 0
		case "", SchemeTLS, SchemeTCP, SchemeDNS:
		}
		switch row := &rows[i]; scheme {
		case SchemeTLS:
			row.Kind, row.Ports = KindTLS, Ports{TLS: e.Port(scheme)}
		case SchemeTCP:
			row.Kind, row.Ports = KindTCP, Ports{TCP: e.Port(scheme)}
		case SchemeDNS:
			row.Kind, row.Ports = KindDNS, Ports{DNS: e.Port(scheme)}
		case "", HTTPS, HTTP:
		}
	}
	return rows
}

// WriteTable writes rows for people, a heading first. Ports are shown only where they
// are not 443 and 80, or it is one of a kind or of plain HTTP alone. Where so many columns of a terminal do not hold the table, 0 being any number, a row
// is its endpoint, host and lifecycle where that is not the usual one.
func WriteTable(w io.Writer, rows []Row, columns int) error {
	whole, narrow := [][]string{{"ENDPOINT", "HOST", "REGION", "LIFECYCLE"}}, [][]string{{"ENDPOINT", "HOST"}}
	for _, r := range rows {
		at := r.at()
		whole = append(whole, []string{r.ID, at, prose.Short(r.RegionName), string(r.Lifecycle)})
		if r.Lifecycle != Active {
			at += " (" + string(r.Lifecycle) + ")"
		}
		narrow = append(narrow, []string{r.ID, at})
	}
	_, err := io.WriteString(w, prose.Fitting(columns, whole, narrow, "Names of regions"))
	return err
}

// at is the host of a row, with what is asked there.
func (r Row) at() string {
	switch {
	case r.Kind != "":
		return fmt.Sprintf("%s:%d (%s)", r.Host, r.Ports.TLS+r.Ports.TCP+r.Ports.DNS, r.Kind) // of which it has one
	case r.Ports == Ports{HTTPS: 443, HTTP: 80}, r.Ports == Ports{HTTPS: 443}:
		return r.Host
	case r.Ports.HTTP == 0:
		return fmt.Sprintf("%s:%d", r.Host, r.Ports.HTTPS)
	case r.Ports.HTTPS == 0:
		return fmt.Sprintf("%s:%d (%s)", r.Host, r.Ports.HTTP, HTTP)
	}
	return fmt.Sprintf("%s:%d,%d", r.Host, r.Ports.HTTPS, r.Ports.HTTP)
}
