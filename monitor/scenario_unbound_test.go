package monitor

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"prober/monitor/fixture"
	"prober/needs"
	"prober/probe/dns"
	"prober/probe/reason"
	"prober/suspicion"
)

// The same with a caching resolver between, as most machines have one.
func TestScenariosThroughUnbound(t *testing.T) {
	needs.Patience(t, "waits for a resolver that finds out that it has no way out")
	program := needs.Program(t, "unbound")
	g := fixture.NewGround(t)
	for _, s := range []scenario{
		{name: "no way out, and nothing is remembered", faults: "ecs/us-east-1/public=resolver_unavailable_silent", silent: 2 * time.Second, unknown: 7, cause: suspicion.Lookups},
		{name: "no way out, and the upstream refuses", faults: "ecs/us-east-1/public=resolver_unavailable_refused", unknown: 7, cause: suspicion.Lookups},
		{name: "one provider is down", faults: "gaap/*/public=tls_reset", fail: 2, unknown: 1},
		{name: "all of the only provider, and the control is well", faults: "gaap/*/public=connect_refused", only: "gaap", control: true, fail: 2},
	} {
		t.Run(s.name, func(t *testing.T) {
			at := unboundBefore(t, program, g.Cloud.Resolvers()[0], "")
			g.Healed = func() { forgotten(t, g, at) }
			s.play(t, g, []netip.AddrPort{at})
		})
	}
}

// forgotten waits until a resolver no longer remembers that it could not get an answer, which it may
// do for a while (RFC 9520).
func forgotten(t *testing.T, g *fixture.Ground, resolver netip.AddrPort) {
	t.Helper()
	client := &dns.Client{Timeout: time.Minute}
	for _, x := range g.Targets {
		for client.Query(t.Context(), resolver, x.Endpoint.Host, dns.A).Reason == reason.ResolveServFail {
			time.Sleep(100 * time.Millisecond)
		}
	}
}

// unboundBefore runs unbound, which keeps no answer, before a name server.
func unboundBefore(t *testing.T, program string, upstream netip.AddrPort, more string) netip.AddrPort {
	t.Helper()
	for range 5 {
		at := freePort(t)
		conf := filepath.Join(t.TempDir(), "unbound.conf")
		text := fmt.Sprintf(`server:
  interface: 127.0.0.1
  port: %d
  do-daemonize: no
  username: ""
  chroot: ""
  pidfile: ""
  use-syslog: no
  verbosity: 1
  do-not-query-localhost: no
  module-config: "iterator"
  cache-max-ttl: 0
  infra-host-ttl: 0
  val-override-date: -1
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@%d
%s`, at.Port(), upstream.Port(), more)
		if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		match, said := needs.TryStart(t, exec.Command(program, "-d", "-p", "-c", conf), regexp.MustCompile("start of service"))
		if match != nil {
			return at
		}
		t.Log(said)
	}
	t.Fatal("unbound does not start")
	return netip.AddrPort{}
}

// freePort is a port that nobody has at the moment.
func freePort(t *testing.T) netip.AddrPort {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	return netip.MustParseAddrPort(c.LocalAddr().String())
}
