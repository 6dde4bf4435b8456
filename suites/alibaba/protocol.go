package alibaba

import (
	"net/http"

	"prober/catalog"
	"prober/cloudapi"
	"prober/report"
	"prober/suites/common"
	"prober/suites/kit"
)

// Headings of the public source about parameters and signatures.
const (
	commonParameters = "Common parameters"
	signatures       = "Request signatures"
)

// Protocol are the requirements about requests and replies that products of the RPC style
// share beyond those of every product.
func Protocol(d common.Document, q Questions) []kit.Requirement {
	at := func(section string) kit.Place { return kit.At(d.Codes.Source, section, d.Codes.Since) }
	return []kit.Requirement{
		{
			ID: d.ID("PROTO-15"), Line: func(here func()) { here() }, Level: report.Should, In: at(d.Shape.Section),
			Text:      "The header X-Acs-Request-Id carries the request id of the body.",
			Rationale: "seen in replies of the gateway since 2015, and in every captured one since 2022; no document promises the header",
			It:        "repeats the request id in its header",
			Judge: kit.All(
				common.OfAPI(q.Questions, func(questions []*kit.Question) kit.Judgement {
					return kit.EachReply(questions, kit.HaveOneRequestID())
				}),
				kit.WherePossible(kit.EachReplyBy(q.Methods, func(c *kit.Case, a kit.Answer) {
					if a.Exchange.API != nil { // not a front end's page
						c.Expect(a, kit.HaveOneRequestID())
					}
				})),
			),
		},
		{
			ID: d.ID("PROTO-16"), Line: func(here func()) { here() }, Level: report.Should, In: at(d.Shape.Section),
			Text: "The HostId of an error is the host that was asked.",
			It:   "names its host in errors",
			Judge: common.OfAPI(q.Questions, func(questions []*kit.Question) kit.Judgement {
				return kit.EachReplyBy(questions, func(c *kit.Case, a kit.Answer) {
					if !a.CarriedOut() {
						c.Expect(a, kit.HaveHostID(c.Endpoint.Host))
					}
				})
			}),
		},
		{
			ID: d.ID("PROTO-17"), Line: func(here func()) { here() }, Level: report.Should, In: at(commonParameters), Rules: d.Rules("errors/bad-format", "errors/unknown-key"),
			Text:      "A Format that does not exist is refused with the documented code.",
			Rationale: "no source shows whether the format or the key is looked at first",
			It:        "refuses an unknown format as documented",
			Judge: kit.All(
				d.Refused(q.Questions, q.BadFormat, catalog.BadFormat, catalog.UnknownKey),
				d.IfKey(q.Questions, d.Refused(q.Questions, q.BadFormatSigned, catalog.BadFormat)),
			),
		},
		d.Refusal(func(here func()) { here() }, "PROTO-18", at(commonParameters), "A signature method that does not exist is refused with the documented code.",
			"refuses an unknown signature method as documented", q.Questions, q.BadSignatureMethod, catalog.BadSignatureMethod),
		d.Refusal(func(here func()) { here() }, "PROTO-19", at(commonParameters), "A time more than 15 minutes off is refused with the documented code.",
			"refuses an old time as documented", q.Questions, q.ExpiredTimestamp, catalog.ExpiredTimestamp),
		d.Refusal(func(here func()) { here() }, "PROTO-20", at(commonParameters), "A time in another notation is refused with the documented code.",
			"refuses a malformed time as documented", q.Questions, q.MalformedTimestamp, catalog.MalformedTimestamp),
		{
			ID: d.ID("PROTO-21"), Line: func(here func()) { here() }, Level: report.Should, In: at(commonParameters), Rules: d.Rules("errors/replayed-nonce"),
			Text: "A nonce that was used before is refused with the documented code.",
			It:   "refuses a nonce the second time", Judge: replayed(d, q),
		},
		{
			ID: d.ID("PROTO-22"), Line: func(here func()) { here() }, Level: report.Info, In: at(d.Codes.Section), Rules: d.Rules("errors/unsupported-region"),
			Text:      "A region that does not exist is refused with the documented code.",
			Rationale: "no source shows that DescribeRegions looks at the region that it is asked for",
			It:        "refuses an unknown region as documented", Judge: d.Refused(q.Questions, q.UnsupportedRegion, catalog.UnsupportedRegion),
		},
		d.Refusal(func(here func()) { here() }, "PROTO-23", at(signatures), "A wrong signature is refused with the documented code.",
			"refuses a wrong signature as documented", q.Questions, q.WrongSignature, catalog.BadSignature),
		d.Tampered(func(here func()) { here() }, "PROTO-37", at(signatures), q.Questions),
		{
			ID: d.ID("PROTO-24"), Line: func(here func()) { here() }, Level: report.Must, In: at(signatures), Rules: d.Rules("errors/forbidden", "errors/inactive-key"),
			Text:      "A signed read-only call is carried out.",
			Rationale: "a key that is disabled or may not do this says nothing about the service: the spec is skipped then",
			It:        "carries out a signed call", Judge: d.CarriedOut(q.Questions),
		},
		{
			ID: d.ID("PROTO-36"), Line: func(here func()) { here() }, Level: report.Should, In: at(commonParameters),
			Text:      "A call that is carried out is answered in the format that it asks for.",
			Rationale: "what refuses a call may not have read so far; the default without a Format differs from source to source",
			It:        "answers in the format that is asked for",
			Judge:     d.WithKey(q.Questions, kit.All(inFormat(d, q.SignedCalls, cloudapi.JSON), inFormat(d, q.SignedXML, cloudapi.XML))),
		},
	}
}

// inFormat demands of the calls among some questions that are carried out that their replies are in a format.
func inFormat(d common.Document, questions []*kit.Question, format cloudapi.Format) kit.Judgement {
	return kit.EachReplyBy(questions, func(c *kit.Case, a kit.Answer) {
		d.Permitted(c, a)
		if a.Exchange.API != nil && !a.CarriedOut() {
			c.Skip(kit.CannotTell("the call is not carried out"))
		}
		c.Expect(a, kit.BeIn(format))
	})
}

// replayed judges each replay of a nonce whose first use was carried out: of another one the API
// need not have seen anything.
func replayed(d common.Document, q Questions) kit.Judgement {
	var all []kit.Judgement
	for i, first := range q.SignedCalls {
		all = append(all, kit.Given(first, func(c *kit.Case, a kit.Answer) {
			d.Permitted(c, a)
			if !a.CarriedOut() {
				c.Skip(kit.CannotTell("the call that used the nonce first was not carried out"))
			}
		}, d.Refused(q.Questions, q.ReplayedNonce[i:i+1], catalog.ReplayedNonce)))
	}
	return d.WithKey(q.Questions, kit.All(all...))
}

// Charset are the requirements about character encoding that such products share.
func Charset(d common.Document, q Questions) []kit.Requirement {
	return []kit.Requirement{
		{
			ID: d.ID("CHARSET-04"), Line: func(here func()) { here() }, Level: report.Should, In: d.At(d.Encoding), Rules: d.Rules("encoding"),
			Text: "A reply in XML is UTF-8, and declares nothing else.",
			It:   "sends XML in UTF-8, declared as nothing else", Judge: kit.All(
				kit.EachReply(q.AsXML, kit.BeAnswered(), kit.BeXMLInUTF8()),
				kit.WherePossible(kit.EachReply(q.SignedXML, kit.BeAnswered())), // which may hang on what is signed
				d.IfKey(q.Questions, kit.EachReply(q.SignedXML, kit.BeXMLInUTF8())),
			),
		},
		{
			ID: d.ID("CHARSET-05"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Encoding), Rules: d.Rules("encoding"),
			Text:      "Texts of every kind reach the API byte for byte.",
			Rationale: "shown without any effect: to a wrong signature the API answers with the string that it signed, which is its own decoding of the request",
			It:        "reads texts of every kind as they were sent",
			Judge: d.WithKey(q.Questions, kit.All(
				kit.WhereShown(textsAnswered(d, q)),
				d.EachReply(q.WrongSignature, kit.EchoWhatWasSigned()),
				kit.WherePossible(kit.EachReplyBy(q.LongText, func(c *kit.Case, a kit.Answer) {
					switch a.Exchange.Status {
					case http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge:
						c.Skip(kit.NotApplicable("a front end takes no URL of 7 KB, and no document says that it does"))
					}
					d.Permitted(c, a)
					c.Expect(a, kit.EchoWhatWasSigned())
				})),
			)),
		},
	}
}

// textsAnswered demands that a call with texts is answered by each way by which one without is: a hop may hang up on
// what looks like an attack, or be silent, or cut the parameters behind it off.
func textsAnswered(d common.Document, q Questions) kit.Judgement {
	var byWay []kit.Judgement
	for i, call := range q.SignedCalls {
		byWay = append(byWay,
			kit.Given(call, func(*kit.Case, kit.Answer) {}, kit.Reply(q.WrongSignature[i], kit.BeAnswered())),
			kit.Given(call, func(c *kit.Case, a kit.Answer) {
				if !a.CarriedOut() {
					c.Skip(kit.CannotTell("the call without texts that goes the same way is not carried out"))
				}
			}, d.ReadAsSent(q.WrongSignature[i])),
		)
	}
	return kit.All(byWay...)
}
