package probe

import (
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"prober/catalog"
	"prober/probe/reason"
)

// deaf makes the kernel lose, unseen by either side, whatever comes to a socket from now on.
func deaf(t *testing.T, conn net.Conn) {
	t.Helper()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Error(err)
		return
	}
	nothing := unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K}
	var failed error
	if err := raw.Control(func(fd uintptr) {
		failed = unix.SetsockoptSockFprog(int(fd), unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: 1, Filter: &nothing})
	}); err != nil || failed != nil {
		t.Error(err, failed)
	}
}

// A network that loses what follows the ClientHello is not a server that hangs: our last flight is lost up to TLS 1.2, and
// the request with it in TLS 1.3, where the server has nothing to say to it.
func TestLostOnTheWay(t *testing.T) {
	keys := newPKI()
	losing := func(version uint16) func(net.Conn) {
		return func(c net.Conn) {
			cfg := serverConfig(keys)
			cfg.MaxVersion = version
			cfg.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
				deaf(t, c)
				return nil, nil
			}
			_ = tls.Server(c, cfg).Handshake() // until the test ends
		}
	}
	silent := func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }
	for name, tt := range map[string]struct {
		server func(net.Conn)
		scheme catalog.Scheme
		want   reason.Reason
		says   string
	}{
		"in TLS 1.2":           {losing(tls.VersionTLS12), catalog.HTTPS, reason.TLSLost, "sent and not acknowledged"},
		"in TLS 1.3":           {losing(tls.VersionTLS13), catalog.HTTPS, reason.RequestLost, "sent and not acknowledged"},
		"nothing, in TLS":      {silent, catalog.HTTPS, reason.TLSTimeout, "all that was sent was acknowledged"},
		"nothing, without TLS": {silent, catalog.HTTP, reason.RequestTimeout, "all that was sent was acknowledged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr := serve(t, tt.server)
			var o Observation
			for timeout := 1500 * time.Millisecond; timeout < time.Minute; timeout *= 4 { // a busy machine comes less far in one
				cfg := onLoopback(keys)
				cfg.Timeout = timeout
				if o = New(cfg).Probe(t.Context(), at(goodHost, tt.scheme, addr)); o.Reason == tt.want {
					break
				}
			}
			if o.Reason != tt.want || !strings.Contains(o.Detail, tt.says) {
				t.Errorf("%s %s: %s", o.Outcome, o.Reason, o.Detail)
			}
		})
	}
}
