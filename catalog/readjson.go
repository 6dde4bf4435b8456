package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// parse reads one JSON text of at most so many values: a list of tiny ones must not take many times
// its size in memory. The int is the offset of the error, if any.
func parse(data []byte, most int) (*node, int, error) {
	if at, err := notText(data); err != nil {
		return nil, at, err
	}
	if !json.Valid(data) {
		at, err := misspelt(data)
		return nil, at, err
	}
	r := &reader{data: data, most: most, words: map[string]string{}}
	root := r.value(whole)
	if r.values > most {
		return nil, r.at, fmt.Errorf("from here on there are more values than a list may have, %d", most)
	}
	return &root, 0, nil
}

// notText says why data is no text in UTF-8, and where.
func notText(data []byte) (int, error) {
	if bytes.HasPrefix(data, []byte("\uFEFF")) {
		return 0, errors.New("the file begins with a byte order mark; save it as UTF-8 without one")
	}
	for _, of := range []struct{ begins, says string }{
		{"\xff\xfe", "the file is UTF-16; save it as UTF-8"}, {"\xfe\xff", "the file is UTF-16; save it as UTF-8"}, {"\x1f\x8b", "the file is compressed by gzip; unpack it"},
	} {
		if bytes.HasPrefix(data, []byte(of.begins)) {
			return 0, errors.New(of.says)
		}
	}
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i, fmt.Errorf("byte 0x%02x is not UTF-8", data[i])
		}
		i += size
	}
	return 0, nil
}

// misspelt says what is wrong with a text that is no JSON, and where.
func misspelt(data []byte) (int, error) {
	var raw json.RawMessage
	err := json.Unmarshal(data, &raw)
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return 0, err
	}
	// The offset counts the bytes read, the offending one included, except at the end of the text.
	at := int(syntax.Offset)
	if at > 0 && at <= len(data) && !isEnd(syntax) {
		at--
	}
	return at, errors.New(syntax.Error() + remedyJSON(data, at))
}

func isEnd(err *json.SyntaxError) bool { return err.Error() == "unexpected end of JSON input" }

// reader builds a tree from a text that is known to be valid, so that reading cannot fail and
// each value is known by its first byte.
type reader struct {
	data   []byte
	at     int
	values int               // read so far
	most   int               // of them
	stack  []member          // of those that are being read
	words  map[string]string // that stand again and again, each kept once
}

// role is what a value is to the list that it is in.
type role uint8

// The roles.
const (
	inner    role = iota // anything within the others
	whole                // the list
	listing              // its endpoints
	endpoint             // one of them
)

// within is the role of what a value of a role holds.
func (r role) within(of kind, key string) role {
	switch {
	case r == whole && of == object && key == "endpoints":
		return listing
	case (r == whole || r == listing) && of == array:
		return endpoint
	}
	return inner
}

// again reads the value at an offset once more.
func (r *reader) again(offset int32) node {
	r.at, r.values = int(offset), 0
	return r.value(inner)
}

// next goes to the next byte that is no white space and no separator.
func (r *reader) next() byte {
	for strings.IndexByte(" \t\r\n,:", r.data[r.at]) >= 0 {
		r.at++
	}
	return r.data[r.at]
}

func (r *reader) value(is role) node {
	first := r.next()
	r.values++
	n := node{offset: int32(r.at)} //nolint:gosec // a file has at most limit.CatalogueBytes
	switch first {
	case '{', '[':
		n.kind = array
		if first == '{' {
			n.kind = object
		}
		n.holds = r.members(n.kind, is)
	case '"':
		n.kind, n.text = text, r.string()
	case 't', 'f':
		n.kind, n.truth = boolean, first == 't'
		r.word()
	case 'n':
		r.word()
	default:
		n.kind, n.text = number, r.word()
	}
	if is == endpoint {
		n.shorten()
	}
	return n
}

// shorten leaves of an endpoint what the rest of the list is completed by. The tree of a long list takes a multiple of its text, and of
// an endpoint it is needed only while that one is read, when it is made again. A group of targets is left as it is.
func (n *node) shorten() {
	if n.kind != object || n.member("targets") != nil {
		return
	}
	var kept []member
	for _, key := range []string{"product", "region", "sources"} {
		if i := slices.IndexFunc(n.holds, func(m member) bool { return m.key == key }); i >= 0 {
			kept = append(kept, n.holds[i])
		}
	}
	n.holds, n.part = slices.Clip(kept), true
}

// members reads what an object or a list holds, to its end.
func (r *reader) members(of kind, is role) []member {
	r.at++ // the opening bracket
	from := len(r.stack)
	for r.values <= r.most {
		if first := r.next(); first == '}' || first == ']' {
			r.at++
			break
		}
		m := member{offset: int32(r.at)} //nolint:gosec // as above
		if of == object {
			m.key = r.string()
		}
		role := is.within(of, m.key)
		if role == endpoint && len(r.stack) == from {
			role = inner // what a file is, the first one tells
		}
		m.value = r.value(role)
		r.stack = append(r.stack, m)
	}
	held := slices.Clone(r.stack[from:])
	clear(r.stack[from:])
	r.stack = r.stack[:from]
	return held
}

// word reads a number or a literal.
func (r *reader) word() string {
	from := r.at
	for r.at < len(r.data) && strings.IndexByte(" \t\r\n,]}", r.data[r.at]) < 0 {
		r.at++
	}
	return r.kept(r.data[from:r.at])
}

// string reads a string.
func (r *reader) string() string {
	from, escaped := r.at, false
	for r.at++; r.data[r.at] != '"'; r.at++ {
		if r.data[r.at] == '\\' {
			escaped = true
			r.at++
		}
	}
	r.at++
	if !escaped {
		return r.kept(r.data[from+1 : r.at-1])
	}
	var s string
	_ = json.Unmarshal(r.data[from:r.at], &s) // it is valid
	return s
}

// kept is a part of the text as a text of its own; of short words each once, as the names of fields are.
func (r *reader) kept(part []byte) string {
	if len(part) > shortWord {
		return string(part)
	}
	if known, met := r.words[string(part)]; met {
		return known
	}
	s := string(part)
	if len(r.words) < manyWords {
		r.words[s] = s
	}
	return s
}

// Words of which each is kept once, and how many.
const (
	shortWord = 32 // bytes
	manyWords = 10_000
)
