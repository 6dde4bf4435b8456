package jsonquery

import (
	"bytes"
	"encoding/json"
)

// First is the document as readers have it that take the first of the members of one name in an object;
// [Read] takes the last, as most do, and RFC 8259, section 4, leaves it to them. false where no name stands
// twice: all readers have one document.
func (d Document) First() (Document, bool) {
	if members(d.root) == d.named {
		return d, false
	}
	in := json.NewDecoder(bytes.NewReader(d.text))
	in.UseNumber()
	root, err := first(in)
	return Document{root: root, text: d.text, named: members(root)}, err == nil // it was read before
}

// members counts those of all objects of a value.
func members(v any) int {
	n := 0
	switch v := v.(type) {
	case map[string]any:
		n = len(v)
		for _, value := range v {
			n += members(value)
		}
	case []any:
		for _, value := range v {
			n += members(value)
		}
	}
	return n
}

// first reads the next value. What [Read] has read is not deep.
func first(in *json.Decoder) (any, error) {
	token, err := in.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('['):
		list := []any{}
		for in.More() {
			value, err := first(in)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err = in.Token()
		return list, err
	case json.Delim('{'):
		object := map[string]any{}
		for in.More() {
			name, err := in.Token()
			if err != nil {
				return nil, err
			}
			value, err := first(in)
			if err != nil {
				return nil, err
			}
			if _, doubled := object[name.(string)]; !doubled {
				object[name.(string)] = value
			}
		}
		_, err = in.Token()
		return object, err
	}
	return token, nil
}
