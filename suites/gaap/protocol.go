package gaap

import (
	"slices"
	"strings"

	"prober/catalog"
	"prober/suites/kit"
	"prober/suites/kit/groups"
)

// withoutKey are the questions that the API answers to anybody.
func withoutKey(p catalog.Product) []string {
	return slices.Concat(groups.WithoutRequired(p), everyContentType(p),
		[]string{unknownAction, unknownVersion, missingKey, missingTimestamp, groups.InASCII, groups.BeyondASCII, badAuthorization})
}

// protocol states the specs of the group protocol.
func protocol(e *kit.Subject, p groups.Product) {
	var refused []string
	if m := e.Product.Rules.Methods; m != nil {
		for _, word := range m.Refused {
			refused = append(refused, "method-"+strings.ToLower(word))
		}
	}
	p.Protocol(e, groups.Shared{
		Get: []string{groups.InASCII}, Post: contentTypesOfAll(e.Product), NoParameters: noParameters, Without: groups.WithoutRequired(e.Product),
		UnknownAction: unknownAction, UnknownVersion: unknownVersion, MissingKey: missingKey, MissingParameter: missingTimestamp,
		Methods: refused, All: withoutKey(e.Product),
	})
	contentType := func(id, text, rule string) {
		questions := contentTypesOf(e.Product, rule)
		e.It(id, text, kit.AskedEach(questions...), func(c *kit.Case) {
			c.Each(questions, func(a kit.Answer) {
				c.Expect(a).To(kit.GetAsFarAsKey(), "a request that is looked at gets as far as its key")
			})
		})
	}
	contentType("GAAP-PROTO-15", "serves application/json with TC3-HMAC-SHA256", "gaap/content-types/json")
	contentType("GAAP-PROTO-16", "serves forms with HmacSHA1 and HmacSHA256", "gaap/content-types/form")
	contentType("GAAP-PROTO-17", "is seen to serve multipart/form-data", "gaap/content-types/multipart")
	coded := func(id, text, question string, s catalog.Situation, needsKey bool) {
		basis := kit.Asked(question)
		if needsKey {
			basis = kit.Asked(signedCall, question)
		}
		e.It(id, text, basis, func(c *kit.Case) {
			if needsKey {
				groups.MayDo(c, e, question)
			}
			c.Expect(c.Answer(question)).To(kit.BeAPIError(e.ErrorRule(s)))
		})
	}
	coded("GAAP-PROTO-21", "refuses an unreadable Authorization as documented", badAuthorization, catalog.BadAuthorization, false)
	coded("GAAP-PROTO-22", "refuses a wrong signature as documented", wrongSecret, catalog.BadSignature, true)
	coded("GAAP-PROTO-23", "refuses an invalid token as documented", badToken, catalog.BadToken, true)
	coded("GAAP-PROTO-24", "refuses an old time as documented", expiredTimestamp, catalog.ExpiredTimestamp, true)
	coded("GAAP-PROTO-25", "refuses an unknown parameter as documented", rawUTF8, catalog.UnknownParameter, true)
	coded("GAAP-PROTO-26", "refuses an unknown region as documented", unsupportedRegion, catalog.UnsupportedRegion, true)
	e.It("GAAP-PROTO-27", "carries out a signed call", kit.Asked(signedCall), func(c *kit.Case) {
		groups.GoodKey(c, e)
		c.Expect(c.Answer(signedCall)).To(kit.Succeed())
	})
}
