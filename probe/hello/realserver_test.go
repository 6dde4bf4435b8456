package hello_test

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"prober/probe/hello"
)

// real is a server we did not write and what a scan of it must find.
type real struct {
	name string
	addr netip.AddrPort
	want string // six letters, SSLv2 first: A accepted, R rejected, I inconclusive

	about      hello.Version // what the next two speak of
	evidence   string        // a part of it, where it matters
	withoutSNI string
}

// serverName is the name the real servers are asked for.
const serverName = "kms.example.com"

// TestRealServers scans TLS servers of OpenSSL, GnuTLS, nginx, HAProxy, the JDK, Node.js and
// Go, each in many configurations, and compares the verdicts with what is configured.
func TestRealServers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts dozens of servers")
	}
	shared := makeLab(t)
	for name, start := range map[string]func(*testing.T, lab) []real{
		"openssl": startOpenSSL, "gnutls": startGnuTLS, "nginx": startNginx, "haproxy": startHAProxy,
		"jsse": startJSSE, "node": startNode, "go": startGo,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var group sync.WaitGroup
			slots := make(chan struct{}, 4)
			for _, r := range start(t, shared) {
				group.Go(func() {
					slots <- struct{}{}
					defer func() { <-slots }()
					r.check(t)
				})
			}
			group.Wait()
		})
	}
}

func (r real) check(t *testing.T) {
	s := hello.Scanner{Timeout: 30 * time.Second} // a busy machine is not what is tested
	table := s.Scan(context.Background(), r.addr, serverName)
	if got := verdicts(table); got != r.want {
		t.Errorf("%s: verdicts are %s, want %s:%s", r.name, got, r.want, describe(table))
	}
	about := table[r.about]
	if !strings.Contains(about.Evidence, r.evidence) || !strings.Contains(about.WithoutSNI, r.withoutSNI) {
		t.Errorf("%s: %s: evidence %q, want %q; without SNI %q, want %q", r.name, r.about, about.Evidence, r.evidence, about.WithoutSNI, r.withoutSNI)
	}
}
