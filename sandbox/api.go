package sandbox

import (
	"net/http"
	"sync"

	"prober/catalog"
)

// api answers requests as one endpoint's API does; nil closes the connection.
type api interface {
	serve(x *exchange) *reply
}

// newAPI returns the API of an endpoint, which is built when it is first asked.
func newAPI(s *Sandbox, e *endpoint) api {
	if e.product.APIStyle == catalog.StyleAlibabaRPC || e.product.APIStyle == catalog.StyleTencent3 {
		return &imitated{build: sync.OnceValue(func() handler { return newImitation(s, e) })}
	}
	return siteAPI{}
}

// siteAPI is an endpoint of style none: a web site that is well.
type siteAPI struct{}

func (siteAPI) serve(*exchange) *reply {
	return &reply{
		status: http.StatusOK,
		header: []field{{"Content-Type", "text/plain; charset=utf-8"}},
		body:   []byte("ok\n"),
	}
}
