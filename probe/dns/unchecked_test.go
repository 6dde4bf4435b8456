package dns

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"prober/needs"
	"prober/probe/reason"
)

const asksUnchecked = "asked not to check signatures (the CD bit) it answers"

// A resolver that fails and answers when it need not check signatures has reached the zone.
func TestFailureOfDNSSECIsTold(t *testing.T) {
	const record = "example.com 60 A 192.0.2.9"
	fails := func(m *dnsmessage.Message) { m.RCode = dnsmessage.RCodeServerFailure }
	for name, tt := range map[string]struct {
		unchecked func(m *dnsmessage.Message) // what it answers then
		told      bool
	}{
		"an answer":          {func(m *dnsmessage.Message) { m.Answers = rrs(record) }, true},
		"fails all the same": {fails, false},
		"nothing of use":     {func(*dnsmessage.Message) {}, false},
		"a denial":           {func(m *dnsmessage.Message) { m.RCode = dnsmessage.RCodeNameError }, false},
		"cut off":            {func(m *dnsmessage.Message) { m.Truncated = true }, false},
	} {
		t.Run(name, func(t *testing.T) {
			n, c := newNetwork(t, reflex(func(a asked, m *dnsmessage.Message) {
				switch {
				case a.network == "tcp":
					fails(m)
				case a.raw[3]&checkingDisabled == 0:
					fails(m)
				default:
					tt.unchecked(m)
				}
			}))
			a := c.Query(context.Background(), resolver1, "example.com", A)
			if a.Reason != reason.ResolveServFail || len(a.Addresses) > 0 || a.Truncated || a.RCode != "SERVFAIL" {
				t.Errorf("%s %s %v", a.Reason, a.RCode, a.Addresses)
			}
			if told := strings.Contains(a.Detail, asksUnchecked); told != tt.told {
				t.Errorf("%s, after %d questions", a.Detail, len(n.log))
			}
		})
	}
}

// The same of a real one, with a trust anchor for a zone that signs nothing. The zone beside it is well.
func TestUnboundAnswersUnchecked(t *testing.T) {
	upstream := serve(t, "127.0.0.1", zone("a.bogus.test 60 A 192.0.2.9\na.well.test 60 A 192.0.2.9\n"))
	at := validating(t, upstream)
	for name, want := range map[string]reason.Reason{"a.bogus.test": reason.ResolveServFail, "a.well.test": reason.None} {
		l := (&Client{}).Lookup(t.Context(), []netip.AddrPort{at}, name, Options{Families: OnlyIPv4})
		if l.Reason != want || strings.Contains(l.Detail, asksUnchecked) != (want != reason.None) {
			t.Errorf("%s: %s, %s", name, l.Reason, l.Detail)
		}
	}
}

// validating runs an unbound that demands signatures of the zone bogus.test, before a name server.
func validating(t *testing.T, upstream netip.AddrPort) netip.AddrPort {
	t.Helper()
	program := needs.Program(t, "unbound")
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
  local-zone: "test." nodefault
  module-config: "validator iterator"
  trust-anchor: "bogus.test. DS 12345 8 2 %s"
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@%d
`, at.Port(), strings.Repeat("0a", 32), upstream.Port())
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
