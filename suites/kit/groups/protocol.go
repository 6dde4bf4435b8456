package groups

import (
	"net/http"
	"slices"
	"strings"

	"prober/catalog"
	"prober/probe/reason"
	"prober/suites/kit"
)

// ProtocolRequirements are the statements about requests and replies that all products
// share. post is how binding it is that POST is served.
func (p Product) ProtocolRequirements(post kit.Level) []kit.Requirement {
	d := p.Document
	r := d.Replies
	get := p.stated("PROTO-04", kit.Must, d.Methods, "GET is served, with the parameters in the URL.", "methods")
	action := p.from(r.Source, r.Codes, r.Since, "PROTO-06", kit.Should, "A request that names no Action is refused for that.", "errors/missing-parameter", "errors/unknown-action")
	if d.Parameters != "" {
		get.Rules = append(get.Rules, p.rule("parameters"))
		action.Rules = append(action.Rules, p.rule("parameters"))
		action.Level = kit.Must
		action.Source, action.Section, action.Since, action.Also = d.Source, d.Parameters, d.Date, d.before(d.Parameters)
	}
	situation := func(id, text string, rules ...string) kit.Requirement {
		return p.from(r.Source, r.Codes, r.Since, id, kit.Should, text, rules...)
	}
	return []kit.Requirement{
		p.stated("PROTO-01", kit.Must, d.Protocols, "Requests over HTTPS are answered.", "schemes", "errors/throttled"),
		p.stated("PROTO-02", kit.Must, d.Protocols, "Requests over plain HTTP are answered, or not served, as documented.", "schemes"),
		p.from("RFC 9112", "2, 6 and 7", "2022-06", "PROTO-03", kit.Must, "Replies are framed as HTTP/1.1 demands."),
		get,
		p.stated("PROTO-05", post, d.Methods, "POST is served.", "methods"),
		action,
		p.from(r.Source, r.Codes, r.Since, "PROTO-29", kit.Must, "A request with an Action that does not exist is not carried out.", "errors/unknown-action"),
		situation("PROTO-07", "An Action that does not exist is refused with the documented code.", "errors/unknown-action"),
		situation("PROTO-08", "A call without a key is refused with the documented code.", "errors/missing-key", "errors/missing-parameter"),
		situation("PROTO-09", "A key that nobody owns is refused with the documented code.", "errors/unknown-key"),
		situation("PROTO-10", "HTTP methods other than GET and POST are refused.", "methods", "errors/unsupported-method"),
		because(p.from(r.ShapeSource, r.Shape, r.ShapeSince, "PROTO-11", kit.Must, "Every error comes in the documented shape, with a code, a message and a request id."),
			"the client cannot ask for help without the id"),
		situation("PROTO-12", "A request that is wrong is refused, and does not make the service fail.", "errors/server-error"),
		situation("PROTO-13", "A version that does not exist is refused with the documented code.", "errors/unknown-version"),
		because(situation("PROTO-14", "A missing common parameter is refused with the documented code.", "errors/missing-parameter", "errors/unknown-key"),
			"no source shows whether the time or the key is looked at first"),
		because(situation("PROTO-28", "A request without any parameter is refused with one of the documented codes.", "errors/bare"),
			"no source shows what is said to it, so that any code about what is missing will do"),
	}
}

// Shared names the questions that the shared specs of the group protocol need.
type Shared struct {
	Get, Post                     []string // made-up key, by method
	NoParameters                  string
	Without                       []string // a required parameter each
	UnknownAction, UnknownVersion string
	MissingKey, MissingParameter  string
	Methods                       []string // refused methods
	All                           []string // everything that is answered by the API without a customer's key
}

// Protocol states the shared specs of the group protocol.
func (p Product) Protocol(e *kit.Subject, q Shared) {
	e.It(p.ID("PROTO-01"), "answers over HTTPS in the documented shape", kit.Decided(), func(c *kit.Case) {
		c.Expect(c.HTTPS).To(kit.BeHealthy())
	})
	p.plainHTTP(e)
	e.It(p.ID("PROTO-03"), "frames its replies as HTTP/1.1 demands", kit.Framed().AndFramed(q.All...), func(c *kit.Case) {
		c.Expect(c.HTTPS).To(kit.NotShow("wrong in the framing", kit.FramingFaults()...))
		c.Each(q.All, func(a kit.Answer) { c.Expect(a).To(kit.BeFramed()) })
	})
	unknownKey := e.ErrorRule(catalog.UnknownKey)
	p.each(e, "PROTO-04", "serves GET with the parameters in the URL", demandedBy(e.Product, http.MethodGet, q.Get), func(c *kit.Case, a kit.Answer) {
		c.Expect(a).NotTo(kit.HaveCode(e.ErrorRule(catalog.UnsupportedMethod), e.ErrorRule(catalog.MissingParameter), e.ErrorRule(catalog.UnknownAction)))
		c.Expect(a).To(kit.BeAPIReply())
		c.Expect(a).NotTo(kit.BeServerFailure(e.ErrorRule(catalog.ServerError)))
	})
	p.each(e, "PROTO-05", "serves POST", demandedBy(e.Product, http.MethodPost, q.Post), func(c *kit.Case, a kit.Answer) {
		c.Expect(a).NotTo(kit.HaveCode(e.ErrorRule(catalog.UnsupportedMethod), e.ErrorRule(catalog.MissingParameter), e.ErrorRule(catalog.UnknownAction)))
		c.Expect(a).To(kit.BeAPIReply())
		c.Expect(a).NotTo(kit.BeServerFailure(e.ErrorRule(catalog.ServerError)))
	})
	p.each(e, "PROTO-06", "wants an Action", q.Without, func(c *kit.Case, a kit.Answer) {
		c.Expect(a).To(kit.BeAPIError(withoutStatus(e, catalog.MissingParameter), withoutStatus(e, catalog.UnknownAction)))
	})
	p.each(e, "PROTO-28", "refuses a request without parameters as documented", []string{q.NoParameters}, func(c *kit.Case, a kit.Answer) {
		c.Expect(a).To(kit.BeAPIError(e.ErrorRule(catalog.Bare)))
	})
	p.each(e, "PROTO-07", "refuses an unknown Action as documented", []string{q.UnknownAction}, func(c *kit.Case, a kit.Answer) {
		c.Expect(a).To(kit.BeAPIError(e.ErrorRule(catalog.UnknownAction)))
	})
	p.each(e, "PROTO-29", "does not carry out an unknown Action", []string{q.UnknownAction}, func(c *kit.Case, a kit.Answer) {
		c.Expect(a).NotTo(kit.Succeed())
	})
	p.each(e, "PROTO-08", "refuses a call without a key as documented", []string{q.MissingKey}, func(c *kit.Case, a kit.Answer) {
		c.Expect(a).To(kit.BeAPIError(e.ErrorRule(catalog.MissingKey), e.ErrorRule(catalog.MissingParameter)))
	})
	p.each(e, "PROTO-09", "refuses a key that nobody owns as documented", []string{InASCII}, func(c *kit.Case, a kit.Answer) {
		c.Expect(a).To(kit.BeAPIError(unknownKey))
	})
	p.each(e, "PROTO-10", "refuses other methods than GET and POST", q.Methods, func(c *kit.Case, a kit.Answer) {
		c.Expect(a).To(kit.BeRefused(e.ErrorRule(catalog.UnsupportedMethod), e.ErrorRule(catalog.UnknownAction)))
	})
	p.each(e, "PROTO-11", "sends every error in the documented shape", q.All, func(c *kit.Case, a kit.Answer) {
		c.Expect(a).To(kit.BeAPIReply())
	})
	p.each(e, "PROTO-12", "does not fail over a wrong request", q.All, func(c *kit.Case, a kit.Answer) {
		c.Expect(a).NotTo(kit.BeServerFailure(e.ErrorRule(catalog.ServerError)))
	})
	p.each(e, "PROTO-13", "refuses an unknown version as documented", []string{q.UnknownVersion}, func(c *kit.Case, a kit.Answer) {
		c.Expect(a).To(kit.BeAPIError(e.ErrorRule(catalog.UnknownVersion)))
	})
	p.each(e, "PROTO-14", "refuses a missing parameter as documented", []string{q.MissingParameter}, func(c *kit.Case, a kit.Answer) {
		c.Expect(a).To(kit.BeAPIError(e.ErrorRule(catalog.MissingParameter), e.ErrorRule(catalog.UnknownKey)))
	})
}

// demandedBy are the questions with a method where the rules say that it is served, or that
// it works by other public sources; none otherwise.
func demandedBy(p catalog.Product, method string, questions []string) []string {
	m := p.Rules.Methods
	if m == nil || !slices.Contains(m.Served, method) && !slices.Contains(m.Allowed, method) {
		return nil
	}
	if u := p.Rules.Parameters; method == http.MethodGet && u != nil && !u.InURL {
		return nil
	}
	return questions
}

// withoutStatus is the rule about a situation without its statuses: they are a SHOULD.
func withoutStatus(e *kit.Subject, s catalog.Situation) catalog.ErrorRule {
	rule := e.ErrorRule(s)
	rule.Statuses = nil
	return rule
}

// plainHTTP judges plain HTTP by the rule about schemes.
func (p Product) plainHTTP(e *kit.Subject) {
	if s := e.Product.Rules.Schemes; s != nil && slices.Contains(s.Refused, catalog.HTTP) {
		e.It(p.ID("PROTO-02"), "does not serve plain HTTP", kit.RefusedOrServed(), func(c *kit.Case) {
			c.Expect(c.HTTP).To(kit.NotShow("served over plain HTTP", reason.VerifyPlainHTTPServed))
		})
		return
	}
	e.It(p.ID("PROTO-02"), "answers over plain HTTP", kit.DecidedHTTP(), func(c *kit.Case) {
		c.Expect(c.HTTP).To(kit.AnswerOrLeadToHTTPS())
		for _, a := range c.HTTP.Addresses {
			if kit.LeadsToHTTPS(c.HTTP, a) {
				c.Notef("%s leads to HTTPS instead of answering", a.Address)
			}
		}
	})
}

// each states a spec that holds for the answer to each of several questions.
func (p Product) each(e *kit.Subject, id, text string, questions []string, check func(*kit.Case, kit.Answer)) {
	e.It(p.ID(id), text, kit.AskedEach(questions...), func(c *kit.Case) {
		c.Each(questions, func(a kit.Answer) { check(c, a) })
	})
}

// Required returns the parameters that every request to a product must have: by its rule,
// or the Action where there is none.
func Required(p catalog.Product) []string {
	if r := p.Rules.Parameters; r != nil && len(r.Required) > 0 {
		return r.Required
	}
	return []string{"Action"}
}

// WithoutParameter names the question without a required parameter.
func WithoutParameter(name string) string { return "without-" + strings.ToLower(name) }

// WithoutRequired names the questions without each required parameter of a product.
func WithoutRequired(p catalog.Product) []string {
	var names []string
	for _, name := range Required(p) {
		names = append(names, WithoutParameter(name))
	}
	return names
}
