package prose

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Table is rows as a table, the first being its heading: the columns begin below each other, two spaces apart.
func Table(rows [][]string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		_, _ = fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	_ = w.Flush() // a builder takes all
	return b.String()
}

// Fitting is the whole table if so many columns of a terminal hold it, or their number is 0, which is any. Else it
// is the narrow one, with a last line that says what that leaves out.
func Fitting(columns int, whole, narrow [][]string, without string) string {
	text := Table(whole)
	widest := 0
	for line := range strings.Lines(text) {
		widest = max(widest, Width(strings.TrimRight(line, "\n")))
	}
	if columns == 0 || widest <= columns {
		return text
	}
	return Table(narrow) + fmt.Sprintf("\n%s are left out: that takes %d columns, or a pipe (| less -S).\n", without, widest)
}
