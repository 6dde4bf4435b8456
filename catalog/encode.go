package catalog

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// Encode writes c in the layout of endpoints.json: indented by two spaces, each source,
// region, endpoint and rule on a line of its own. The same catalogue always gives the
// same bytes, and [Decode] gives the same catalogue back.
func Encode(c *Catalog) []byte {
	var b bytes.Buffer
	b.WriteString("{\n")
	if c.Schema != "" {
		fmt.Fprintf(&b, "  \"$schema\": %s,\n", record(c.Schema))
	}
	fmt.Fprintf(&b, "  \"schema_version\": %d,\n", c.SchemaVersion)
	fmt.Fprintf(&b, "  \"sources\": %s,\n", recordList(c.Sources, "  "))
	fmt.Fprintf(&b, "  \"regions\": %s,\n", recordList(c.Regions, "  "))
	b.WriteString("  \"products\": [\n")
	for i, p := range c.Products {
		encodeProduct(&b, p)
		b.WriteString(comma(i, len(c.Products)))
	}
	b.WriteString("  ],\n")
	fmt.Fprintf(&b, "  \"endpoints\": %s\n}\n", recordList(c.Endpoints, "  "))
	return b.Bytes()
}

// EncodeRule returns a rule in one line, as endpoints.json has it; false when there is none
// of that id.
func EncodeRule(c *Catalog, id string) (string, bool) {
	for _, p := range c.Products {
		for _, r := range p.Rules.each() {
			if r.rule.ID == id {
				return record(r.whole), true
			}
		}
	}
	return "", false
}

// encodeProduct writes a product as a block, because its rules are records of their own.
func encodeProduct(b *bytes.Buffer, p Product) {
	b.WriteString("    {\n")
	fmt.Fprintf(b, "      \"id\": %s,\n", record(p.ID))
	fmt.Fprintf(b, "      \"name\": %s,\n", record(p.Name))
	fmt.Fprintf(b, "      \"provider\": %s,\n", record(p.Provider))
	fmt.Fprintf(b, "      \"api_style\": %s", record(p.APIStyle))
	if p.APIVersion != "" {
		fmt.Fprintf(b, ",\n      \"api_version\": %s", record(p.APIVersion))
	}
	if p.ReadOnlyAction != "" {
		fmt.Fprintf(b, ",\n      \"read_only_action\": %s", record(p.ReadOnlyAction))
	}
	if rules := encodeRules(p.Rules); len(rules) > 0 {
		fmt.Fprintf(b, ",\n      \"rules\": {\n        %s\n      }", strings.Join(rules, ",\n        "))
	}
	b.WriteString("\n    }")
}

func encodeRules(r Rules) []string {
	const indent = "        "
	var out []string
	add := func(name, value string, present bool) {
		if present {
			out = append(out, fmt.Sprintf("%q: %s", name, value))
		}
	}
	add("schemes", record(r.Schemes), r.Schemes != nil)
	add("methods", record(r.Methods), r.Methods != nil)
	add("parameters", record(r.Parameters), r.Parameters != nil)
	add("content_types", recordList(r.ContentTypes, indent), len(r.ContentTypes) > 0)
	add("size_limits", recordList(r.SizeLimits, indent), len(r.SizeLimits) > 0)
	add("encoding", record(r.Encoding), r.Encoding != nil)
	add("tls", recordList(r.TLS, indent), len(r.TLS) > 0)
	add("errors", recordList(r.Errors, indent), len(r.Errors) > 0)
	return out
}

func recordList[T any](list []T, indent string) string {
	var b strings.Builder
	b.WriteString("[\n")
	for i, v := range list {
		b.WriteString(indent + "  " + record(v) + comma(i, len(list)))
	}
	b.WriteString(indent + "]")
	return b.String()
}

func comma(i, n int) string {
	if i < n-1 {
		return ",\n"
	}
	return "\n"
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
// not in the map keep theirs. The reference to the JSON Schema, a relative path, is
// dropped: the copy will stand elsewhere.
func (c *Catalog) WithPorts(ports map[string]Ports) *Catalog {
	out := *c
	out.Schema = ""
	out.Endpoints = make([]Endpoint, len(c.Endpoints))
	for i, e := range c.Endpoints {
		if p, ok := ports[e.ID]; ok {
			e.Ports = &p
		}
		out.Endpoints[i] = e
	}
	return &out
}
