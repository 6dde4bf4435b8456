package jsonquery

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"prober/limit"
)

// Document is a JSON text that was read.
type Document struct {
	root  any
	text  []byte
	named int // members in all of the text, those with one name too
}

// ErrLimit says that a text is beyond what is read.
var ErrLimit = errors.New("not read")

// Read reads a JSON text (RFC 8259). Errors that wrap [ErrLimit] are about a bound of the reader's; all
// others about the text.
func Read(text []byte) (Document, error) {
	named, err := measure(text)
	if err != nil {
		return Document{}, err
	}
	d := Document{text: text, named: named}
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	if err := in.Decode(&d.root); err != nil {
		if errors.Is(err, io.EOF) {
			return Document{}, errors.New("it is empty")
		}
		return Document{}, cmp.Or(marked(text), err)
	}
	if rest := bytes.TrimLeft(text[in.InputOffset():], " \t\r\n"); len(rest) > 0 {
		return Document{}, fmt.Errorf("%d bytes follow the value", len(rest))
	}
	return d, nil
}

// marked says that a text begins with a byte order mark, where it does: JSON has none (RFC 8259, section 8.1).
func marked(text []byte) error {
	switch {
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		return errors.New("it begins with a byte order mark, which JSON may not have")
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")):
		return errors.New("it begins with the byte order mark of UTF-16, and JSON is UTF-8")
	}
	return nil
}

// measure counts what a text holds before room is made for it; of a JSON text it returns how many members have a name.
func measure(text []byte) (named int, _ error) {
	values, depth, deepest := 1, 0, 0
	quoted, escaped := false, false
	for _, c := range text {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped, quoted = c == '\\', c != '"'
		case c == '"':
			quoted = true
		case c == '[' || c == '{':
			depth++
			values++
			deepest = max(deepest, depth)
		case c == ']' || c == '}':
			depth--
		case c == ',':
			values++
		case c == ':':
			named++
		}
	}
	switch {
	case deepest > limit.JSONDepth:
		return 0, fmt.Errorf("%w: objects and lists are %d inside each other, of which %d are read", ErrLimit, deepest, limit.JSONDepth)
	case values > limit.QueriedValues:
		return 0, fmt.Errorf("%w: some %d values, of which %d are read", ErrLimit, values, limit.QueriedValues)
	}
	return named, nil
}

// Text is a value as JSON writes it, without spaces.
func Text(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // it was JSON
	return strings.TrimSuffix(b.String(), "\n")
}

// Equal reports whether two values are the same: numbers by their value, objects whatever the order of their
// members.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		other, ok := b.(map[string]any)
		if !ok || len(a) != len(other) {
			return false
		}
		for name, value := range a {
			if second, there := other[name]; !there || !Equal(value, second) {
				return false
			}
		}
		return true
	case []any:
		other, ok := b.([]any)
		if !ok || len(a) != len(other) {
			return false
		}
		for i := range a {
			if !Equal(a[i], other[i]) {
				return false
			}
		}
		return true
	case json.Number:
		other, ok := b.(json.Number)
		return ok && decimal(string(a)) == decimal(string(other))
	}
	return a == b
}

// Value is the value of a JSON text that is known to be one.
func Value(text string) any {
	d, _ := Read([]byte(text))
	return d.root
}
