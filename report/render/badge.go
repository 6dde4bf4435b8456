package render

import (
	"bytes"
	"fmt"
	"html"
	"time"

	"prober/report"
	"prober/report/prose"
)

// badge writes r as a small SVG for a README: "conformance" and what the run comes to, in
// words. A run that passes although something is broken says how much. The title, which
// browsers show to whoever points at it, holds the whole verdict. The badge needs no font
// but a sans-serif: the texts are given their widths.
func badge(r *report.Report) ([]byte, error) {
	const label = "conformance"
	v := r.Judged()
	// White text on each of the colours has a contrast of at least 4.5:1.
	message, colour := "passing", "#116329"
	excused := v.NotCounted + v.Waived + v.Known
	switch {
	case v.Outcome == report.Pass && excused > 0:
		message, colour = fmt.Sprintf("passing, %d excused", excused), "#7d4e00"
	case v.Outcome == report.Fail:
		message, colour = fmt.Sprintf("%d failing", v.Failures), "#a40e26"
	case v.Outcome == report.Inconclusive:
		message, colour = "undecided", "#57606a"
	}
	left, right := textWidth(label)+12, textWidth(message)+12
	var b bytes.Buffer
	when := r.Started.UTC().Format(time.DateOnly)
	if r.Environment.Vantage != "" {
		when += " from " + prose.OneLine(r.Environment.Vantage)
	}
	title := html.EscapeString(fmt.Sprintf("%s: %s (%s: %s)", label, message, when, v.Text))
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="20" role="img" aria-label="%s">`+"\n", left+right, title)
	fmt.Fprintf(&b, "<title>%s</title>\n", title)
	fmt.Fprintf(&b, `<clipPath id="r"><rect width="%d" height="20" rx="3"/></clipPath>`+"\n", left+right)
	fmt.Fprintf(&b, `<g clip-path="url(#r)"><rect width="%d" height="20" fill="#424a53"/><rect x="%d" width="%d" height="20" fill="%s"/></g>`+"\n",
		left, left, right, colour)
	b.WriteString(`<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">` + "\n")
	fmt.Fprintf(&b, `<text x="6" y="14" textLength="%d">%s</text>`+"\n", left-12, label)
	fmt.Fprintf(&b, `<text x="%d" y="14" textLength="%d">%s</text>`+"\n", left+6, right-12, message)
	b.WriteString("</g>\n</svg>\n")
	return b.Bytes(), nil
}

// textWidth estimates the width in pixels of text in Verdana of 11 pixels.
func textWidth(s string) int {
	width := 0.0
	for _, c := range s {
		switch c {
		case 'i', 'l', 'f', 't', 'r', ' ':
			width += 4
		case 'm', 'w':
			width += 10
		default:
			width += 6.8
		}
	}
	return int(width + 0.5)
}
