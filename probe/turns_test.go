package probe

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/probe/reason"
)

// TestHeavyHandshakesTakeTurns probes servers that send very much for their handshake while one turn
// is free, and others without one.
func TestHeavyHandshakesTakeTurns(t *testing.T) {
	p := newPKI()
	names := []string{goodHost}
	for i := range limit.HeavyHandshake / 10 {
		names = append(names, fmt.Sprintf("n%d.good.test", i))
	}
	large := newEntity(goodHost, p.intermediate, forHosts(names...))
	heavy, light := serverConfig(p), serverConfig(p)
	heavy.Certificates[0] = served(large, p.intermediate)
	heavyAt := at(goodHost, catalog.HTTPS, serveTLS(t, heavy, replying(okReply)))
	lightAt := at(goodHost, catalog.HTTPS, serveTLS(t, light, replying(okReply)))

	patient := New(onLoopback(p))
	for range cap(patient.turns) {
		if _, err := patient.turns.take(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	want(t, patient.Probe(t.Context(), lightAt), reason.OK, reason.None)
	<-patient.turns
	want(t, patient.Probe(t.Context(), heavyAt), reason.OK, reason.None)
	if taken := len(patient.turns); taken != cap(patient.turns)-1 {
		t.Errorf("%d of %d turns are taken afterwards", taken, cap(patient.turns))
	}
}

// TestNoTurnInTime waits for a turn that does not come.
func TestNoTurnInTime(t *testing.T) {
	p := newPKI()
	server := serverConfig(p)
	many := served(p.leaf, p.intermediate)
	for range limit.HeavyHandshake / len(p.intermediate.Cert.Raw) {
		many.Certificate = append(many.Certificate, p.intermediate.Cert.Raw)
	}
	server.Certificates[0] = many
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		var serving sync.WaitGroup
		serving.Go(func() { _ = tls.Server(theirs, server).Handshake() })
		defer serving.Wait()
		defer theirs.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		turns := make(turns, 1)
		turns <- struct{}{}
		h := shake(ctx, tlsTemplate(false, time.Now), turns, ours, goodHost)
		if f := handshakeFinding(ctx, h); f.Reason != reason.ProberTLSUnsupported || h.waited != time.Second {
			t.Errorf("%s: %s after %s", f.Reason, f.Detail, h.waited)
		}
	})
}

// TestDelayed blames no server for time that went by in the prober.
func TestDelayed(t *testing.T) {
	p := New(Config{Timeout: 4 * time.Second})
	for _, tt := range []struct {
		found reason.Reason
		own   time.Duration
		want  reason.Reason
	}{
		{reason.TLSTimeout, 999 * time.Millisecond, reason.TLSTimeout},
		{reason.TLSTimeout, time.Second, reason.ProberLimit},
		{reason.HeadersTimeout, 3 * time.Second, reason.ProberLimit},
		{reason.TLSLost, 999 * time.Millisecond, reason.TLSLost},
		{reason.TLSLost, time.Second, reason.ProberLimit},
		{reason.BodyLost, 3 * time.Second, reason.ProberLimit},
		{reason.RequestReset, 3 * time.Second, reason.RequestReset},
		{reason.None, 3 * time.Second, reason.None},
	} {
		if f := p.delayed(tt.found.Found("x"), tt.own); f.Reason != tt.want {
			t.Errorf("%s after %s of the prober's own: %s, want %s", tt.found, tt.own, f.Reason, tt.want)
		}
	}
}

// TestTooLargeHandshake meets a Certificate message that crypto/tls does not read, nor others.
func TestTooLargeHandshake(t *testing.T) {
	p := newPKI()
	cfg := serverConfig(p)
	cfg.Certificates[0].Certificate = slices.Repeat(cfg.Certificates[0].Certificate, 1+limit.CertificateMessage/len(p.leaf.Cert.Raw))
	tg := at(goodHost, catalog.HTTPS, serveTLS(t, cfg, replying(okReply)))
	tg.Diagnose = true
	o := New(onLoopback(p)).Probe(t.Context(), tg)
	want(t, o, reason.Fail, reason.TLSCertMalformed)
	if !strings.Contains(o.Detail, fmt.Sprint(limit.CertificateMessage)) {
		t.Errorf("detail %q does not name the limit", o.Detail)
	}
}

// TestLongRefusal cuts what crypto/x509 quotes of a certificate that it does not parse.
func TestLongRefusal(t *testing.T) {
	p := newPKI()
	host := strings.Repeat("a", 20_000)
	odd := newEntity(goodHost, p.intermediate, forHosts(goodHost), func(c *x509.Certificate) {
		c.URIs = []*url.URL{{Scheme: "https", Host: host}}
	})
	der := bytes.Replace(odd.Cert.Raw, []byte("https://aaaa"), []byte("https://a%zz"), 1)
	cfg := serverConfig(p)
	cfg.Certificates[0].Certificate[0] = der
	tg := at(goodHost, catalog.HTTPS, serveTLS(t, cfg, replying(okReply)))
	tg.Diagnose = true
	o := New(onLoopback(p)).Probe(t.Context(), tg)
	if !strings.Contains(o.Detail, "cannot parse URI") || len(o.Detail) > 4*limit.NameBytes {
		t.Errorf("%s, %d bytes: %.300s", o.Reason, len(o.Detail), o.Detail)
	}
}

// TestLongChainIsCounted lists the first certificates of a long chain and counts the others.
func TestLongChainIsCounted(t *testing.T) {
	p := newPKI()
	cfg := serverConfig(p)
	sent := slices.Repeat(cfg.Certificates[0].Certificate, limit.CertificatesListed)
	cfg.Certificates[0].Certificate = sent
	o := New(onLoopback(p)).Probe(t.Context(), at(goodHost, catalog.HTTPS, serveTLS(t, cfg, replying(okReply))))
	if facts := o.Addresses[0].TLS; len(facts.Certificates) != limit.CertificatesListed || facts.LeftOff != len(sent)-limit.CertificatesListed {
		t.Errorf("%d certificates and %d left off, of %d", len(facts.Certificates), facts.LeftOff, len(sent))
	}
}
