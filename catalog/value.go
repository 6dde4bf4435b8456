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

// Pieces takes the text of a value apart: what stands there as it is, and between that the strings that say where
// a text is, as a [Text] does. The names of members are none of them.
func (v Value) Pieces(as func(string), at func(Text)) {
	done := 0
	for i := 0; i < len(v); i++ {
		if v[i] != '"' {
			continue
		}
		begin := i
		for i++; i < len(v) && v[i] != '"'; i++ {
			if v[i] == '\\' {
				i++
			}
		}
		var s string
		name := i+1 < len(v) && v[i+1] == ':' // as the text is written, without spaces
		if name || json.Unmarshal([]byte(v[begin:min(i+1, len(v))]), &s) != nil {
			continue
		}
		if from, _ := Text(s).Place(); from != Literal {
			as(string(v[done:begin]))
			at(Text(s))
			done = i + 1
		}
	}
	if done < len(v) {
		as(string(v[done:]))
	}
}
