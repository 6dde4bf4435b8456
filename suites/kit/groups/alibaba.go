package groups

import (
	"strings"

	"prober/catalog"
	"prober/suites/kit"
)

// AlibabaRequirements are the statements that ECS and KMS share beyond those of every
// product.
func (p Product) AlibabaRequirements() []kit.Requirement {
	r := p.Document.Replies
	at := func(id string, level kit.Level, section, text string, rules ...string) kit.Requirement {
		return p.from(r.Source, section, r.Since, id, level, text, rules...)
	}
	return []kit.Requirement{
		because(at("PROTO-15", kit.Should, r.Shape, "The header X-Acs-Request-Id carries the request id of the body."),
			"seen in every captured reply since 2022; no document promises the header"),
		at("PROTO-16", kit.Should, r.Shape, "The HostId of an error is the host that was asked."),
		because(at("PROTO-17", kit.Should, "Common parameters", "A Format that does not exist is refused with the documented code.", "errors/bad-format", "errors/unknown-key"),
			"no source shows whether the format or the key is looked at first"),
		at("PROTO-18", kit.Should, "Common parameters", "A signature method that does not exist is refused with the documented code.", "errors/bad-signature-method"),
		at("PROTO-19", kit.Should, "Common parameters", "A time more than 15 minutes off is refused with the documented code.", "errors/expired-timestamp"),
		at("PROTO-20", kit.Should, "Common parameters", "A time in another notation is refused with the documented code.", "errors/malformed-timestamp"),
		at("PROTO-21", kit.Should, "Common parameters", "A nonce that was used before is refused with the documented code.", "errors/replayed-nonce"),
		because(at("PROTO-22", kit.Report, r.Codes, "A region that does not exist is refused with the documented code.", "errors/unsupported-region"),
			"no source shows that DescribeRegions looks at the region that it is asked for"),
		at("PROTO-23", kit.Should, "Request signatures", "A wrong signature is refused with the documented code.", "errors/bad-signature"),
		because(at("PROTO-24", kit.Must, "Request signatures", "A signed read-only call is carried out.", "errors/forbidden", "errors/inactive-key"),
			"a key that is disabled or may not do this says nothing about the service: the spec is skipped then"),
		p.stated("CHARSET-04", kit.Should, p.Document.Encoding, "A reply in XML is UTF-8, and declares nothing else.", "encoding"),
		because(p.stated("CHARSET-05", kit.Must, p.Document.Encoding, "Texts of every kind reach the API byte for byte.", "encoding"),
			"shown without any effect: to a wrong signature the API answers with the string that it signed, which is its own decoding of the request"),
	}
}

// withoutKey are the questions that the API answers to anybody.
func withoutKey(p catalog.Product) []string {
	return append(WithoutRequired(p),
		unknownAction, unknownVersion, missingKey, missingTimestamp, InASCII, BeyondASCII, asXML,
		postForm, postInURL, badFormat)
}

// AlibabaProtocol states the specs of the group protocol for ECS and KMS.
func (p Product) AlibabaProtocol(e *kit.Subject) {
	var methods []string
	for _, m := range refusedMethods(e.Product) {
		methods = append(methods, "method-"+strings.ToLower(m))
	}
	p.Protocol(e, Shared{
		Get: []string{InASCII}, Post: []string{postForm, postInURL}, NoParameters: noParameters, Without: WithoutRequired(e.Product),
		UnknownAction: unknownAction, UnknownVersion: unknownVersion, MissingKey: missingKey, MissingParameter: missingTimestamp,
		Methods: methods, All: withoutKey(e.Product),
	})
	p.each(e, "PROTO-15", "repeats the request id in its header", withoutKey(e.Product), func(c *kit.Case, a kit.Answer) {
		c.Expect(a).To(kit.HaveOneRequestID())
	})
	p.each(e, "PROTO-16", "names its host in errors", []string{unknownAction, missingKey, InASCII, postForm}, func(c *kit.Case, a kit.Answer) {
		c.Expect(a).To(kit.HaveHostID(e.Endpoint.Host))
	})
	p.each(e, "PROTO-17", "refuses an unknown format as documented", []string{badFormat}, func(c *kit.Case, a kit.Answer) {
		c.Expect(a).To(kit.BeAPIError(e.ErrorRule(catalog.BadFormat), e.ErrorRule(catalog.UnknownKey)))
	})
	for _, s := range []struct {
		id, text, question string
		situation          catalog.Situation
	}{
		{"PROTO-18", "refuses an unknown signature method as documented", badSignatureMethod, catalog.BadSignatureMethod},
		{"PROTO-19", "refuses an old time as documented", expiredTimestamp, catalog.ExpiredTimestamp},
		{"PROTO-20", "refuses a malformed time as documented", malformedTimestamp, catalog.MalformedTimestamp},
		{"PROTO-21", "refuses a nonce the second time", replayedNonce, catalog.ReplayedNonce},
		{"PROTO-22", "refuses an unknown region as documented", unsupportedRegion, catalog.UnsupportedRegion},
		{"PROTO-23", "refuses a wrong signature as documented", wrongSignature, catalog.BadSignature},
	} {
		e.It(p.ID(s.id), s.text, kit.Asked(SignedCall, s.question), func(c *kit.Case) {
			MayDo(c, e, s.question)
			c.Expect(c.Answer(s.question)).To(kit.BeAPIError(e.ErrorRule(s.situation)))
		})
	}
	e.It(p.ID("PROTO-24"), "carries out a signed call", kit.Asked(SignedCall), func(c *kit.Case) {
		GoodKey(c, e)
		c.Expect(c.Answer(SignedCall)).To(kit.Succeed())
	})
}

// AlibabaCharset states the specs of the group charset for ECS and KMS.
func (p Product) AlibabaCharset(e *kit.Subject) {
	p.Charset(e, withoutKey(e.Product)...)
	e.It(p.ID("CHARSET-04"), "sends XML in UTF-8, declared as nothing else", kit.Asked(asXML), func(c *kit.Case) {
		a := c.Answer(asXML)
		c.Expect(a).To(kit.BeAPIReply())
		c.Expect(a).To(kit.BeXMLInUTF8())
	})
	e.It(p.ID("CHARSET-05"), "reads texts of every kind as they were sent", kit.Asked(SignedCall, wrongSignature), func(c *kit.Case) {
		MayDo(c, e, wrongSignature)
		a := c.Answer(wrongSignature)
		if ok, _ := kit.HaveEcho().Match(a); !ok {
			c.Skip(kit.Inconclusive, "the reply repeats no string that was signed, in valid UTF-8")
		}
		c.Expect(a).To(kit.EchoWhatWasSigned())
	})
}
