package probe

import (
	"context"
	"crypto/tls"
	"fmt"
	"slices"
	"strings"

	"prober/probe/reason"
)

// otherWords begin the findings about a server's second certificate.
const otherWords = "of the server's other certificate"

// otherCertificate looks for a second certificate of the server's, with the other kind of key:
// many have one for ECDSA and one for RSA, and show a client the one that it prefers. Of TLS 1.3
// crypto/tls does not let that be chosen, so it is asked for with TLS 1.2.
func (p *Prober) otherCertificate(ctx context.Context, t Target, r *AddressResult, before verdict) verdict {
	if r.TLS == nil || len(r.TLS.Certificates) == 0 || r.TLS.Version == "" || before.Reason.Phase() == reason.Prober {
		return verdict{}
	}
	kind := "_ECDSA_"
	if strings.HasPrefix(r.TLS.Certificates[0].Key, "ECDSA-") {
		kind = "_RSA_"
	}
	cfg := p.tls.Clone()
	cfg.MaxVersion, cfg.CipherSuites = tls.VersionTLS12, slices.DeleteFunc(suites(), func(id uint16) bool {
		return !strings.Contains(tls.CipherSuiteName(id), kind)
	})
	h := p.shakeAgain(ctx, t, r, cfg)
	if h != nil && isTimeout(h.err) {
		h = p.shakeAgain(ctx, t, r, cfg)
	}
	if h == nil || len(h.chain) == 0 {
		return verdict{} // there is none, or no such version
	}
	facts := p.facts.Of(h.chain)
	if slices.ContainsFunc(r.TLS.Certificates, func(c Certificate) bool { return c.SHA256 == facts[0].SHA256 }) {
		return verdict{}
	}
	var findings []reason.Finding
	for _, f := range p.chains.Load().Judge(ctx, h.chain, h.state.OCSPResponse, t.Endpoint.Host, p.cfg.Clock.Now()).Findings {
		f.Detail = fmt.Sprintf("%s (%s): %s", otherWords, facts[0].Key, f.Detail)
		findings = append(findings, f)
	}
	r.TLS.Other = facts
	return worst(findings...)
}

// shakeAgain makes another handshake with r's address; nil where there is no connection.
func (p *Prober) shakeAgain(ctx context.Context, t Target, r *AddressResult, cfg *tls.Config) *handshake {
	release, err := p.pace.acquire(ctx, t.Endpoint.Host, p.cfg.Clock)
	if err != nil {
		return nil
	}
	defer release()
	bounded, cancel := context.WithTimeout(ctx, p.cfg.Timeout)
	defer cancel()
	conn, err := p.cfg.Dial(bounded, t.to(r.Address))
	if err != nil {
		return nil
	}
	defer conn.Close() //nolint:errcheck // nothing was written but a handshake
	deadline, _ := bounded.Deadline()
	_ = conn.SetDeadline(deadline)
	return shake(bounded, cfg, p.turns, conn, t.Endpoint.Host)
}
