package render

import (
	"fmt"
	"html"
	"time"

	"prober/prose"
	"prober/report"
)

// badge writes r as a small SVG for a README: "conformance" and what the run comes to, in
// words. A run that passes although something is broken says how much. The title, which
// browsers show to whoever points at it, holds the whole verdict. The badge needs no font
// but a sans-serif: the texts are given their widths.
func badge(r *view) ([]byte, error) {
	const label = "conformance"
	v := r.judged
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
	when := r.Started.UTC().Format(time.DateOnly)
	if r.Environment.Vantage != "" {
		when += " from " + prose.OneLine(r.Environment.Vantage)
	}
	title := html.EscapeString(fmt.Sprintf("%s: %s (%s: %s)", label, message, when, v.Text))
	return fmt.Appendf(nil, badgeSVG, left+right, title, left, right, colour, left-12, label, left+6, right-12, message), nil
}

const badgeSVG = `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="20" role="img" aria-label="%[2]s">
<title>%[2]s</title>
<clipPath id="r"><rect width="%[1]d" height="20" rx="3"/></clipPath>
<g clip-path="url(#r)"><rect width="%[3]d" height="20" fill="#424a53"/><rect x="%[3]d" width="%[4]d" height="20" fill="%[5]s"/></g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="6" y="14" textLength="%[6]d">%[7]s</text>
<text x="%[8]d" y="14" textLength="%[9]d">%[10]s</text>
</g>
</svg>
`

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
