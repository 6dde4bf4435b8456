package probe

import (
	"context"
	"net/http"

	"prober/catalog"
	"prober/probe/hello"
	"prober/probe/reason"
)

// secured adds to what was found over plain HTTP that the port speaks TLS, where it answers a ClientHello. Some servers
// hang up on a request without TLS, and some send a page about it.
func (p *Prober) secured(ctx context.Context, t Target, r *AddressResult, v verdict) verdict {
	const statusToHTTPS = 497 // nginx's own, should it show
	status := 0
	if r.HTTP != nil {
		status = r.HTTP.Status
	}
	cut := v.Reason.Phase() == reason.Request || v.Reason.Phase() == reason.Headers
	if !t.Diagnose || t.Scheme != catalog.HTTP || v.OK() || !cut && status != http.StatusBadRequest && status != statusToHTTPS {
		return v
	}
	for _, version := range []hello.Version{hello.TLS12, hello.TLS13} {
		a := p.scan(t.Endpoint.Host).Ask(ctx, t.to(r.Address), t.name(), version, hello.Main)
		if a.ServerHello() {
			v.Detail += "; the port speaks TLS: it answers a ClientHello with a " + a.Evidence
			break
		}
		if a.Kind != hello.Alerted {
			break
		}
	}
	return v
}
