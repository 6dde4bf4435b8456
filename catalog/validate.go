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

// entry is one element of a list of the file. Its paths are written when they are needed.
type entry struct {
	list  string
	index int
}

func (e entry) path() string { return fmt.Sprintf("%s[%d]", e.list, e.index) }

func (e entry) field(name string) string { return e.path() + "." + name }

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
	scheme        Scheme
	path          string
	own           string // what it says of how it is probed
	check         string // as a file has it; empty: that of the product
}

func (v *validator) endpoint(e *Endpoint, at entry, seen listed) {
	v.endpointID(e, at)
	switch first, dup := seen.ids[e.ID]; {
	case !dup:
		seen.ids[e.ID] = at.index
	case v.isFilled(at.field("id")) && e.shown() != v.c.Endpoints[first].shown():
		v.bad(at.field("id"), "%s would be called as %s on line %d is; give one of them an id", e.shown(), v.c.Endpoints[first].shown(), v.line(first))
		return
	case v.isFilled(at.field("id")):
		v.bad(at.field("id"), "%s is listed twice, first on line %d; where both are meant, give each an id of its own", e.shown(), v.line(first))
		return
	default:
		v.bad(at.field("id"), "endpoint %q is listed twice, first on line %d; where one region and network has several hosts, a name behind each id tells them apart, as %q",
			e.ID, v.line(first), e.place()+"/api-2")
	}
	p, known := v.products[e.Product]
	if !known {
		v.unknown(at.field("product"), "products", "product", e.Product)
	} else if list := regionsOf(p.Provider); !v.has(list, e.Region) {
		v.unknown(at.field("region"), "regions", list, e.Region)
	}
	if problem := HostProblem(e.Host); problem != "" && (!v.own || !isAddress(e.Host)) {
		v.bad(at.field("host"), "%q is not a host name: %s", e.Host, problem)
	}
	site := measured{e.Product, e.Host, e.Network, e.Port(HTTPS), e.Port(HTTP), e.Scheme, e.Path, "", ""}
	if e.Own != nil {
		v.ownOf(e.Own, at.path())
		site.own = v.b.kept(compact(e.Own) + compact(e.Ports))
	}
	if known && (e.Own != nil || p.Own != nil) {
		v.kind(p, e, at)
	}
	if e.Check != nil {
		site.check = v.b.kept(compact(e.Check))
	}
	if first, dup := seen.sites[site]; dup {
		v.bad(at.field("host"), "%q is listed twice for %s, first on line %d as %q: both would measure the same", e.Host, e.Product, v.line(first), v.c.Endpoints[first].ID)
	} else {
		seen.sites[site] = at.index
	}
	if e.Ports != nil {
		v.ports(*e.Ports, at.field("ports"))
	}
	v.request(e, at)
	if e.Check != nil {
		v.endpointCheck(e, p, at.field("check"))
	}
	if len(e.Labels) > 0 {
		v.labels(e.Labels, at.field("labels"))
	}
	if !v.areSources(e.Sources) {
		v.sourcesOf(e.Sources, at.path())
	}
}

func (v *validator) ports(p Ports, path string) {
	if p == (Ports{}) {
		v.bad(path, "names no port; want 1 to 65535 for https, http or both")
	}
	for i, port := range []uint16{p.HTTPS, p.HTTP, p.TLS, p.TCP, p.DNS} {
		if at := path + "." + []string{"https", "http", "tls", "tcp", "dns"}[i]; port == 0 && v.given(at) {
			v.bad(at, "0 is not a port; want 1 to 65535")
		}
	}
}

// endpointID checks that an id says where the endpoint is, and that a name behind that is a word.
func (v *validator) endpointID(e *Endpoint, at entry) {
	if e.Product == "" || e.Region == "" || e.Network == "" || e.ID == e.place() {
		return // reported already, or as most are
	}
	name, placed := strings.CutPrefix(e.ID, e.place()+"/")
	switch {
	case !placed && v.own && !looksPlaced(e.ID):
		if len(e.ID) > limit.IDBytes || slices.ContainsFunc(strings.Split(e.ID, "/"), func(s string) bool { return !isWord(s) }) {
			v.bad(at.field("id"), "%q is not an id; use words of a-z and 0-9, joined by single '-', '_' or '.', with \"/\" between them, %d bytes at most", e.ID, limit.IDBytes)
		}
	case !placed:
		v.bad(at.field("id"), "%q does not say product, region and network; want %q, or that with a name behind it, as %q", e.ID, e.place(), e.place()+"/api-2")
	case len(name) > limit.IDBytes:
		v.bad(at.field("id"), "a name of %d bytes; at most %d", len(name), limit.IDBytes)
	case !isWord(name):
		v.bad(at.field("id"), "%q is no name behind %q; use a-z and 0-9, joined by single '-', '_' or '.'", name, e.place())
	}
}

// line is that on which the ith endpoint begins.
func (v *validator) line(i int) int {
	return v.at.line(int(v.offset(entry{"endpoints", i}.path())))
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
