package groups

import (
	"prober/catalog"
	"prober/probe/reason"
	"prober/suites/kit"
)

// CharsetRequirements are the statements about character encoding that need no key.
func (p Product) CharsetRequirements() []kit.Requirement {
	section := p.Document.Encoding
	return []kit.Requirement{
		p.stated("CHARSET-01", kit.Must, section, "Replies are encoded in UTF-8.", "encoding"),
		because(p.stated("CHARSET-02", kit.Should, section, "Replies are labelled as UTF-8, or not at all, and begin without a byte order mark.", "encoding"),
			"JSON needs no label and forbids the mark (RFC 8259, sections 8.1 and 11); in XML header and declaration must agree (RFC 7303, section 3)"),
		p.stated("CHARSET-03", kit.Must, section, "A parameter in UTF-8 beyond ASCII is answered like one in ASCII.", "encoding"),
	}
}

// Names of the questions that every suite asks.
const (
	// InASCII is a call with a key that nobody owns.
	InASCII = "unknown-key"
	// BeyondASCII is the same with a parameter beyond ASCII.
	BeyondASCII = "unknown-key-beyond-ascii"
)

// Charset states the specs of the group charset that need no key, over the replies to the
// given questions.
func (p Product) Charset(e *kit.Subject, questions ...string) {
	inUTF8 := func(c *kit.Case) {
		if r := e.Product.Rules.Encoding; r == nil || r.Charset != "UTF-8" {
			c.Skip(kit.NotApplicable, "the rules demand no UTF-8")
		}
	}
	e.It(p.ID("CHARSET-01"), "sends valid UTF-8", kit.Replied().And(questions...), func(c *kit.Case) {
		inUTF8(c)
		c.Expect(c.HTTPS).To(kit.NotShow("that is not UTF-8", reason.VerifyInvalidUTF8))
		c.Each(questions, func(a kit.Answer) { c.Expect(a).To(kit.BeUTF8()) })
	})
	e.It(p.ID("CHARSET-02"), "labels its replies as UTF-8, without a byte order mark", kit.Replied().And(questions...), func(c *kit.Case) {
		inUTF8(c)
		c.Expect(c.HTTPS).To(kit.NotShow("labelled otherwise", reason.VerifyCharset, reason.VerifyBOM))
		c.Each(questions, func(a kit.Answer) { c.Expect(a).To(kit.BeLabelledUTF8()) })
	})
	e.It(p.ID("CHARSET-03"), "answers text beyond ASCII like ASCII", kit.Asked(InASCII, BeyondASCII), func(c *kit.Case) {
		if c.Answer(InASCII).Exchange.API == nil {
			c.Skip(kit.Inconclusive, "the answer in ASCII is none of the API's")
		}
		if failing, err := kit.BeServerFailure(e.ErrorRule(catalog.ServerError)).Match(c.Answer(InASCII)); err == nil && failing {
			c.Skip(kit.Inconclusive, "the service itself fails, with ASCII too")
		}
		c.Expect(c.Answer(BeyondASCII)).To(kit.AnswerLike(c.Answer(InASCII)))
	})
}
