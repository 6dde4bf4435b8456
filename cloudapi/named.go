package cloudapi

import (
	"regexp"
	"slices"
	"strings"
)

// A named is a form in which a secret value follows its name, in any case. Where one may stand is
// told by looking for the beginnings of the names, which costs a tenth of a search with the expression.
type named struct {
	stems    []string // small letters; each match begins with one
	anywhere *regexp.Regexp
	here     *regexp.Regexp // the same, at the beginning of the text
}

func newNamed(expression string, stems ...string) named {
	return named{stems: stems, anywhere: regexp.MustCompile(expression), here: regexp.MustCompile(`\A(?:` + expression + `)`)}
}

// find returns the first match of the form at or behind from, as
// [regexp.Regexp.FindStringSubmatchIndex] does, or nil.
func (n named) find(text string, at *places, from int) []int {
	if at.folds {
		return shifted(n.anywhere.FindStringSubmatchIndex(text[from:]), from)
	}
	for pos, ok := at.next(from); ok; pos, ok = at.next(pos + 1) {
		if m := n.here.FindStringSubmatchIndex(text[pos:]); m != nil {
			return shifted(m, pos)
		}
	}
	return nil
}

// replace puts a template in the place of each match, as [regexp.Regexp.ReplaceAllString] does.
func (n named) replace(text, template string) string {
	at := n.places(text)
	var out []byte
	done := 0
	for done < len(text) {
		m := n.find(text, at, done)
		if m == nil {
			break
		}
		out = append(out, text[done:m[0]]...)
		out = n.here.ExpandString(out, template, text, m)
		done = m[1] // a match is never empty: it begins with a name
	}
	if done == 0 {
		return text
	}
	return string(append(out, text[done:]...))
}

// places finds where a match may begin.
func (n named) places(text string) *places {
	// Two letters beyond ASCII are taken for an s and a k by an expression that minds no case.
	if hasAny(text, "\u017f", "\u212a") {
		return &places{folds: true}
	}
	small, p := lower(text), &places{}
	for _, stem := range n.stems {
		for from := 0; ; {
			i := strings.Index(small[from:], stem)
			if i < 0 {
				break
			}
			p.at = append(p.at, from+i)
			from += i + 1
		}
	}
	slices.Sort(p.at)
	return p
}

// places are where a match may begin, in order.
type places struct {
	at    []int
	folds bool // anywhere: the text has letters beyond ASCII that are letters of names
}

// next returns the first place at or behind from.
func (p *places) next(from int) (int, bool) {
	i, _ := slices.BinarySearch(p.at, from)
	if i == len(p.at) {
		return 0, false
	}
	return p.at[i], true
}

// none reports whether there is no place.
func (p *places) none() bool { return !p.folds && len(p.at) == 0 }

func shifted(match []int, by int) []int {
	for i := range match {
		if match[i] >= 0 { // -1: a group that took no part
			match[i] += by
		}
	}
	return match
}

// lower makes the letters of ASCII small and leaves every byte where it is.
func lower(text string) string {
	small := []byte(text)
	for i, c := range small {
		if 'A' <= c && c <= 'Z' {
			small[i] += 'a' - 'A'
		}
	}
	return string(small)
}
