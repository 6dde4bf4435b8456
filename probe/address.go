package probe

import (
	"context"
	"net/netip"
	"time"

	"prober/catalog"
	"prober/probe/exchange"
	"prober/probe/reason"
)

// address probes one address of t. named tells that the user gave it; otherwise DNS did,
// which took the resolve time.
func (p *Prober) address(ctx context.Context, t Target, addr netip.Addr, named bool, resolve time.Duration) AddressResult {
	r := AddressResult{Address: addr, Phases: Phases{Resolve: resolve, Total: resolve, Reached: reason.Resolve}}
	f, dialled := p.admit(t, addr, named)
	if dialled {
		f = p.diagnose(ctx, t, addr, refusal(t, p.dialAndAsk(ctx, t, &r)))
		if t.TLSVersions && t.Scheme == catalog.HTTPS {
			f = p.versions(ctx, t, &r, f)
		}
	}
	r.Outcome, r.Reason, r.Blame, r.Detail = f.reason.Outcome(), f.reason, f.reason.Blame(), f.detail
	r.Phases.Total = r.Phases.Resolve + r.Phases.Connect + r.Phases.TLS + r.Phases.Request + r.Phases.Headers + r.Phases.Body
	if r.Outcome != reason.OK {
		r.Reproduce = p.reproduce(t, &r)
	}
	return r
}

// admit asks the guard whether addr may be dialled, and says what is wrong if not.
func (p *Prober) admit(t Target, addr netip.Addr, named bool) (finding, bool) {
	if named {
		if why := p.cfg.Guard.Named(addr, t.Endpoint.Network); why != reason.None {
			return finding{why, addr.String() + " is not a public address"}, false
		}
		return finding{}, true
	}
	switch why := p.cfg.Guard.Answer(addr, t.Endpoint.Network); {
	case why == reason.ResolveNotPrivate:
		return finding{why, addr.String() + " is a public address"}, false
	case why != reason.None:
		return finding{why, addr.String() + " is not a public address"}, false
	}
	if t.Endpoint.Network == catalog.VPC && !p.cfg.Inside(t.Endpoint.Region) && !p.cfg.Guard.AllowPrivate {
		return finding{reason.ProberPrivateNetwork, addr.String() + " is on the private network of " + t.Endpoint.Region}, false
	}
	return finding{}, true
}

// dialAndAsk connects, makes the handshake, sends the request and judges the reply.
func (p *Prober) dialAndAsk(ctx context.Context, t Target, r *AddressResult) finding {
	request, err := p.request(t)
	if err != nil {
		return finding{reason.ProberCredentials, err.Error()}
	}
	release, err := p.pace.acquire(ctx, t.Endpoint.Host, p.cfg.Clock)
	if err != nil {
		return finding{reason.ProberCanceled, "the probe was cut short"}
	}
	defer release()

	now := p.cfg.Clock.Now
	began := now()
	deadline := began.Add(p.cfg.Timeout)
	bounded, cancel := context.WithDeadlineCause(ctx, deadline, context.DeadlineExceeded)
	defer cancel()

	r.Phases.Reached = reason.Connect
	to := netip.AddrPortFrom(r.Address, t.Endpoint.Port(t.Scheme))
	conn, err := p.cfg.Dial(bounded, to)
	connected := now()
	r.Phases.Connect = connected.Sub(began)
	if err != nil {
		return connectFinding(bounded, to, err, routeMissing)
	}
	defer conn.Close() //nolint:errcheck // everything was read or given up by then

	var warning finding
	certAsked := false
	if t.Scheme == catalog.HTTPS {
		r.Phases.Reached = reason.TLS
		_ = conn.SetDeadline(deadline)
		h := shake(bounded, p.tls, conn, t.Endpoint.Host)
		f := p.judgeHandshake(bounded, t, r, h)
		r.Phases.TLS = now().Sub(connected)
		switch {
		case f.reason.Outcome() == reason.Fail || f.reason.Outcome() == reason.Unknown:
			return f
		case !f.ok():
			warning = f
		}
		conn, certAsked = h.conn, h.certAsked
	}
	reply := exchange.Do(bounded, conn, request.http, exchange.Options{Now: now, Deadline: deadline})
	r.Phases.Request, r.Phases.Headers, r.Phases.Body = reply.Timing.Request, reply.Timing.Headers, reply.Timing.Body
	r.Phases.Reached = max(reply.Reached, reason.Request)
	f := p.judgeReply(t, r, request, reply)
	switch {
	case f.ok():
		return warning
	case certAsked && f.reason == reason.TLSAlertOther: // TLS 1.3 servers complain after the handshake
		f.reason = reason.TLSClientCertRequired
	}
	return f
}

// judgeHandshake writes down the facts of a handshake and says what is wrong with it.
func (p *Prober) judgeHandshake(ctx context.Context, t Target, r *AddressResult, h *handshake) finding {
	r.TLS = &TLSFacts{ALPN: h.state.NegotiatedProtocol, Certificates: p.certs.of(h.chain)}
	if h.state.Version != 0 {
		r.TLS.Version, r.TLS.Cipher = versionName(h.state.Version), cipherName(h.state.CipherSuite)
	}
	var v chainVerdict
	if len(h.chain) > 0 {
		v = p.chains.judge(h.chain, h.state.OCSPResponse, t.Endpoint.Host, p.cfg.Clock.Now())
		r.TLS.Verified = v.verified()
	}
	if h.err != nil {
		r.TLS.Verified = false
		return handshakeFinding(ctx, h)
	}
	return worst(v.findings)
}

// worst returns the first finding that fails, else the first, and names the others.
func worst(findings []finding) finding {
	if len(findings) == 0 {
		return finding{}
	}
	at := 0
	for i, f := range findings {
		if f.reason.Outcome() == reason.Fail {
			at = i
			break
		}
	}
	f := findings[at]
	for i, other := range findings {
		if i != at {
			f.detail += "; also " + other.reason.String() + ": " + other.detail
		}
	}
	return f
}
