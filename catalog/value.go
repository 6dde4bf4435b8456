package catalog

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Value is any value of JSON, as its text; empty: none.
type Value string

// MarshalJSON writes the value itself.
func (v Value) MarshalJSON() ([]byte, error) { return []byte(v), nil }

// UnmarshalJSON reads any value.
func (v *Value) UnmarshalJSON(text []byte) error {
	*v = Value(text)
	return nil
}

// bindNode implements [bindable].
func (v *Value) bindNode(b *binder, n *node, at *place) bool {
	var out strings.Builder
	if bad := n.writeJSON(&out); bad != nil {
		b.fail(bad.offset, at.path(), "%s is not a number as JSON has it", bad.text)
		return false
	}
	*v = Value(out.String())
	return true
}

// writeJSON writes the value that a node holds, without spaces. It returns a node that JSON cannot express:
// a number of YAML's.
func (n *node) writeJSON(out *strings.Builder) (bad *node) {
	brackets := "[]"
	switch n.kind {
	case null:
		out.WriteString("null")
		return nil
	case boolean:
		out.WriteString(strconv.FormatBool(n.truth))
		return nil
	case number:
		if !json.Valid([]byte(n.text)) {
			return n
		}
		out.WriteString(n.text)
		return nil
	case text:
		writeString(out, n.text)
		return nil
	case object:
		brackets = "{}"
	}
	out.WriteByte(brackets[0])
	for i := range n.holds {
		if i > 0 {
			out.WriteByte(',')
		}
		if n.kind == object {
			writeString(out, n.holds[i].key)
			out.WriteByte(':')
		}
		if bad := n.holds[i].value.writeJSON(out); bad != nil {
			return bad
		}
	}
	out.WriteByte(brackets[1])
	return nil
}

func writeString(out *strings.Builder, s string) {
	var quoted strings.Builder
	enc := json.NewEncoder(&quoted)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string can always be written
	out.WriteString(strings.TrimSuffix(quoted.String(), "\n"))
}
