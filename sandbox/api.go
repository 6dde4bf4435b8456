package sandbox

import (
	"net/http"
	"slices"

	"prober/catalog"
	"prober/sandbox/imitation"
)

// newAPI returns the imitation of the API of an endpoint; nil for an endpoint of style none.
func newAPI(s *Sandbox, e *endpoint) (*imitation.API, error) {
	if !e.product.APIStyle.IsAPI() {
		return nil, nil
	}
	keys := []imitation.Key{
		{ID: s.credentials.Alibaba.ID, Secret: s.credentials.Alibaba.Secret},
		{ID: s.credentials.Tencent.ID, Secret: s.credentials.Tencent.Secret},
	}
	return imitation.New(imitation.Config{Product: e.product, Host: e.Host, Region: e.Region, Keys: keys, Now: s.cfg.Now})
}

// serve is what the endpoint says to the request. One of style none is a web site that is
// well, and refuses the methods that its rules refuse.
func (x *exchange) serve() *reply {
	if m := x.c.e.product.Rules.Methods; x.c.e.api == nil && m != nil && slices.Contains(m.Refused, x.req.Method) {
		return page(http.StatusMethodNotAllowed, "Method Not Allowed")
	}
	if x.c.e.api == nil {
		return wellReply(x.check())
	}
	return x.ask(func(a *imitation.API, r imitation.Request) imitation.Reply {
		if x.b.mangle != nil {
			a = a.Mangled(x.b.mangle)
		}
		if x.b.bound != nil {
			a = a.Bound(*x.b.bound)
		}
		return a.Serve(r)
	})
}

// ask hands the request to the imitation of the endpoint's API.
func (x *exchange) ask(answer func(*imitation.API, imitation.Request) imitation.Reply) *reply {
	r := reply(answer(x.c.e.api, x.received()))
	return &r
}

// received is the request as an API sees it.
func (x *exchange) received() imitation.Request {
	scheme := x.c.scheme
	if x.b.plainServed {
		scheme = catalog.HTTPS // as far as the API can tell
	}
	return imitation.Request{
		Scheme: scheme, Method: x.req.Method, Host: x.req.Host, Path: x.req.URL.Path,
		Query: x.req.URL.RawQuery, Header: x.req.Header, Body: x.body,
	}
}

// refuseAs refuses with the API's error for a situation.
func refuseAs(s catalog.Situation) func(*exchange) {
	return func(x *exchange) {
		x.reply = x.ask(func(a *imitation.API, r imitation.Request) imitation.Reply { return a.Refuse(r, s) })
	}
}

// refuseWith refuses with an error that the API does not have by itself.
func refuseWith(status int, code, message string) func(*exchange) {
	return func(x *exchange) {
		x.reply = x.ask(func(a *imitation.API, r imitation.Request) imitation.Reply {
			return a.RefuseWith(r, status, code, message)
		})
	}
}

// refuseOddly refuses with a code that no document has, and a status that errors have.
func refuseOddly(x *exchange) {
	refuseWith(http.StatusBadRequest, "RequestWasOdd", "The request was refused for a reason that no document names.")(x)
}

// otherFamily refuses in the words of the other family, as when a proxy sends requests to
// the wrong cloud.
func otherFamily(x *exchange) {
	style := catalog.StyleTencent3
	if x.c.e.product.APIStyle == style {
		style = catalog.StyleAlibabaRPC
	}
	x.reply = x.ask(func(*imitation.API, imitation.Request) imitation.Reply {
		other, err := imitation.New(imitation.Config{Product: catalog.Product{ID: "other", APIStyle: style}, Host: x.c.e.Host})
		if err != nil {
			return imitation.Page(http.StatusBadGateway, "Bad Gateway") // never: crypto/rand does not fail
		}
		return other.RefuseWith(imitation.Request{Query: "Format=JSON"}, http.StatusBadRequest, "MissingParameter", "The request is missing a required parameter.")
	})
}
