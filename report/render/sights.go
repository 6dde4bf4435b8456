package render

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"prober/prose"
	"prober/report"
)

// Bounds on what is told of sights; the evidence has all.
const (
	maxSights     = 30 // lines
	maxSightNames = 2  // endpoints that a line names
)

// sightLine is what was seen alike at several endpoints of a product.
type sightLine struct {
	product, about, seen string
	endpoints            []string
}

// sightLines groups sights, in the order in which they come.
func sightLines(all []report.Sight) []sightLine {
	var lines []sightLine
	at := map[[3]string]int{}
	for _, s := range all {
		seen := s.Is
		if s.Was != "" {
			seen += " (before: " + s.Was + ")"
		}
		key := [3]string{s.Product, s.About, seen}
		i, known := at[key]
		if !known {
			i = len(lines)
			at[key] = i
			lines = append(lines, sightLine{product: s.Product, about: s.About, seen: seen})
		}
		lines[i].endpoints = append(lines[i].endpoints, s.Endpoint)
	}
	return lines
}

// where names the endpoints, or counts them.
func (l sightLine) where() string {
	if len(l.endpoints) > maxSightNames {
		return prose.Plural(len(l.endpoints), "endpoint")
	}
	names := make([]string, len(l.endpoints))
	for i, e := range l.endpoints {
		names[i] = prose.Short(e)
	}
	return strings.Join(names, ", ")
}

// writeSights tells what was seen for the first time, by product.
func writeSights(b io.Writer, all []report.Sight) {
	lines := sightLines(all)
	if len(lines) == 0 {
		return
	}
	fmt.Fprintln(b, "seen for the first time, which no document tells:")
	tw := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for i, l := range lines {
		if i == maxSights && len(lines) > maxSights+1 {
			fmt.Fprintf(tw, "    and %d lines more\n", len(lines)-i)
			break
		}
		fmt.Fprintf(tw, "    %s\t%s\t%s\tat %s\n", prose.Short(l.product), l.about, prose.Short(l.seen), l.where())
	}
	_ = tw.Flush() // into memory
}
