package probe

import (
	"context"
	"fmt"

	"prober/probe/reason"
)

// onlyHTTP2 tells a server that speaks HTTP/2 alone from one that is broken. It refuses a handshake
// that offers HTTP/1.1, or goes on without having chosen it and does not answer: that it chooses HTTP/2
// where that is offered decides.
func (p *Prober) onlyHTTP2(ctx context.Context, t Target, r *AddressResult, v verdict) verdict {
	unanswered := v.Reason.Phase() == reason.Request || v.Reason.Phase() == reason.Headers
	if !t.Diagnose || r.TLS == nil || v.Reason != reason.TLSAlertNoApplicationProtocol && (!unanswered || r.TLS.ALPN != "") {
		return v
	}
	cfg := p.tls.Clone()
	cfg.NextProtos = []string{"h2"}
	h := p.shakeAgain(ctx, t, r, cfg)
	if h == nil || h.err != nil || h.state.NegotiatedProtocol != "h2" {
		return v
	}
	v.Finding = reason.ProberHTTPUnsupported.Found(fmt.Sprintf("the server chooses HTTP/2 where it is offered and not HTTP/1.1, which is all that this program speaks: %s", v.Detail))
	return v
}
