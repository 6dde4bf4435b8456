package probe

import (
	"context"
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
	"time"

	"prober/probe/hello"
	"prober/probe/reason"
)

// otherWords begin the findings about a server's second certificate.
const otherWords = "of the server's other certificate"

// otherCertificate looks for a second certificate of the server's, with the other kind of key:
// many have one for ECDSA and one for RSA, and show a client the one that it prefers. Of TLS 1.3
// crypto/tls does not let that be chosen, so it is asked for with TLS 1.2, and where the server
// does not speak that, the handshake is followed by hand.
func (p *Prober) otherCertificate(ctx context.Context, t Target, r *AddressResult, before verdict) verdict {
	if r.TLS == nil || len(r.TLS.Certificates) == 0 || r.TLS.Version == "" || before.Reason.Phase() == reason.Prober {
		return verdict{}
	}
	kind := hello.ECDSAKey
	if strings.HasPrefix(r.TLS.Certificates[0].Key, "ECDSA-") {
		kind = hello.RSAKey
	}
	facts, found := p.otherWith(ctx, t, r, kind)
	if len(facts) == 0 || slices.ContainsFunc(r.TLS.Certificates, func(c Certificate) bool { return c.SHA256 == facts[0].SHA256 }) {
		return verdict{}
	}
	var findings []reason.Finding
	for _, f := range found {
		f.Detail = fmt.Sprintf("%s (%s): %s", otherWords, facts[0].Key, f.Detail)
		findings = append(findings, f)
	}
	r.TLS.Other = facts
	return worst(findings...)
}

// AboutOther reports whether what decided r is about the server's second certificate, which a client of
// the first kind never sees.
func (r *AddressResult) AboutOther() bool {
	return r.TLS != nil && len(r.TLS.Other) > 0 && strings.HasPrefix(r.Detail, otherWords)
}

// otherWith returns the certificates that the server has for a kind of key, and what is wrong with
// them; none where there are none.
func (p *Prober) otherWith(ctx context.Context, t Target, r *AddressResult, kind hello.KeyKind) ([]Certificate, []reason.Finding) {
	word := map[hello.KeyKind]string{hello.ECDSAKey: "_ECDSA_", hello.RSAKey: "_RSA_"}[kind]
	cfg := p.tls.Clone()
	cfg.MaxVersion, cfg.CipherSuites = tls.VersionTLS12, slices.DeleteFunc(suites(), func(id uint16) bool {
		return !strings.Contains(tls.CipherSuiteName(id), word)
	})
	h := p.shakeWithin(ctx, p.helloTimeout(t, r), t, r, cfg)
	if h != nil && isTimeout(h.err) {
		h = p.shakeWithin(ctx, p.helloTimeout(t, r), t, r, cfg)
	}
	switch {
	case h == nil:
		return nil, nil
	case len(h.chain) > 0:
		return p.facts.Of(h.chain), p.chains.Load().Judge(ctx, h.chain, h.state.OCSPResponse, t.name(), p.cfg.Clock.Now()).Findings
	}
	if alert, ok := remoteAlert(h.err); !ok || alert != alertProtocolVersion {
		return nil, nil
	}
	chain, _ := p.scan(t.Endpoint.Host).Sealed(ctx, t.to(r.Address), t.name(), kind)
	r.TLS.sealed = chain != nil
	return p.chains.Load().JudgeDER(ctx, chain, t.name(), p.cfg.Clock.Now())
}

// shakeAgain makes another handshake with r's address; nil where there is no connection.
func (p *Prober) shakeAgain(ctx context.Context, t Target, r *AddressResult, cfg *tls.Config) *handshake {
	return p.shakeWithin(ctx, p.cfg.Timeout, t, r, cfg)
}

// shakeWithin does so within a time, from the connection on.
func (p *Prober) shakeWithin(ctx context.Context, timeout time.Duration, t Target, r *AddressResult, cfg *tls.Config) *handshake {
	release, err := p.pace.acquire(ctx, t.Endpoint.Host, p.cfg.Clock)
	if err != nil {
		return nil
	}
	defer release()
	bounded, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	conn, err := p.cfg.Dial(bounded, t.to(r.Address))
	if err != nil {
		return nil
	}
	defer conn.Close() //nolint:errcheck // nothing was written but a handshake
	deadline, _ := bounded.Deadline()
	_ = conn.SetDeadline(deadline)
	h := shake(bounded, cfg, p.turns, conn, t.name())
	h.send()
	return h
}
