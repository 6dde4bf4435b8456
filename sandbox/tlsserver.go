package sandbox

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"prober/catalog"
	"prober/sandbox/clienthello"
	"prober/sandbox/pki"
)

// serveTLS reads the ClientHello, shakes hands and serves HTTP.
func (c *connection) serveTLS(b behaviour) {
	if b.accept != nil {
		b.accept(c)
		return
	}
	_ = c.tcp.SetDeadline(time.Now().Add(helloTimeout))
	hello, raw, err := clienthello.Read(c.tcp)
	if err != nil && len(raw) == 0 {
		return
	}
	c.greeting = raw
	if err == nil {
		c.record.greeted(hello)
	}
	if !c.pause(c.e.s.cfg.Latency.plus(b.delay).TLS) {
		return
	}
	if b.hello != nil && b.hello(c, hello) {
		return
	}
	var under net.Conn = &replayed{Conn: c.tcp, from: io.MultiReader(bytes.NewReader(raw), c.tcp)}
	if b.wrap != nil {
		under = b.wrap(c, under)
	}
	conn := tls.Server(under, c.tlsConfig(b, hello))
	defer func() { _ = conn.Close() }() // says close_notify if it can
	_ = c.tcp.SetDeadline(time.Now().Add(helloTimeout))
	if err := conn.HandshakeContext(c.e.s.closing); err != nil {
		if errors.Is(err, io.EOF) {
			return
		}
		// The alert is on its way; closing with unread bytes would overtake it with RST.
		c.drain()
		return
	}
	c.record.secured()
	if b.secured != nil {
		b.secured(c, conn)
		return
	}
	c.serveHTTP(conn)
}

// drain says that nothing more will be written, and reads what the peer still sends.
func (c *connection) drain() {
	_ = c.tcp.CloseWrite()
	_ = c.tcp.SetReadDeadline(time.Now().Add(time.Second))
	_, _ = io.CopyN(io.Discard, c.tcp, 1<<20)
}

// replayed is a connection whose first bytes were read already.
type replayed struct {
	net.Conn
	from io.Reader
}

func (r *replayed) Read(p []byte) (int, error) { return r.from.Read(p) }

// suites are what the sandbox serves up to TLS 1.2: with forward secrecy and without,
// with CBC for the sake of TLS 1.0 and 1.1.
func suites() []uint16 {
	return []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
		tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_256_CBC_SHA,
	}
}

// tlsConfig is what a connection that began with hello is served with.
func (c *connection) tlsConfig(b behaviour, hello clienthello.Hello) *tls.Config {
	now, host := c.e.s.cfg.Now, cmp.Or(b.shownAs, c.e.Host)
	cfg := &tls.Config{
		Time:         now,
		NextProtos:   []string{"http/1.1"},
		CipherSuites: suites(),
		GetCertificate: func(client *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if b.second != pki.Good && !slices.ContainsFunc(client.CipherSuites, takesECDSA) {
				return c.e.s.ca.Certificate(host, b.second, now())
			}
			return c.e.s.ca.Certificate(host, b.certificate, now())
		},
	}
	served := servedVersions(c.e.product, c.e.Region, now())
	if b.versions != nil {
		served = b.versions
	}
	if b.spareVersions != nil && c.atSpare() {
		served = b.spareVersions
	}
	cfg.MinVersion, cfg.MaxVersion = versionRange(served, hello)
	if b.tls != nil {
		b.tls(cfg)
	}
	// One key for all connections, or tickets would be issued that nobody honours.
	cfg.SetSessionTicketKeys([][32]byte{c.e.s.ticketKey})
	return cfg
}

// takesECDSA reports whether a suite can be had with an ECDSA certificate.
func takesECDSA(suite uint16) bool {
	return suite>>8 == 0x13 || strings.Contains(tls.CipherSuiteName(suite), "_ECDSA_")
}

// servedVersions are the versions of TLS that the rules make p serve, oldest first, with
// those that a rule refuses from a later day on: they are on until then. SSL is never
// among them: no catalogue known today demands it.
func servedVersions(p catalog.Product, region string, at time.Time) []clienthello.Version {
	serves := p.TLSVersionsServed(region, at)
	var served []clienthello.Version
	for v := clienthello.TLS10; v <= clienthello.TLS13; v++ {
		name := catalog.TLSVersion(v.String())
		if slices.Contains(serves, name) || refusedLater(p, name, region, at) {
			served = append(served, v)
		}
	}
	return served
}

// refusedLater tells whether a rule refuses v from a day on that is yet to come.
func refusedLater(p catalog.Product, v catalog.TLSVersion, region string, at time.Time) bool {
	if now, _ := p.TLSExpectation(v, region, at); now == catalog.Refused {
		return false
	}
	return slices.ContainsFunc(p.Rules.TLS, func(r catalog.TLSRule) bool {
		return r.Version == v && r.Expect == catalog.Refused && r.From != nil && r.From.After(at) && r.AppliesTo(region, *r.From)
	})
}

// versionRange returns the bounds to serve hello with. crypto/tls knows only ranges; if
// served has a hole, the range is the best version that both sides have, or one that
// the client lacks when there is none.
func versionRange(served []clienthello.Version, hello clienthello.Hello) (lowest, highest uint16) {
	if len(served) == 0 { // an empty range: every hello is answered with protocol_version
		return tls.VersionTLS13, tls.VersionTLS10
	}
	first, last := served[0], served[len(served)-1]
	if int(last-first) == len(served)-1 {
		return uint16(first), uint16(last)
	}
	for _, v := range slices.Backward(served) {
		if hello.Offers(v) {
			return uint16(v), uint16(v)
		}
	}
	return uint16(last), uint16(last)
}

// atSpare tells whether the client dialled the endpoint's second address.
func (c *connection) atSpare() bool {
	local, ok := c.tcp.LocalAddr().(*net.TCPAddr)
	return ok && local.AddrPort().Addr().Unmap() == c.e.spare
}
