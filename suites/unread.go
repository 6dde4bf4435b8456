package suites

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"prober/catalog"
	"prober/suites/own"
)

// Unread says, in a sentence each, which rules and limits of the lists of c nobody judges, wholly or in part: whoever wrote
// one takes it for kept as long as nothing is said. A list without endpoints of a product has nothing to judge. So it is
// with texts of requests that seem to name a variable.
func Unread(c *catalog.Catalog) []string {
	out := literal(c)
	for _, s := range Of(c) {
		p, _ := c.Product(s.Product)
		for _, u := range own.Unkeepable(c, p) {
			out = append(out, unkept(c, p, u))
		}
		rules := p.Rules.All()
		if len(rules) == 0 {
			continue
		}
		read := map[string]bool{}
		for _, q := range s.Requirements(p) {
			for _, id := range q.Rules {
				read[id] = true
			}
		}
		for _, u := range s.Unchecked { // about which the requirements speak
			for _, id := range u.Rules {
				read[id] = true
			}
		}
		for _, r := range rules {
			if why := unread(c, p, r, read[r.ID]); why != "" {
				out = append(out, fmt.Sprintf("%s: %s", where(c, catalog.SectionRule, r.ID), why))
			}
		}
	}
	return out
}

// unread says why nobody judges a rule; empty: somebody does.
func unread(c *catalog.Catalog, p catalog.Product, r catalog.Rule, read bool) string {
	if !slices.ContainsFunc(c.Endpoints, func(e catalog.Endpoint) bool { return e.Product == p.ID }) {
		return fmt.Sprintf("the rule %q is judged by nothing: the list has no endpoint of %s", r.ID, p.ID)
	}
	if !read {
		return fmt.Sprintf("the rule %q is judged by nothing: no requirement that the endpoints of %s are judged by reads it", r.ID, p.ID)
	}
	if s := p.Rules.Schemes; s != nil && s.ID == r.ID && p.APIStyle == catalog.StyleNone {
		left := own.Unlooked(c, p)
		if len(left) == 0 {
			return ""
		}
		part := "in part"
		if len(left) == len(s.Served)+len(s.Refused) {
			part = "by nothing"
		}
		return fmt.Sprintf("the rule %q is judged %s: no endpoint of %s is looked at over %s; its URL or its ports say where that is", r.ID, part, p.ID, words(left))
	}
	for _, t := range p.Rules.TLS {
		if t.ID == r.ID && len(t.Regions) > 0 && !slices.ContainsFunc(c.Endpoints, func(e catalog.Endpoint) bool {
			return e.Product == p.ID && slices.Contains(t.Regions, e.Region)
		}) {
			return fmt.Sprintf("the rule %q is judged by nothing: no endpoint of %s is in %s", r.ID, p.ID, strings.Join(t.Regions, " or "))
		}
	}
	return ""
}

// unkept says that nothing can go beyond a limit.
func unkept(c *catalog.Catalog, p catalog.Product, u own.Unkept) string {
	if u.By == "" {
		return fmt.Sprintf("%s: limits.%s of %s is judged by nothing: no endpoint of it makes a TLS handshake", where(c, catalog.SectionProduct, p.ID), u.Field, p.ID)
	}
	more := ""
	if u.More > 0 {
		more = fmt.Sprintf("; it is the same with %d more of %s", u.More, p.ID)
	}
	return fmt.Sprintf("%s: limits.%s of %s is judged by nothing: the endpoint makes no TLS handshake%s", where(c, catalog.SectionEndpoint, u.By), u.Field, u.By, more)
}

// where is the line that states something.
func where(c *catalog.Catalog, section catalog.Section, id string) string {
	file, line := c.StatedAt(section, id)
	if line == 0 {
		return "the list"
	}
	return fmt.Sprintf("%s:%d", filepath.Base(file), line)
}

func words(schemes []catalog.Scheme) string {
	var all []string
	for _, s := range schemes {
		all = append(all, string(s))
	}
	return strings.Join(all, " or ")
}
