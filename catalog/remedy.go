package catalog

import (
	"bytes"
	"regexp"
	"strings"
)

// remedy is what to do about an error of the YAML library's, where the line shows it.
func remedy(text string, data []byte, line int) string {
	wrong := string(bytes.SplitN(data, []byte("\n"), line+1)[line-1])
	is := func(words string) bool { return strings.Contains(text, words) }
	switch {
	case is("cannot start any token") && strings.HasPrefix(strings.TrimLeft(wrong, " "), "\t"):
		return ": indent with spaces, not with tabs"
	case is("cannot start any token") && strings.Contains(wrong, "\t"):
		return ": put spaces in place of tabs"
	case is("cannot start any token"):
		return ": quote a text that begins with one of @ ` % in it"
	case is("expected ',' or") && strings.Contains(wrong, "${"):
		return ": the value of a variable is written as env:NAME"
	case is("expected ',' or") && strings.Contains(wrong, "://") && strings.Contains(wrong, "?"):
		return `: quote a text that has one of ? [ ] { } , in it, as "https://api.example.com/healthz?full=1"`
	case is("expected ',' or"):
		return ": a bracket that begins here has no end, or between two things in it there is no comma"
	case is("mapping values are not allowed") && strings.Count(wrong, ": ") > 1:
		return `: quote a text that has a colon and a blank in it, as "note: this"`
	case is("mapping values are not allowed") && onlyField.MatchString(wrong):
		return ": indent it as deep as the fields beside it"
	case is("expected '-' indicator"):
		return ": in what begins here a line is indented otherwise than those beside it"
	case is("did not find expected key"):
		return ": in what begins here a line is indented otherwise than those beside it, or something stands behind a text in quotes"
	case is("unknown escape character"):
		return `: in "..." a backslash begins an escape; put the text in '...'`
	case is("unexpected end of stream"):
		return ": a quote that begins here has no end"
	case is("control characters"):
		return ": save the file as UTF-8"
	}
	return ""
}

// onlyField matches a line that is a field and no more.
var onlyField = regexp.MustCompile(`^\s+\w+: `)

// remedyJSON is what to do about an error of the JSON library's at an offset.
func remedyJSON(data []byte, at int) string {
	before := bytes.TrimRight(data[:min(at, len(data))], " \t\r\n")
	rest := data[min(at, len(data)):]
	switch {
	case bytes.HasPrefix(rest, []byte("//")), bytes.HasPrefix(rest, []byte("/*")), bytes.HasPrefix(rest, []byte("#")):
		return "; JSON has no comments: leave it out, or let the name of the file end in .yaml"
	case bytes.HasPrefix(rest, []byte("'")):
		return `; texts stand in "..."`
	case bytes.HasSuffix(before, []byte(",")) && (bytes.HasPrefix(rest, []byte("]")) || bytes.HasPrefix(rest, []byte("}"))):
		return "; leave out the comma before it"
	}
	return ""
}

// switches are words that other versions of YAML take for true or false.
var switches = regexp.MustCompile(`(?i)^(yes|no|on|off|y|n)$`)

// meantSwitch says which of the two such a word means; empty: it is none.
func meantSwitch(n *node) string {
	switch {
	case n.kind != text || !switches.MatchString(n.text):
		return ""
	case strings.ContainsAny(n.text[:1], "yY") || strings.EqualFold(n.text, "on"):
		return "; did you mean true?"
	}
	return "; did you mean false?"
}
