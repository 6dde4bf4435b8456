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
	return b.String()
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
