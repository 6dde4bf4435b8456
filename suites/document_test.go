package suites_test

import (
	"fmt"
	"strings"

	"prober/catalog"
	"prober/suites"
	"prober/suites/kit"
)

// requirementsDocument is the requirements of the suites in Markdown: what each demands, where
// it stands, and what cannot be checked from outside.
func requirementsDocument(c *catalog.Catalog) string {
	var b strings.Builder
	fmt.Fprint(&b, `# Requirements

Generated from the suites; `+"`go test ./suites -update`"+` writes it. **MUST**: a document states it, and a break of it is a failure. **SHOULD**: a
document recommends it, or other public sources show it. **REPORT**: nothing is demanded; what is seen is written down. Ids are never
given to another statement. Expected values stand in [endpoints.json](../endpoints.json) alone, in the rules that a requirement reads;
[faults-by-requirement.md](faults-by-requirement.md) shows by which fault each is seen to fail.
`)
	for _, s := range suites.All() {
		p, _ := c.Product(s.Product)
		fmt.Fprintf(&b, "\n## %s\n", p.Name)
		for _, q := range s.Requirements(p) {
			writeRequirement(&b, c, q)
		}
		if len(s.Unchecked) == 0 {
			continue
		}
		fmt.Fprint(&b, "\n### Not checked\n\nStatements and rules that nobody can check from outside.\n\n")
		for _, u := range s.Unchecked {
			fmt.Fprintf(&b, "- %s (%s, %s%s) %s.\n", u.Text, sourceName(c, u.In.Source), u.In.Section, rulesRead(u.Rules, "; rules "), upper(u.Why))
		}
	}
	writeOwn(&b)
	return b.String()
}

// ownList states one rule of each kind that own lists are judged by, so that all requirements are there.
const ownList = `
products:
  - id: own
    rules:
      schemes: {id: own/schemes, served: [https], refused: [http]}
      tls:
        - {id: own/tls/1.1, version: TLS1.1, expect: refused, from: "2027-01-01T00:00:00Z"}
      methods: {id: own/methods, served: [GET, POST, PUT], refused: [DELETE]}
      size_limits: [{id: own/size, method: POST, bytes: 65536}]
      encoding: {id: own/encoding, charset: UTF-8}
    check: {limits: {total: 2s, certificate_days: 14, tls_version: TLS1.2}}
endpoints: [{host: api.example.com}, "tls://mail.example.com:993"]
`

// writeOwn writes the requirements of products of one's own, by the example of a list.
func writeOwn(b *strings.Builder) {
	c, err := catalog.DecodeList("own.yaml", []byte(ownList))
	if err != nil {
		panic(err) // it is a constant
	}
	fmt.Fprintf(b, `
## Products of your own lists

Every other product of a list ([own-endpoints.md](own-endpoints.md)) is judged by these. Ids begin with the product: of "shop" the first
is SHOP-DNS-01. What the list states is a MUST, a limit a SHOULD, and the source is the list with the line; what it leaves out is judged by the standards
alone. A requirement that reads a rule is there where the list has that rule, that about a limit where the list sets one, and those of a scheme, of names and of methods where an endpoint has them.
This is of the list

`+"```yaml\n%s```\n", strings.TrimLeft(ownList, "\n"))
	for _, s := range suites.OwnOf(c) {
		for _, q := range s.Statements() {
			writeRequirement(b, c, q)
		}
	}
}

func writeRequirement(b *strings.Builder, c *catalog.Catalog, q kit.Requirement) {
	fmt.Fprintf(b, "\n### %s\n\n**%s** %s\n\n", q.ID, q.Level, q.Text)
	fmt.Fprintf(b, "- Source: %s, section %s", sourceName(c, q.In.Source), q.In.Section)
	if q.In.Since != "" {
		fmt.Fprintf(b, ", since %s", q.In.Since)
	}
	for _, r := range q.In.Also {
		fmt.Fprintf(b, "; also %s, section %s", sourceName(c, r.Source), r.Section)
	}
	fmt.Fprintln(b)
	if s := q.Scope.String(); s != "all endpoints" {
		fmt.Fprintf(b, "- Scope: %s\n", s)
	}
	if len(q.Rules) > 0 {
		fmt.Fprintf(b, "- Reads%s\n", rulesRead(q.Rules, ": "))
	}
	if q.Rationale != "" {
		fmt.Fprintf(b, "- %s.\n", upper(q.Rationale))
	}
}

// sourceName links a source of the catalogue, or an RFC.
func sourceName(c *catalog.Catalog, id string) string {
	if number, ok := strings.CutPrefix(id, "RFC "); ok {
		return fmt.Sprintf("[%s](https://www.rfc-editor.org/rfc/rfc%s)", id, number)
	}
	s, ok := c.Source(id)
	switch {
	case !ok:
		return id
	case s.URL == "":
		return s.Title
	}
	return fmt.Sprintf("[%s](%s)", s.Title, s.URL)
}

func rulesRead(rules []string, before string) string {
	if len(rules) == 0 {
		return ""
	}
	words := make([]string, len(rules))
	for i, r := range rules {
		words[i] = "`" + r + "`"
	}
	return before + strings.Join(words, ", ")
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
