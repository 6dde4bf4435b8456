package catalog

import (
	"fmt"
	"strings"
)

// Error is one thing wrong with a catalogue file.
type Error struct {
	File    string // as named to [Decode]
	Line    int    // from 1
	Column  int    // from 1, in characters; 0 unless the text is no JSON
	Field   string // "endpoints[3].host"; empty for the file as a whole
	Problem string
}

// Error returns "endpoints.json:12: endpoints[3].host: problem".
func (e Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d", e.File, e.Line)
	if e.Column > 0 {
		fmt.Fprintf(&b, ":%d", e.Column)
	}
	if e.Field != "" {
		b.WriteString(": " + e.Field)
	}
	b.WriteString(": " + e.Problem)
	return b.String()
}

// Errors is everything wrong with a catalogue file, in the order of its lines. It is the
// type of every error of [Decode].
type Errors []Error

// Error returns the errors one a line.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the single errors.
func (es Errors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}
