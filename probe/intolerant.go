package probe

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/netip"
	"sync"

	"prober/probe/hello"
	"prober/probe/reason"
)

// lesser is a ClientHello that has less than that of common clients.
type lesser struct {
	what   string // what it is, behind "a ClientHello"
	flags  string // make openssl send its like
	change func(*tls.Config)
}

// lessers are those that are tried where the full one is refused, one after another.
func lessers() []lesser {
	old := func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }
	bare := func(c *tls.Config) { c.NextProtos = nil }
	return []lesser{
		{"without TLS 1.3", "-no_tls1_3 -alpn http/1.1", old},
		{"without ALPN", "-msg", bare},
		{"with TLS 1.3 alone", "-tls1_3 -alpn http/1.1", func(c *tls.Config) { c.MinVersion = tls.VersionTLS13 }},
		{"with TLS 1.2 alone, three suites and no ALPN", smallFlags, func(c *tls.Config) {
			old(c)
			bare(c)
			c.MinVersion, c.CipherSuites = tls.VersionTLS12, []uint16{
				tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_RSA_WITH_AES_128_GCM_SHA256,
			}
		}},
	}
}

// smallFlags make openssl send a small ClientHello, with a suite for each kind of key.
const smallFlags = "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:AES128-GCM-SHA256 -no_etm"

// commonFlags make openssl send what common clients do, and no suites besides.
const commonFlags = "-min_protocol TLSv1.2 -cipher ECDHE+AESGCM:ECDHE+CHACHA20 -alpn http/1.1"

// asCommon leaves out of a hello what this program offers and common clients do not: old versions and suites.
func asCommon(c *tls.Config) { c.MinVersion, c.CipherSuites = tls.VersionTLS12, nil }

// hellos asks a server that met the full hello with a finding for handshakes with other ones.
type hellos struct {
	p   *Prober
	ctx context.Context
	t   Target
	r   *AddressResult
	met reason.Finding
}

func whole(*tls.Config) {}

func (q hellos) shake(change func(*tls.Config)) *handshake {
	cfg := q.p.tls.Clone()
	change(cfg)
	return q.p.shakeWithin(q.ctx, q.p.shortTimeout(q.r.Phases.Connect+q.r.Phases.TLS), q.t, q.r, cfg)
}

func (q hellos) takes(change func(*tls.Config)) bool {
	h := q.shake(change)
	return h != nil && h.err == nil
}

func (q hellos) refuses(change func(*tls.Config)) bool {
	h := q.shake(change)
	return h != nil && h.err != nil && handshakeFinding(q.ctx, h).Reason == q.met.Reason
}

// holds reports whether a hello that was taken is so again, and the full one and another are refused again. Asked
// so, neither a balancer with a host that is broken nor one that was so for a moment tells them apart.
func (q hellos) holds(taken, refused func(*tls.Config)) bool {
	return q.takes(taken) && q.refuses(refused) && q.refuses(whole) && q.takes(taken)
}

// stays reports whether the full hello is refused twice in a row: a balancer with a host that is broken takes one.
func (q hellos) stays() bool {
	for range 2 {
		if !q.refuses(whole) {
			return false
		}
	}
	return true
}

// ours tells a server that refuses what this program offers besides that of common clients. ok is false where that
// is not what it refuses.
func (q hellos) ours() (v verdict, ok bool) {
	h := q.shake(asCommon)
	if h == nil || h.err != nil || !q.holds(asCommon, whole) {
		return verdict{}, false
	}
	q.r.TLS.taken = commonFlags
	return q.shaken(h, reason.ProberTLSUnsupported.Found(fmt.Sprintf(
		"the server refuses the ClientHello of this program, which offers TLS 1.0, RC4 and 3DES too (%s), each of three times; one without these completed the handshake before and after", q.met.Detail))), true
}

// intolerance tells a server that refuses the ClientHello of common clients with an alert, and takes one that has
// less, from one with which this program has nothing in common. RFC 8446 has servers pass over what they do not know
// (section 4.1.2), and answer with a version of their own. ok is false where it is not that.
func (q hellos) intolerance() (v verdict, ok bool) {
	if v, ok := q.ours(); ok {
		return v, true
	}
	lacks13 := sync.OnceValue(q.lacks13)
	for _, l := range lessers() {
		h := q.shake(l.change)
		switch {
		case h == nil || h.err != nil:
			continue
		case h.state.Version < tls.VersionTLS13 && lacks13():
			continue
		case !q.holds(l.change, asCommon):
			return verdict{}, false
		}
		q.r.TLS.taken = l.flags
		return q.shaken(h, reason.TLSHelloIntolerant.Found(fmt.Sprintf("%s to each of three full ClientHellos; one %s completed the handshake before and after", q.met.Detail, l.what))), true
	}
	return verdict{}, false
}

// shaken adds to a finding what another handshake showed of the server's certificates.
func (q hellos) shaken(h *handshake, f reason.Finding) verdict {
	p, facts := q.p, q.r.TLS
	facts.Certificates = p.facts.Of(h.chain)
	facts.LeftOff = len(h.chain) - len(facts.Certificates)
	judged := p.chains.Load().Judge(q.ctx, h.chain, h.state.OCSPResponse, q.t.name(), p.cfg.Clock.Now())
	return worst(append([]reason.Finding{f}, judged.Findings...)...)
}

// lacks13 reports whether the server answers a hello that offers TLS 1.3 alone, with nearly every group, and not that
// of this program: what it wants of that version is what this program lacks.
func (q hellos) lacks13() bool {
	a := q.p.scan(q.t.Endpoint.Host).Ask(q.ctx, q.t.to(q.r.Address), q.t.name(), hello.TLS13, hello.Main)
	return (a.Kind == hello.Chosen || a.Kind == hello.Retry) && !q.takes(func(c *tls.Config) { c.MinVersion, c.NextProtos = tls.VersionTLS13, nil })
}

// askSmall asks once with a small ClientHello.
func (p *Prober) askSmall(ctx context.Context, t Target, r *AddressResult) hello.Answer {
	a := p.scan(t.Endpoint.Host).Ask(ctx, t.to(r.Address), t.name(), hello.TLS12, hello.Small)
	r.TLS.small = r.TLS.small || a.ServerHello()
	return a
}

// takesSmallHello reports whether a small ClientHello is answered at once: in a part of the time in
// which the full one was not.
func (p *Prober) takesSmallHello(ctx context.Context, t Target, r *AddressResult) bool {
	const part = 4
	a := p.askSmall(ctx, t, r)
	return a.ServerHello() && a.RTT <= p.cfg.Timeout/part
}

// diagnose tells a server that is intolerant of the full ClientHello from one that is silent or
// broken. A server that began to answer took the full one well enough.
func (p *Prober) diagnose(ctx context.Context, t Target, r *AddressResult, v verdict) verdict {
	switch v.Reason {
	case reason.TLSTimeout, reason.TLSLost, reason.TLSReset, reason.TLSEOF:
	case reason.TLSAlertHandshakeFailure, reason.TLSAlertInternalError, reason.TLSAlertAccessDenied, reason.TLSAlertUnrecognizedName, reason.TLSAlertOther:
		if t.Diagnose && len(r.TLS.Certificates) == 0 {
			return p.forTheName(ctx, t, r, v)
		}
		return v
	default:
		return v
	}
	if !t.Diagnose || r.TLS.begun {
		return v
	}
	if !p.takesOnlySmall(ctx, t, r) {
		if of, is := p.missesExtensions(ctx, t, r, v); is {
			return of
		}
		return p.forTheName(ctx, t, r, v)
	}
	if v.Reason == reason.TLSLost {
		v.Detail += "; small TLS 1.2 ClientHellos before and after another full one got a ServerHello"
		return v
	}
	if of, is := (hellos{p, ctx, t, r, v.Finding}).ours(); is {
		return of
	}
	v.Finding = reason.TLSHelloIntolerant.Found(v.Detail + ", twice; small TLS 1.2 ClientHellos before and after the second got a ServerHello")
	return v
}

// missesExtensions tells a server that hangs up on the hello of this program and does its part with one that has all
// extensions of common clients, each time. Silence is not waited for once more.
func (p *Prober) missesExtensions(ctx context.Context, t Target, r *AddressResult, v verdict) (of verdict, is bool) {
	if v.Reason != reason.TLSReset && v.Reason != reason.TLSEOF {
		return verdict{}, false
	}
	for _, version := range []hello.Version{hello.TLS12, hello.TLS13} {
		ask := func() (hello.Answer, hello.Flight) {
			return p.scan(t.Endpoint.Host).Flight(ctx, t.to(r.Address), t.name(), version, hello.Short)
		}
		if a, _ := ask(); a.Kind != hello.Chosen && a.Kind != hello.Retry {
			continue
		}
		if !(hellos{p, ctx, t, r, v.Finding}).stays() {
			return verdict{}, false
		}
		a, first := ask()
		if a.Kind != hello.Chosen && a.Kind != hello.Retry || version == hello.TLS12 && !first.Whole {
			return verdict{}, false
		}
		return p.unspoken(ctx, t, r, v, wide{version, hello.Short, a, first}), true
	}
	return verdict{}, false
}

// takesOnlySmall reports whether the full hello meets with nothing again while small ones are
// answered at once. A server that is slow, or limits connections, does not tell them apart; nor
// does a balancer that sends every second connection to a dead host: small ones are asked twice
// in a row for that.
func (p *Prober) takesOnlySmall(ctx context.Context, t Target, r *AddressResult) bool {
	for range 2 {
		if !p.takesSmallHello(ctx, t, r) {
			return false
		}
	}
	h := p.shakeAgain(ctx, t, r, p.tls)
	if h == nil || h.err == nil || len(h.firstBytes) > 0 || canceled(ctx) {
		return false
	}
	switch handshakeFinding(ctx, h).Reason {
	case reason.TLSTimeout, reason.TLSLost, reason.TLSReset, reason.TLSEOF:
		return p.takesSmallHello(ctx, t, r)
	}
	return false
}

// forTheName adds that a hello is answered without a server name and not with it, where that is so each time: what was
// refused is the name. Silence is not waited for once more.
func (p *Prober) forTheName(ctx context.Context, t Target, r *AddressResult, v verdict) verdict {
	if _, err := netip.ParseAddr(t.name()); err == nil || v.Reason == reason.TLSTimeout || v.Reason == reason.TLSLost {
		return v
	}
	for _, named := range []bool{false, false, true, true, false} {
		variant := hello.NoSNI
		if named {
			variant = hello.Main
		}
		if p.scan(t.Endpoint.Host).Ask(ctx, t.to(r.Address), t.name(), hello.TLS12, variant).ServerHello() == named {
			return v
		}
	}
	v.Detail += "; a ClientHello without a server name got a ServerHello each of three times, and the same one with it none in two"
	return v
}
