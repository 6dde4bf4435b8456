package sandbox

import (
	"fmt"
	"sync"

	"prober/catalog"
	"prober/sandbox/imitation"
)

// imitated is an API played by package imitation. Most endpoints are never asked in a
// run, so it is built when the first request comes.
type imitated struct {
	build func() (*imitation.API, error)
}

func newImitated(s *Sandbox, e *endpoint) *imitated {
	return &imitated{build: sync.OnceValues(func() (*imitation.API, error) {
		key := imitation.Key{ID: s.credentials.Alibaba.ID, Secret: s.credentials.Alibaba.Secret}
		if e.product.APIStyle == catalog.StyleTencent3 {
			key = imitation.Key{ID: s.credentials.Tencent.ID, Secret: s.credentials.Tencent.Secret}
		}
		return imitation.New(imitation.Config{
			Product: e.product, Host: e.Host, Region: e.Region, Keys: []imitation.Key{key}, Now: s.cfg.Now,
		})
	})}
}

// serve hands the request to the imitation.
func (i *imitated) serve(x *exchange) *reply {
	a, err := i.build()
	if err != nil {
		return &reply{status: 500, header: []field{{"Content-Type", "text/plain"}}, body: []byte(fmt.Sprintln(err))}
	}
	if x.b.mangle != nil {
		a = a.Mangled(x.b.mangle)
	}
	if x.b.contextless {
		a = a.Contextless()
	}
	scheme := x.c.scheme
	if x.b.plainServed {
		scheme = catalog.HTTPS // as far as the API can tell
	}
	said := a.Serve(imitation.Request{
		Scheme: scheme, Method: x.req.Method, Host: x.req.Host, Path: x.req.URL.Path,
		Query: x.req.URL.RawQuery, Header: x.req.Header, Body: x.body,
	})
	r := &reply{status: said.Status, body: said.Body}
	for _, f := range said.Header {
		r.header = append(r.header, field{f.Name, f.Value})
	}
	return r
}
