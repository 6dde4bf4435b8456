package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"unicode/utf8"
)

// node is a JSON value that remembers where it stands in its text. encoding/json keeps
// no positions once a value is decoded, and merges keys that are given twice.
type node struct {
	kind    kind
	offset  int // of the first byte of the value
	text    string
	truth   bool
	members []member
	items   []*node
}

type member struct {
	key    string
	offset int // of the key
	value  *node
}

type kind string

const (
	object  kind = "an object"
	array   kind = "a list"
	text    kind = "a string"
	number  kind = "a number"
	boolean kind = "true or false"
	null    kind = "null"
)

// parse reads one JSON text. The int is the offset of the error, if any.
func parse(data []byte) (*node, int, error) {
	if bytes.HasPrefix(data, []byte("\uFEFF")) {
		return nil, 0, errors.New("the file begins with a byte order mark; save it as UTF-8 without one")
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return nil, i, fmt.Errorf("byte 0x%02x is not UTF-8", data[i])
		}
		i += size
	}
	var raw json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			// The offset counts the bytes read, the offending one included, except at
			// the end of the text.
			at := int(syntax.Offset)
			if at > 0 && at <= len(data) && !isEnd(syntax) {
				at--
			}
			return nil, at, errors.New(syntax.Error())
		}
		return nil, 0, err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return (&reader{data: data, dec: dec}).value(), 0, nil
}

func isEnd(err *json.SyntaxError) bool { return err.Error() == "unexpected end of JSON input" }

// reader builds a tree from the tokens of a text that is known to be valid, so that reading
// them cannot fail.
type reader struct {
	data []byte
	dec  *json.Decoder
}

// next returns the next token and the offset at which it begins.
func (r *reader) next() (json.Token, int) {
	at := int(r.dec.InputOffset())
	for at < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.data[at]) >= 0 {
		at++
	}
	token, _ := r.dec.Token()
	return token, at
}

func (r *reader) value() *node {
	token, at := r.next()
	n := &node{offset: at}
	switch t := token.(type) {
	case json.Delim:
		n.kind = array
		if t == '{' {
			n.kind = object
		}
		r.fill(n)
	case string:
		n.kind, n.text = text, t
	case json.Number:
		n.kind, n.text = number, t.String()
	case bool:
		n.kind, n.truth = boolean, t
	case nil:
		n.kind = null
	}
	return n
}

// fill reads what an object or a list holds, to its end.
func (r *reader) fill(n *node) {
	for r.dec.More() {
		if n.kind == array {
			n.items = append(n.items, r.value())
			continue
		}
		key, at := r.next()
		n.members = append(n.members, member{key: key.(string), offset: at, value: r.value()})
	}
	_, _ = r.dec.Token() // the closing bracket
}

// lines finds the line and column of an offset.
type lines struct {
	data   []byte
	starts []int
}

func newLines(data []byte) lines {
	starts := []int{0}
	for i, b := range data {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return lines{data, starts}
}

func (l lines) position(offset int) (line, column int) {
	offset = min(offset, len(l.data))
	line = sort.SearchInts(l.starts, offset+1)
	return line, utf8.RuneCount(l.data[l.starts[line-1]:offset]) + 1
}
