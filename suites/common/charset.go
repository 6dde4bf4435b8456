package common

import (
	"prober/catalog"
	"prober/probe/reason"
	"prober/report"
	"prober/suites/kit"
)

// Charset are the requirements about character encoding that need no key.
func Charset(d Document, q Questions) []kit.Requirement {
	return []kit.Requirement{
		{
			ID: d.ID("CHARSET-01"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Encoding), Rules: d.Rules("encoding"),
			Text: "Replies are encoded in UTF-8.",
			It:   "sends valid UTF-8",
			Judge: inUTF8(d, kit.All(
				ofEachAddress(d, kit.NotShow("that is not UTF-8", reason.VerifyInvalidUTF8)),
				ofEveryReply(q, each(kit.BeUTF8())),
			)),
		},
		{
			ID: d.ID("CHARSET-02"), Line: func(here func()) { here() }, Level: report.Should, In: d.At(d.Encoding), Rules: d.Rules("encoding"),
			Text:      "Replies are labelled as UTF-8, or not at all, and begin without a byte order mark.",
			Rationale: "JSON needs no label and forbids the mark (RFC 8259, sections 8.1 and 11); in XML header and declaration must agree (RFC 7303, section 3)",
			It:        "labels its replies as UTF-8, without a byte order mark",
			Judge: inUTF8(d, kit.All(
				ofEachAddress(d, kit.NotShow("labelled otherwise", reason.VerifyCharset, reason.VerifyBOM)),
				ofEveryReply(q, each(kit.BeLabelledUTF8())),
			)),
		},
		{
			ID: d.ID("CHARSET-03"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Encoding), Rules: d.Rules("encoding"),
			Text:  "A parameter in UTF-8 beyond ASCII is answered like one in ASCII.",
			It:    "answers text beyond ASCII like ASCII",
			Judge: likeASCII(d, q),
		},
	}
}

// likeASCII compares, by each way, a call beyond ASCII with one in ASCII.
func likeASCII(d Document, q Questions) kit.Judgement {
	var byWay []kit.Judgement
	for i, ascii := range q.UnknownKey {
		byWay = append(byWay, kit.Given(ascii, func(c *kit.Case, a kit.Answer) {
			if a.Exchange.API == nil {
				c.Skip(kit.CannotTell("the answer in ASCII is none of the API's"))
			}
			if a.ServerFailed(d.Error(catalog.ServerError)) {
				c.Skip(kit.CannotTell("the service itself fails, with ASCII too"))
			}
		}, kit.All(
			kit.WhereShown(kit.Reply(q.BeyondASCII[i], kit.BeAnswered())),
			kit.ReplyBy(q.BeyondASCII[i], func(c *kit.Case, a kit.Answer) {
				c.Expect(a, kit.AnswerLike(c.Answer(ascii)))
			}),
		)))
	}
	return kit.All(byWay...)
}

// inUTF8 demands something of texts where the rules demand UTF-8.
func inUTF8(d Document, j kit.Judgement) kit.Judgement {
	if r := d.Product.Rules.Encoding; r != nil && r.Charset == "UTF-8" {
		return j
	}
	return kit.NameBy(func(c *kit.Case, _ kit.Lookup) { c.Skip(kit.NotApplicable("the rules demand no UTF-8")) })
}
