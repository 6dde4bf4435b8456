package suites

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"prober/catalog"
)

// meantElsewhere matches a text in which a variable or a file seems to be meant, and which is sent as it stands.
// Lower case is left alone: a password may begin with a dollar.
var meantElsewhere = regexp.MustCompile(`(^|\s)\$(\{[A-Z_][A-Z0-9_]*\}|[A-Z_][A-Z0-9_]*)$|\s(env|file):\S+$`)

// literal says which texts of requests seem to name a variable or a file that nobody reads. The texts themselves may be
// secrets, and are not told.
func literal(c *catalog.Catalog) []string {
	var out []string
	look := func(section catalog.Section, id string, check *catalog.Check) {
		if check == nil || check.Request == nil {
			return
		}
		r := check.Request
		say := func(field string, t catalog.Text) {
			if from, text := t.Place(); from == catalog.Literal && meantElsewhere.MatchString(text) {
				out = append(out, fmt.Sprintf("%s: check.request.%s of %s is sent as it stands: a text that is somewhere else is all of it env:NAME or file:PATH",
					where(c, section, id), field, id))
			}
		}
		say("bearer", r.Bearer)
		if r.Basic != nil {
			say("basic.user", r.Basic.User)
			say("basic.password", r.Basic.Password)
		}
		for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
			say("headers."+name, r.Headers[name])
		}
		for _, name := range slices.Sorted(maps.Keys(r.Query)) {
			say("query."+name, r.Query[name])
		}
	}
	for _, p := range c.Products {
		look(catalog.SectionProduct, p.ID, p.Check)
	}
	for _, e := range c.Endpoints {
		look(catalog.SectionEndpoint, e.ID, e.Check)
	}
	return out
}
