package sandbox

import (
	"net/http"

	"prober/catalog"
)

// plainMode is what happens to plain HTTP at an endpoint.
type plainMode uint8

// The ways of not serving plain HTTP are those that clients of the real services
// report; which host does what is not documented, so they are spread over the endpoints.
const (
	plainServed    plainMode = iota // the API answers
	plainClosed                     // nothing listens
	plainReset                      // the connection is reset after the request
	plainRedirect                   // a redirect to https
	plainForbidden                  // a page with status 403
	plainNeedSSL                    // the API's own error that TLS is needed
)

// plainModeOf chooses for the nth endpoint of a product.
func plainModeOf(p catalog.Product, nth int) plainMode {
	if !p.Refuses(catalog.HTTP) {
		return plainServed
	}
	modes := []plainMode{plainForbidden, plainClosed, plainForbidden, plainReset, plainRedirect}
	if p.APIStyle == catalog.StyleAlibabaRPC {
		modes = []plainMode{plainClosed, plainNeedSSL, plainClosed, plainReset, plainRedirect, plainForbidden}
	}
	return modes[nth%len(modes)]
}

// servePlain is what the endpoint says to a request over plain HTTP; nil if the connection is
// reset.
func (x *exchange) servePlain() *reply {
	switch x.c.e.plain {
	case plainForbidden:
		return page(http.StatusForbidden, "Forbidden")
	case plainRedirect:
		r := page(http.StatusMovedPermanently, "Moved Permanently")
		r.set("Location", "https://"+x.c.e.Host+x.req.URL.RequestURI())
		return r
	case plainReset:
		x.c.reset()
		return nil
	}
	return x.serve()
}
