package catalog

import (
	"net/url"
	"slices"
	"strings"

	"prober/limit"
)

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
	said          string // of how it is probed, and of what healthy means; empty until another one is there
}

// measuredBy returns an endpoint before that of an index which measures the same. What an endpoint says of its probes is written out
// only where another one is at the same place, as hardly any is.
func (l listed) measuredBy(all []Endpoint, index int) (first int, dup bool) {
	e := &all[index]
	site := measured{e.Product, e.Host, e.Network, e.Port(HTTPS), e.Port(HTTP), e.Scheme, e.Path, ""}
	said := func(e *Endpoint) measured {
		whole := site
		whole.said = "says "
		if e.Own != nil {
			whole.said += compact(e.Own) + compact(e.Ports)
		}
		if e.Check != nil {
			whole.said += compact(e.Check)
		}
		return whole
	}
	first, met := l.sites[site]
	if !met {
		l.sites[site] = index
		return 0, false
	}
	l.sites[said(&all[first])] = first
	whole := said(e)
	if first, dup = l.sites[whole]; !dup {
		l.sites[whole] = index
	}
	return first, dup
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
	if e.Own != nil {
		v.ownOf(e.Own, at.path())
	}
	if known && (e.Own != nil || p.Own != nil) {
		v.kind(p, e, at)
	}
	if first, dup := seen.measuredBy(v.c.Endpoints, at.index); dup {
		v.bad(at.field("host"), "%q is listed twice for %s, first on line %d as %q: both would measure the same", e.Host, e.Product, v.line(first), v.c.Endpoints[first].ID)
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

// looksPlaced reports whether an id says a product, a region and a network, so that it is to say the
// right ones.
func looksPlaced(id string) bool {
	parts := strings.Split(id, "/")
	return len(parts) >= 3 && slices.Contains(texts(Networks()), parts[2])
}

// shown is what an endpoint is called in an error about one that has no id in the file.
func (e Endpoint) shown() string {
	if e.Scheme == "" {
		return e.Host
	}
	host := e.Authority
	if host == "" {
		host = e.Host
	}
	return string(e.Scheme) + "://" + host + e.Path
}

// request checks what an endpoint says of its request. One of an API's has a request of that API's.
func (v *validator) request(e *Endpoint, at entry) {
	if e.Path != "" {
		if !isTarget(e.Path) {
			v.bad(at.field("path"), wrongPath, e.Path)
		}
		if p := v.products[e.Product]; p != nil && p.APIStyle.IsAPI() {
			v.bad(at.field("path"), "an API of style %q has its own; leave the path out", p.APIStyle)
		}
	}
	if e.Authority != "" && (len(e.Authority) > 262 || strings.ContainsFunc(e.Authority, func(r rune) bool { return r != ':' && r != '[' && r != ']' && notInHost(r) })) {
		v.bad(at.field("authority"), "%q is not the Host of a request; want a host that may have a port", e.Authority)
	}
}

const wrongPath = "%q is not the path and query of a request; want one as /healthz?full=1, with what is no part of it written as %%XX"

// isTarget reports whether a text is the path and query of a request as they go over the wire.
func isTarget(s string) bool {
	u, err := url.ParseRequestURI(s)
	return err == nil && s[0] == '/' && u.EscapedPath() == strings.SplitN(s, "?", 2)[0] && escapeQuery(u.RawQuery) == u.RawQuery && !strings.Contains(s, "#")
}
