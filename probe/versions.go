package probe

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	"prober/catalog"
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
	table := p.scan(t.Endpoint.Host).Scan(ctx, netip.AddrPortFrom(r.Address, t.Endpoint.Port(t.Scheme)), t.Endpoint.Host)
	r.TLS.Versions = &table
	r.TLS.Commands = p.versionCommands(t, netip.AddrPortFrom(r.Address, t.Endpoint.Port(t.Scheme)))
	return before.and(p.judgeVersions(t, &table))
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

// judgeVersions compares a table with the documented expectations.
func (p *Prober) judgeVersions(t Target, table *hello.Table) verdict {
	accepted, missing := p.brokenVersions(t, table)
	var found []reason.Finding
	if len(accepted) > 0 {
		found = append(found, reason.TLSVersionAccepted.Found(fmt.Sprintf("accepts %s, which the rules of %s refuse", names(accepted), t.Product.ID)))
	}
	if len(missing) > 0 {
		found = append(found, reason.TLSVersionMissing.Found(fmt.Sprintf("rejects %s, which the rules of %s require", names(missing), t.Product.ID)))
	}
	return worst(found...)
}

// brokenVersions are the versions that are accepted and must not be, and those that must be
// and are not. What could not be told breaks no rule, and keeps none.
func (p *Prober) brokenVersions(t Target, table *hello.Table) (accepted, missing []hello.Version) {
	for _, r := range table {
		expect, _ := t.Product.TLSExpectation(catalog.TLSVersion(r.Version.String()), t.Endpoint.Region, p.cfg.Clock.Now())
		switch {
		case expect == catalog.Refused && r.Verdict == hello.Accepted:
			accepted = append(accepted, r.Version)
		case expect == catalog.Required && r.Verdict == hello.Rejected:
			missing = append(missing, r.Version)
		}
	}
	return accepted, missing
}

func names(versions []hello.Version) string {
	var list []string
	for _, v := range versions {
		list = append(list, v.String())
	}
	return strings.Join(list, ", ")
}

// diagnose tells a server that is intolerant of the full ClientHello from one that is
// silent or broken, by asking once with a small one. A server that began to answer took
// the full one well enough.
func (p *Prober) diagnose(ctx context.Context, t Target, r *AddressResult, f reason.Finding) reason.Finding {
	switch f.Reason {
	case reason.TLSTimeout, reason.TLSReset, reason.TLSEOF:
	default:
		return f
	}
	if !t.Diagnose || r.TLS.begun {
		return f
	}
	a := p.scan(t.Endpoint.Host).Ask(ctx, netip.AddrPortFrom(r.Address, t.Endpoint.Port(t.Scheme)), t.Endpoint.Host, hello.TLS12, hello.Small)
	if !a.ServerHello() {
		return f
	}
	return reason.TLSHelloIntolerant.Found(f.Detail + "; a small TLS 1.2 ClientHello got a ServerHello")
}
