package render

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"

	"prober/limit"
	"prober/report"
	"prober/report/prose"
)

// Console writes what somebody at a terminal should look at: every failure, with what was
// seen and how anyone can see it; in one line an endpoint what could not be decided; how r
// compares with an earlier report, unless c is nil; and the verdict.
func Console(w io.Writer, r *report.Report, c *report.Comparison) error {
	v := newView(r)
	var b bytes.Buffer
	for _, row := range v.rows {
		if row.Outcome.NeedsAttention() && row.Outcome != report.Inconclusive {
			consoleResult(&b, row)
		}
	}
	_, open := v.attention()
	for _, u := range open {
		why, _ := u.commonest(func(row report.Row) string { return row.Detail })
		fmt.Fprintf(&b, "%s %s  %s: %s\n", report.Inconclusive.Symbol(), prose.Short(u.endpoint), u.count(), prose.Brief(why))
	}
	from := ""
	if r.Environment.Vantage != "" {
		from = " from " + prose.Short(r.Environment.Vantage)
	}
	fmt.Fprintf(&b, "%s at %s%s: %s\n", prose.Plural(len(r.Results), "result"), prose.Plural(len(r.Endpoints), "endpoint"), from, v.summary.Total)
	if c != nil {
		if err := Comparison(&b, *c); err != nil {
			return err
		}
	}
	fmt.Fprintf(&b, "%s: %s\n", v.judged.Outcome, v.judged.Text)
	_, err := w.Write(b.Bytes())
	return err
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
