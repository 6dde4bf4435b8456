package sandbox

import (
	"fmt"
	"slices"
	"strings"

	"prober/catalog"
)

// scope is where a fault can be put.
type scope struct {
	products  []string // of the embedded catalogue
	networks  []catalog.Network
	needsIPv6 bool
	// suits decides for any catalogue; wants says what it looks for.
	suits func(catalog.Product) bool
	wants string
}

func anywhere() scope {
	return scope{products: []string{"ecs", "kms", "gaap"}, suits: func(catalog.Product) bool { return true }}
}

// on narrows a scope to one network.
func (s scope) on(n catalog.Network) scope {
	s.networks = []catalog.Network{n}
	if n == catalog.VPC {
		s.products = slices.DeleteFunc(slices.Clone(s.products), func(p string) bool { return p != "kms" })
	}
	return s
}

// withIPv6 narrows a scope to machines with ::1; VPC endpoints have no IPv6 address.
func (s scope) withIPv6() scope {
	s = s.on(catalog.Public)
	s.needsIPv6 = true
	return s
}

// ofStyle is for the endpoints of API styles.
func ofStyle(products []string, styles ...catalog.APIStyle) scope {
	words := make([]string, len(styles))
	for i, s := range styles {
		words[i] = string(s)
	}
	return scope{
		products: products,
		suits:    func(p catalog.Product) bool { return slices.Contains(styles, p.APIStyle) },
		wants:    "API style " + strings.Join(words, " or "),
	}
}

func anyAPI() scope {
	return ofStyle([]string{"ecs", "kms", "gaap"}, catalog.StyleAlibabaRPC, catalog.StyleTencent3)
}

func alibabaAPI() scope { return ofStyle([]string{"ecs", "kms"}, catalog.StyleAlibabaRPC) }

func noAPI() scope { return ofStyle([]string{}, catalog.StyleNone) }

// httpsOnly is for products whose documents say so.
func httpsOnly() scope {
	return scope{products: []string{"kms", "gaap"}, suits: func(p catalog.Product) bool { return p.Refuses(catalog.HTTP) }, wants: "rules that refuse plain HTTP"}
}

// withTLSRule is for products with a rule, of any date, that expects e of v.
func withTLSRule(products []string, v catalog.TLSVersion, e catalog.Expectation) scope {
	return scope{
		products: products,
		suits: func(p catalog.Product) bool {
			return slices.ContainsFunc(p.Rules.TLS, func(r catalog.TLSRule) bool { return r.Version == v && r.Expect == e })
		},
		wants: fmt.Sprintf("a rule that %s is %s", v, e),
	}
}

// check tells why a fault cannot be put on an endpoint; nil if it can.
func (s spec) check(p catalog.Product, e catalog.Endpoint) error {
	switch {
	case len(s.scope.networks) > 0 && !slices.Contains(s.scope.networks, e.Network):
		return fmt.Errorf("fault %q cannot be put on %s: it is for network %s", s.Name, e.ID, s.scope.networks[0])
	case !s.scope.suits(p):
		return fmt.Errorf("fault %q cannot be put on %s: product %s lacks %s%s", s.Name, e.ID, p.ID, s.scope.wants, s.fits())
	}
	return nil
}

// fits names the products that a fault is for.
func (s spec) fits() string {
	if len(s.Products) == 0 {
		return ""
	}
	return "; it is for " + strings.Join(s.Products, ", ")
}

// near returns a hint at the known words that are most like word, at most three.
func near(word string, known []string) string {
	type match struct {
		word string
		far  int
	}
	var found []match
	for _, k := range known {
		far := catalog.Edits(word, k)
		if strings.Contains(k, word) || strings.Contains(word, k) {
			far = min(far, 2)
		}
		if far <= max(2, len(word)/3) {
			found = append(found, match{k, far})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return a.far - b.far })
	words := make([]string, 0, 3)
	for _, m := range found[:min(3, len(found))] {
		words = append(words, fmt.Sprintf("%q", m.word))
	}
	if len(words) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(words, ", ") + "?"
}
