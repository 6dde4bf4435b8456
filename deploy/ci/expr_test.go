package ci

import (
	"fmt"
	"regexp"
	"strings"
)

// scope is what the expressions of an action see: "inputs.product" and the like. What is not there is
// empty, as on GitHub.
type scope struct {
	values map[string]string
	failed bool // a step before did
}

var (
	expression = regexp.MustCompile(`\$\{\{(.*?)\}\}`)
	token      = regexp.MustCompile(`\s*('(?:[^']|'')*'|==|!=|&&|\|\||[!()]|[\w.-]+)`)
	status     = regexp.MustCompile(`\b(always|cancelled|failure|success)\(\)`)
)

// fill replaces the expressions in a text by their values.
func (s scope) fill(text string) string {
	return expression.ReplaceAllStringFunc(text, func(e string) string { return s.value(strings.TrimSuffix(strings.TrimPrefix(e, "${{"), "}}")) })
}

// holds says whether a step with this condition runs.
func (s scope) holds(condition string) bool {
	bare := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(condition), "${{"), "}}")
	if s.failed && !status.MatchString(bare) {
		return false
	}
	return bare == "" || truth(s.value(bare))
}

func truth(v string) bool { return v != "" && v != "false" }

// value works out an expression. It knows what action.yml uses, and panics at anything else.
func (s scope) value(text string) string {
	var words []string
	for rest := text; strings.TrimSpace(rest) != ""; {
		m := token.FindStringSubmatchIndex(rest)
		if m == nil || m[0] != 0 {
			panic("an expression that is not known: " + text)
		}
		words, rest = append(words, rest[m[2]:m[3]]), rest[m[1]:]
	}
	p := &parser{s, words}
	v := p.or()
	if len(p.words) > 0 {
		panic(fmt.Sprintf("%q is left of %s", p.words, text))
	}
	return v
}

type parser struct {
	scope
	words []string
}

// take takes the next word if it is w.
func (p *parser) take(w string) bool {
	if len(p.words) > 0 && p.words[0] == w {
		p.words = p.words[1:]
		return true
	}
	return false
}

func (p *parser) or() string {
	v := p.and()
	for p.take("||") {
		if w := p.and(); !truth(v) {
			v = w
		}
	}
	return v
}

func (p *parser) and() string {
	v := p.compare()
	for p.take("&&") {
		if w := p.compare(); truth(v) {
			v = w
		}
	}
	return v
}

func (p *parser) compare() string {
	v := p.one()
	switch {
	case p.take("=="):
		return fmt.Sprint(strings.EqualFold(v, p.one()))
	case p.take("!="):
		return fmt.Sprint(!strings.EqualFold(v, p.one()))
	}
	return v
}

func (p *parser) one() string {
	switch {
	case p.take("!"):
		return fmt.Sprint(!truth(p.one()))
	case p.take("("):
		v := p.or()
		p.take(")")
		return v
	}
	w := p.words[0]
	p.words = p.words[1:]
	if strings.HasPrefix(w, "'") {
		return strings.ReplaceAll(w[1:len(w)-1], "''", "'")
	}
	if p.take("(") {
		p.take(")")
		return map[string]string{"cancelled": "false", "always": "true", "success": fmt.Sprint(!p.failed), "failure": fmt.Sprint(p.failed)}[w]
	}
	return p.values[w]
}
