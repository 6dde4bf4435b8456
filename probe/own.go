package probe

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"prober/catalog"
	"prober/probe/certs"
	"prober/probe/dns"
	"prober/probe/reason"
)

// Own is how an endpoint is probed, as far as its list says so: [catalog.Own] with its files read. A zero
// field is as it is for every endpoint. It is shared by targets and not changed.
type Own struct {
	TCP *catalog.TCPTalk
	DNS *catalog.DNSQuestion

	Timeout   time.Duration
	Resolvers []netip.AddrPort
	Addresses []netip.Addr // probed in place of those of the name
	Families  *dns.Families
	Roots     *x509.CertPool
	Anchors   certs.Anchors
	RootsFile string // that Roots came from, for commands
	// ServerName is the name in the handshake and in the certificate, where it is not the host.
	ServerName string
	// Certificate is shown to servers that ask for one; nil: none. The files are those that it came from, for
	// commands.
	Certificate              *tls.Certificate
	CertificateFile, KeyFile string

	Interval    time.Duration // from one probe to the next, for who makes them
	Maintenance catalog.Calendar
	Why         string

	judging sync.Once
	judge   *certs.Judge // by Roots
}

func newChains(j *certs.Judge) *atomic.Pointer[certs.Judge] {
	chains := new(atomic.Pointer[certs.Judge])
	chains.Store(j)
	return chains
}

// as returns the prober that probes t as its list has it, and t as that one takes it: all others are probed
// by p.
func (p *Prober) as(t Target) (*Prober, Target) {
	if t.Own == nil && t.Scheme != catalog.SchemeTLS {
		return p, t
	}
	q := *p
	if t.Scheme == catalog.SchemeTLS && t.Until != reason.Connect {
		t.Until = reason.TLS
	}
	if t.Scheme == catalog.SchemeTLS || t.Own.Certificate != nil {
		q.tls = p.tls.Clone()
	}
	if t.Scheme == catalog.SchemeTLS { // whatever is spoken over it
		q.tls.NextProtos = nil
	}
	own := t.Own
	if own == nil {
		return &q, t
	}
	if own.Timeout > 0 {
		q.cfg.Timeout = own.Timeout
		if p.client != nil {
			client := &dns.Client{Now: p.client.Now, Random: p.client.Random, Timeout: own.Timeout}
			q.cfg.DNS, q.cfg.Ask, q.cfg.AskTCP = client.Lookup, client.Query, client.QueryTCP
		}
	}
	if len(own.Resolvers) > 0 {
		q.cfg.Resolvers = own.Resolvers
	}
	if own.Families != nil {
		q.cfg.Families = *own.Families
	}
	if own.Roots != nil {
		own.judging.Do(func() { own.judge = &certs.Judge{Roots: own.Roots, Anchors: own.Anchors, Turn: p.turns.take} })
		q.chains = newChains(own.judge)
		q.cfg.RootsFile = own.RootsFile
	}
	if own.Certificate != nil {
		q.tls.Certificates = []tls.Certificate{*own.Certificate}
	}
	if t.Scheme == catalog.SchemeTCP && own.TCP == nil {
		t.Until = reason.Connect
	}
	return &q, t
}

// maintain takes back what failed within a time of maintenance: it says nothing about the endpoint that
// nobody knew. What was shown is told all the same.
func (t Target) maintain(o *Observation) {
	if t.Own == nil || o.Outcome == reason.OK || o.Outcome == reason.Unknown {
		return
	}
	m, in := t.Own.Maintenance.At(o.Started)
	if !in {
		return
	}
	why := ""
	if m.Why != "" {
		why = " (" + m.Why + ")"
	}
	o.Detail = fmt.Sprintf("maintenance until %s%s; found %s: %s", m.Until.UTC().Format(time.RFC3339), why, o.Reason, o.Detail)
	o.Outcome, o.Reason, o.Findings = reason.Unknown, reason.ProberMaintenance, nil
	for i := range o.Addresses {
		if r := &o.Addresses[i]; r.Outcome == reason.Fail || r.Outcome == reason.Degraded {
			r.Outcome, r.Reason, r.Findings = reason.Unknown, reason.ProberMaintenance, nil
		}
	}
}
