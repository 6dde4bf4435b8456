package render

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"

	"prober/limit"
	"prober/prose"
	"prober/report"
)

// Bounds on what the console tells of one cause; the report has all.
const (
	maxConsoleFull  = 3   // results in full
	maxConsoleLines = 100 // endpoints, a line each
)

// Console writes what somebody at a terminal should look at, by cause: the first failures of each
// with what was seen and how anyone can see it, the others in a line an endpoint; what could not be
// decided; how r compares with an earlier report, unless c is nil; and the verdict.
func Console(w io.Writer, r *report.Report, c *report.Comparison) error {
	v := newView(r)
	var b bytes.Buffer
	for _, c := range v.causes() {
		consoleCause(&b, c)
	}
	from := ""
	if r.Environment.Vantage != "" {
		from = " from " + prose.Short(r.Environment.Vantage)
	}
	fmt.Fprintf(&b, "%s at %s%s: %s\n", prose.Plural(len(r.Results), "result"), prose.Plural(len(r.Endpoints), "endpoint"), from, v.summary.Total)
	if c == nil {
		writeSights(&b, report.FirstSeen(nil, r))
	} else if err := Comparison(&b, *c); err != nil {
		return err
	}
	fmt.Fprintf(&b, "%s: %s\n", v.judged.Outcome, v.judged.Text)
	_, err := w.Write(b.Bytes())
	return err
}

// consoleCause tells one cause.
func consoleCause(b *bytes.Buffer, c cause) {
	if c.size() > 1 || len(c.open) > 0 {
		fmt.Fprintf(b, "%s %s\n", c.symbol(), prose.Brief(c.line()))
	}
	full := c.found
	if len(full) > maxConsoleFull+1 { // one more takes no more lines than to count it
		full = full[:maxConsoleFull]
	}
	for _, row := range full {
		consoleResult(b, row)
	}
	rest := cause{found: c.found[len(full):]}.places()
	for i, p := range rest {
		if i == maxConsoleLines {
			fmt.Fprintf(b, "    and at %s more\n", prose.Plural(len(rest)-i, "endpoint"))
			break
		}
		fmt.Fprintf(b, "    %s  %s\n", prose.Short(p.Endpoint), prose.Brief(strings.Join(p.Requirements, " ")))
	}
	if len(c.open) > 0 {
		fmt.Fprintf(b, "    undecided at %s\n", cause{open: c.open}.endpoints())
	}
}

func consoleResult(b *bytes.Buffer, row report.Row) {
	fmt.Fprintf(b, "%s %s  %s %s\n", row.Outcome.Symbol(), prose.Short(row.Endpoint), prose.Short(row.Requirement), row.Outcome)
	lines := []string{string(row.Q.Level) + " " + row.Q.Text}
	if detail := strings.TrimSpace(row.Detail); detail != "" {
		lines = append(lines, strings.Split(detail, "\n")...)
	}
	if told := row.Contrast(math.MaxInt); told != "" {
		lines = append(lines, told)
	}
	// What is said of a command stands behind it.
	if bare, _, _ := strings.Cut(row.Reproduce, "   # "); row.Reproduce != "" && !strings.Contains(row.Detail, bare) {
		lines = append(lines, "$ "+row.Reproduce)
	}
	for _, line := range lines {
		if bare, ok := strings.CutPrefix(line, "$ "); ok {
			line = prose.Command(bare)
		}
		fmt.Fprintf(b, "    %s\n", prose.Middle(prose.Line(line), limit.ShownCommand+2))
	}
}
