package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Encode writes c in the layout of endpoints.json: indented by two spaces, each source,
// region, endpoint and rule on a line of its own. The same catalogue always gives the
// same bytes, and [Decode] gives the same catalogue back.
func Encode(c *Catalog) []byte { return []byte(block(reflect.ValueOf(*c), "") + "\n") }

// EncodeRule returns a rule in one line, as endpoints.json has it; false when there is none
// of that id.
func EncodeRule(c *Catalog, id string) (string, bool) {
	r, ok := c.rule(id)
	if !ok {
		return "", false
	}
	return record(r), true
}

// block writes a struct with a member to a line; nothing for one without members.
func block(v reflect.Value, indent string) string {
	var members []string
	for _, f := range fieldsOf(v.Type()) {
		if text := layout(v.FieldByIndex(f.index), indent+"  "); f.written(v) && text != "" {
			members = append(members, fmt.Sprintf("%s  %q: %s", indent, f.name, text))
		}
	}
	if len(members) == 0 {
		return ""
	}
	return "{\n" + strings.Join(members, ",\n") + "\n" + indent + "}"
}

// layout writes a list with an element to a line, a product and its rules as blocks, because
// rules are records of their own, and everything else on one line.
func layout(v reflect.Value, indent string) string {
	switch {
	case v.Type() == reflect.TypeFor[Product](), v.Type() == reflect.TypeFor[Rules]():
		return block(v, indent)
	case v.Kind() != reflect.Slice:
		return record(v.Interface())
	}
	var b strings.Builder
	separator := "[\n"
	for i := range v.Len() {
		b.WriteString(separator + indent + "  " + layout(v.Index(i), indent+"  "))
		separator = ",\n"
	}
	return b.String() + "\n" + indent + "]"
}

// record writes v on one line, with a space after each colon and comma that stands
// outside a string.
func record(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	// The types of this package hold nothing that JSON cannot express.
	_ = enc.Encode(v)
	var out strings.Builder
	quoted, escaped := false, false
	for _, r := range strings.TrimSuffix(b.String(), "\n") {
		out.WriteRune(r)
		switch {
		case escaped:
			escaped = false
		case quoted && r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case !quoted && (r == ':' || r == ','):
			out.WriteByte(' ')
		}
	}
	return out.String()
}

// Digest returns the SHA-256 of what c says, in hexadecimal. The layout of the file it
// came from does not matter, the order of its records does: tests are built in it.
func (c *Catalog) Digest() string {
	content := *c
	content.Schema = ""
	sum := sha256.Sum256(Encode(&content))
	return hex.EncodeToString(sum[:])
}

// WithPorts returns a copy of c in which each endpoint has the ports that its id is
// mapped to, for a cloud that runs on other ports than 443 and 80. Endpoints that are
// not in the map keep theirs. The reference to the JSON Schema, a relative path, and
// the lines are dropped: the copy will stand elsewhere.
func (c *Catalog) WithPorts(ports map[string]Ports) *Catalog {
	out := *c
	out.Schema, out.lines = "", nil
	out.Endpoints = make([]Endpoint, len(c.Endpoints))
	for i, e := range c.Endpoints {
		if p, ok := ports[e.ID]; ok {
			e.Ports = &p
		}
		out.Endpoints[i] = e
	}
	return &out
}
