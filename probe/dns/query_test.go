package dns

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"os"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/limit"
	"prober/probe/reason"
)

// TestVerdicts gives one answer each to the question for www.example.com A.
func TestVerdicts(t *testing.T) {
	longChain := func(links int) string {
		var b strings.Builder
		owner := "www.example.com"
		for i := range links {
			target := string(rune('a'+i)) + ".example.com"
			b.WriteString(owner + " 60 CNAME " + target + "\n")
			owner = target
		}
		return b.String() + owner + " 30 A 192.0.2.80\n"
	}
	tests := []struct {
		name                string
		rcode               dnsmessage.RCode
		authoritative       bool
		answers, authority  string
		want                reason.Reason
		wantRCode           string
		wantAddresses       []netip.Addr
		wantChain           string // targets
		wantMinTTL          time.Duration
		wantDetail, wantEnd string // substring of the detail; the name to ask next
	}{
		{
			name: "addresses in the order answered", answers: "www.example.com 60 A 192.0.2.9; www.example.com 50 A 192.0.2.8",
			wantAddresses: addrs("192.0.2.9", "192.0.2.8"), wantMinTTL: 50 * time.Second,
		},
		{
			name: "owner in another case", answers: "WWW.Example.COM 60 A 192.0.2.9",
			wantAddresses: addrs("192.0.2.9"), wantMinTTL: 60 * time.Second,
		},
		{name: "TTL with the highest bit set is zero", answers: "www.example.com 2147483648 A 192.0.2.9", wantAddresses: addrs("192.0.2.9")},
		{
			name: "largest TTL", answers: "www.example.com 2147483647 A 192.0.2.9", wantAddresses: addrs("192.0.2.9"),
			wantMinTTL: 2147483647 * time.Second,
		},
		{
			name: "records of other types are stepped over", answers: "www.example.com 5 TXT hello; www.example.com 60 A 192.0.2.9",
			wantAddresses: addrs("192.0.2.9"), wantMinTTL: 60 * time.Second,
		},
		{
			name: "alias", answers: "www.example.com 20 CNAME lb.example.net; lb.example.net 60 A 192.0.2.9",
			wantAddresses: addrs("192.0.2.9"), wantChain: "lb.example.net", wantMinTTL: 20 * time.Second,
		},
		{
			name: "alias with a longer TTL than its end", answers: "www.example.com 200 CNAME lb.example.net; lb.example.net 60 A 192.0.2.9",
			wantAddresses: addrs("192.0.2.9"), wantChain: "lb.example.net", wantMinTTL: 60 * time.Second,
		},
		{
			name:          "first link with the shortest TTL",
			answers:       "www.example.com 20 CNAME b.example.com; b.example.com 60 CNAME c.example.com; c.example.com 90 A 192.0.2.9",
			wantAddresses: addrs("192.0.2.9"), wantChain: "b.example.com c.example.com", wantMinTTL: 20 * time.Second,
		},
		{
			name:          "records in reverse order",
			answers:       "c.example.com 9 A 192.0.2.9; b.example.com 60 CNAME c.example.com; www.example.com 60 CNAME b.example.com",
			wantAddresses: addrs("192.0.2.9"), wantChain: "b.example.com c.example.com", wantMinTTL: 9 * time.Second,
		},
		{
			name:          "addresses of a name inside the chain are ignored",
			answers:       "www.example.com 60 A 192.0.2.66; www.example.com 60 CNAME b.example.com; b.example.com 60 A 192.0.2.9",
			wantAddresses: addrs("192.0.2.9"), wantChain: "b.example.com", wantMinTTL: 60 * time.Second,
		},
		{
			name: "addresses of a foreign name are ignored", answers: "evil.example 1 A 192.0.2.66; www.example.com 60 A 192.0.2.9",
			wantAddresses: addrs("192.0.2.9"), wantMinTTL: 60 * time.Second,
		},
		{
			name: "only addresses of a foreign name", answers: "evil.example 60 A 192.0.2.66", want: reason.ResolveBadAnswer,
			wantDetail: "with records of evil.example but none of www.example.com",
		},
		{
			name: "chain and only foreign addresses", answers: "www.example.com 60 CNAME b.example.com; evil.example 60 A 192.0.2.66",
			want: reason.ResolveBadAnswer, wantChain: "b.example.com", wantMinTTL: 60 * time.Second,
		},
		{
			name: "eight links", answers: longChain(8), wantAddresses: addrs("192.0.2.80"), wantMinTTL: 30 * time.Second,
			wantChain: "a.example.com b.example.com c.example.com d.example.com e.example.com f.example.com g.example.com h.example.com",
		},
		{
			name: "thirteen links", answers: longChain(13), wantAddresses: addrs("192.0.2.80"), wantMinTTL: 30 * time.Second,
			wantChain: "a.example.com b.example.com c.example.com d.example.com e.example.com f.example.com g.example.com h.example.com i.example.com j.example.com k.example.com l.example.com m.example.com",
		},
		{
			name: "loop", answers: "www.example.com 60 CNAME b.example.com; b.example.com 60 CNAME www.example.com",
			want: reason.ResolveCNAMELoop, wantChain: "b.example.com www.example.com", wantMinTTL: 60 * time.Second,
			wantDetail: "comes back to www.example.com",
		},
		{
			name: "alias of itself", answers: "www.example.com 60 CNAME www.example.com",
			want: reason.ResolveCNAMELoop, wantChain: "www.example.com", wantMinTTL: 60 * time.Second,
		},
		{
			name: "loop behind the first link, as SERVFAIL", rcode: 2, wantRCode: "SERVFAIL",
			answers: "www.example.com 60 CNAME b.example.com; b.example.com 60 CNAME c.example.com; c.example.com 60 CNAME b.example.com",
			want:    reason.ResolveCNAMELoop, wantChain: "b.example.com c.example.com b.example.com", wantMinTTL: 60 * time.Second,
		},
		{name: "nodata", authority: "example.com 60 SOA", want: reason.ResolveNoData, wantDetail: "without a record of that type"},
		{name: "nodata without an authority section", want: reason.ResolveNoData},
		{name: "nodata with SOA and NS", authority: "example.com 60 SOA; example.com 60 NS ns.example.com", want: reason.ResolveNoData},
		{name: "nodata with NS from the zone's own server", authoritative: true, authority: "example.com 60 NS ns.example.com", want: reason.ResolveNoData},
		{
			name: "nodata at the end of a chain", answers: "www.example.com 60 CNAME b.example.net", authority: "example.net 60 SOA",
			want: reason.ResolveNoData, wantChain: "b.example.net", wantMinTTL: 60 * time.Second, wantDetail: "at the end of its chain of 1 CNAME, b.example.net",
		},
		{
			name: "chain that the server does not follow", authoritative: true, answers: "www.example.com 60 CNAME b.example.net",
			want: reason.ResolveNoData, wantChain: "b.example.net", wantMinTTL: 60 * time.Second, wantEnd: "b.example.net",
		},
		{
			name: "chain into another zone with this zone's SOA", authoritative: true, answers: "www.example.com 60 CNAME b.badexample.com",
			authority: "example.com 60 SOA", want: reason.ResolveNoData, wantChain: "b.badexample.com", wantMinTTL: 60 * time.Second, wantEnd: "b.badexample.com",
		},
		{name: "nxdomain", rcode: 3, wantRCode: "NXDOMAIN", authority: "com 60 SOA", want: reason.ResolveNXDomain},
		{
			name: "nxdomain at the end of a chain", rcode: 3, wantRCode: "NXDOMAIN", answers: "www.example.com 60 CNAME gone.example.net",
			authority: "example.net 60 SOA", want: reason.ResolveCNAMEDangling, wantChain: "gone.example.net", wantMinTTL: 60 * time.Second,
		},
		{
			name: "nxdomain beside an address", rcode: 3, wantRCode: "NXDOMAIN", answers: "www.example.com 60 A 192.0.2.9",
			want: reason.ResolveNXDomain, wantMinTTL: 60 * time.Second,
		},
		{name: "referral", authority: "com 60 NS a.gtld-servers.net", want: reason.ResolveReferral},
		{name: "formerr", rcode: 1, wantRCode: "FORMERR", want: reason.ResolveFormErr},
		{name: "servfail", rcode: 2, wantRCode: "SERVFAIL", want: reason.ResolveServFail},
		{name: "notimp", rcode: 4, wantRCode: "NOTIMP", want: reason.ResolveNotImp},
		{name: "refused", rcode: 5, wantRCode: "REFUSED", want: reason.ResolveRefused},
		{name: "notauth", rcode: 9, wantRCode: "NOTAUTH", want: reason.ResolveBadRCode},
		{name: "unassigned code", rcode: 15, wantRCode: "RCODE15", want: reason.ResolveBadRCode},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, c := newNetwork(t, reflex(func(_ asked, m *dnsmessage.Message) {
				m.RCode, m.Authoritative = test.rcode, test.authoritative
				m.Answers, m.Authorities = rrs(test.answers), rrs(test.authority)
			}))
			a := c.Query(context.Background(), resolver1, "www.example.com", A)
			if a.Reason != test.want {
				t.Fatalf("reason %q (%s), want %q", a.Reason, a.Detail, test.want)
			}
			if want := cmpOr(test.wantRCode, "NOERROR"); a.RCode != want {
				t.Errorf("rcode %q, want %q", a.RCode, want)
			}
			if !slices.Equal(a.Addresses, test.wantAddresses) {
				t.Errorf("addresses %v, want %v", a.Addresses, test.wantAddresses)
			}
			if got := targets(a.CNAMEs); got != test.wantChain {
				t.Errorf("chain %q, want %q", got, test.wantChain)
			}
			if a.MinTTL != test.wantMinTTL {
				t.Errorf("least TTL %v, want %v", a.MinTTL, test.wantMinTTL)
			}
			if a.follow != test.wantEnd {
				t.Errorf("to be asked next: %q, want %q", a.follow, test.wantEnd)
			}
			if (a.Detail == "") != (a.Reason == reason.None) || !strings.Contains(a.Detail, test.wantDetail) {
				t.Errorf("detail %q, want %q in it", a.Detail, test.wantDetail)
			}
			if a.Authoritative != test.authoritative || !a.RecursionAvailable || a.RCode == "" || a.Strays != 0 || a.TCPFallback {
				t.Errorf("unexpected facts: %+v", a)
			}
		})
	}
}

func cmpOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func targets(chain []CNAME) string {
	var names []string
	for _, c := range chain {
		names = append(names, c.Target)
	}
	return strings.Join(names, " ")
}

func TestQuestionOnTheWire(t *testing.T) {
	n, c := newNetwork(t, zone("Example.com 60 AAAA 2001:db8::1"))
	c.Random = bytes.NewReader([]byte{0xbe, 0xef})
	a := c.Query(context.Background(), resolver1, "Example.com.", AAAA)
	if a.Reason != reason.None || a.Name != "example.com" || a.Type != AAAA || a.Resolver != resolver1 {
		t.Errorf("answer %+v", a)
	}
	want := "\xbe\xef" + // id
		"\x01\x20" + // RD, AD
		"\x00\x01\x00\x00\x00\x00\x00\x01" +
		"\x07Example\x03com\x00\x00\x1c\x00\x01" + // as the caller wrote it; AAAA IN
		"\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00" // OPT, 1232 bytes, version 0
	if got := string(n.log[0].raw); got != want {
		t.Errorf("sent\n%q, want\n%q", got, want)
	}
}

func TestClockAndFlags(t *testing.T) {
	_, c := newNetwork(t, reflex(func(_ asked, m *dnsmessage.Message) {
		m.AuthenticData, m.Authoritative, m.RecursionAvailable = true, true, false
		m.Answers = rrs("example.com 60 A 192.0.2.9")
		m.Additionals = []dnsmessage.Resource{opt(0)}
	}))
	var ticks int
	start := time.Unix(1_000_000, 0)
	c.Now = func() time.Time { ticks++; return start.Add(time.Duration(ticks-1) * 7 * time.Millisecond) }
	a := c.Query(context.Background(), resolver1, "example.com", A)
	if a.Duration.Duration() != 7*time.Millisecond {
		t.Errorf("duration %v, want that of the given clock", a.Duration)
	}
	if !a.AuthenticData || !a.Authoritative || a.RecursionAvailable || !a.EDNS {
		t.Errorf("flags of the answer are lost: %+v", a)
	}
}

func TestExtendedRCodeAndError(t *testing.T) {
	_, c := newNetwork(t, reflex(func(_ asked, m *dnsmessage.Message) {
		m.Additionals = []dnsmessage.Resource{opt(16,
			dnsmessage.Option{Code: 10, Data: []byte("a cookie")},
			dnsmessage.Option{Code: edeOption, Data: []byte("\x00\x16at \x1b[31mdelegation\xff")},
			dnsmessage.Option{Code: edeOption, Data: []byte("\xff\x00")},
			dnsmessage.Option{Code: edeOption, Data: []byte("\x01")})}
	}))
	a := c.Query(context.Background(), resolver1, "example.com", A)
	if a.RCode != "BADVERS" || a.Reason != reason.ResolveBadRCode {
		t.Errorf("rcode %s, reason %s", a.RCode, a.Reason)
	}
	if want := "22 No Reachable Authority: at \uFFFD[31mdelegation\uFFFD; 65280"; a.ExtendedError != want {
		t.Errorf("extended error %q, want %q", a.ExtendedError, want)
	}
	if !strings.Contains(a.Detail, a.ExtendedError) {
		t.Errorf("detail %q leaves the extended error out", a.Detail)
	}
}

// A resolver that says of itself that it hides a name, or cannot tell yet, says nothing of the name.
func TestWhatResolversAdmit(t *testing.T) {
	for _, test := range []struct {
		code  uint16
		rcode dnsmessage.RCode
		want  reason.Reason
	}{
		{4, dnsmessage.RCodeSuccess, reason.ResolveFiltered},
		{15, dnsmessage.RCodeNameError, reason.ResolveFiltered},
		{16, dnsmessage.RCodeServerFailure, reason.ResolveFiltered},
		{17, dnsmessage.RCodeNameError, reason.ResolveFiltered},
		{18, dnsmessage.RCodeNameError, reason.ResolveFiltered},
		{18, dnsmessage.RCodeRefused, reason.ResolveRefused},
		{14, dnsmessage.RCodeServerFailure, reason.ProberResolverUnavailable},
		{22, dnsmessage.RCodeServerFailure, reason.ResolveServFail},
		{3, dnsmessage.RCodeSuccess, reason.None}, // a stale answer is one
	} {
		_, c := newNetwork(t, reflex(func(a asked, m *dnsmessage.Message) {
			m.RCode = test.rcode
			if test.rcode == dnsmessage.RCodeSuccess {
				m.Answers = rrs(a.name() + " 60 A 192.0.2.66")
			}
			if a.edns() {
				m.Additionals = []dnsmessage.Resource{opt(0, dnsmessage.Option{Code: edeOption, Data: binary.BigEndian.AppendUint16(nil, test.code)})}
			}
		}))
		a := c.Query(context.Background(), resolver1, "example.com", A)
		if a.Reason != test.want || (len(a.Addresses) > 0) != (test.want == reason.None) {
			t.Errorf("%s with code %d: %q, %v, want %q", test.rcode, test.code, a.Reason, a.Addresses, test.want)
		}
	}
}

func TestExtendedErrorIsBounded(t *testing.T) {
	long := dnsmessage.Option{Code: edeOption, Data: append([]byte{0, 0}, bytes.Repeat([]byte("x"), 5000)...)}
	got := extendedErrors([]dnsmessage.Option{long, long, long, long, long, long})
	if most := limit.ExtendedErrors * (limit.ExtraText + 20); len(got) > most {
		t.Errorf("%d bytes, want at most %d", len(got), most)
	}
}

func TestPlainRetryWithoutEDNS(t *testing.T) {
	for _, code := range []dnsmessage.RCode{dnsmessage.RCodeFormatError, dnsmessage.RCodeNotImplemented, dnsmessage.RCodeServerFailure, dnsmessage.RCodeRefused} {
		n, c := newNetwork(t, reflex(func(a asked, m *dnsmessage.Message) {
			if a.edns() {
				m.RCode, m.Questions = code, nil // some leave the question out
				return
			}
			m.Answers = rrs("example.com 60 A 192.0.2.9")
		}))
		a := c.Query(context.Background(), resolver1, "example.com", A)
		if a.Reason != reason.None || !a.PlainRetry || a.EDNS || len(n.log) != 2 {
			t.Errorf("%v: %d questions, answer %+v", code, len(n.log), a)
		}
		if bytes.Equal(n.log[0].raw[:2], n.log[1].raw[:2]) {
			t.Errorf("%v: the plain question has the id of the first", code)
		}
	}
	for _, code := range []dnsmessage.RCode{badVersion, 23} { // and BADCOOKIE
		n, c := newNetwork(t, reflex(func(a asked, m *dnsmessage.Message) {
			if a.edns() {
				m.Additionals = []dnsmessage.Resource{opt(code)}
				return
			}
			m.Answers = rrs("example.com 60 A 192.0.2.9")
		}))
		if a := c.Query(context.Background(), resolver1, "example.com", A); a.Reason != reason.None || !a.PlainRetry || len(n.log) != 2 {
			t.Errorf("refused by %v: %d questions, answer %+v", code, len(n.log), a)
		}
	}
	n, c := newNetwork(t, reflex(func(a asked, m *dnsmessage.Message) {
		if !a.edns() {
			m.Answers = rrs("example.com 60 A 192.0.2.9")
		}
	}))
	if a := c.Query(context.Background(), resolver1, "example.com", A); a.Reason != reason.None || !a.PlainRetry || len(n.log) != 2 {
		t.Errorf("an empty answer: %d questions, answer %+v", len(n.log), a)
	}
	n, c = newNetwork(t, rcode(dnsmessage.RCodeFormatError))
	if a := c.Query(context.Background(), resolver1, "example.com", A); a.Reason != reason.ResolveFormErr || len(n.log) != 2 {
		t.Errorf("%d questions, answer %+v", len(n.log), a)
	}
}

func TestRetransmitsOnceAndSaysSo(t *testing.T) {
	asks := 0
	n, c := newNetwork(t, resolver{answer: func(a asked) [][]byte {
		if asks++; asks == 1 {
			return nil // lost
		}
		return [][]byte{a.reply(func(m *dnsmessage.Message) { m.Answers = rrs("example.com 60 A 192.0.2.9") })}
	}})
	a := c.Query(context.Background(), resolver1, "example.com", A)
	if a.Reason != reason.None || !a.Retransmitted || a.PlainRetry || len(n.log) != 3 || !bytes.Equal(n.log[0].raw, n.log[1].raw) {
		t.Errorf("%d questions, answer %+v", len(n.log), a)
	}
	n, c = newNetwork(t, silent)
	if a := c.Query(context.Background(), resolver1, "example.com", A); a.Reason != reason.ResolveTimeout || len(n.log) != 3 || a.RCode != "" {
		t.Errorf("%d questions, answer %+v", len(n.log), a)
	}
}

// TestAsksPlainlyAfterSilence: what drops questions with EDNS lets plain ones through.
func TestAsksPlainlyAfterSilence(t *testing.T) {
	n, c := newNetwork(t, resolver{answer: func(a asked) [][]byte {
		if a.edns() {
			return nil
		}
		return v4only.answer(a)
	}})
	a := c.Query(context.Background(), resolver1, "example.com", A)
	if a.Reason != reason.None || !a.Retransmitted || !a.PlainRetry || a.EDNS || len(a.Addresses) != 1 {
		t.Errorf("%+v", a)
	}
	if last := n.log[len(n.log)-1]; bytes.Equal(last.raw[:2], n.log[0].raw[:2]) {
		t.Error("the plain question has the id of the first")
	}
	l := c.Lookup(context.Background(), []netip.AddrPort{resolver1}, "example.com", Options{})
	if l.Outcome != reason.OK || !strings.Contains(l.Detail, "was silent to the question with EDNS") {
		t.Errorf("%s %s %q", l.Outcome, l.Reason, l.Detail)
	}
}

func TestNamesThatCannotBeAsked(t *testing.T) {
	for _, name := range []string{"a..b", "..", ".com", strings.Repeat("x", 64) + ".com", strings.Repeat("abcdefg.", 40), "bücher.example"} {
		n, c := newNetwork(t, silent)
		a := c.Query(context.Background(), resolver1, name, A)
		if a.Reason != reason.ProberInternal || a.Detail == "" || len(n.log) != 0 {
			t.Errorf("%q: %d questions, answer %+v", name, len(n.log), a)
		}
	}
}

func TestLongestName(t *testing.T) {
	longest := strings.Repeat(strings.Repeat("x", 63)+".", 3) + strings.Repeat("y", 61) // 255 bytes on the wire
	_, c := newNetwork(t, zone(longest+" 60 A 192.0.2.9"))
	if a := c.Query(context.Background(), resolver1, longest, A); a.Reason != reason.None {
		t.Errorf("answer %+v", a)
	}
	if a := c.Query(context.Background(), resolver1, ".", NS); a.Reason != reason.ResolveNXDomain || a.Name != "." {
		t.Errorf("root: answer %+v", a)
	}
}

func TestErrorsOfTheSocket(t *testing.T) {
	inDial := func(err error) error {
		return &net.OpError{Op: "dial", Net: "udp", Err: os.NewSyscallError("socket", err)}
	}
	tests := []struct {
		err  error
		want reason.Reason
	}{
		{inDial(syscall.EMFILE), reason.ProberFDExhausted},
		{inDial(syscall.ENFILE), reason.ProberFDExhausted},
		{inDial(syscall.EADDRNOTAVAIL), reason.ProberPortsExhausted},
		{inDial(syscall.EADDRINUSE), reason.ProberPortsExhausted},
		{inDial(syscall.EAGAIN), reason.ProberPortsExhausted},
		{inDial(syscall.ENETUNREACH), reason.ProberResolverUnavailable},
		{inDial(syscall.EHOSTUNREACH), reason.ProberResolverUnavailable},
		{inDial(syscall.ECONNREFUSED), reason.ProberResolverUnavailable},
		{inDial(syscall.EPERM), reason.ProberResolverUnavailable},
		{inDial(os.ErrDeadlineExceeded), reason.ResolveTimeout},
		{context.DeadlineExceeded, reason.ResolveTimeout},
		{context.Canceled, reason.ProberCanceled},
		{errors.New("something else"), reason.ProberResolverUnavailable},
	}
	for _, test := range tests {
		_, c := newNetwork(t, resolver{dialErr: test.err})
		a := c.Query(context.Background(), resolver1, "example.com", A)
		if a.Reason != test.want || a.Detail == "" {
			t.Errorf("%v: %q (%s), want %q", test.err, a.Reason, a.Detail, test.want)
		}
	}
}

// TestEndOfTheContext: a socket closed because the context's time is up is silence, not a
// fault of the socket; and no question waits longer than its context.
func TestEndOfTheContext(t *testing.T) {
	end := time.Unix(1_000_000, 0) // long ago
	ctx, cancel := context.WithDeadline(context.Background(), end)
	defer cancel()
	if got := faultReason(ctx, net.ErrClosed); got != reason.ResolveTimeout {
		t.Errorf("closed at the deadline: %q", got)
	}
	if got := (&Client{}).deadline(ctx); !got.Equal(end) {
		t.Errorf("deadline %v, want the context's", got)
	}
	ctx, cancel = context.WithCancel(context.Background())
	cancel()
	if got := faultReason(ctx, net.ErrClosed); got != reason.ProberCanceled {
		t.Errorf("closed on cancellation: %q", got)
	}
}

func TestResolverWithoutAddress(t *testing.T) {
	a := (&Client{}).Query(context.Background(), netip.AddrPort{}, "example.com", A)
	if a.Reason != reason.ProberResolverUnavailable || !strings.Contains(a.Detail, errNoResolver.Error()) {
		t.Errorf("%+v", a)
	}
}

type brokenRandom struct{}

func (brokenRandom) Read([]byte) (int, error) { return 0, errors.New("no entropy") }

func TestNoRandomNoQuestion(t *testing.T) {
	n, c := newNetwork(t, silent)
	c.Random = brokenRandom{}
	if a := c.Query(context.Background(), resolver1, "example.com", A); a.Reason != reason.ProberInternal || len(n.log) != 0 {
		t.Errorf("%d questions, answer %+v", len(n.log), a)
	}
}

func TestPanicEndsOnlyTheQuestion(t *testing.T) {
	c := &Client{Dial: func(context.Context, string, string) (net.Conn, error) { panic("defect") }}
	l := c.Lookup(context.Background(), []netip.AddrPort{resolver1}, "example.com", Options{Canary: "canary.example.com"})
	if l.Outcome != reason.Unknown || l.Reason != reason.ProberInternal || !strings.Contains(l.Detail, "defect") {
		t.Errorf("lookup %+v", l)
	}
}

func TestTypeString(t *testing.T) {
	got := []string{A.String(), NS.String(), SOA.String(), AAAA.String(), Type(65).String()}
	if want := []string{"A", "NS", "SOA", "AAAA", "TYPE65"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
