package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"prober/catalog"
	"prober/probe/certs"
	"prober/probe/exchange"
	"prober/probe/hello"
	"prober/probe/reason"
)

// address probes one address of t. named tells that the user gave it; otherwise DNS did,
// which took the resolve time.
func (p *Prober) address(ctx context.Context, t Target, addr netip.Addr, named bool, resolve time.Duration) AddressResult {
	r := AddressResult{Address: addr, Phases: Phases{Resolve: resolve}}
	if !named {
		r.Phases.Reached = reason.Resolve
	}
	v := p.examine(ctx, t, named, &r)
	r.Phases.Total = r.Phases.sum()
	p.conclude(t, &r, v)
	return r
}

// conclude writes a verdict into r, with a command for each finding.
func (p *Prober) conclude(t Target, r *AddressResult, v verdict) {
	r.Outcome, r.Reason, r.Detail = outcome(v.Finding, r.Phases), v.Reason, p.line(t, v)
	if t.Until == reason.Connect || t.Until == reason.TLS && r.TLS != nil && r.TLS.shaken {
		r.Outcome = v.Reason.Outcome() // nothing kept from being done what was asked for
	}
	if r.Outcome == reason.OK {
		return
	}
	for _, f := range v.all() {
		found := f.Reason.Found(p.redactor(t).Redact(f.Detail))
		if found.Reproduce = f.Reproduce; f.Reproduce == "" {
			found.Reproduce = p.reproduce(t, r, f)
		}
		r.Findings = append(r.Findings, found)
	}
	r.Reproduce = r.Findings[0].Reproduce
}

// examine writes what is found at r's address into r and returns what is wrong. A panic,
// which some hostile bytes may yet cause, must not end a program that probes others
// meanwhile.
func (p *Prober) examine(ctx context.Context, t Target, named bool, r *AddressResult) (v verdict) {
	defer func() {
		if cause := recover(); cause != nil {
			v = only(reason.ProberInternal, fmt.Sprintf("panic: %v", cause))
		}
	}()
	f, dialled := p.admit(t, r.Address, named)
	if !dialled {
		return verdict{Finding: f}
	}
	switch {
	case t.Scheme == catalog.SchemeDNS:
		v = p.question(ctx, t, r)
	case t.Scheme == catalog.SchemeTCP && t.Until != reason.Connect:
		v = p.talk(ctx, t, r)
	default:
		v = p.converseAndLook(ctx, t, r)
	}
	if t.Check != nil && t.Check.limits != nil {
		v = p.bounded(t, r, v)
	}
	return v
}

// converseAndLook makes the handshake and sends the request of t, as far as a probe of it goes, and looks for why where that
// fails, and for what one handshake does not show.
func (p *Prober) converseAndLook(ctx context.Context, t Target, r *AddressResult) verdict {
	v := p.dialAndAsk(ctx, t, r)
	v = p.onlyHTTP2(ctx, t, r, p.beyond(ctx, t, r, v))
	v.Finding = refusal(t, v.Finding)
	v = p.secured(ctx, t, r, p.diagnose(ctx, t, r, v))
	v = p.weakCipher(ctx, t, r, v)
	if t.BothKinds && t.Scheme.IsTLS() {
		v = v.and(p.otherCertificate(ctx, t, r, v))
	}
	if t.TLSVersions && t.Scheme.IsTLS() {
		v = p.versions(ctx, t, r, v)
	}
	return v
}

// admit asks the guard whether addr may be dialled, and says what is wrong if not.
func (p *Prober) admit(t Target, addr netip.Addr, named bool) (reason.Finding, bool) {
	why := p.cfg.Guard.Answer(addr, t.Endpoint.Network)
	if named {
		why = p.cfg.Guard.Named(addr, t.Endpoint.Network)
	}
	switch {
	case why == reason.ResolveNotPrivate:
		return why.Found(addr.String() + " is a public address"), false
	case why != reason.None:
		return why.Found(addr.String() + " is not a public address"), false
	case !named && t.Endpoint.Network == catalog.VPC && !p.cfg.Inside(t.Endpoint.Region):
		return reason.ProberPrivateNetwork.Found(addr.String() + " is on the private network of " + t.Endpoint.Region), false
	}
	return reason.Finding{}, true
}

// dialAndAsk sends the request of t and judges the reply.
func (p *Prober) dialAndAsk(ctx context.Context, t Target, r *AddressResult) verdict {
	request, err := p.request(t)
	switch {
	case errors.Is(err, errNoText):
		return only(reason.ProberCredentials, t.Check.missing.Error())
	case errors.Is(err, errNoKey):
		return only(reason.ProberCredentials, err.Error())
	case err != nil:
		return only(reason.ProberInternal, err.Error())
	}
	c := p.converse(ctx, t, r, request.http, exchange.Options{Limits: limits(t)})
	r.own += c.own
	if c.reply != nil && t.follows() && isRedirect(c.reply.Status) {
		return p.follow(ctx, t, r, request, c)
	}
	return p.concluded(t, r, request, c)
}

// concluded judges what came of a connection.
func (p *Prober) concluded(t Target, r *AddressResult, request sent, c conversation) verdict {
	if c.reply == nil {
		return c.verdict
	}
	v := p.judgeReply(t, r, request, c.reply)
	if asked(c.certAsked) {
		v.Finding = missedCertificate(v.Finding, c.reply, r.TLS.Version)
	}
	v.Finding = p.delayed(v.Finding, c.own)
	return c.verdict.and(v)
}

// missedCertificate gives what came in place of a good reply its name, where the server had
// asked for a client certificate. A TLS 1.3 server complains after the handshake, by an alert,
// and closes; a request that crosses that has the connection reset before the alert is read. A
// web server may also complain by a reply. Whoever closes without a word, or with another alert,
// complains of something else: the certificate was optional.
func missedCertificate(f reason.Finding, reply *exchange.Reply, version string) reason.Finding {
	switch {
	case f.Reason == reason.RequestReset && version == hello.TLS13.String():
		return reason.TLSClientCertRequired.Found("the server asked for a client certificate and reset the connection without one: " + f.Detail)
	case f.Reason == reason.RequestReset, f.Reason == reason.RequestEOF, f.Reason == reason.RequestTimeout, f.Reason == reason.TLSAlertOther:
		f.Detail += "; the server had asked for a client certificate"
	case !f.OK() && demandsCertificate(reply):
		return reason.TLSClientCertRequired.Found(fmt.Sprintf("the server asked for a client certificate and answered without one with status %d and a page that says so", reply.Status))
	case !f.OK() && (reply.Status == http.StatusBadRequest || reply.Status == http.StatusUnauthorized || reply.Status == http.StatusForbidden):
		f.Detail += "; the server had asked for a client certificate"
	}
	return f
}

// demandsCertificate reports whether a reply says in words that a client certificate is missing:
// nginx does so with status 400, others with 401 or 403.
func demandsCertificate(reply *exchange.Reply) bool {
	switch reply.Status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, 495, 496:
		text := strings.ToLower(string(reply.Body))
		return strings.Contains(text, "ssl certificate") || strings.Contains(text, "client certificate") || strings.Contains(text, "certificate required")
	}
	return false
}

// conversation is how far one connection came.
type conversation struct {
	reply     *exchange.Reply // nil when what came before it failed
	verdict   verdict         // that failure, or a defect of the handshake's
	certAsked *atomic.Bool    // the server asked for a client certificate; nil without a handshake
	own       time.Duration   // that this program took over the handshake
}

// line is a connection, with what bounds it.
type line struct {
	conn      net.Conn
	ctx       context.Context // of the timeout
	connected time.Time
	deadline  time.Time // of the machine's clock, which connections keep
	cancel    context.CancelFunc
	release   func()
}

// close ends it: everything was read or given up by then.
func (l *line) close() {
	_ = l.conn.Close()
	l.cancel()
	l.release()
}

// connect opens a connection to r's address; the line has none, with what is wrong, where none comes about.
func (p *Prober) connect(ctx context.Context, t Target, r *AddressResult) (line, verdict) {
	release, err := p.pace.acquire(ctx, t.Endpoint.Host, p.cfg.Clock)
	if err != nil {
		return line{}, only(reason.ProberCanceled, "the probe was cut short before it connected: "+err.Error())
	}
	bounded, cancel := context.WithTimeout(ctx, p.cfg.Timeout)
	deadline, _ := bounded.Deadline()

	r.Phases.Reached = reason.Connect
	began := p.cfg.Clock.Now()
	to := t.to(r.Address)
	conn, err := p.cfg.Dial(bounded, to)
	connected := p.cfg.Clock.Now()
	r.Phases.Connect = connected.Sub(began)
	if err != nil {
		defer release()
		defer cancel()
		return line{}, verdict{Finding: connectFinding(bounded, to, err, routeMissing)}
	}
	return line{conn, bounded, connected, deadline, cancel, release}, verdict{}
}

// converse connects to r's address, makes the handshake and exchanges req for a reply. What
// it sees on the way is written into r.
func (p *Prober) converse(ctx context.Context, t Target, r *AddressResult, req *http.Request, opt exchange.Options) conversation {
	var c conversation
	var l line
	if l, c.verdict = p.connect(ctx, t, r); l.conn == nil {
		return c
	}
	defer l.close()
	now, bounded, conn, connected, deadline := p.cfg.Clock.Now, l.ctx, l.conn, l.connected, l.deadline
	if t.Until == reason.Connect {
		return c
	}
	if t.Scheme.IsTLS() {
		r.Phases.Reached = reason.TLS
		_ = conn.SetDeadline(deadline)
		h := shake(bounded, p.tls, p.turns, conn, t.name())
		shaken := now()
		c.verdict = p.judgeHandshake(bounded, t, r, h)
		r.Phases.TLS = now().Sub(connected)
		c.own = h.waited + now().Sub(shaken)
		if h.err == nil {
			p.reach.heard(now())
		}
		if h.err != nil || t.Until == reason.TLS || c.verdict.Reason.Outcome().Worse(reason.Degraded) {
			h.send()
			return c
		}
		conn, c.certAsked = net.Conn(h.conn), h.certAsked
		opt.CertificateAsked = h.certAsked.Load
	}
	opt.Now, opt.Deadline, opt.Readers = now, deadline, &p.readers
	c.reply = exchange.Do(bounded, conn, req, opt)
	r.Phases.Request, r.Phases.Headers, r.Phases.Body = c.reply.Timing.Request, c.reply.Timing.Headers, c.reply.Timing.Body
	r.Phases.Reached = max(c.reply.Reached, reason.Request)
	if r.Phases.Reached > reason.Request {
		p.reach.heard(now())
	}
	return c
}

// judgeHandshake writes down the facts of a handshake and says what is wrong with it.
func (p *Prober) judgeHandshake(ctx context.Context, t Target, r *AddressResult, h *handshake) verdict {
	r.TLS = &TLSFacts{begun: len(h.firstBytes) > 0, shaken: h.err == nil, ALPN: h.state.NegotiatedProtocol, Certificates: p.facts.Of(h.chain)}
	r.TLS.LeftOff = len(h.chain) - len(r.TLS.Certificates)
	if h.state.Version != 0 {
		r.TLS.Version, r.TLS.Cipher = versionName(h.state.Version), p.suites[h.state.CipherSuite]
	}
	var v certs.Verdict
	if len(h.chain) > 0 {
		v = p.chains.Load().Judge(ctx, h.chain, h.state.OCSPResponse, t.name(), p.cfg.Clock.Now())
		r.TLS.Verified, r.TLS.Path = v.Verified(), v.Path
	}
	if h.err != nil {
		r.TLS.Verified = false
		return verdict{p.delayed(handshakeFinding(ctx, h), h.waited), v.Findings} // which decides: nothing could be asked
	}
	signs := !strings.HasPrefix(r.TLS.Cipher, "TLS_RSA_")
	return worst(append(slices.Clone(v.Findings), certs.KeyUsageFinding(h.chain[0], signs), oldVersion(h.state.Version), weakRenegotiation(h), strangeExtension(h))...)
}
