package certs

import (
	"context"
	"crypto/x509"
	"fmt"
	"time"

	"prober/limit"
	"prober/probe/reason"
)

// JudgeDER returns the facts of certificates as a server sent them, leaf first, and what is wrong
// with them. crypto/x509 may refuse to parse some: what can be read of those is shown and judged
// all the same, and that this program cannot parse them is a finding of its own.
func (j *Judge) JudgeDER(ctx context.Context, ders [][]byte, host string, now time.Time) ([]Certificate, []reason.Finding) {
	var cache Facts
	facts := make([]Certificate, 0, len(ders))
	var chain []*x509.Certificate
	var v Verdict
	const told = 3 // of those that cannot be parsed
	var unread []rawFacts
	for i, der := range ders {
		c, err := x509.ParseCertificate(der)
		if err == nil {
			chain = append(chain, c)
			facts = append(facts, cache.Of([]*x509.Certificate{c})[0])
			facts[i].Position = i
			continue
		}
		r := readAnyway(der)
		r.facts.Position = i
		facts = append(facts, r.facts)
		if unread = append(unread, r); len(unread) > told && i > 0 {
			continue
		}
		if r.subject == nil && notDER(der) {
			v.add(unsupported("this program cannot parse certificate %d of the chain, which is not in DER as RFC 5280 demands; others may", i+1))
			continue
		}
		if r.subject == nil {
			v.add(reason.TLSCertMalformed.Found(fmt.Sprintf("certificate %d of the chain is no certificate: %v", i+1, trimmed(err))))
			continue
		}
		v.add(unsupported("this program cannot parse the certificate %s: %w", r.facts.Subject, trimmed(err)))
		if i == 0 {
			v.add(r.dates(now))
			if !r.nameless {
				v.add(nameFinding(r.named(), host))
			}
		}
	}
	if len(unread) > told {
		v.add(unsupported("this program cannot parse %d certificates more", len(unread)-told))
	}
	if len(chain) > 0 && len(facts) > 0 && facts[0].SHA256 == cache.Of(chain[:1])[0].SHA256 {
		for _, f := range j.judge(ctx, chain, unread, nil, host, now).Findings {
			if f.Reason != reason.TLSStapleMissing { // none was asked for
				v.add(f)
			}
		}
	}
	return facts[:min(len(facts), limit.CertificatesListed)], v.Findings
}

// dates is what the dates of a certificate say that crypto/x509 refuses.
func (r rawFacts) dates(now time.Time) reason.Finding {
	c := &x509.Certificate{NotBefore: r.facts.NotBefore, NotAfter: r.facts.NotAfter}
	if c.NotAfter.IsZero() {
		return reason.Finding{}
	}
	c.Subject.CommonName = r.facts.Subject
	return dateFinding([]*x509.Certificate{c}, now)
}
