package probe

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/netip"
	"strings"

	"prober/catalog"
	"prober/probe/hello"
	"prober/probe/reason"
)

// versions adds the version table of one address to r, and judges it by the product's
// rules. before is what the probe itself found; a failure of that stands. An address that
// could not be connected to is not asked again.
func (p *Prober) versions(ctx context.Context, t Target, r *AddressResult, before finding) finding {
	if r.TLS == nil {
		r.TLS = &TLSFacts{Certificates: []Certificate{}}
	}
	if r.Phases.Reached == reason.Connect { // and no further
		r.TLS.Versions = unreached(before)
		return before
	}
	table := p.scan(t.Endpoint.Host).Scan(ctx, netip.AddrPortFrom(r.Address, t.Endpoint.Port(t.Scheme)), t.Endpoint.Host)
	r.TLS.Versions = &table
	if before.reason.Outcome() == reason.Fail || before.reason.Outcome() == reason.Unknown {
		return before
	}
	return worst(before, p.judgeVersions(t, &table))
}

// scan returns a scanner that keeps the pace towards host.
func (p *Prober) scan(host string) *hello.Scanner {
	return &hello.Scanner{
		Dial: p.cfg.Dial, Now: p.cfg.Clock.Now, Sleep: p.cfg.Clock.Sleep, Timeout: p.cfg.Timeout, Random: p.cfg.Random,
		Pace: func(ctx context.Context) (func(), error) { return p.pace.acquire(ctx, host, p.cfg.Clock) },
	}
}

// unreached is the table of an address that could not be connected to.
func unreached(f finding) *hello.Table {
	var table hello.Table
	for i, v := range hello.Versions() {
		table[i] = hello.Result{Version: v, Evidence: "not reached: " + f.reason.String()}
	}
	return &table
}

// judgeVersions compares a table with the documented expectations. What could not be told
// breaks no rule, and keeps none.
func (p *Prober) judgeVersions(t Target, table *hello.Table) finding {
	var accepted, missing []string
	for _, r := range table {
		v := r.Version.String()
		expect, _ := t.Product.TLSExpectation(catalog.TLSVersion(v), t.Endpoint.Region, p.cfg.Clock.Now())
		switch {
		case expect == catalog.Refused && r.Verdict == hello.Accepted:
			accepted = append(accepted, v)
		case expect == catalog.Required && r.Verdict == hello.Rejected:
			missing = append(missing, v)
		}
	}
	switch {
	case len(accepted) > 0:
		return finding{reason.TLSVersionAccepted, fmt.Sprintf("accepts %s, which the rules of %s refuse", strings.Join(accepted, ", "), t.Product.ID)}
	case len(missing) > 0:
		return finding{reason.TLSVersionMissing, fmt.Sprintf("rejects %s, which the rules of %s require", strings.Join(missing, ", "), t.Product.ID)}
	}
	return finding{}
}

// diagnose tells a server that is intolerant of the full ClientHello from one that is
// silent or broken, by asking once with a small one. A server that began to answer took
// the full one well enough.
func (p *Prober) diagnose(ctx context.Context, t Target, r *AddressResult, f finding) finding {
	switch f.reason {
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
	return finding{reason.TLSHelloIntolerant, f.detail + "; a small TLS 1.2 ClientHello got a ServerHello"}
}

func cipherName(id uint16) string { return tls.CipherSuiteName(id) }
