package sandbox

import (
	"fmt"
	"slices"
	"strings"

	"prober/catalog"
	"prober/probe/reason"
)

// scope is where a fault can be put: it looks at what the catalogue says of a product. The
// zero scope is everywhere.
type scope struct {
	network   catalog.Network            // empty: any
	needsIPv6 bool                       // for machines with ::1, and not for VPC endpoints, which have no IPv6 address
	suits     func(catalog.Product) bool // nil: any
	checks    func(*catalog.Check) bool  // what healthy means there; nil: anything
	own       func(*catalog.Own) bool    // how it is probed; nil: anyhow
	wants     string                     // what suits, or checks, looks for
}

// ofStyle is for the endpoints of API styles.
func ofStyle(styles ...catalog.APIStyle) scope {
	words := make([]string, len(styles))
	for i, s := range styles {
		words[i] = string(s)
	}
	return scope{
		suits: func(p catalog.Product) bool { return slices.Contains(styles, p.APIStyle) },
		wants: "API style " + strings.Join(words, " or "),
	}
}

func anyAPI() scope { return ofStyle(catalog.StyleAlibabaRPC, catalog.StyleTencent3) }

func alibabaAPI() scope { return ofStyle(catalog.StyleAlibabaRPC) }

// signedBy is for products whose list chooses a signature.
func signedBy(s catalog.Signature) scope {
	return scope{suits: func(p catalog.Product) bool { return p.Signature == s }, wants: "signature " + string(s)}
}

func noAPI() scope { return ofStyle(catalog.StyleNone) }

// httpsOnly is for products whose documents say so.
func httpsOnly() scope {
	return scope{suits: func(p catalog.Product) bool { return p.Refuses(catalog.HTTP) }, wants: "rules that refuse plain HTTP"}
}

// withTLSRule is for products with a rule, of any date, that expects e of v.
func withTLSRule(v catalog.TLSVersion, e catalog.Expectation) scope {
	return scope{
		suits: func(p catalog.Product) bool {
			return slices.ContainsFunc(p.Rules.TLS, func(r catalog.TLSRule) bool { return r.Version == v && r.Expect == e })
		},
		wants: fmt.Sprintf("a rule that %s is %s", v, e),
	}
}

// products are the ids of the products of c that a fault is for: those that its scope
// suits, on a network where they have an endpoint. A breach of a requirement of one product
// is for that product alone: nothing else would show it.
func (s spec) products(c *catalog.Catalog) []string {
	ids := []string{}
	for _, p := range c.Products {
		reached := slices.ContainsFunc(c.Endpoints, func(e catalog.Endpoint) bool {
			return e.Product == p.ID && (s.scope.network == "" || e.Network == s.scope.network) &&
				(s.scope.checks == nil || s.scope.checks(p.CheckOf(e))) && s.shows(&e, p.OwnOf(&e))
		})
		of, rest, _ := strings.Cut(s.Requirement, "-")
		another := s.Reason == reason.None && strings.Contains(rest, "-") && strings.ToLower(of) != p.ID
		if reached && !another && (s.scope.suits == nil || s.scope.suits(p)) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// check tells why a fault cannot be put on an endpoint of c; nil if it can.
func (s spec) check(c *catalog.Catalog, e catalog.Endpoint) error {
	p, _ := c.Product(e.Product)
	switch {
	case s.scope.network != "" && s.scope.network != e.Network:
		return fmt.Errorf("fault %q cannot be put on %s: it is for network %s", s.Name, e.ID, s.scope.network)
	case !s.shows(&e, p.OwnOf(&e)):
		return fmt.Errorf("fault %q cannot be put on %s: %s", s.Name, e.ID, s.hidden(&e, p.OwnOf(&e)))
	case s.scope.checks != nil && !s.scope.checks(p.CheckOf(e)):
		return fmt.Errorf("fault %q cannot be put on %s: its check lacks %s", s.Name, e.ID, s.scope.wants)
	case s.scope.suits != nil && !s.scope.suits(p):
		fits := ""
		if ids := s.products(c); len(ids) > 0 {
			fits = "; it is for " + strings.Join(ids, ", ")
		}
		return fmt.Errorf("fault %q cannot be put on %s: product %s lacks %s%s", s.Name, e.ID, p.ID, s.scope.wants, fits)
	}
	return nil
}
