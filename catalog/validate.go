package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"prober/limit"
)

// frame checks all but the endpoints.
func (v *validator) frame() {
	c := v.c
	if c.SchemaVersion != SchemaVersion {
		v.bad("schema_version", "version %d of the format is not known; known: %d", c.SchemaVersion, SchemaVersion)
	}
	for i, s := range c.Sources {
		v.source(s, entry{"sources", i})
	}
	for i, r := range c.Regions {
		v.region(r, entry{"regions", i})
	}
	for i := range c.Products {
		v.product(&c.Products[i], entry{"products", i})
	}
}

func (v *validator) source(s Source, at entry) {
	v.word(s.ID, at, "id")
	if v.has("source", s.ID) {
		v.bad(at.field("id"), "source %q is listed twice", s.ID)
	}
	v.know("source", s.ID)
	if s.Date != "" && !isDate(s.Date) {
		v.bad(at.field("date"), "%q is not a date; write YYYY-MM-DD, YYYY-MM or YYYY", s.Date)
	}
	if s.URL != "" && !strings.HasPrefix(s.URL, "https://") && !strings.HasPrefix(s.URL, "http://") {
		v.bad(at.field("url"), "%q is not a web address", s.URL)
	}
}

func (v *validator) region(r Region, at entry) {
	v.word(r.ID, at, "id")
	v.word(r.Provider, at, "provider")
	list := regionsOf(r.Provider)
	if v.has(list, r.ID) {
		v.bad(at.field("id"), "region %q of %s is listed twice", r.ID, r.Provider)
	}
	v.know(list, r.ID)
}

// regionsOf is what the regions of a provider are called, in errors too.
func regionsOf(provider string) string { return "region of " + provider }

func (v *validator) product(p *Product, at entry) {
	path := at.path()
	v.word(p.ID, at, "id")
	v.word(p.Provider, at, "provider")
	if _, dup := v.products[p.ID]; dup {
		v.bad(path+".id", "product %q is listed twice", p.ID)
	}
	v.products[p.ID] = p
	v.know("product", p.ID)
	switch {
	case p.APIStyle == "": // reported already
	case p.APIStyle == StyleNone && p.APIVersion != "":
		v.bad(path+".api_version", "an API of style %q has no version", StyleNone)
	case p.APIStyle != StyleNone && p.APIVersion == "":
		v.bad(path+".api_version", "missing; an API of style %q needs one", p.APIStyle)
	case p.APIVersion != "":
		if _, err := time.Parse(time.DateOnly, p.APIVersion); err != nil {
			v.bad(path+".api_version", "%q is not a version; the providers write YYYY-MM-DD", p.APIVersion)
		}
	}
	switch action := p.ReadOnlyAction; {
	case action == "" || p.APIStyle == "":
	case p.APIStyle == StyleNone:
		v.bad(path+".read_only_action", "an API of style %q has no actions", StyleNone)
	case !actionForm.MatchString(action):
		v.bad(path+".read_only_action", "%q is not an action; they are letters and digits, as in DescribeRegions", action)
	}
	if p.Signature != "" && p.APIStyle != "" && len(p.APIStyle.Signatures()) == 0 {
		v.bad(path+".signature", "of an API of style %q it cannot be chosen; leave it out", p.APIStyle)
	}
	if p.Check != nil {
		v.check(p.Check, p.APIStyle, path+".check")
	}
	v.productRules(*p, path+".rules")
	if p.Own != nil {
		v.ownOf(p.Own, path)
	}
}

// areSources reports whether a list of sources is in order, as most are.
func (v *validator) areSources(ids []string) bool {
	for i, id := range ids {
		if !v.has("source", id) || slices.Contains(ids[:i], id) {
			return false
		}
	}
	return true
}

// sourcesOf checks the sources that the value at path names.
func (v *validator) sourcesOf(ids []string, path string) {
	for i, id := range ids {
		at := fmt.Sprintf("%s.sources[%d]", path, i)
		if !v.has("source", id) {
			v.unknown(at, "sources", "source", id)
		}
		if slices.Contains(ids[:i], id) {
			v.bad(at, "source %q is named twice", id)
		}
	}
}

// unknown reports a name that the list does not hold, unless the list itself could not
// be read.
func (v *validator) unknown(path, list, noun, name string) {
	if v.incomplete[list] || v.b.failed[list] {
		return
	}
	v.bad(path, "%v", &UnknownError{Noun: noun, Name: name, Known: v.ids(noun)})
}

// word checks an id that becomes part of endpoint ids, labels and command lines. Without
// one, references to its list cannot be judged.
func (v *validator) word(s string, at entry, field string) {
	if len(s) <= limit.IDBytes && isWord(s) {
		return
	}
	v.incomplete[at.list] = true
	if len(s) > limit.IDBytes {
		v.bad(at.field(field), "an id of %d bytes; at most %d", len(s), limit.IDBytes)
		return
	}
	v.bad(at.field(field), "%q is not an id; use a-z and 0-9, joined by single '-', '_' or '.'", s)
}

// isWord reports whether s is letters a-z and digits, joined by single '-', '_' or '.'.
func isWord(s string) bool {
	joined := true // by the beginning, or the byte before
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			joined = false
		case (c == '-' || c == '_' || c == '.') && !joined:
			joined = true
		default:
			return false
		}
	}
	return !joined
}

var actionForm = regexp.MustCompile(`^[A-Za-z0-9]+$`)

func isDate(s string) bool {
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}
