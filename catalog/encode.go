package catalog

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
)

// Encode writes c in the layout of endpoints.json: indented by two spaces, each source,
// region, endpoint and rule on a line of its own. The same catalogue always gives the
// same bytes, and [Decode] gives the same catalogue back.
func Encode(c *Catalog) []byte {
	var b bytes.Buffer
	c.write(&b)
	return b.Bytes()
}

// write writes c piece by piece, so that a digest of a long list needs no copy of its text.
func (c *Catalog) write(w io.Writer) {
	out := bufio.NewWriter(w)
	block(out, reflect.ValueOf(*c), "")
	_ = out.WriteByte('\n')
	_ = out.Flush() // to a buffer or a hash, which take everything
}

// EncodeRule returns a rule in one line, as endpoints.json has it; false when there is none
// of that id.
func EncodeRule(c *Catalog, id string) (string, bool) {
	r, ok := c.rule(id)
	if !ok {
		return "", false
	}
	return record(r), true
}

// block writes a struct with a member to a line.
func block(w *bufio.Writer, v reflect.Value, indent string) {
	separator := "{\n"
	for _, f := range fieldsOf(v.Type()) {
		if value := f.in(v); f.written(v) && !isHollow(value) {
			_, _ = fmt.Fprintf(w, "%s%s  %q: ", separator, indent, f.name)
			layout(w, value, indent+"  ")
			separator = ",\n"
		}
	}
	_, _ = w.WriteString("\n" + indent + "}")
}

// isHollow reports whether v is rules without one, which are not written.
func isHollow(v reflect.Value) bool {
	return v.Type() == reflect.TypeFor[Rules]() && !slices.ContainsFunc(fieldsOf(v.Type()), func(f field) bool { return f.written(v) })
}

// layout writes a list with an element to a line, a product and its rules as blocks, because
// rules are records of their own, and everything else on one line.
func layout(w *bufio.Writer, v reflect.Value, indent string) {
	switch {
	case v.Type() == reflect.TypeFor[Product](), v.Type() == reflect.TypeFor[Rules]():
		block(w, v, indent)
		return
	case v.Kind() != reflect.Slice:
		spaced(w, v.Interface())
		return
	}
	separator := "[\n"
	for i := range v.Len() {
		_, _ = w.WriteString(separator + indent + "  ")
		layout(w, v.Index(i), indent+"  ")
		separator = ",\n"
	}
	_, _ = w.WriteString("\n" + indent + "]")
}

// record returns v on one line, as spaced writes it.
func record(v any) string {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	spaced(w, v)
	_ = w.Flush() // to a buffer
	return b.String()
}

// compact returns v as JSON has it in the fewest bytes.
func compact(v any) string {
	text, _ := json.Marshal(v) // the types of this package hold nothing that JSON cannot express
	return string(text)
}

// spaced writes v on one line, with a space after each colon and comma that stands
// outside a string.
func spaced(w *bufio.Writer, v any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	// The types of this package hold nothing that JSON cannot express.
	_ = enc.Encode(v)
	quoted, escaped := false, false
	for _, c := range bytes.TrimSuffix(b.Bytes(), []byte("\n")) {
		_ = w.WriteByte(c)
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ':' || c == ','):
			_ = w.WriteByte(' ')
		}
	}
}

// Digest returns the SHA-256 of what c says, in hexadecimal. The layout of the file it
// came from does not matter, the order of its records does: tests are built in it.
func (c *Catalog) Digest() string {
	content := *c
	content.Schema = ""
	sum := sha256.New()
	content.write(sum)
	return hex.EncodeToString(sum.Sum(nil))
}
