package probe

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/catalog"
	"prober/probe/dns"
	"prober/probe/reason"
)

// handTurned is a clock that stands still until a server turns it on.
type handTurned struct {
	mu sync.Mutex
	at time.Time
}

func (c *handTurned) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *handTurned) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// nameServerAt answers over UDP that every name has the address 127.0.0.1, and calls late before it does.
func nameServerAt(t *testing.T, late func()) netip.AddrPort {
	t.Helper()
	return resolving(t, func(_ string, qtype dnsmessage.Type) (dnsmessage.RCode, string, bool) {
		if qtype == dnsmessage.TypeA {
			late()
		}
		return dnsmessage.RCodeSuccess, "127.0.0.1", false
	})
}

// What a name server, a handshake, a connection or a reply is late by stands in the phase of that
// name, whole, and in no other.
func TestLatenessStandsInItsPhase(t *testing.T) {
	p := newPKI()
	late := []time.Duration{0, 20 * time.Millisecond, 200 * time.Millisecond}
	for i := range 3 * 3 * 3 {
		inDNS, inTLS, inReply := late[i%3], late[i/3%3], late[i/9]
		t.Run(fmt.Sprintf("dns %v, tls %v, first byte %v", inDNS, inTLS, inReply), func(t *testing.T) {
			clock := &handTurned{at: now}
			cfg := onLoopback(p)
			cfg.Clock.NowFunc = clock.Now
			cfg.Resolvers = []netip.AddrPort{nameServerAt(t, func() { clock.turn(inDNS) })}
			cfg.DNS = (&dns.Client{Now: clock.Now, Random: rand.Reader, Timeout: time.Minute}).Lookup
			cfg.Dial = func(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
				conn, err := dialTCP(ctx, addr)
				clock.turn(time.Millisecond)
				return conn, err
			}
			server := serverConfig(p)
			server.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
				clock.turn(inTLS)
				return nil, nil
			}
			at := serveTLS(t, server, func(c net.Conn) {
				if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
					clock.turn(inReply)
					_, _ = io.WriteString(c, okReply)
				}
			})
			o := New(cfg).Probe(t.Context(), target(goodHost, catalog.HTTPS, at.Port()))
			if o.Outcome != reason.OK || len(o.Addresses) != 1 {
				t.Fatalf("%v %v %s", o.Outcome, o.Reason, o.Detail)
			}
			got := o.Addresses[0].Phases
			want := Phases{
				Resolve: inDNS, Connect: time.Millisecond, TLS: inTLS, Request: inReply,
				Total: inDNS + time.Millisecond + inTLS + inReply, Reached: got.Reached,
			}
			if got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		})
	}
}
