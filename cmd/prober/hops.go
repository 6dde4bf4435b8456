package main

import (
	"fmt"
	"io"

	"prober/probe"
	"prober/prose"
)

// writeHops prints the redirects that were followed at each address, one a line.
func writeHops(w io.Writer, o probe.Observation) {
	for _, a := range o.Addresses {
		if a.HTTP == nil || len(a.HTTP.Hops) == 0 {
			continue
		}
		fmt.Fprintf(w, "    %s\n", a.Address)
		for _, h := range a.HTTP.Hops {
			fmt.Fprintf(w, "      %d  %8s  %s -> %s\n", h.Status, milliseconds(h.Duration.Duration()), prose.Brief(h.URL), prose.Brief(h.To))
		}
	}
}
