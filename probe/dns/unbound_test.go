package dns

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"prober/needs"
	"prober/probe/reason"
)

// patience is how long an answer may take that is bound to come.
const patience = time.Minute

// startUnbound runs unbound with the configuration and zones of testdata until the test
// ends.
func startUnbound(t *testing.T, tcp bool) netip.AddrPort {
	t.Helper()
	program := needs.Program(t, "unbound")
	var log string
	for range 5 {
		at, said, ok := tryUnbound(t, program, tcp)
		if ok {
			return at
		}
		log = said
	}
	t.Fatalf("unbound does not start:\n%s", log)
	return netip.AddrPort{}
}

// tryUnbound starts unbound on a port that was free. It does not start, and says why, where
// somebody took the port meanwhile.
func tryUnbound(t *testing.T, program string, tcp bool) (at netip.AddrPort, said string, ok bool) {
	t.Helper()
	dir := t.TempDir()
	large := &strings.Builder{}
	for i := range 100 {
		fmt.Fprintf(large, "large.zone.test. 300 IN A 192.0.2.%d\n", i)
	}
	copyFile(t, "testdata/root.zone", filepath.Join(dir, "root"), "", "")
	copyFile(t, "testdata/zone.test.zone", filepath.Join(dir, "zone.test"), "", large.String())
	at = freePort(t)
	conf := filepath.Join(dir, "unbound.conf")
	doTCP := map[bool]string{true: "yes", false: "no"}[tcp]
	copyFile(t, "testdata/unbound.conf", conf, strings.Join([]string{
		"PORT", strconv.Itoa(int(at.Port())), "DIRECTORY", dir, "DO_TCP", doTCP,
	}, "\x00"), "")

	match, said := needs.TryStart(t, exec.Command(program, "-d", "-p", "-c", conf), regexp.MustCompile("start of service"))
	return at, said, match != nil
}

// copyFile copies a file with replacements (old, new, ... separated by NUL) and more text.
func copyFile(t *testing.T, from, to, replace, more string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	s := string(text)
	if replace != "" {
		s = strings.NewReplacer(strings.Split(replace, "\x00")...).Replace(s)
	}
	if err := os.WriteFile(to, []byte(s+more), 0o600); err != nil {
		t.Fatal(err)
	}
}

func freePort(t *testing.T) netip.AddrPort {
	t.Helper()
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = packets.Close() }()
	return packets.LocalAddr().(*net.UDPAddr).AddrPort()
}

// dug is what dig shows of an answer.
type dug struct {
	rcode     string // empty for none
	flags     string
	chain     []string
	addresses []netip.Addr
	tcp       bool
}

var (
	digStatus = regexp.MustCompile(`status: (\w+)`)
	digFlags  = regexp.MustCompile(`flags: ([a-z ]*);`)
)

// dig asks with dig, which waits for wait seconds.
func dig(t *testing.T, at netip.AddrPort, name string, typ Type, wait int) dug {
	t.Helper()
	out, _ := exec.Command(needs.Program(t, "dig"), "@"+at.Addr().String(), "-p", strconv.Itoa(int(at.Port())), name+".", typ.String(),
		"+nocookie", "+bufsize=1232", "+tries=1", "+time="+strconv.Itoa(wait), "+noall", "+answer", "+comments").Output() // status 9: no answer
	var d dug
	d.tcp = strings.Contains(string(out), "retrying in TCP mode")
	if m := digStatus.FindSubmatch(out); m != nil {
		d.rcode = string(m[1])
	}
	if m := digFlags.FindSubmatch(out); m != nil {
		d.flags = string(m[1])
	}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) != 5 || strings.HasPrefix(line, ";") {
			continue
		}
		switch f[3] {
		case "CNAME":
			d.chain = append(d.chain, strings.TrimSuffix(f[4], "."))
		case typ.String():
			d.addresses = append(d.addresses, netip.MustParseAddr(f[4]))
		}
	}
	return d
}

// TestAgainstUnboundAndDig asks unbound the same questions as dig does and compares what
// both make of the answers.
func TestAgainstUnboundAndDig(t *testing.T) {
	at := startUnbound(t, true)
	tests := []struct {
		name string
		a    reason.Reason // the verdict of the A question
		aaaa reason.Reason
	}{
		{"www.static.test", reason.None, reason.None},
		{"alias.static.test", reason.ResolveNoData, reason.ResolveNoData}, // served without following
		{"text.static.test", reason.ResolveNoData, reason.ResolveNoData},
		{"nobody.static.test", reason.ResolveNXDomain, reason.ResolveNXDomain},
		{"www.refuse.test", reason.ResolveRefused, reason.ResolveRefused},
		{"www.deny.test", reason.ResolveTimeout, reason.ResolveTimeout},
		{"www.gone.test", reason.ResolveNXDomain, reason.ResolveNXDomain},
		{"www.null.test", reason.None, reason.None},
		{"www.empty.test", reason.ResolveNoData, reason.ResolveNoData},
		{"www.zone.test", reason.None, reason.None},
		{"WWW.zone.TEST", reason.None, reason.None},
		{"v6.zone.test", reason.ResolveNoData, reason.None},
		{"text.zone.test", reason.ResolveNoData, reason.ResolveNoData},
		{"nobody.zone.test", reason.ResolveNXDomain, reason.ResolveNXDomain},
		{"one.zone.test", reason.None, reason.None},
		{"dangling.zone.test", reason.ResolveCNAMEDangling, reason.ResolveCNAMEDangling},
		{"addressless.zone.test", reason.ResolveNoData, reason.ResolveNoData},
		{"any.wild.zone.test", reason.None, reason.ResolveNoData},
		{"large.zone.test", reason.None, reason.ResolveNoData},
		{"www.missing.test", reason.ResolveServFail, reason.ResolveServFail},
		{"nobody.elsewhere", reason.ResolveNXDomain, reason.ResolveNXDomain},
	}
	for _, test := range tests {
		for typ, want := range map[Type]reason.Reason{A: test.a, AAAA: test.aaaa} {
			t.Run(test.name+" "+typ.String(), func(t *testing.T) {
				t.Parallel()
				c, wait := &Client{Timeout: patience}, 60
				if want == reason.ResolveTimeout {
					c.Timeout, wait = 50*time.Millisecond, 1
				}
				theirs := dig(t, at, test.name, typ, wait) // first, so that both see a filled cache
				ours := c.Query(context.Background(), at, test.name, typ)
				if ours.Reason != want {
					t.Errorf("%q (%s), want %q", ours.Reason, ours.Detail, want)
				}
				if ours.RCode != theirs.rcode || ours.TCPFallback != theirs.tcp {
					t.Errorf("%s over TCP %v, dig %s over TCP %v", ours.RCode, ours.TCPFallback, theirs.rcode, theirs.tcp)
				}
				slices.SortFunc(ours.Addresses, netip.Addr.Compare) // unbound rotates them
				slices.SortFunc(theirs.addresses, netip.Addr.Compare)
				if !slices.Equal(ours.Addresses, theirs.addresses) {
					t.Errorf("addresses %v, dig %v", ours.Addresses, theirs.addresses)
				}
				if chain := targets(ours.CNAMEs); chain != strings.Join(theirs.chain, " ") {
					t.Errorf("chain %s, dig %s", chain, theirs.chain)
				}
				if flags := flagNames(&ours); flags != theirs.flags {
					t.Errorf("flags %q, dig %q", flags, theirs.flags)
				}
			})
		}
	}
}

// flagNames writes the flags of an answer as dig does.
func flagNames(a *Answer) string {
	if a.RCode == "" {
		return ""
	}
	s := "qr"
	if a.Authoritative {
		s += " aa"
	}
	s += " rd"
	if a.RecursionAvailable {
		s += " ra"
	}
	if a.AuthenticData {
		s += " ad"
	}
	return s
}

func TestLookupsThroughUnbound(t *testing.T) {
	at := startUnbound(t, true)
	tests := []struct {
		host      string
		outcome   reason.Outcome
		reason    reason.Reason
		chain     string
		addresses int
		minTTL    time.Duration // at most, as the cache counts down
	}{
		{"www.zone.test", reason.OK, reason.None, "", 3, 300 * time.Second},
		{"v6.zone.test", reason.OK, reason.None, "", 1, 300 * time.Second},
		{"one.zone.test", reason.OK, reason.None, "two.zone.test www.zone.test", 3, 50 * time.Second},
		{"alias.static.test", reason.OK, reason.None, "www.static.test", 2, 60 * time.Second}, // followed by asking on
		{"large.zone.test", reason.OK, reason.None, "", 100, 300 * time.Second},
		{"dangling.zone.test", reason.Fail, reason.ResolveCNAMEDangling, "nowhere.zone.test", 0, 0},
		{"addressless.zone.test", reason.Fail, reason.ResolveCNAMEDangling, "text.zone.test", 0, 0},
		{"www.deny.test", reason.Fail, reason.ResolveTimeout, "", 0, 0},
		{"www.refuse.test", reason.Fail, reason.ResolveRefused, "", 0, 0},
		{"www.missing.test", reason.Fail, reason.ResolveServFail, "", 0, 0},
	}
	for _, test := range tests {
		t.Run(test.host, func(t *testing.T) {
			t.Parallel()
			c := &Client{Timeout: patience}
			if test.reason == reason.ResolveTimeout {
				c.Timeout = time.Second / 2
			}
			l := c.Lookup(context.Background(), []netip.AddrPort{at}, test.host, Options{})
			for ; l.Reason == reason.ProberResolverUnavailable && c.Timeout < patience; c.Timeout *= 4 { // the control question needs a real answer in it
				l = c.Lookup(context.Background(), []netip.AddrPort{at}, test.host, Options{})
			}
			if l.Outcome != test.outcome || l.Reason != test.reason {
				t.Errorf("%s %q (%s)", l.Outcome, l.Reason, l.Detail)
			}
			if strings.Join(l.CNAME, " ") != test.chain || len(l.Addresses) != test.addresses || l.MinTTL.Duration() > test.minTTL {
				t.Errorf("chain %v, %d addresses, TTL %v", l.CNAME, len(l.Addresses), l.MinTTL)
			}
		})
	}
	t.Run("loop", func(t *testing.T) {
		l := (&Client{Timeout: patience}).Lookup(context.Background(), []netip.AddrPort{at}, "loop.zone.test", Options{})
		// Resolvers differ here: unbound gives up with SERVFAIL and does not show the loop.
		if l.Outcome != reason.Fail || l.Reason != reason.ResolveCNAMELoop && l.Reason != reason.ResolveServFail {
			t.Errorf("%s %q (%s)", l.Outcome, l.Reason, l.Detail)
		}
	})
	t.Run("canary under a wildcard", func(t *testing.T) {
		l := (&Client{Timeout: patience}).Lookup(context.Background(), []netip.AddrPort{at}, "www.zone.test", Options{Canary: "x7f3.wild.zone.test"})
		if l.Outcome != reason.Degraded || l.Reason != reason.ResolveHijacked {
			t.Errorf("%s %q (%s)", l.Outcome, l.Reason, l.Detail)
		}
	})
}

// TestUnboundWithoutTCP: a large set is truncated and cannot be had whole.
func TestUnboundWithoutTCP(t *testing.T) {
	at := startUnbound(t, false)
	l := (&Client{Timeout: patience}).Lookup(context.Background(), []netip.AddrPort{at}, "large.zone.test", Options{Families: OnlyIPv4})
	if l.Outcome != reason.Unknown || l.Reason != reason.ResolveTruncated || len(l.Addresses) != 0 {
		t.Errorf("%s %q (%s)", l.Outcome, l.Reason, l.Detail)
	}
	l = (&Client{Timeout: patience}).Lookup(context.Background(), []netip.AddrPort{at}, "www.zone.test", Options{})
	if l.Outcome != reason.OK {
		t.Errorf("small set: %s %q (%s)", l.Outcome, l.Reason, l.Detail)
	}
}
