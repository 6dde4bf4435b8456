package expect

import (
	"bytes"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"

	"prober/catalog"
	"prober/limit"
	"prober/probe/reason"
)

// bodyRules are what a body has to be.
type bodyRules struct {
	contains, without  []string
	matches, unmatched []pattern
	most               int64 // bytes; -1: any number
	any                bool  // there is a rule
}

// pattern is a regular expression, and whether what follows a text can change whether it matches there.
type pattern struct {
	*regexp.Regexp
	looksAhead bool
}

func newBodyRules(b *catalog.BodyExpect) (bodyRules, error) {
	r := bodyRules{contains: b.Contains, without: b.NotContains, most: -1, any: true}
	if b.MaxBytes != nil {
		r.most = *b.MaxBytes
	}
	for _, list := range []struct {
		from catalog.Texts
		to   *[]pattern
	}{{b.Matches, &r.matches}, {b.NotMatches, &r.unmatched}} {
		for _, text := range list.from {
			compiled, err := regexp.Compile(text)
			if err != nil {
				return r, err
			}
			parsed, err := syntax.Parse(text, syntax.Perl)
			if err != nil {
				return r, err
			}
			*list.to = append(*list.to, pattern{compiled, looksAhead(parsed)})
		}
	}
	return r, nil
}

// looksAhead reports whether an expression holds something that depends on what follows.
func looksAhead(e *syntax.Regexp) bool {
	switch e.Op {
	case syntax.OpEndLine, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	}
	return slices.ContainsFunc(e.Sub, looksAhead)
}

func (r *bodyRules) judge(j *judgement) {
	if !r.any {
		return
	}
	r.judgeSize(j)
	body := j.reply.Body
	coded := j.reply.Coded() // nothing can be read of it
	for _, text := range r.contains {
		switch {
		case !coded && bytes.Contains(body, []byte(text)):
		case j.missing != "":
			j.unknown("body")
		default:
			j.fails(reason.VerifyBodyMismatch, "the body does not contain %s: %s", expected(text), j.begins())
		}
	}
	for _, p := range r.matches {
		at := -1
		if loc := p.FindIndex(body); loc != nil && !coded {
			at = loc[0]
		}
		switch {
		case j.missing != "" && (at < 0 || p.looksAhead):
			j.unknown("body")
		case at < 0:
			j.fails(reason.VerifyBodyMismatch, "the body does not match %s: %s", expected(p.String()), j.begins())
		}
	}
	for _, text := range r.without {
		switch at := bytes.Index(body, []byte(text)); {
		case at >= 0 && !coded:
			j.fails(reason.VerifyBodyMismatch, "the body contains %s, which it must not: %s", expected(text), j.around(at))
		case j.missing != "":
			j.unknown("body")
		}
	}
	for _, p := range r.unmatched {
		loc := p.FindIndex(body)
		switch {
		case j.missing != "" && (loc == nil || coded || p.looksAhead):
			j.unknown("body")
		case loc != nil:
			j.fails(reason.VerifyBodyMismatch, "the body matches %s, which it must not: %s", expected(p.String()), j.around(loc[0]))
		}
	}
}

// judgeSize compares the size of the body, without its codings where they could be undone.
func (r *bodyRules) judgeSize(j *judgement) {
	if r.most < 0 {
		return
	}
	got, atLeast := j.reply.BodyBytes, ""
	undone := len(j.reply.Header["Content-Encoding"]) > 0 && !j.reply.Coded()
	if undone {
		got = int64(len(j.reply.Body))
	}
	if j.missing != "" {
		got, atLeast = max(got, int64(len(j.reply.Body)), j.reply.Length), "at least "
	}
	switch {
	case got > r.most && !j.reply.Coded():
		j.fails(reason.VerifyBodySize, "the body has %s%d bytes, expected are %d at most", atLeast, got, r.most)
	case j.missing != "" && (j.reply.Coded() || undone), j.missing != "" && j.reply.BodyBytes < j.reply.Length:
		j.unknown("size")
	}
}

// expected is a text of the list in a finding.
func expected(s string) string { return fmt.Sprintf("%q", cut(s)) }

// begins says how the body begins.
func (j *judgement) begins() string {
	body := string(j.reply.Body)
	switch {
	case body == "":
		return "it is empty"
	case len(body) > window:
		return fmt.Sprintf("it begins with %q", cut(j.secrets.RedactCut(body[:window])))
	case len(body) > shown:
		return "it begins with " + j.quoted(body)
	}
	return "it is " + j.quoted(body)
}

// window is how much of a body, each way, is looked at for secrets where a part of it is shown.
const window = 2 * limit.SecretBytes

// around shows the body from a little before a place on, unless a secret is near: part of one would be shown.
func (j *judgement) around(at int) string {
	const before = 30
	near := string(j.reply.Body[max(0, at-window):min(len(j.reply.Body), at+window)])
	if j.secrets.Redact(near) != near {
		return fmt.Sprintf("at byte %d of it, beside what is not to be shown", at)
	}
	return fmt.Sprintf("at byte %d of it, %q", at, cut(string(j.reply.Body[max(0, at-before):min(len(j.reply.Body), at+shown+1)])))
}
