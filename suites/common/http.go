package common

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/report"
	"prober/suites/kit"
)

// PlainHTTP is what a product's documents say of plain HTTP beyond the rule about schemes.
type PlainHTTP struct {
	Rules     []string
	Rationale string
}

// HTTP are the requirements about requests and replies that all products share. post is how
// binding it is that POST is served.
func HTTP(d Document, q Questions, post report.Level, plain PlainHTTP) []kit.Requirement {
	return []kit.Requirement{
		{
			ID: d.ID("PROTO-01"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Protocols), Rules: d.Rules("schemes", "errors/throttled"),
			Text: "Requests over HTTPS are answered.",
			It:   "answers over HTTPS in the documented shape", Judge: kit.Health(),
		},
		plainHTTP(d, q, plain),
		{
			ID: d.ID("PROTO-03"), Line: func(here func()) { here() }, Level: d.standard(), In: kit.RFC("9112", "2, 6 and 7", "2022-06"),
			Text:  "Replies are framed as HTTP/1.1 demands.",
			It:    "frames its replies as HTTP/1.1 demands",
			Judge: kit.All(ofEachAddress(d, kit.BeFramedAsHTTP()), ofEveryReply(q, each(kit.BeFramed()))),
		},
		{
			ID: d.ID("PROTO-04"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Methods), Rules: append(d.Rules("methods"), parameters(d)...),
			Text: "GET is served, with the parameters in the URL.",
			It:   "serves GET with the parameters in the URL", Judge: lookedAt(d, demandedBy(d.Product, http.MethodGet, q.Get)),
		},
		{
			ID: d.ID("PROTO-05"), Line: func(here func()) { here() }, Level: post, In: d.At(d.Methods), Rules: d.Rules("methods"),
			Text: "POST is served.",
			It:   "serves POST",
			Judge: kit.All(
				lookedAt(d, demandedBy(d.Product, http.MethodPost, q.Post)),
				kit.WherePossible(kit.EachReply(demandedBy(d.Product, http.MethodPost, q.SignedPosts), kit.BeAnswered())),
				d.IfKey(q, kit.EachReply(demandedBy(d.Product, http.MethodPost, q.SignedPosts), kit.ComeFromAPI(), kit.Succeed())),
			),
		},
		withoutAction(d, q),
		{
			ID: d.ID("PROTO-29"), Line: func(here func()) { here() }, Level: report.Must, In: d.Codes, Rules: d.Rules("errors/unknown-action"),
			Text: "A request with an Action that does not exist is not carried out.",
			It:   "does not carry out an unknown Action", Judge: kit.EachReply(q.UnknownAction, kit.Not(kit.Succeed())),
		},
		d.Refusal(func(here func()) { here() }, "PROTO-07", d.Codes, "An Action that does not exist is refused with the documented code.",
			"refuses an unknown Action as documented", q, slices.Concat(q.UnknownAction, q.OtherCase), catalog.UnknownAction),
		d.Refusal(func(here func()) { here() }, "PROTO-08", d.Codes, "A call without a key is refused with the documented code.",
			"refuses a call without a key as documented", q, q.MissingKey, catalog.MissingKey, catalog.MissingParameter),
		d.Refusal(func(here func()) { here() }, "PROTO-09", d.Codes, "A key that nobody owns is refused with the documented code.",
			"refuses a key that nobody owns as documented", q, slices.Concat(q.UnknownKey, q.UnknownKeyInXML), catalog.UnknownKey),
		{
			ID: d.ID("PROTO-10"), Line: func(here func()) { here() }, Level: report.Should, In: d.Codes, Rules: d.Rules("methods", "errors/unsupported-method"),
			Text:  "HTTP methods other than GET and POST are refused.",
			It:    "refuses other methods than GET and POST",
			Judge: kit.EachReply(q.Methods, kit.BeAnsweredOrHungUpOn(), kit.BeRefused(d.Error(catalog.UnsupportedMethod), d.Error(catalog.UnknownAction))),
		},
		{
			ID: d.ID("PROTO-11"), Line: func(here func()) { here() }, Level: d.standard(), In: d.Shape,
			Text:      "Every error comes in the documented shape, with a code, a message and a request id.",
			Rationale: "the client cannot ask for help without the id",
			It:        "sends every error in the documented shape", Judge: OfAPI(q, each(kit.BeAPIReply())),
		},
		{
			ID: d.ID("PROTO-12"), Line: func(here func()) { here() }, Level: report.Should, In: d.Codes, Rules: d.Rules("errors/server-error"),
			Text: "A request that is wrong is refused, and does not make the service fail.",
			It:   "does not fail over a wrong request", Judge: OfAPI(q, each(kit.Not(kit.BeServerFailure(d.Error(catalog.ServerError))))),
		},
		{
			ID: d.ID("PROTO-30"), Line: func(here func()) { here() }, Level: report.Should, In: d.Shape,
			Text:      "Different requests have different request ids.",
			Rationale: "no document says so; with one id for two requests neither can be told from the other, and a cache or a gateway has answered in the API's place",
			It:        "gives every request an id of its own", Judge: kit.Together(slices.Concat(q.Anybody, q.Signed, q.Methods), kit.HaveTheirOwnRequestIDs()),
		},
		d.Refusal(func(here func()) { here() }, "PROTO-13", d.Codes, "A version that does not exist is refused with the documented code.",
			"refuses an unknown version as documented", q, q.UnknownVersion, catalog.UnknownVersion),
		{
			ID: d.ID("PROTO-14"), Line: func(here func()) { here() }, Level: report.Should, In: d.Codes, Rules: d.Rules("errors/missing-parameter", "errors/unknown-key"),
			Text:      "A missing common parameter is refused with the documented code.",
			Rationale: "no source shows whether the time or the key is looked at first",
			It:        "refuses a missing parameter as documented",
			Judge: kit.All(
				d.Refused(q, q.MissingParameter, catalog.MissingParameter, catalog.UnknownKey),
				d.IfKey(q, d.Refused(q, q.MissingSigned, catalog.MissingParameter)),
			),
		},
		{
			ID: d.ID("PROTO-28"), Line: func(here func()) { here() }, Level: report.Should, In: d.Codes, Rules: d.Rules("errors/bare"),
			Text:      "A request without any parameter is refused with one of the documented codes.",
			Rationale: cmp.Or(d.Bare, "no source shows what is said to it, so that any code about what is missing will do"),
			It:        "refuses a request without parameters as documented",
			Judge:     kit.EachReply(q.NoParameters, kit.BeAnswered(), kit.BeAPIError(d.errors(catalog.Bare)...)),
		},
	}
}

func each(m types.GomegaMatcher) func(questions []*kit.Question) kit.Judgement {
	return func(questions []*kit.Question) kit.Judgement { return kit.EachReply(questions, m) }
}

// ofEachAddress demands something of each address over HTTPS, and where plain HTTP is served of
// what shows over that.
func ofEachAddress(d Document, m types.GomegaMatcher) kit.Judgement {
	over := kit.EachAddress(catalog.HTTPS, m)
	if d.Product.Refuses(catalog.HTTP) {
		return over
	}
	return kit.All(over, kit.WhereShown(kit.EachAddress(catalog.HTTP, m)))
}

// lookedAt demands that calls are looked at as calls.
func lookedAt(d Document, questions []*kit.Question) kit.Judgement {
	return kit.EachReply(questions,
		kit.BeAnswered(), kit.Not(kit.BeAPIError(d.codes(catalog.UnsupportedMethod, catalog.MissingParameter, catalog.UnknownAction)...)),
		kit.ComeFromAPI(), kit.Not(kit.BeServerFailure(d.Error(catalog.ServerError))),
	)
}

// parameters is the rule about parameters, where the document has one.
func parameters(d Document) []string {
	if d.Parameters[0] == "" {
		return nil
	}
	return d.Rules("parameters")
}

// withoutAction is a MUST where the document states which parameters a request must have, by
// whatever status it is refused: those are a SHOULD.
func withoutAction(d Document, q Questions) kit.Requirement {
	r := kit.Requirement{
		ID: d.ID("PROTO-06"), Line: func(here func()) { here() }, Level: report.Should, In: d.Codes,
		Rules: append(d.Rules("errors/missing-parameter", "errors/unknown-action"), parameters(d)...),
		Text:  "A request that names no Action is refused for that.",
		It:    "wants an Action", Judge: kit.EachReply(q.Without, kit.BeAPIError(d.codes(catalog.MissingParameter, catalog.UnknownAction)...)),
	}
	if d.Parameters[0] != "" {
		r.Level, r.In = report.Must, d.At(d.Parameters)
	}
	return r
}

// plainHTTP judges plain HTTP by the rule about schemes.
func plainHTTP(d Document, q Questions, plain PlainHTTP) kit.Requirement {
	r := kit.Requirement{
		ID: d.ID("PROTO-02"), Line: func(here func()) { here() }, Level: report.Must, In: d.At(d.Protocols), Rationale: plain.Rationale,
		Rules: append(d.Rules("schemes"), plain.Rules...),
		Text:  "Requests over plain HTTP are answered, or not served, as documented.",
		It:    "answers over plain HTTP", Judge: kit.HealthOrHTTPS(),
	}
	if s := d.Product.Rules.Schemes; s != nil && slices.Contains(s.Refused, catalog.HTTP) {
		r.It = "does not serve plain HTTP"
		r.Judge = kit.All(kit.EachAddress(catalog.HTTP, kit.NotServePlainHTTP()), kit.EachReply(q.PlainPost, kit.NotBeServed()))
	}
	return r
}
