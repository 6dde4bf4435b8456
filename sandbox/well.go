package sandbox

import (
	"encoding/json"
	"net/http"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"

	"prober/catalog"
)

// wellReply is what a web site says that is as its list expects, as far as that can be made up: of JSON the
// members that a path of names and numbers leads to.
func wellReply(c *catalog.Check) *reply {
	r := document(http.StatusOK, "text/plain; charset=utf-8", "ok\n")
	if c == nil || c.Expect == nil {
		return r
	}
	x := c.Expect
	if len(x.Status) > 0 {
		r.Status, _, _ = x.Status[0].Range()
		if r.Status < http.StatusOK {
			r.Status = http.StatusOK
		}
	}
	if r.Status == http.StatusNoContent || r.Status == http.StatusResetContent || r.Status == http.StatusNotModified {
		r.Body = nil
	}
	for _, h := range x.Headers {
		switch {
		case h.Matches != "":
			r.set(h.Name, sample(h.Matches))
		case h.Equals != "":
			r.set(h.Name, h.Equals)
		}
	}
	if x.ContentType != "" {
		r.set("Content-Type", x.ContentType)
	}
	var texts []string
	if x.Body != nil {
		texts = append(texts, x.Body.Contains...)
		for _, pattern := range x.Body.Matches {
			texts = append(texts, sample(pattern))
		}
		if x.Body.MaxBytes != nil && len(texts) == 0 {
			r.Body = r.Body[:min(int64(len(r.Body)), *x.Body.MaxBytes)]
		}
	}
	switch {
	case r.Body == nil: // which the status excludes
	case len(x.JSON) > 0:
		if x.ContentType == "" {
			r.set("Content-Type", "application/json")
		}
		r.Body = wellJSON(x.JSON, texts)
	case len(texts) > 0:
		r.Body = []byte(strings.Join(texts, "\n"))
	}
	return r
}

// wellJSON is a text with the members that are expected, and one more for the texts that are to be in it.
func wellJSON(expected []catalog.JSONExpect, texts []string) []byte {
	var root any
	for _, e := range expected {
		steps, plain := stepsOf(e.Path)
		if !plain || e.Absent {
			continue
		}
		var value any = true
		switch {
		case e.Equals != "":
			value = json.RawMessage(e.Equals)
		case e.Matches != "":
			value = sample(e.Matches)
		}
		root = put(root, steps, value)
	}
	if root == nil {
		root = map[string]any{}
	}
	text, _ := json.Marshal(root) // of what was JSON
	for i, want := range texts {
		if members, is := root.(map[string]any); is && !strings.Contains(string(text), want) {
			members["text"+strconv.Itoa(i)] = want
			text, _ = json.Marshal(root)
		}
	}
	return text
}

// put puts a value where steps lead, and makes what is on the way.
func put(in any, steps []string, value any) any {
	if len(steps) == 0 {
		return value
	}
	if i, err := strconv.Atoi(steps[0]); err == nil && i >= 0 && i < 100 {
		list, _ := in.([]any)
		for len(list) <= i {
			list = append(list, nil)
		}
		list[i] = put(list[i], steps[1:], value)
		return list
	}
	members, is := in.(map[string]any)
	if !is {
		members = map[string]any{}
	}
	members[steps[0]] = put(members[steps[0]], steps[1:], value)
	return members
}

var stepForm = regexp.MustCompile(`^(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\['([^'\\]*)'\]|\[([0-9]+)\])`)

// stepsOf takes a path of names and numbers apart; false for any other.
func stepsOf(path string) (steps []string, plain bool) {
	if rest, pointer := strings.CutPrefix(path, "/"); pointer {
		for step := range strings.SplitSeq(rest, "/") {
			steps = append(steps, strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~"))
		}
		return steps, true
	}
	for rest := strings.TrimPrefix(path, "$"); rest != ""; {
		m := stepForm.FindStringSubmatch(rest)
		if m == nil {
			return nil, false
		}
		steps, rest = append(steps, m[1]+m[2]+m[3]), rest[len(m[0]):]
	}
	return steps, true
}

// sample is a text that matches an expression, but for what depends on what is around it.
func sample(pattern string) string {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	var out strings.Builder
	sampleOf(parsed, &out)
	return out.String()
}

func sampleOf(e *syntax.Regexp, out *strings.Builder) {
	times := 1
	switch e.Op {
	case syntax.OpLiteral:
		out.WriteString(string(e.Rune))
	case syntax.OpCharClass:
		if len(e.Rune) > 0 {
			out.WriteRune(printable(e.Rune))
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		out.WriteByte('x')
	case syntax.OpStar, syntax.OpQuest:
		times = 0
	case syntax.OpRepeat:
		times = e.Min
	case syntax.OpAlternate:
		sampleOf(e.Sub[0], out)
		return
	}
	for range times {
		for _, part := range e.Sub {
			sampleOf(part, out)
		}
	}
}

// printable is a character of a class, given by its ranges, that can be printed where there is one.
func printable(ranges []rune) rune {
	for i := 0; i+1 < len(ranges); i += 2 {
		if low := max(ranges[i], '0'); low <= ranges[i+1] {
			return low
		}
	}
	return ranges[0]
}
