// Package own judges the endpoints of anybody's own list: every product of a list that has no suite of
// its own is judged by the requirements that any endpoint can be judged by, of package common, with
// what its list states as their expected values. What a list does not state is judged by the standards
// alone, as SHOULD and REPORT. Ids begin with the product: SHOP-TLS-02 says of the product "shop" what
// KMS-TLS-02 says of KMS, and its source is the line of the list that states it.
//
//	prober conformance --endpoints mine.yaml                       without the Go toolchain
//	go tool ginkgo ./suites/own -- --endpoints mine.yaml --live    with Ginkgo's
//	go test ./suites/own                                           the example list, against the sandbox
package own

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"

	"prober/catalog"
	"prober/probe/dns"
	"prober/report"
	"prober/suites/alibaba"
	"prober/suites/common"
	"prober/suites/kit"
	"prober/suites/tencent"
)

// Suite is everything that a product of a list is judged by.
func Suite(c *catalog.Catalog, p catalog.Product) kit.Suite {
	s := suite{product: p, of: documents{c, p}}
	here := map[kind][]kit.Requirement{}
	for _, e := range c.Endpoints {
		if e.Product != p.ID {
			continue
		}
		if k := s.kindOf(e); here[k] == nil {
			here[k] = s.requirements(k)
		}
	}
	return kit.Suite{
		Product:      p.ID,
		Requirements: func(catalog.Product) []kit.Requirement { return s.stated(here) },
		At: func(e catalog.Endpoint) []kit.Requirement {
			k := s.kindOf(e)
			if all, met := here[k]; met {
				return all
			}
			return s.requirements(k)
		},
	}
}

type suite struct {
	product catalog.Product
	of      documents
}

// kind is what decides which requirements an endpoint is judged by.
type kind struct {
	of          catalog.Kind // another one than http
	https, http bool         // it is looked at over the scheme
	named       bool         // its host is a name that is looked up
	limits      common.Limited
}

// kindOf says how an endpoint is looked at: over the scheme that it says, and over another where the
// rules of its product speak of that and it is known at which port.
func (s suite) kindOf(e catalog.Endpoint) kind {
	spoken := func(scheme catalog.Scheme) bool {
		r := s.product.Rules.Schemes
		return r != nil && (slices.Contains(r.Served, scheme) || slices.Contains(r.Refused, scheme))
	}
	at := func(scheme catalog.Scheme, port func(p catalog.Ports) uint16) bool {
		return e.Scheme == scheme || spoken(scheme) && (e.Ports == nil || port(*e.Ports) != 0) || e.Scheme == "" && scheme == catalog.HTTPS
	}
	_, err := netip.ParseAddr(e.Host)
	limits, own := common.LimitsOf(s.product, e), s.product.OwnOf(&e)
	// Nobody is asked for a name whose addresses the list gives, or which is this machine: nothing is to be said about it.
	named := err != nil && (own == nil || len(own.Addresses) == 0) && !dns.IsLocalhost(e.Host)
	if own != nil && own.Kind.Scheme() != "" {
		return kind{of: own.Kind, named: named, limits: limits}
	}
	return kind{
		limits: limits,
		https:  at(catalog.HTTPS, func(p catalog.Ports) uint16 { return p.HTTPS }),
		http:   at(catalog.HTTP, func(p catalog.Ports) uint16 { return p.HTTP }),
		named:  named,
	}
}

// judged are the limits that can be judged of a kind: where no handshake is made there is none of it.
func (k kind) judged() common.Limited {
	l := k.limits
	if !k.https && k.of != catalog.KindTLS {
		l.Days, l.Version = false, false
	}
	return l
}

// stated are the requirements of all kinds of endpoints that the product can have, each once.
func (s suite) stated(here map[kind][]kit.Requirement) []kit.Requirement {
	var all []kit.Requirement
	met := map[kind]bool{}
	for _, e := range s.of.list.Endpoints {
		if e.Product != s.product.ID {
			continue
		}
		if k := s.kindOf(e); !met[k] {
			met[k] = true
			for _, q := range here[k] {
				if !slices.ContainsFunc(all, func(other kit.Requirement) bool { return other.ID == q.ID }) {
					all = append(all, q)
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b kit.Requirement) int { return place(a.ID) - place(b.ID) })
	return all
}

// place is that of a requirement among those of its product: by group, and then by number.
func place(id string) int {
	number := 0
	_, _ = fmt.Sscan(id[strings.LastIndex(id, "-")+1:], &number)
	return 100*slices.Index(report.Groups(), report.Group(id)) + number
}

// requirements are what endpoints of a kind are judged by. Ids are never given to another statement.
func (s suite) requirements(k kind) []kit.Requirement {
	d := s.of.document(k)
	var all []kit.Requirement
	if k.named {
		all = append(all, slices.DeleteFunc(common.DNS(d), func(q kit.Requirement) bool {
			// Zones of one's own often have a wildcard: no probe of style none asks for made-up names.
			return q.ID == d.ID("DNS-03") && s.product.APIStyle == catalog.StyleNone
		})...)
	}
	if k.https || k.of == catalog.KindTLS {
		all = append(all, common.TLS(d, s.of.versions())...)
	}
	all = append(all, common.Limits(d, s.of.limits(), k.judged())...)
	if k.of != "" {
		return append(all, common.OfKind(d))
	}
	return append(all, slices.DeleteFunc(s.messages(d), func(q kit.Requirement) bool { return !s.demanded(q, k) })...)
}

// messages are the requirements about requests and replies.
func (s suite) messages(d common.Document) []kit.Requirement {
	switch s.product.APIStyle {
	case catalog.StyleAlibabaRPC:
		q := alibaba.Ask(s.product)
		return slices.Concat(common.HTTP(d, q.Questions, report.Must, common.PlainHTTP{}), common.Charset(d, q.Questions))
	case catalog.StyleTencent3:
		q := tencent.Ask(s.product)
		return slices.Concat(common.HTTP(d, q.Questions, report.Must, common.PlainHTTP{}), common.Charset(d, q.Questions))
	case catalog.StyleNone:
	}
	return common.Plain(d, common.AskPlain(s.product))
}

// demanded reports whether a requirement about requests and replies is one here: it reads a rule that
// the list states, or needs none.
func (s suite) demanded(q kit.Requirement, k kind) bool {
	switch _, number, _ := strings.Cut(q.ID[len(s.product.ID):], "-"); number {
	case "PROTO-01":
		return k.https
	case "PROTO-02":
		return k.http
	case "PROTO-03", "PROTO-11", "PROTO-12", "PROTO-30", "PROTO-31":
		return true
	case "CHARSET-01", "CHARSET-02":
		return s.product.APIStyle == catalog.StyleNone || len(q.Rules) > 0
	case "PROTO-04", "PROTO-05", "PROTO-32":
		return len(q.Rules) > 0 && s.speaksOf(number)
	}
	return len(q.Rules) > 0
}

// speaksOf reports whether the rule about methods names one that a requirement is about.
func (s suite) speaksOf(number string) bool {
	m := s.product.Rules.Methods
	return slices.ContainsFunc(slices.Concat(m.Served, m.Allowed), func(method string) bool {
		switch method {
		case "GET":
			return number == "PROTO-04"
		case "POST":
			return number == "PROTO-05"
		}
		return number == "PROTO-32"
	})
}

// line is where the list states a record: "mine.yaml:7".
func line(c *catalog.Catalog, section catalog.Section, id string) string {
	file, at := c.StatedAt(section, id)
	if at == 0 {
		return ""
	}
	return fmt.Sprintf("%s:%d", filepath.Base(file), at)
}
