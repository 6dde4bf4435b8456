package tencent

import (
	"slices"

	"prober/catalog"
	"prober/report"
	"prober/suites/common"
	"prober/suites/kit"
)

// Protocol are the requirements about requests and replies that products of the API style
// share beyond those of every product. sized are the endpoints to which large requests are
// sent.
func Protocol(d common.Document, q Questions, sized kit.Scope) []kit.Requirement {
	const kilobytes = "KB and MB are read as 1024 and 1024*1024 bytes; the front end may answer before the API does, or hang up"
	return []kit.Requirement{
		{
			ID: d.ID("PROTO-15"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Methods), Rules: d.Rules("content-types/json"),
			Text: "POST with application/json is served, signed with TC3-HMAC-SHA256.",
			It:   "serves application/json with TC3-HMAC-SHA256", Judge: posted(d, q, "content-types/json"),
		},
		{
			ID: d.ID("PROTO-16"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Methods), Rules: d.Rules("content-types/form"),
			Text: "POST with application/x-www-form-urlencoded is served, signed with HmacSHA1 or HmacSHA256.",
			It:   "serves forms with HmacSHA1 and HmacSHA256", Judge: posted(d, q, "content-types/form"),
		},
		{
			ID: d.ID("PROTO-17"), Line: func(here func()) { here() }, Level: report.Info, In: d.At(d.Methods), Rules: d.Rules("content-types/multipart"),
			Text: "POST with multipart/form-data is served by some actions, signed with TC3-HMAC-SHA256.",
			It:   "is seen to serve multipart/form-data", Judge: posted(d, q, "content-types/multipart"),
		},
		{
			ID: d.ID("PROTO-18"), Line: func(here func()) { here() }, Level: report.Should, In: d.At(d.Methods), Rules: d.Rules("size-limits/get", "errors/too-large"),
			Text:      "GET requests of up to 32 KB are served, and larger ones refused.",
			Rationale: kilobytes, Scope: sized,
			It: "takes GET requests of 32 KB and no more", Judge: limited(d, q, "size-limits/get", catalog.TooLarge),
		},
		{
			ID: d.ID("PROTO-19"), Line: func(here func()) { here() }, Level: report.Should, In: d.At(d.Methods), Rules: d.Rules("size-limits/post-hmac", "errors/too-large-hmac"),
			Text:      "POST requests of up to 1 MB are served with HmacSHA1 or HmacSHA256, and larger ones refused.",
			Rationale: kilobytes, Scope: sized,
			It: "takes POST requests of 1 MB with HmacSHA1 or HmacSHA256 and no more", Judge: limited(d, q, "size-limits/post-hmac", catalog.TooLargeHMAC),
		},
		{
			ID: d.ID("PROTO-20"), Line: func(here func()) { here() }, Level: report.Should, In: d.At(d.Methods), Rules: d.Rules("size-limits/post-tc3", "errors/too-large"),
			Text:      "POST requests of up to 10 MB are served with TC3-HMAC-SHA256, and larger ones refused.",
			Rationale: kilobytes, Scope: sized,
			It: "takes POST requests of 10 MB with TC3-HMAC-SHA256 and no more", Judge: limited(d, q, "size-limits/post-tc3", catalog.TooLarge),
		},
		d.Refusal(func(here func()) { here() }, "PROTO-21", d.Codes, "An Authorization header that cannot be read is refused with the documented code.",
			"refuses an unreadable Authorization as documented", q.Questions, q.BadAuthorization, catalog.BadAuthorization),
		d.Refusal(func(here func()) { here() }, "PROTO-22", d.Codes, "A wrong signature is refused with the documented code.",
			"refuses a wrong signature as documented", q.Questions, q.WrongSignature, catalog.BadSignature),
		d.Refusal(func(here func()) { here() }, "PROTO-23", d.Codes, "A token that is not valid is refused with the documented code.",
			"refuses an invalid token as documented", q.Questions, q.BadToken, catalog.BadToken),
		d.Refusal(func(here func()) { here() }, "PROTO-24", d.Codes, "A time more than five minutes off is refused with the documented code.",
			"refuses an old time as documented", q.Questions, q.ExpiredTimestamp, catalog.ExpiredTimestamp),
		d.Refusal(func(here func()) { here() }, "PROTO-25", d.Codes, "A parameter that the action does not have is refused with the documented code.",
			"refuses an unknown parameter as documented", q.Questions, q.UnknownParameter, catalog.UnknownParameter),
		{
			ID: d.ID("PROTO-26"), Line: func(here func()) { here() }, Level: report.Info, In: d.Codes, Rules: d.Rules("errors/unsupported-region"),
			Text:      "A region that does not exist is refused with the documented code.",
			Rationale: "the region is optional for DescribeAccessRegions, and no source shows that it looks at it",
			It:        "refuses an unknown region as documented", Judge: d.Refused(q.Questions, q.UnsupportedRegion, catalog.UnsupportedRegion),
		},
		d.Tampered(func(here func()) { here() }, "PROTO-37", d.At(d.Methods), q.Questions),
		{
			ID: d.ID("PROTO-27"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Methods), Rules: d.Rules("errors/forbidden"),
			Text: "A signed read-only call is carried out.",
			It:   "carries out a signed call", Judge: d.CarriedOut(q.Questions),
		},
	}
}

// posted demands that a call in the media type of a rule is looked at as far as its key.
func posted(d common.Document, q Questions, rule string) kit.Judgement {
	return kit.EachReply(q.PostIn[d.Rules(rule)[0]], kit.BeAnswered(), kit.ComeFromAPI(), kit.Saying("a request that is looked at gets as far as its key", kit.GetAsFarAsKey()))
}

// Charset are the requirements about character encoding that need a key. Names of an API's own
// come in some members, in Chinese and in English.
func Charset(d common.Document, q Questions, members ...string) []kit.Requirement {
	return []kit.Requirement{
		{
			ID: d.ID("CHARSET-04"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Encoding), Rules: d.Rules("encoding"),
			Text: "Names in Chinese come back in UTF-8, in their own script.",
			It:   "names its regions in Chinese",
			Judge: d.WithKey(q.Questions, kit.All(
				kit.EachReply(slices.Concat(q.InEnglish, q.SignedCalls), kit.Succeed(), kit.BeUTF8()),
				kit.EachReply(q.SignedCalls, kit.HaveMembersIn(kit.Chinese("zh-CN"), members...)),
				kit.WhereShown(kit.TogetherAgain(q.SignedCalls, kit.HaveSameNames(members...))),
				kit.Noting(q.InEnglish[0], func(c *kit.Case, a kit.Answer) {
					if ok, err := kit.HaveMembersIn(kit.English("en-US"), members...).Match(a); err == nil && !ok && a.CarriedOut() {
						c.Notef("the names are not in English when X-TC-Language asks for that")
					}
				}),
			)),
		},
		{
			ID: d.ID("CHARSET-05"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Encoding), Rules: d.Rules("encoding", "errors/unknown-parameter"),
			Text: "Text in UTF-8 beyond ASCII is verified as it was signed, in a body and in a query.",
			It:   "verifies texts of every kind as they were signed",
			Judge: d.WithKey(q.Questions, kit.Given(q.SignedCall, func(c *kit.Case, a kit.Answer) {
				c.Expect(a, kit.Saying("the key is good for ASCII", kit.Succeed()))
			}, kit.All(texts(d, q)...))),
		},
	}
}

// texts judges, by each way, calls with texts where one in ASCII that goes the same way is carried out: one that
// is refused shows that it is not the text.
func texts(d common.Document, q Questions) []kit.Judgement {
	var byWay []kit.Judgement
	for _, by := range q.Texts {
		byWay = append(byWay, kit.Given(by.Plain, func(c *kit.Case, a kit.Answer) {
			if !a.CarriedOut() {
				c.Skip(kit.CannotTell("the call in ASCII that goes the same way is not carried out"))
			}
		}, kit.All(
			kit.WhereShown(kit.EachReply(by.Calls, kit.BeAnswered())),
			kit.WhereShown(d.ReadAsSent(by.Calls...)),
			kit.EachReplyBy(by.Calls, func(c *kit.Case, a kit.Answer) {
				if a.ServerFailed(d.Error(catalog.ServerError)) {
					c.Skip(kit.CannotTell("the service itself fails: " + a.Exchange.Detail))
				}
				c.Expect(a, kit.BeReadAsSigned(d.Error(catalog.BadSignature)))
			}),
		)))
	}
	return byWay
}
