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

// servePlain serves a connection without TLS.
func (c *connection) servePlain(b behaviour) {
	if b.secured != nil && c.e.plain == plainServed {
		b.secured(c, c.tcp)
		return
	}
	c.serveHTTP(c.tcp)
}

// refusePlain answers a plain request that must not reach the API; a nil reply closes
// the connection.
func (x *exchange) refusePlain() (r *reply, refused bool) {
	if x.c.scheme == catalog.HTTPS || x.b.plainServed {
		return nil, false
	}
	switch x.c.e.plain {
	case plainForbidden:
		return page(http.StatusForbidden, "Forbidden"), true
	case plainRedirect:
		r := page(http.StatusMovedPermanently, "Moved Permanently")
		r.set("Location", "https://"+x.c.e.Host+x.req.URL.RequestURI())
		return r, true
	case plainReset:
		x.c.reset()
		return nil, true
	}
	return nil, false
}
