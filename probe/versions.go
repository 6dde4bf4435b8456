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
	silent := (before.Reason == reason.TLSTimeout || before.Reason == reason.TLSLost) && p.silentAgain(ctx, t, r)
	if silent && t.Brief {
		r.TLS.Versions = unreached(before.Finding)
		return before
	}
	scan := p.scan(t.Endpoint.Host)
	if r.TLS.shaken {
		scan.Shaken = versionNamed(r.TLS.Version)
	}
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
