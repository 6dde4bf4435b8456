package catalog

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// address fills in where an endpoint is, if it says so by a URL, and returns a name for it.
func (f *filler) address(n *node, at entry) string {
	link := n.member("url")
	if link == nil {
		name := n.word("host")
		if ports := n.member("ports"); ports != nil && ports.kind == object {
			for i, p := range ports.holds {
				if i == 0 || p.value.text != ports.holds[0].value.text {
					name += "_" + p.value.text
				}
			}
		}
		return slug(name)
	}
	path := at.path()
	if !link.filled {
		path = at.field("url")
	}
	offset := cmp.Or(link.offset, n.offset)
	wrong := func(format string, args ...any) string {
		f.b.fail(offset, path, format, args...)
		link.filled = true
		n.add("host", said("unreadable.invalid"))
		return "unreadable"
	}
	if link.kind != text {
		return wrong("want a string, got %s", link.kind)
	}
	for _, other := range []string{"host", "ports", "scheme", "path", "authority"} {
		if n.member(other) != nil {
			return wrong("the URL says %s already; give one of the two", other)
		}
	}
	if site, is, err := ParseSite(link.text); is {
		if err != nil {
			return wrong("%v", err)
		}
		if kind := n.member("kind"); kind != nil && kind.text != string(site.Kind) {
			return wrong("the URL says that the kind is %q; leave the field kind out", site.Kind)
		}
		if site.DNS != nil && n.member("dns") != nil {
			return wrong("the URL says what is asked for already; give host and dns in its place")
		}
		link.filled = true
		return n.site(site)
	}
	u, err := ParseURL(link.text)
	if err != nil {
		if !strings.Contains(link.text, "://") {
			return wrong("%q is no URL; want one as https://api.example.com/healthz", HideUserinfo(link.text))
		}
		return wrong("%v", err)
	}
	link.filled = true
	n.add("scheme", said(string(u.Scheme)))
	n.add("host", said(strings.TrimSuffix(u.Host, ".")))
	name := u.Host
	if u.Port != 0 {
		n.add("ports", node{kind: object, holds: []member{{key: string(u.Scheme), value: node{kind: number, text: strconv.Itoa(int(u.Port)), filled: true}}}})
	}
	if port := (Endpoint{Ports: &Ports{HTTPS: u.Port, HTTP: u.Port}}).Port(u.Scheme); port != 443 {
		name += "_" + strconv.Itoa(int(port))
	}
	if u.Target != "/" {
		n.add("path", said(u.Target))
		name += strings.ReplaceAll(strings.TrimSuffix(u.Target, "/"), "/", "_")
	}
	if strings.ToLower(u.Authority) != n.word("host") {
		n.add("authority", said(strings.ToLower(u.Authority)))
	}
	return slug(name)
}

// site fills in a site, and returns a name for it.
func (n *node) site(s Site) string {
	n.add("kind", said(string(s.Kind)))
	n.add("host", said(s.Host))
	if s.Port != 0 {
		n.add("ports", node{kind: object, holds: []member{{key: string(s.Kind), value: node{kind: number, text: strconv.Itoa(int(s.Port)), filled: true}}}})
	}
	if s.DNS != nil {
		asked := node{kind: object, offset: n.offset}
		asked.add("name", said(s.DNS.Name))
		if s.DNS.Type != "" {
			asked.add("type", said(string(s.DNS.Type)))
		}
		n.add("dns", asked)
	}
	e := Endpoint{Ports: s.Ports()}
	return slug(s.name(e.Port(s.Kind.Scheme())))
}

// slug makes a name of a text: what no name may hold becomes a hyphen, and where that leaves another text
// with the same name, a number tells the two apart.
func slug(s string) string {
	const longest = 120
	var out strings.Builder
	low := strings.ToLower(s)
	joined, lost := true, len(s) > longest || low != s
	for _, c := range []byte(low[:min(len(low), longest)]) {
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			joined = false
		case c == '.' || c == '-' || c == '_':
			if joined {
				lost = true
				continue
			}
			joined = true
		default:
			if lost = true; joined {
				continue
			}
			c, joined = '-', true
		}
		out.WriteByte(c)
	}
	name := strings.TrimRight(out.String(), "-_.")
	if lost || len(name) < out.Len() {
		sum := uint32(2166136261) // FNV-1a
		for _, c := range []byte(s) {
			sum = (sum ^ uint32(c)) * 16777619
		}
		name = strings.TrimLeft(fmt.Sprintf("%s-%08x", name, sum), "-")
	}
	return name
}
