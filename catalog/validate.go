package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"prober/limit"
)

func (v *validator) validate() {
	c := v.c
	if c.SchemaVersion != SchemaVersion {
		v.bad("schema_version", "version %d of the format is not known; known: %d", c.SchemaVersion, SchemaVersion)
	}
	for i, s := range c.Sources {
		v.source(s, fmt.Sprintf("sources[%d]", i))
	}
	for i, r := range c.Regions {
		v.region(r, fmt.Sprintf("regions[%d]", i))
	}
	for i, p := range c.Products {
		v.product(p, fmt.Sprintf("products[%d]", i))
	}
	seen := listed{map[string]int{}, map[measured]int{}}
	for i, e := range c.Endpoints {
		v.endpoint(i, e, fmt.Sprintf("endpoints[%d]", i), seen)
	}
}

func (v *validator) source(s Source, path string) {
	v.word("sources", s.ID, path+".id")
	if v.has("source", s.ID) {
		v.bad(path+".id", "source %q is listed twice", s.ID)
	}
	v.know("source", s.ID)
	if s.Date != "" && !isDate(s.Date) {
		v.bad(path+".date", "%q is not a date; write YYYY-MM-DD, YYYY-MM or YYYY", s.Date)
	}
	if s.URL != "" && !strings.HasPrefix(s.URL, "https://") && !strings.HasPrefix(s.URL, "http://") {
		v.bad(path+".url", "%q is not a web address", s.URL)
	}
}

func (v *validator) region(r Region, path string) {
	v.word("regions", r.ID, path+".id")
	v.word("regions", r.Provider, path+".provider")
	list := "region of " + r.Provider
	if v.has(list, r.ID) {
		v.bad(path+".id", "region %q of %s is listed twice", r.ID, r.Provider)
	}
	v.know(list, r.ID)
}

func (v *validator) product(p Product, path string) {
	v.word("products", p.ID, path+".id")
	v.word("products", p.Provider, path+".provider")
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
	v.productRules(p, path+".rules")
}

// listed are the endpoints met so far, by what no other may share with them.
type listed struct {
	ids   map[string]int
	sites map[measured]int
}

// measured is what the probes of an endpoint look at.
type measured struct {
	product, host string
	network       Network
	https, http   uint16
}

func (v *validator) endpoint(i int, e Endpoint, path string, seen listed) {
	v.endpointID(e, path+".id")
	if first, dup := seen.ids[e.ID]; dup {
		v.bad(path+".id", "endpoint %q is listed twice, first on line %d; where one region and network has several hosts, a name behind each id tells them apart, as %q",
			e.ID, v.line(first), e.place()+"/api-2")
	} else {
		seen.ids[e.ID] = i
	}
	p, known := v.products[e.Product]
	if !known {
		v.unknown(path+".product", "products", "product", e.Product)
	} else if !v.has("region of "+p.Provider, e.Region) {
		v.unknown(path+".region", "regions", "region of "+p.Provider, e.Region)
	}
	if problem := HostProblem(e.Host); problem != "" {
		v.bad(path+".host", "%q is not a host name: %s", e.Host, problem)
	}
	site := measured{e.Product, e.Host, e.Network, e.Port(HTTPS), e.Port(HTTP)}
	if first, dup := seen.sites[site]; dup {
		v.bad(path+".host", "%q is listed twice for %s, first on line %d as %q: both would measure the same", e.Host, e.Product, v.line(first), v.c.Endpoints[first].ID)
	} else {
		seen.sites[site] = i
	}
	if e.Ports != nil {
		if *e.Ports == (Ports{}) {
			v.bad(path+".ports", "names no port; want 1 to 65535 for https, http or both")
		}
		for _, scheme := range Schemes() {
			at := path + ".ports." + string(scheme)
			if _, given := v.b.offsets[at]; given && (scheme == HTTPS && e.Ports.HTTPS == 0 || scheme == HTTP && e.Ports.HTTP == 0) {
				v.bad(at, "0 is not a port; want 1 to 65535")
			}
		}
	}
	v.sourcesOf(e.Sources, path)
}

// endpointID checks that an id says where the endpoint is, and that a name behind that is a word.
func (v *validator) endpointID(e Endpoint, path string) {
	if e.Product == "" || e.Region == "" || e.Network == "" || e.ID == e.place() {
		return // reported already, or as most are
	}
	switch name := e.Name(); {
	case name == "":
		v.bad(path, "%q does not say product, region and network; want %q, or that with a name behind it, as %q", e.ID, e.place(), e.place()+"/api-2")
	case len(name) > limit.IDBytes:
		v.bad(path, "a name of %d bytes; at most %d", len(name), limit.IDBytes)
	case !wordForm.MatchString(name):
		v.bad(path, "%q is no name behind %q; use a-z and 0-9, joined by single '-', '_' or '.'", name, e.place())
	}
}

// line is that on which the ith endpoint begins.
func (v *validator) line(i int) int {
	line, _ := v.at.position(v.offset(fmt.Sprintf("endpoints[%d]", i)))
	return line
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
func (v *validator) word(list, s, path string) {
	switch {
	case len(s) > limit.IDBytes:
		v.incomplete[list] = true
		v.bad(path, "an id of %d bytes; at most %d", len(s), limit.IDBytes)
		return
	case wordForm.MatchString(s):
		return
	}
	v.incomplete[list] = true
	v.bad(path, "%q is not an id; use a-z and 0-9, joined by single '-', '_' or '.'", s)
}

var (
	wordForm   = regexp.MustCompile(`^[a-z0-9]+([-_.][a-z0-9]+)*$`)
	actionForm = regexp.MustCompile(`^[A-Za-z0-9]+$`)
)

func isDate(s string) bool {
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}
