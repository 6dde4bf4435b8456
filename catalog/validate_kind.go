package catalog

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"
	"time"
	"unicode"

	"prober/limit"
)

// ownOf checks what a product or an endpoint says of how it is probed, each field by itself.
func (v *validator) ownOf(o *Own, path string) {
	between := func(field string, d Duration, least, most time.Duration) {
		if d != 0 && (time.Duration(d) < least || time.Duration(d) > most) {
			v.bad(path+"."+field, "%s is out of range; want %s to %s", time.Duration(d), least, most)
		}
	}
	between("interval", o.Interval, limit.OwnIntervalLeast, limit.OwnIntervalMost)
	between("timeout", o.Timeout, limit.OwnTimeoutLeast, limit.OwnTimeoutMost)
	v.atMost(path+".resolvers", "resolvers", len(o.Resolvers), limit.OwnResolvers)
	for i, s := range o.Resolvers {
		if _, ok := ParseResolver(s); !ok {
			v.bad(fmt.Sprintf("%s.resolvers[%d]", path, i), "%q is not a resolver; want an IP address with or without a port, as 192.0.2.1:53 or [2001:db8::1]:53", s)
		}
	}
	v.addresses(o, path)
	if o.Family != 0 && o.Family != 4 && o.Family != 6 {
		v.bad(path+".family", "%d is not a family of addresses; want 4 or 6", o.Family)
	}
	if problem := HostProblem(o.ServerName); o.ServerName != "" && problem != "" {
		v.bad(path+".server_name", "%q is not a host name: %s", o.ServerName, problem)
	}
	for i, name := range []string{o.CAFile, o.ClientCertificate, o.ClientKey} {
		if strings.ContainsRune(name, 0) || len(name) > limit.OwnPathBytes {
			v.bad(path+"."+fileFields()[i], "no file has that name")
		}
	}
	switch {
	case v.broken(path+".client_certificate") || v.broken(path+".client_key"): // reported already
	case o.ClientCertificate != "" && o.ClientKey == "":
		v.bad(path+".client_certificate", "a certificate needs its key; give client_key too")
	case o.ClientCertificate == "" && o.ClientKey != "":
		v.bad(path+".client_key", "a key needs its certificate; give client_certificate too")
	}
	v.asked(o, path)
	v.atMost(path+".maintenance", "windows", len(o.Maintenance), limit.OwnWindows)
	for i := range o.Maintenance {
		v.window(&o.Maintenance[i], fmt.Sprintf("%s.maintenance[%d]", path, i))
	}
	v.why(o.Why, path)
}

func (v *validator) atMost(path, what string, n, most int) {
	if n > most {
		v.bad(path, "%d %s; at most %d", n, what, most)
	}
}

func (v *validator) why(text, path string) {
	if len(text) > limit.OwnWhyBytes {
		v.bad(path+".why", "%d bytes; at most %d", len(text), limit.OwnWhyBytes)
	} else if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		v.bad(path+".why", "it has a character that cannot be printed")
	}
}

// addresses checks the addresses that are probed in place of those of the name.
func (v *validator) addresses(o *Own, path string) {
	v.atMost(path+".addresses", "addresses", len(o.Addresses), limit.Addresses)
	seen := map[netip.Addr]bool{}
	for i, s := range o.Addresses {
		at := fmt.Sprintf("%s.addresses[%d]", path, i)
		switch a, err := netip.ParseAddr(s); {
		case err != nil:
			v.bad(at, "%q is not an IP address", s)
		case seen[a]:
			v.bad(at, "%s is listed twice", a)
		case isOther(a, o.Family):
			v.bad(at, "%s is not of family %d, which alone is to be probed", a, o.Family)
		default:
			seen[a] = true
		}
	}
}

// isOther reports whether an address is not of a family; 0: any.
func isOther(a netip.Addr, family uint8) bool {
	return family == 4 && !a.Unmap().Is4() || family == 6 && a.Unmap().Is4()
}

// asked checks what is sent to, and expected of, an endpoint of kind tcp or dns.
func (v *validator) asked(o *Own, path string) {
	if t := o.TCP; t != nil {
		for i, octets := range []Octets{t.Send, t.Expect} {
			at := path + ".tcp." + []string{"send", "expect"}[i]
			if b, ok := octets.Bytes(); !ok {
				v.bad(at, "%q: behind hex: stand digits in pairs, as hex:0d0a", string(octets))
			} else if len(b) > limit.OwnOctets {
				v.bad(at, "%d bytes; at most %d", len(b), limit.OwnOctets)
			}
		}
		if t.Send == "" && t.Expect == "" {
			v.bad(path+".tcp", "says nothing; give send, expect or both, or leave it out")
		}
	}
	if q := o.DNS; q != nil {
		if problem := questionProblem(q.Name); problem != "" {
			v.bad(path+".dns.name", "%q cannot be asked for: %s", q.Name, problem)
		}
		v.atMost(path+".dns.records", "records", len(q.Records), limit.OwnRecords)
		if q.RCode != "" && q.RCode != "NOERROR" && len(q.Records) > 0 {
			v.bad(path+".dns.records", "an answer of %s has no records", q.RCode)
		}
		for i, s := range q.Records {
			if example := recordProblem(q.Type, s); example != "" {
				v.bad(fmt.Sprintf("%s.dns.records[%d]", path, i), "%q is no record of type %s; want one as dig +short writes it: %s", s, cmp.Or(q.Type, "A"), example)
			}
		}
	}
}

// window checks a time of maintenance, which is of one sort or the other.
func (v *validator) window(w *Window, path string) {
	once, weekly := w.From != nil || w.To != nil, len(w.Days) > 0 || w.Start != "" || w.For != 0 || w.Zone != ""
	_, _, isClock := clock(w.Start)
	switch {
	case once && weekly:
		v.bad(path, "it is either once, with from and to, or weekly, with days, start and for")
	case once && (w.From == nil || w.To == nil):
		v.bad(path, "it needs both from and to")
	case once && !w.To.After(*w.From):
		v.bad(path+".to", "it ends before it begins")
	case once:
	case len(w.Days) == 0 || w.Start == "" || w.For == 0:
		v.bad(path, "want from and to, or days, start and for")
	case !isClock:
		v.bad(path+".start", "%q is not a time of the day; want one as 22:00", w.Start)
	case time.Duration(w.For) > limit.OwnWindowMost:
		v.bad(path+".for", "%s is out of range; want at most %s", time.Duration(w.For), limit.OwnWindowMost)
	default:
		if _, err := time.LoadLocation(w.Zone); err != nil || w.Zone == "Local" {
			v.bad(path+".time_zone", "%q is not a time zone; want one as Asia/Shanghai or Europe/Berlin", w.Zone)
		}
	}
	v.why(w.Why, path)
}

// kind checks that what an endpoint and its product say together fits the kind that it is of.
func (v *validator) kind(p *Product, e *Endpoint, at entry) {
	o := p.OwnOf(e)
	kind := o.Kind
	if kind == "" {
		kind = KindHTTP
	}
	wrong := func(field, format string, args ...any) { v.bad(at.field(field), format, args...) }
	if a, err := netip.ParseAddr(e.Host); err == nil && len(o.Addresses) == 0 && isOther(a, o.Family) {
		wrong("host", "%s is not of family %d, which alone is to be probed", a, o.Family)
	}
	if kind != KindHTTP && p.APIStyle.IsAPI() {
		wrong("kind", "an API of style %q is of kind http", p.APIStyle)
	}
	if kind != KindHTTP {
		for i, given := range []string{string(e.Scheme), e.Path, e.Authority} {
			if given != "" {
				wrong([]string{"scheme", "path", "authority"}[i], "an endpoint of kind %s has none; leave it out", kind)
			}
		}
	}
	for _, field := range []string{"ca_file", "client_certificate", "server_name"} {
		if (kind == KindTCP || kind == KindDNS) && v.given(at.field(field)) {
			wrong(field, "an endpoint of kind %s makes no handshake; leave it out", kind)
		}
	}
	if c := p.CheckOf(*e); kind != KindHTTP && c != nil && (c.Request != nil || c.Expect != nil || c.Redirects != nil) {
		wrong("check", "an endpoint of kind %s sends no request; leave out request, expect and redirects", kind)
	}
	switch {
	case kind != KindTCP && o.TCP != nil:
		wrong("tcp", "an endpoint of kind %s has none; leave it out, or give kind: tcp", kind)
	case kind != KindDNS && o.DNS != nil:
		wrong("dns", "an endpoint of kind %s has none; leave it out, or give kind: dns", kind)
	case kind == KindDNS && o.DNS == nil:
		wrong("dns", "missing; say what is asked for, as {name: example.com, type: A}")
	case kind == KindTCP && e.Port(SchemeTCP) == 0:
		wrong("ports", "missing; an endpoint of kind tcp needs a port, as {tcp: 5432}")
	}
}
