package render

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"prober/limit"
	"prober/prose"
	"prober/report"
)

// markdown writes for a GitHub step summary.
func markdown(v *view) ([]byte, error) { return markdownWithin(v, limit.MarkdownBytes), nil }

// issue writes the same for the text of an issue, which holds less.
func issue(v *view) ([]byte, error) { return markdownWithin(v, limit.IssueBytes), nil }

// markdownWithin writes the verdict, its scope, how much was not looked at, the counts, the causes,
// what needs attention by cause, failures first, and a table of products and regions. It is at most
// so many bytes and ends with a whole row; what does not fit is counted.
func markdownWithin(v *view, most int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "## %s Conformance: %s\n\n", v.judged.Outcome.Symbol(), escapeMarkdown(prose.Brief(v.Claim())))
	fmt.Fprintf(&b, "%s. %s, catalogue %s, suite %s, exit code %d.\n\n",
		escapeMarkdown(prose.Brief(v.Scope())), prose.Plural(len(v.Endpoints), "endpoint"),
		code(prose.Cut(v.Catalogue.Digest, 12)), escapeMarkdown(prose.Short(prose.OrNone(v.Suite.Version))), v.judged.ExitCode)
	if s := v.summary.Unverified(); s != "" {
		fmt.Fprintf(&b, "**Not verified:** %s.\n\n", escapeMarkdown(prose.Brief(s)))
	}

	writeCounts(&b, v.summary.Total)
	matrix := markdownMatrix(v)
	causes := v.causes()
	b.Write(markdownCauses(causes, most/8))
	var found []report.Row
	for _, c := range causes {
		found = append(found, c.found...)
	}
	markdownAttention(&b, found, most-min(len(matrix), most/2))
	if sights := markdownSights(v.sights); b.Len()+len(matrix)+len(sights) <= most {
		b.Write(sights)
	}
	if b.Len()+len(matrix) <= most {
		b.Write(matrix)
	} else {
		fmt.Fprintf(&b, "The table of %s is left out: see report.html.\n", prose.Plural(len(v.summary.Regions), "region"))
	}
	return b.Bytes()
}

func writeCounts(b *bytes.Buffer, c report.Counts) {
	b.WriteString("|")
	for _, o := range report.Outcomes() {
		fmt.Fprintf(b, " %s %s |", o.Symbol(), o)
	}
	b.WriteString("\n|" + strings.Repeat("---:|", len(report.Outcomes())) + "\n|")
	for _, o := range report.Outcomes() {
		fmt.Fprintf(b, " %d |", c.Of(o))
	}
	b.WriteString("\n\n")
}

// markdownAttention lists the results that need attention, worst first, as far as they fit.
func markdownAttention(b *bytes.Buffer, list []report.Row, most int) {
	if len(list) == 0 {
		return
	}
	const reserve = 200 // for the line that counts the rest
	b.WriteString("### What needs attention\n\n| | Requirement | Endpoint | Found |\n|---|---|---|---|\n")
	for i, row := range list {
		line := fmt.Sprintf("| %s %s | **%s** %s<br>%s | %s | %s |\n", row.Outcome.Symbol(), markdownOutcome(row),
			escapeMarkdown(row.Q.ID), row.Q.Level, escapeMarkdown(row.Q.Text), code(row.Endpoint), markdownFinding(row))
		if b.Len()+len(line)+reserve > most {
			fmt.Fprintf(b, "\nand %d more: see report.html or report.json.\n", len(list)-i)
			break
		}
		b.WriteString(line)
	}
	b.WriteString("\n")
}

// markdownCauses tells each cause of several results, and what could not be decided, in one line,
// as far as it fits.
func markdownCauses(list []cause, most int) []byte {
	list = slices.DeleteFunc(slices.Clone(list), func(c cause) bool { return c.size() == 1 && len(c.open) == 0 })
	if len(list) == 0 {
		return nil
	}
	const reserve = 200
	var b bytes.Buffer
	b.WriteString("### By cause\n\n")
	for i, c := range list {
		line := fmt.Sprintf("- %s %s (%s)\n", c.symbol(), escapeMarkdown(prose.Ellipsis(c.line(), 400)), escapeMarkdown(c.endpoints()))
		if b.Len()+len(line)+reserve > most {
			fmt.Fprintf(&b, "- and %s more: see report.html or report.json\n", prose.Plural(len(list)-i, "cause"))
			break
		}
		b.WriteString(line)
	}
	b.WriteString("\n")
	return b.Bytes()
}

func markdownOutcome(row report.Row) string {
	if row.Known && row.Outcome == report.Fail && !row.Since.IsZero() {
		return string(row.Outcome) + ", since " + row.Since.UTC().Format(time.DateOnly)
	}
	if row.Known {
		return string(row.Outcome) + ", known"
	}
	return string(row.Outcome)
}

// markdownFinding is the last cell of a row.
func markdownFinding(row report.Row) string {
	var parts []string
	if s := row.Reason.String(); s != "" {
		parts = append(parts, code(s))
	}
	if s := row.Contrast(300); s != "" {
		parts = append(parts, escapeMarkdown(s))
	}
	if row.Detail != "" {
		for line := range strings.Lines(prose.WholeLines(row.Story(), 500)) {
			parts = append(parts, escapeMarkdown(line))
		}
	}
	if row.Reproduce != "" {
		parts = append(parts, code(prose.Cut(row.Reproduce, 500)))
	}
	return strings.Join(parts, "<br>")
}

// markdownSights is the table of what was seen that no document tells.
func markdownSights(all []report.Sight) []byte {
	lines := sightLines(all)
	if len(lines) == 0 {
		return nil
	}
	var b bytes.Buffer
	b.WriteString("### What was seen that no document tells\n\n| Product | About | Seen | At |\n|---|---|---|---|\n")
	for i, l := range lines {
		if i == maxSights {
			fmt.Fprintf(&b, "\nand %d more: see report.json.\n", len(lines)-i)
			break
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", escapeMarkdown(prose.Short(l.product)), escapeMarkdown(l.about), escapeMarkdown(prose.Short(l.seen)), escapeMarkdown(l.where()))
	}
	b.WriteString("\n")
	return b.Bytes()
}

// markdownMatrix is the table of regions by products.
func markdownMatrix(v *view) []byte {
	cells := map[[2]string]*cell{} // by region and product
	for _, e := range v.Endpoints {
		cells[[2]string{e.Region, e.Product}] = &cell{}
	}
	for _, row := range v.rows {
		cells[[2]string{row.E.Region, row.E.Product}].add(row)
	}
	products := v.summary.Products
	if len(products) == 0 {
		return nil
	}
	var b bytes.Buffer
	b.WriteString("### Products and regions\n\n" + escapeMarkdown(cellLegend) + "\n\n| Region |")
	for _, p := range products {
		b.WriteString(" " + escapeMarkdown(p.Key) + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(products)) + "\n")
	for _, region := range v.summary.Regions {
		b.WriteString("| " + escapeMarkdown(region.Key) + " |")
		for _, p := range products {
			text := ""
			if c := cells[[2]string{region.Key, p.Key}]; c != nil {
				text = c.Brief()
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
	return strings.NewReplacer(
		"&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", `\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "{", `\{`, "}", `\}`,
		"[", `\[`, "]", `\]`, "(", `\(`, ")", `\)`, "#", `\#`, "|", `\|`, "~", `\~`, "!", `\!`,
	).Replace(prose.OneLine(s))
}

// code writes text as code. HTML is used, for a backtick or a bar in the text would end a
// code span or a cell.
func code(s string) string {
	return "<code>" + strings.NewReplacer(
		"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "@", "&#64;", "*", "&#42;", "_", "&#95;", "`", "&#96;", `\`, "&#92;",
		"[", "&#91;", "]", "&#93;", "~", "&#126;", "#", "&#35;", ":", "&#58;",
	).Replace(prose.OneLine(s)) + "</code>"
}
