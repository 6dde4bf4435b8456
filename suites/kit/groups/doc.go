// Package groups holds what the suites have in common, one file a requirement group: the
// statements that hold for each of the three products, with the specs that judge them, and
// those that the two products of Alibaba Cloud share.
//
//	about := groups.Product{Prefix: "KMS", Rules: "kms", Document: groups.Document{...}}
//	requirements := slices.Concat(about.DNSRequirements(), about.TLSRequirements(...))
//	...
//	about.DNS(e) // states the specs of the group dns of one endpoint
//
// A shared requirement has the same number in every product: KMS-TLS-07 says of KMS what
// ECS-TLS-07 says of ECS.
package groups

import "prober/suites/kit"

// Product is what distinguishes one product's requirements from another's.
type Product struct {
	Prefix   string // of ids: "KMS"
	Rules    string // before the ids of the catalogue's rules: "kms"
	Document Document
}

// Document is where a product's rules stand: the newest of its documents.
type Document struct {
	Source string // id in the catalogue
	Date   string
	// The headings under which the statements stand. Parameters is empty where the document
	// has none about them.
	Endpoints, Protocols, Methods, Parameters, Encoding string
	// SpeaksOfTLS: the document names protocol versions.
	SpeaksOfTLS bool
	// Older is an earlier edition that states the same under its own headings; nil for none.
	Older *Document
	// Replies is where codes and shape of replies stand.
	Replies Replies
}

// Replies is where the public sources say what replies look like.
type Replies struct {
	Source, Since string // of the error codes; Since is empty where the source bears no date
	Codes         string // the heading of the error codes
	ShapeSource   string // of the shape of a reply
	ShapeSince    string
	Shape         string // its heading
}

// before returns where the older edition states what stands under a heading of d.
func (d Document) before(section string) []kit.Reference {
	if d.Older == nil {
		return nil
	}
	for _, pair := range [][2]string{
		{d.Endpoints, d.Older.Endpoints},
		{d.Protocols, d.Older.Protocols},
		{d.Methods, d.Older.Methods},
		{d.Parameters, d.Older.Parameters},
		{d.Encoding, d.Older.Encoding},
	} {
		if pair[0] == section {
			return []kit.Reference{{Source: d.Older.Source, Section: pair[1]}}
		}
	}
	return nil
}

// ID returns the id of a requirement: ID("TLS-07") is "KMS-TLS-07".
func (p Product) ID(rest string) string { return p.Prefix + "-" + rest }

// rule returns the id of one of the product's rules.
func (p Product) rule(rest string) string { return p.Rules + "/" + rest }

// stated makes a requirement that the product's document states under a heading.
func (p Product) stated(id string, level kit.Level, section, text string, rules ...string) kit.Requirement {
	q := kit.Requirement{
		ID: p.ID(id), Level: level, Text: text,
		Source: p.Document.Source, Section: section, Since: p.Document.Date, Also: p.Document.before(section),
	}
	for _, r := range rules {
		q.Rules = append(q.Rules, p.rule(r))
	}
	return q
}

// because adds a rationale.
func because(q kit.Requirement, rationale string) kit.Requirement {
	q.Rationale = rationale
	return q
}

// from makes a requirement that stands in another source than the product's document.
func (p Product) from(source, section, since, id string, level kit.Level, text string, rules ...string) kit.Requirement {
	q := p.stated(id, level, section, text, rules...)
	q.Source, q.Since, q.Also = source, since, nil
	return q
}
