package probe

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"testing"

	"prober/catalog"
	"prober/probe/reason"
)

// BenchmarkProbe measures one whole probe of a server in the same process: the server's
// half of the work is in it too. Pace is not: a host per probe.
func BenchmarkProbe(b *testing.B) {
	p := newPKI()
	answer := func(c net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			_, _ = io.WriteString(c, reply(400, jsonHeader, alibabaError("MissingParameter", "AccessKeyId is missing")))
		}
	}
	run := func(tg Target) func(*testing.B) {
		return func(b *testing.B) {
			cfg := onLoopback(p)
			cfg.Alibaba = alibabaKey
			prober := New(cfg)
			tg.Product = product(catalog.StyleAlibabaRPC)
			b.ReportAllocs()
			for b.Loop() {
				prober.pace = pacer{}
				if o := prober.Probe(b.Context(), tg); o.Outcome != reason.OK {
					b.Fatal(o.Outcome, o.Reason, o.Detail)
				}
			}
		}
	}
	b.Run("https", run(at(goodHost, catalog.HTTPS, serveTLS(b, serverConfig(p), answer))))
	b.Run("http", run(at(goodHost, catalog.HTTP, serve(b, answer))))
}

// BenchmarkHandshakeFloor is the least that a connection and a handshake cost.
func BenchmarkHandshakeFloor(b *testing.B) {
	p := newPKI()
	addr := serveTLS(b, serverConfig(p), nil)
	cfg := &tls.Config{InsecureSkipVerify: true, CurvePreferences: classicalGroups()} //nolint:gosec // a floor, nothing is trusted
	b.ReportAllocs()
	for b.Loop() {
		c, err := net.Dial("tcp", addr.String())
		if err != nil {
			b.Fatal(err)
		}
		if err := tls.Client(c, cfg).Handshake(); err != nil {
			b.Fatal(err)
		}
		_ = c.Close()
	}
}
