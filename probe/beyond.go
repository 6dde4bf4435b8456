package probe

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"prober/limit"
	"prober/probe/certs"
	"prober/probe/exchange"
	"prober/probe/hello"
	"prober/probe/reason"
)

// beyond tells a server that nobody can shake hands with from one that crypto/tls cannot: after
// a handshake that was refused, or ended at a certificate that it does not parse, it sends the
// hellos of the version table, which offer nearly everything. A server that goes on works with others,
// so its failure is this program's; what its certificates say for themselves still counts against it. What breaks the
// protocol (tls/malformed) is nobody else's to take: crypto/tls offers what it offers.
func (p *Prober) beyond(ctx context.Context, t Target, r *AddressResult, v verdict) verdict {
	switch v.Reason {
	case reason.TLSAlertHandshakeFailure, reason.TLSAlertOther, reason.TLSVersion, reason.TLSCertMalformed, reason.TLSAlertInternalError:
	case reason.TLSMalformed:
		return p.endedBehindHello(ctx, t, r, v)
	default:
		return v
	}
	if !t.Diagnose || r.HTTP != nil || r.TLS == nil || len(r.TLS.Certificates) > 0 || v.Finding == oversize {
		return v
	}
	version, variant, a, first := p.wider(ctx, t, r)
	answered := a.Kind == hello.Chosen || a.Kind == hello.Retry
	asking := hellos{p, ctx, t, r, v.Finding}
	if alerted := v.Reason != reason.TLSCertMalformed; alerted && (answered || p.askSmall(ctx, t, r).ServerHello()) {
		if of, is := asking.intolerance(); is {
			return of
		}
	}
	switch {
	case !answered, v.Reason == reason.TLSAlertInternalError && !first.Whole, !asking.stays(): // which JSSE sends where it has no signature for us
		return v
	case broken.MatchString(a.Suite):
		v.Detail += fmt.Sprintf("; the server answers a wider offer with %s and %s, which common clients do not speak either", version, a.Suite)
		return v
	}
	return p.unspoken(ctx, t, r, v, wide{version, variant, a, first})
}

// wide is what a server answered to a hello that offers more than this program can do a handshake with.
type wide struct {
	version hello.Version
	variant hello.Variant
	answer  hello.Answer
	first   hello.Flight
}

// choice says what the server chose, and of what.
func (w wide) choice() string {
	chosen := fmt.Sprintf("%s and %s", w.version, w.answer.Suite)
	if w.variant == hello.Short { // which has no more suites than crypto/tls
		return fmt.Sprintf("chooses %s where session_ticket, encrypt_then_mac and other extensions of common clients are sent too", chosen)
	}
	return "answers a wider offer with " + chosen
}

// unspoken says of a server that goes on with a wide offer what this program lacks, and what else the server's certificates show.
func (p *Prober) unspoken(ctx context.Context, t Target, r *AddressResult, v verdict, w wide) verdict {
	version, first := w.version, w.first
	to, host, chain, end := t.to(r.Address), t.name(), first.Certificates, first.End
	if version == hello.TLS13 {
		chain, end = p.scan(host).Sealed(ctx, to, host, hello.AnyKey)
	}
	if end != (hello.Alert{}) {
		v.Detail += fmt.Sprintf("; the server answers a wider offer with a ServerHello, and behind it with the alert %s", end)
		return v
	}
	if v.Reason == reason.TLSCertMalformed && chain == nil && strings.HasSuffix(v.Detail, "malformed certificate") {
		return v
	}
	facts, findings := p.chains.Load().JudgeDER(ctx, chain, host, p.cfg.Clock.Now())
	for _, f := range findings {
		if f.Reason == reason.TLSCertMalformed && v.Reason == reason.TLSCertMalformed {
			return v // it is not this program's parser
		}
	}
	r.TLS.Certificates, r.TLS.LeftOff, r.TLS.beyond = facts, len(chain)-len(facts), version
	lacks := reason.ProberTLSUnsupported.Found(fmt.Sprintf("this program cannot shake hands with the server (%s), which %s", v.Detail, w.choice()))
	return worst(append(findings, lacks)...)
}

// endedBehindHello adds the alert by which a server ended a handshake of TLS 1.3 in the clear, behind its ServerHello, where
// crypto/tls took it for a record that was garbled.
func (p *Prober) endedBehindHello(ctx context.Context, t Target, r *AddressResult, v verdict) verdict {
	if !t.Diagnose || r.TLS == nil || r.HTTP != nil || !strings.HasPrefix(v.Detail, exchange.Sealed) {
		return v
	}
	host := t.name()
	if _, end := p.scan(host).Sealed(ctx, t.to(r.Address), host, hello.AnyKey); end != (hello.Alert{}) {
		v.Detail += fmt.Sprintf("; the server answers another offer with a ServerHello, and behind it with the alert %s", end)
	}
	return v
}

// wider returns what the server chooses of nearly everything: first of what most servers have, of
// each version, then with all extensions of common clients, then of the rest. Certificates come in the clear up to TLS 1.2, and so does the alert
// that may end the handshake behind the ServerHello. One that is silent is asked no further.
func (p *Prober) wider(ctx context.Context, t Target, r *AddressResult) (version hello.Version, variant hello.Variant, a hello.Answer, first hello.Flight) {
	scan, to, host := p.scan(t.Endpoint.Host), t.to(r.Address), t.name()
	for _, variant = range []hello.Variant{hello.Main, hello.Short, hello.Rare} {
		for _, version = range []hello.Version{hello.TLS12, hello.TLS13, hello.TLS11, hello.TLS10} {
			if version == hello.TLS13 && variant == hello.Rare || version < hello.TLS12 && variant == hello.Short {
				continue // which has no rare suites; and common clients offer no less than TLS 1.2
			}
			a, first = scan.Flight(ctx, to, host, version, variant)
			switch a.Kind {
			case hello.Chosen, hello.Retry:
				return version, variant, a, first
			case hello.Stopped, hello.NotReached, hello.Silence:
				return version, variant, a, hello.Flight{}
			}
		}
	}
	return version, variant, a, hello.Flight{}
}

// oversize is that the certificates are larger than this program reads, which is more than others do.
var oversize = certs.Oversize(fmt.Sprintf("more than %d bytes", limit.CertificateMessage))

// broken matches suites without encryption or without a certificate, and with ciphers that anybody can
// break: a server that has no other cannot be used.
var broken = regexp.MustCompile(`anon|NULL|EXPORT|_RC4|_RC2|_DES|PSK|SRP|KRB5`)
