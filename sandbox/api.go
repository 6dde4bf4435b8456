package sandbox

import (
	"net/http"

	"prober/catalog"
)

// api answers requests as one endpoint's API does.
type api interface {
	serve(*exchange) *reply
}

// newAPI returns the API of an endpoint.
func newAPI(s *Sandbox, e *endpoint) api {
	switch e.product.APIStyle {
	case catalog.StyleAlibabaRPC, catalog.StyleTencent3:
		return newImitated(s, e)
	}
	return site{}
}

// site is an endpoint of style none: a web site that is well.
type site struct{}

func (site) serve(*exchange) *reply {
	return &reply{
		status: http.StatusOK,
		header: []field{{"Content-Type", "text/plain; charset=utf-8"}},
		body:   []byte("ok\n"),
	}
}
