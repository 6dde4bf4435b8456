package render

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"prober/prose"
	"prober/report"
)

// Comparison writes c as text for a terminal: the differences of the runs, the changes, and
// a line that counts them.
func Comparison(w io.Writer, c report.Comparison) error {
	var b strings.Builder
	for _, d := range c.Differences {
		fmt.Fprintf(&b, "note: %s\n", prose.Brief(d))
	}
	switch {
	case c.Outside == 1:
		b.WriteString("note: 1 result of the earlier report is outside this selection\n")
	case c.Outside > 1:
		fmt.Fprintf(&b, "note: %d results of the earlier report are outside this selection\n", c.Outside)
	}
	writeSights(&b, c.Seen)
	var table strings.Builder
	tw := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	if len(c.Changes) > 0 {
		fmt.Fprintln(tw, "CHANGE\tREQUIREMENT\tLEVEL\tENDPOINT\tWAS\tIS\tDETAIL")
	}
	for _, x := range c.Changes {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", x.Kind, prose.Short(x.Requirement), x.Level, prose.Short(x.Endpoint), prose.OrNone(string(x.Was)), prose.OrNone(string(x.Is)), prose.Brief(x.Detail))
	}
	_ = tw.Flush() // into memory
	for line := range strings.Lines(table.String()) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	counts := make([]string, 0, len(report.ChangeKinds()))
	for _, k := range report.ChangeKinds() {
		if n := c.Count(k); n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, k))
		}
	}
	switch {
	case len(counts) > 0:
	case c.Narrowed:
		counts = []string{"nothing fails that did not before"}
	default:
		counts = []string{"no result has changed"}
	}
	fmt.Fprintln(&b, strings.Join(counts, ", "))
	_, err := io.WriteString(w, b.String())
	return err
}
