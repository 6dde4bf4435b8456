package render

import (
	"strings"

	"prober/probe/reason"
	"prober/report"
)

// causeOf names what keeps a result from being decided, or what it fails for, so that results of
// one cause can be told once: the reason of the result, or else the one that its words name, or
// else these. Addresses differ where the cause does not.
func causeOf(row report.Row) string {
	if row.Reason != reason.None {
		return row.Reason.String()
	}
	line := row.Line()
	for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ' ' || r == '(' || r == ')' || r == ',' || r == ';' }) {
		if r, err := reason.Parse(strings.TrimRight(word, ":.")); err == nil && strings.Contains(word, "/") {
			return r.String()
		}
	}
	return line
}
