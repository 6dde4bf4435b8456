package probe

import (
	"context"
	"time"

	"prober/probe/hello"
	"prober/probe/reason"
)

// versions adds the version table of one address to r, and judges it by the product's
// rules. before is what the probe itself found; a failure of that decides. An address that
// could not be connected to is not asked again.
func (p *Prober) versions(ctx context.Context, t Target, r *AddressResult, before verdict) verdict {
	if r.TLS == nil {
		r.TLS = &TLSFacts{Certificates: []Certificate{}}
	}
	if r.Phases.Reached == reason.Connect { // and no further
		r.TLS.Versions = unreached(before.Finding)
		return before
	}
	silent := before.Reason == reason.TLSTimeout && p.silentAgain(ctx, t, r)
	if silent && t.Brief {
		r.TLS.Versions = unreached(before.Finding)
		return before
	}
	scan := p.scan(t.Endpoint.Host)
	if scan.Timeout = p.helloTimeout(t, r); silent {
		scan.Timeout = p.shortTimeout(r.Phases.Connect)
	}
	table := scan.Scan(ctx, t.to(r.Address), t.name())
	r.TLS.Versions = &table
	r.TLS.Commands = p.versionCommands(t, t.to(r.Address))
	judged := p.judgeVersions(t, &table)
	if before.Reason == reason.TLSVersionOld { // the product's own rules tell more
		return judged.and(before)
	}
	return before.and(judged)
}

// helloTimeout is that of each hello of the version table. Where a handshake was answered, a brief
// one waits no longer for another version than some times as long: what drops the hellos of old
// versions would take ten timeouts at two addresses.
func (p *Prober) helloTimeout(t Target, r *AddressResult) time.Duration {
	switch {
	case t.Brief && r.Phases.Reached > reason.TLS:
		return p.shortTimeout(r.Phases.Connect + r.Phases.TLS)
	case t.Brief && r.TLS.small: // alone, and at once
		return p.shortTimeout(0)
	}
	return p.cfg.Timeout
}

// shortTimeout is that of questions to a server that has been waited for, or has answered one in a time: a
// quarter of the timeout, and four times as long as that took.
func (p *Prober) shortTimeout(took time.Duration) time.Duration {
	return min(p.cfg.Timeout, p.cfg.Timeout/4+4*took)
}

// silentAgain reports whether a server whose handshake timed out is silent to a small hello
// too. One that had not even begun to answer was asked already, by diagnose.
func (p *Prober) silentAgain(ctx context.Context, t Target, r *AddressResult) bool {
	return t.Diagnose && !r.TLS.small && (!r.TLS.begun || !p.askSmall(ctx, t, r).ServerHello())
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

// scan returns a scanner that keeps the pace towards host.
func (p *Prober) scan(host string) *hello.Scanner {
	return &hello.Scanner{
		Dial: p.cfg.Dial, Now: p.cfg.Clock.Now, Sleep: p.cfg.Clock.Sleep, Timeout: p.cfg.Timeout, Random: p.cfg.Random,
		Pace: func(ctx context.Context) (func(), error) { return p.pace.acquire(ctx, host, p.cfg.Clock) },
	}
}

// unreached is the table of an address that could not be connected to.
func unreached(f reason.Finding) *hello.Table {
	var table hello.Table
	for i, v := range hello.Versions() {
		table[i] = hello.Result{Version: v, Evidence: "not reached: " + f.Reason.String()}
	}
	return &table
}

// diagnose tells a server that is intolerant of the full ClientHello from one that is silent or
// broken. A server that began to answer took the full one well enough.
func (p *Prober) diagnose(ctx context.Context, t Target, r *AddressResult, f reason.Finding) reason.Finding {
	switch f.Reason {
	case reason.TLSTimeout, reason.TLSReset, reason.TLSEOF:
	default:
		return f
	}
	if !t.Diagnose || r.TLS.begun || !p.takesOnlySmall(ctx, t, r) {
		return f
	}
	return reason.TLSHelloIntolerant.Found(f.Detail + ", twice; small TLS 1.2 ClientHellos before and after the second got a ServerHello")
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
	case reason.TLSTimeout, reason.TLSReset, reason.TLSEOF:
		return p.takesSmallHello(ctx, t, r)
	}
	return false
}
