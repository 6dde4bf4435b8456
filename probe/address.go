package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"time"

	"prober/catalog"
	"prober/probe/exchange"
	"prober/probe/reason"
)

// address probes one address of t. named tells that the user gave it; otherwise DNS did,
// which took the resolve time.
func (p *Prober) address(ctx context.Context, t Target, addr netip.Addr, named bool, resolve time.Duration) AddressResult {
	r := AddressResult{Address: addr, Phases: Phases{Resolve: resolve}}
	if !named {
		r.Phases.Reached = reason.Resolve
	}
	f := p.examine(ctx, t, named, &r)
	r.Outcome, r.Reason, r.Blame, r.Detail = outcome(f, r.Phases), f.reason, f.reason.Blame(), p.redact(f.detail)
	r.Phases.Total = r.Phases.sum()
	if r.Outcome != reason.OK {
		r.Reproduce = p.reproduce(t, &r)
	}
	return r
}

// outcome is that of a finding at an address which was reached so far. A defect that kept
// the request from being made is more than a defect.
func outcome(f finding, reached Phases) reason.Outcome {
	if o := f.reason.Outcome(); o != reason.Degraded || reached.Reached >= reason.Request {
		return o
	}
	return reason.Fail
}

// examine writes what is found at r's address into r and returns what is wrong. A panic,
// which some hostile bytes may yet cause, must not end a program that probes others
// meanwhile.
func (p *Prober) examine(ctx context.Context, t Target, named bool, r *AddressResult) (f finding) {
	defer func() {
		if cause := recover(); cause != nil {
			f = finding{reason.ProberInternal, fmt.Sprintf("panic: %v", cause)}
		}
	}()
	f, dialled := p.admit(t, r.Address, named)
	if !dialled {
		return f
	}
	f = p.diagnose(ctx, t, r, refusal(t, p.dialAndAsk(ctx, t, r)))
	if t.TLSVersions && t.Scheme == catalog.HTTPS {
		f = p.versions(ctx, t, r, f)
	}
	return f
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
	if t.Endpoint.Network == catalog.VPC && !p.cfg.Inside(t.Endpoint.Region) {
		return finding{reason.ProberPrivateNetwork, addr.String() + " is on the private network of " + t.Endpoint.Region}, false
	}
	return finding{}, true
}

// dialAndAsk sends the request of t and judges the reply.
func (p *Prober) dialAndAsk(ctx context.Context, t Target, r *AddressResult) finding {
	request, err := p.request(t)
	switch {
	case errors.Is(err, errNoKey):
		return finding{reason.ProberCredentials, err.Error()}
	case err != nil:
		return finding{reason.ProberInternal, err.Error()}
	}
	c := p.converse(ctx, t, r, request.http)
	if c.reply == nil {
		return c.finding
	}
	f := p.judgeReply(t, r, request, c.reply)
	if c.certAsked && f.reason == reason.TLSAlertOther { // TLS 1.3 servers complain after the handshake
		f.reason = reason.TLSClientCertRequired
	}
	return worst(c.finding, f)
}

// conversation is how far one connection came.
type conversation struct {
	reply     *exchange.Reply // nil when what came before it failed
	finding   finding         // that failure, or a defect of the handshake's
	certAsked bool            // the server asked for a client certificate
}

// converse connects to r's address, makes the handshake and exchanges req for a reply. What
// it sees on the way is written into r.
func (p *Prober) converse(ctx context.Context, t Target, r *AddressResult, req *http.Request) conversation {
	release, err := p.pace.acquire(ctx, t.Endpoint.Host, p.cfg.Clock)
	if err != nil {
		return conversation{finding: finding{reason.ProberCanceled, "the probe was cut short before it connected: " + err.Error()}}
	}
	defer release()

	now := p.cfg.Clock.Now
	bounded, cancel := context.WithTimeout(ctx, p.cfg.Timeout)
	defer cancel()
	deadline, _ := bounded.Deadline() // of the machine's clock, which connections keep

	r.Phases.Reached = reason.Connect
	began := now()
	to := netip.AddrPortFrom(r.Address, t.Endpoint.Port(t.Scheme))
	conn, err := p.cfg.Dial(bounded, to)
	connected := now()
	r.Phases.Connect = connected.Sub(began)
	if err != nil {
		return conversation{finding: connectFinding(bounded, to, err, routeMissing)}
	}
	defer conn.Close() //nolint:errcheck // everything was read or given up by then

	var c conversation
	if t.Scheme == catalog.HTTPS {
		r.Phases.Reached = reason.TLS
		_ = conn.SetDeadline(deadline)
		h := shake(bounded, p.tls, conn, t.Endpoint.Host)
		c.finding = p.judgeHandshake(bounded, t, r, h)
		r.Phases.TLS = now().Sub(connected)
		if h.err != nil || c.finding.reason.Outcome() == reason.Fail || c.finding.reason.Outcome() == reason.Unknown {
			return c
		}
		conn, c.certAsked = h.conn, h.certAsked
	}
	c.reply = exchange.Do(bounded, conn, req, exchange.Options{Now: now, Deadline: deadline})
	r.Phases.Request, r.Phases.Headers, r.Phases.Body = c.reply.Timing.Request, c.reply.Timing.Headers, c.reply.Timing.Body
	r.Phases.Reached = max(c.reply.Reached, reason.Request)
	return c
}

// judgeHandshake writes down the facts of a handshake and says what is wrong with it.
func (p *Prober) judgeHandshake(ctx context.Context, t Target, r *AddressResult, h *handshake) finding {
	r.TLS = &TLSFacts{begun: len(h.firstBytes) > 0, ALPN: h.state.NegotiatedProtocol, Certificates: p.certs.of(h.chain)}
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
	return worst(v.findings...)
}

// worst returns the finding that decides, and names the others in its detail: the first
// that fails, else the first that leaves it unknown, else the first defect. Where nothing
// is wrong it is the last.
func worst(findings ...finding) finding {
	var w finding
	for _, f := range findings {
		if w.ok() || !f.ok() && graver(f.reason.Outcome(), w.reason.Outcome()) {
			w = f
		}
	}
	decides := w
	for _, f := range findings {
		if !f.ok() && f != decides {
			w.detail += "; also " + f.reason.String() + ": " + f.detail
		}
	}
	return w
}

// graver reports whether a says more against an address than b: what could not be told
// stands above a defect, and below a failure.
func graver(a, b reason.Outcome) bool {
	rank := map[reason.Outcome]int{reason.OK: 0, reason.Degraded: 1, reason.Unknown: 2, reason.Fail: 3}
	return rank[a] > rank[b]
}
