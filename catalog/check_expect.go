package catalog

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Expect is what a reply has to be for the endpoint to be healthy. What it leaves out may be anything, but for
// the status: without statuses it is a 2xx or 3xx.
type Expect struct {
	Status      Statuses       `json:"status,omitempty"`
	ContentType string         `json:"content_type,omitempty"` // a media type; its parameters are compared where they are given
	Headers     []HeaderExpect `json:"headers,omitempty"`
	Body        *BodyExpect    `json:"body,omitempty"`
	JSON        []JSONExpect   `json:"json,omitempty"`
}

// HeaderExpect is what a field of the header section has to be: one of the four. Where the field is there
// several times, one that fits is enough, and none may be what is not to match; one that is missing matches nothing.
type HeaderExpect struct {
	Name    string `json:"name"`
	Equals  string `json:"equals,omitempty"`
	Matches string `json:"matches,omitempty"` // RE2
	// NotMatches is what no value of the field is to match.
	NotMatches string `json:"not_matches,omitempty"`
	Absent     bool   `json:"absent,omitempty"`
}

// BodyExpect is what the body has to be: all of it. It is looked at as it is without its codings.
type BodyExpect struct {
	Contains    Texts  `json:"contains,omitempty"`
	NotContains Texts  `json:"not_contains,omitempty"`
	Matches     Texts  `json:"matches,omitempty"` // RE2, which match anywhere unless they are anchored
	NotMatches  Texts  `json:"not_matches,omitempty"`
	MaxBytes    *int64 `json:"max_bytes,omitempty"`
}

// JSONExpect is what members of a body in JSON have to be. All that the path selects has to be so; without
// Equals, Matches and Absent it has to select something.
type JSONExpect struct {
	// Path is a JSONPath (RFC 9535), which begins with "$", or a JSON pointer (RFC 6901), which begins
	// with "/".
	Path    string `json:"path"`
	Equals  Value  `json:"equals,omitempty"`
	Matches string `json:"matches,omitempty"` // RE2, of a string, or of a number, true or false as JSON writes it
	Absent  bool   `json:"absent,omitempty"`
}

// Texts is a list of texts. A file may have one of them alone.
type Texts []string

// bindNode implements [bindable].
func (t *Texts) bindNode(b *binder, n *node, at *place) bool {
	if n.kind == array {
		return b.list(n, reflect.ValueOf(t).Elem(), at)
	}
	*t = Texts{""}
	return b.bind(n, reflect.ValueOf(&(*t)[0]).Elem(), at)
}

// Status is one status, as "204", all of a class, as "2xx", or a range, as "200-204".
type Status string

// Statuses are those that are healthy. A file may have one of them alone, and numbers.
type Statuses []Status

// Range returns the first and the last status; false where it is none.
func (s Status) Range() (first, last int, ok bool) {
	if len(s) == 3 && strings.EqualFold(string(s[1:]), "xx") {
		class := int(s[0] - '0')
		return class * 100, class*100 + 99, class >= 1 && class <= 5
	}
	from, to, ranged := strings.Cut(string(s), "-")
	if !ranged {
		to = from
	}
	first, ok = statusNumber(from)
	last, ok2 := statusNumber(to)
	return first, last, ok && ok2 && first <= last
}

func statusNumber(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && len(s) == 3 && n >= 100 && n <= 599
}

// Has reports whether a status is among them.
func (l Statuses) Has(status int) bool {
	for _, s := range l {
		if first, last, ok := s.Range(); ok && first <= status && status <= last {
			return true
		}
	}
	return false
}

// String returns the statuses as people read them.
func (l Statuses) String() string {
	words := make([]string, len(l))
	for i, s := range l {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}

// bindNode implements [bindable].
func (l *Statuses) bindNode(b *binder, n *node, at *place) bool {
	if n.kind != array {
		*l = Statuses{""}
		return (*l)[0].bindNode(b, n, at)
	}
	return b.list(n, reflect.ValueOf(l).Elem(), at)
}

// bindNode implements [bindable].
func (s *Status) bindNode(b *binder, n *node, at *place) bool {
	if n.kind != number && !b.is(n, text, at) {
		return false
	}
	*s = Status(strings.ToLower(n.text))
	if _, _, ok := s.Range(); !ok {
		b.fail(n.offset, at.path(), "%q is not a status; want one from 100 to 599 as 200, a class as 2xx, or a range as 200-299", n.text)
		return false
	}
	return true
}

// String says what is expected of the field.
func (h HeaderExpect) String() string {
	switch {
	case h.Absent:
		return "no field " + h.Name
	case h.NotMatches != "":
		return fmt.Sprintf("%s not matching %q", h.Name, h.NotMatches)
	case h.Matches != "":
		return fmt.Sprintf("%s matching %q", h.Name, h.Matches)
	}
	return fmt.Sprintf("%s: %s", h.Name, h.Equals)
}
