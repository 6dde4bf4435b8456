// Package common holds the requirements that any endpoint can be judged by, one file a
// requirement group: dns.go, tls.go, http.go and charset.go. What distinguishes one product's
// requirements from another's are arguments: where its rules stand ([Document]), what is asked
// of it ([Questions]), and what one product says otherwise than the others ([Version],
// [PlainHTTP]).
//
// A shared requirement has the same number in every product: KMS-TLS-07 says of KMS what
// ECS-TLS-07 says of ECS.
package common

import (
	"strings"

	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/report"
	"prober/suites/kit"
)

// Document is where a product's rules stand: the newest of its documents.
type Document struct {
	Product catalog.Product
	Source  string // id in the catalogue
	Older   string // that of an earlier edition, which states the same; empty for none
	Date    string
	// Parameters is zero where the document has nothing about them.
	Endpoints, Protocols, Methods, Parameters, Encoding Heading
	// SpeaksOfTLS: the document names protocol versions.
	SpeaksOfTLS bool
	// Bare says what other public sources show of the reply to a request without parameters; empty
	// where none does.
	Bare string
	// Codes is where the error codes of replies stand, and Shape what replies look like.
	Codes, Shape kit.Place
	// Result is the member that the reply to the read-only action has; empty where no document says.
	Result string
	// List is there where the document is a list of somebody's own.
	List *List
}

// List is what tells a list of somebody's own from a vendor's document: it states few things, under ids
// of its own. What it does not state is judged by the standards alone, as SHOULD and REPORT.
type List struct {
	// Rules are the ids of its rules by what they are about: "schemes", "tls/TLS1.0".
	Rules map[string][]string
	// Sources are those of sections, where they are others than the document's.
	Sources map[string]string
	// PlainOnly: it is about endpoints of plain HTTP alone.
	PlainOnly bool
}

// Over is the scheme over which endpoints are looked at.
func (d Document) Over() catalog.Scheme {
	if d.List != nil && d.List.PlainOnly {
		return catalog.HTTP
	}
	return catalog.HTTPS
}

// standard is how binding it is what a standard alone says.
func (d Document) standard() report.Level {
	if d.List != nil {
		return report.Should
	}
	return report.Must
}

// name demands that the lookup of the name matches.
func (d Document) name(m ...types.GomegaMatcher) kit.Judgement {
	return kit.NameOver(d.Over(), kit.Matching[kit.Lookup](m...))
}

// Heading is the one under which a statement stands in a document, and that in its older edition.
type Heading [2]string

// ID returns the id of a requirement: ID("TLS-07") is "KMS-TLS-07".
func (d Document) ID(number string) string { return strings.ToUpper(d.Product.ID) + "-" + number }

// Rules returns the ids of rules of the product: Rules("schemes") is "kms/schemes". Those that a list
// does not have are left out.
func (d Document) Rules(names ...string) []string {
	var ids []string
	for _, n := range names {
		if d.List != nil {
			ids = append(ids, d.List.Rules[n]...)
		} else {
			ids = append(ids, d.Product.ID+"/"+n)
		}
	}
	return ids
}

// At returns the place in the document under a heading, and in its older edition.
func (d Document) At(h Heading) kit.Place {
	at := kit.At(d.Source, h[0], d.Date)
	if d.List != nil && d.List.Sources[h[0]] != "" {
		at.Source = d.List.Sources[h[0]]
	}
	if h[1] != "" {
		at.Also = []kit.Reference{{Source: d.Older, Section: h[1]}}
	}
	return at
}

// Error returns the product's rule about a situation; the zero rule, which nothing matches,
// when there is none.
func (d Document) Error(s catalog.Situation) catalog.ErrorRule {
	r, _ := d.Product.ErrorRule(s)
	return r
}

// errors are the product's rules about situations, and codes the same whatever the status.
func (d Document) errors(situations ...catalog.Situation) []catalog.ErrorRule {
	var rules []catalog.ErrorRule
	for _, s := range situations {
		rules = append(rules, d.Error(s))
	}
	return rules
}

func (d Document) codes(situations ...catalog.Situation) []catalog.ErrorRule {
	rules := d.errors(situations...)
	for i := range rules {
		rules[i].Statuses = nil
	}
	return rules
}
