package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// maxMarkdown is how long the Markdown may be: GitHub refuses a step summary above 1 MiB,
// and other steps of the same job want to say something too.
const maxMarkdown = 1<<20 - 64<<10

// markdown writes r for a GitHub step summary: the verdict, its scope, how much was not
// looked at, the counts, what needs attention, failures first, and a table of products and
// regions. It is at most limit bytes; what does not fit is counted.
func markdown(r *Report, limit int) ([]byte, error) {
	r, err := r.withoutEvidence().shown()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	v := r.judged()
	summary := Summarize(r)
	fmt.Fprintf(&b, "## %s Conformance: %s\n\n", v.Outcome.Symbol(), escapeMarkdown(r.claim(v)))
	fmt.Fprintf(&b, "%s. %s, catalogue %s, suite %s, exit code %d.\n\n",
		escapeMarkdown(r.scope()), plural(len(r.Endpoints), "endpoint"),
		code(cut(r.Catalogue.Digest, 12)), escapeMarkdown(orNone(r.Suite.Version)), v.ExitCode)
	if s := summary.unverified(); s != "" {
		fmt.Fprintf(&b, "**Not verified:** %s.\n\n", escapeMarkdown(s))
	}

	writeCounts(&b, summary.Total)
	matrix := markdownMatrix(r)
	found, open := r.attention()
	rest := markdownUndecided(open, (limit-len(matrix))/4)
	markdownAttention(&b, r, found, limit-len(matrix)-len(rest))
	b.Write(rest)
	if b.Len()+len(matrix) <= limit {
		b.Write(matrix)
	}
	return b.Bytes(), nil
}

func writeCounts(b *bytes.Buffer, c Counts) {
	b.WriteString("|")
	for _, o := range Outcomes() {
		fmt.Fprintf(b, " %s %s |", o.Symbol(), o)
	}
	b.WriteString("\n|" + strings.Repeat("---:|", len(Outcomes())) + "\n|")
	for _, o := range Outcomes() {
		fmt.Fprintf(b, " %d |", c.Of(o))
	}
	b.WriteString("\n\n")
}

// markdownAttention lists the results that need attention, worst first, as far as they fit.
func markdownAttention(b *bytes.Buffer, r *Report, list []Result, limit int) {
	if len(list) == 0 {
		return
	}
	requirements := r.requirementIndex()
	const reserve = 200 // for the line that counts the rest
	b.WriteString("### What needs attention\n\n| | Requirement | Endpoint | Found |\n|---|---|---|---|\n")
	for i, res := range list {
		q := r.Requirements[requirements[res.Requirement]]
		row := fmt.Sprintf("| %s %s | **%s** %s<br>%s | %s | %s |\n", res.Outcome.Symbol(), markdownOutcome(res),
			escapeMarkdown(q.ID), q.Level, escapeMarkdown(q.Text), code(res.Endpoint), markdownFinding(res))
		if b.Len()+len(row)+reserve > limit {
			fmt.Fprintf(b, "\nand %d more: see report.html or report.json.\n", len(list)-i)
			break
		}
		b.WriteString(row)
	}
	b.WriteString("\n")
}

// markdownUndecided tells in one line an endpoint what could not be decided, as far as it
// fits.
func markdownUndecided(list []undecided, limit int) []byte {
	if len(list) == 0 {
		return nil
	}
	const reserve = 200
	var b bytes.Buffer
	b.WriteString("### What could not be decided\n\n")
	for i, u := range list {
		line := fmt.Sprintf("- %s %s %s\n", Inconclusive.Symbol(), code(u.Endpoint), escapeMarkdown(ellipsis(u.text(), 300)))
		if b.Len()+len(line)+reserve > limit {
			fmt.Fprintf(&b, "- and at %s more: see report.html or report.json\n", plural(len(list)-i, "endpoint"))
			break
		}
		b.WriteString(line)
	}
	b.WriteString("\n")
	return b.Bytes()
}

func markdownOutcome(res Result) string {
	if res.Known {
		return string(res.Outcome) + ", known"
	}
	return string(res.Outcome)
}

// markdownFinding is the last cell of a row.
func markdownFinding(res Result) string {
	var parts []string
	if s := res.Reason.String(); s != "" {
		parts = append(parts, code(s))
	}
	if res.Expected != "" || res.Got != "" {
		parts = append(parts, "expected "+escapeMarkdown(cut(res.Expected, 300))+", got "+escapeMarkdown(cut(res.Got, 300)))
	}
	if res.Detail != "" {
		for line := range strings.Lines(wholeLines(res.story(), 500)) {
			parts = append(parts, escapeMarkdown(line))
		}
	}
	if res.Reproduce != "" {
		parts = append(parts, code(cut(res.Reproduce, 500)))
	}
	return strings.Join(parts, "<br>")
}

// markdownMatrix is the table of regions by products.
func markdownMatrix(r *Report) []byte {
	endpoints := r.endpointIndex()
	cells := map[[2]string]*cell{}
	var products, regions []string
	for _, e := range r.Endpoints {
		if !slices.Contains(products, e.Product) {
			products = append(products, e.Product)
		}
		if !slices.Contains(regions, e.Region) {
			regions = append(regions, e.Region)
		}
		if at := [2]string{e.Region, e.Product}; cells[at] == nil {
			cells[at] = &cell{}
		}
	}
	for _, res := range r.Results {
		e := r.Endpoints[endpoints[res.Endpoint]]
		cells[[2]string{e.Region, e.Product}].add(res)
	}
	if len(products) == 0 {
		return nil
	}
	var b bytes.Buffer
	b.WriteString("### Products and regions\n\n" + escapeMarkdown(cellLegend) + "\n\n| Region |")
	for _, p := range products {
		b.WriteString(" " + escapeMarkdown(p) + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(products)) + "\n")
	for _, region := range regions {
		b.WriteString("| " + escapeMarkdown(region) + " |")
		for _, p := range products {
			text := ""
			if c := cells[[2]string{region, p}]; c != nil {
				text = c.brief()
			}
			b.WriteString(" " + text + " |")
		}
		b.WriteString("\n")
	}
	return b.Bytes()
}

// escapeMarkdown writes text, some of which came from the wire, so that it shows as it is
// within a cell of a table: no markup, no HTML, no mention of a user, no line end.
func escapeMarkdown(s string) string {
	s = oneLine(s)
	var b strings.Builder
	for _, c := range s {
		switch {
		case c == '&':
			b.WriteString("&amp;")
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '@':
			b.WriteString("&#64;")
		case strings.ContainsRune("\\`*_{}[]()#|~!", c):
			b.WriteByte('\\')
			b.WriteRune(c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// code writes text as code. HTML is used, for a backtick or a bar in the text would end a
// code span or a cell.
func code(s string) string {
	s = oneLine(s)
	return "<code>" + strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "@", "&#64;", "*", "&#42;", "_", "&#95;", "`", "&#96;", "\\", "&#92;", "[", "&#91;", "]", "&#93;", "~", "&#126;", "#", "&#35;", ":", "&#58;").Replace(s) + "</code>"
}
