package catalog

import (
	"slices"
	"strconv"
	"strings"
)

// node is a JSON value that remembers where it stands in its text. encoding/json keeps
// no positions once a value is decoded, and merges keys that are given twice. A list may
// have a million of them, so that they are small: one piece of memory for all that a value
// holds.
type node struct {
	text   string   // of a string, and the digits of a number
	holds  []member // of an object, and of a list, whose members have no key
	offset int32    // of the first byte of the value
	kind   kind
	truth  bool
	filled bool // it is not in the file: a list of somebody's own leaves it out
	part   bool // it holds no more than what is asked of all endpoints before the first of them is read: see [node.shorten]
}

type member struct {
	key    string
	offset int32 // of the key
	value  node
}

// kind is what a value is.
type kind uint8

// The kinds.
const (
	null kind = iota
	object
	array
	text
	number
	boolean
)

// String is how errors call it.
func (k kind) String() string {
	return [...]string{"null", "an object", "a list", "a string", "a number", "true or false"}[k]
}

// shown is a value in an error.
func (n *node) shown() string {
	switch n.kind {
	case text:
		return strconv.Quote(n.text)
	case number:
		return n.text
	}
	return n.kind.String()
}

// find returns the value at a path such as "endpoints[3].ports.https", or the nearest one around
// it and false. Keys stand in it as join writes them.
func (n *node) find(path string) (*node, bool) {
	for path != "" {
		step := path
		name, err := strconv.QuotedPrefix(strings.TrimPrefix(path, ".")) // as join writes an odd one
		if err == nil {
			step = path[:len(path)-len(strings.TrimPrefix(path, "."))+len(name)]
		} else if end := strings.IndexAny(path[1:], ".["); end >= 0 {
			step = path[:end+1]
		}
		path = path[len(step):]
		i := -1
		if number, isItem := strings.CutPrefix(step, "["); isItem && n.kind == array {
			i, _ = strconv.Atoi(strings.TrimSuffix(number, "]"))
		} else if n.kind == object {
			i = slices.IndexFunc(n.holds, func(m member) bool { return join("", m.key) == strings.TrimPrefix(step, ".") })
		}
		if i < 0 || i >= len(n.holds) {
			return n, false
		}
		n = &n.holds[i].value
	}
	return n, true
}

// said is a text that was not in the file.
func said(word string) node {
	return node{kind: text, text: word, filled: true}
}

// member is the value of an object's member; nil where there is none.
func (n *node) member(key string) *node {
	if n.kind != object {
		return nil
	}
	i := slices.IndexFunc(n.holds, func(m member) bool { return m.key == key })
	if i < 0 {
		return nil
	}
	return &n.holds[i].value
}

// word is the text of a member; empty where there is none.
func (n *node) word(key string) string {
	if m := n.member(key); m != nil && m.kind == text {
		return m.text
	}
	return ""
}

// add puts a member into an object unless it has one of that name.
func (n *node) add(key string, value node) {
	if n.member(key) == nil {
		value.filled = true
		value.offset = n.offset
		n.holds = append(n.holds, member{key: key, offset: n.offset, value: value})
	}
}

// list is a member that is a list, which is made where there is none; nil where it is something else.
func (n *node) list(key string) *node {
	n.add(key, node{kind: array})
	if m := n.member(key); m.kind == array {
		return m
	}
	return nil
}
