package dns

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"prober/limit"

	"golang.org/x/net/dns/dnsmessage"

	"prober/probe/reason"
)

// byType behaves as one resolver for A, as another for AAAA and as a third for all else.
func byType(a, aaaa, other resolver) resolver {
	return resolver{answer: func(q asked) [][]byte {
		switch q.typ() {
		case A:
			return a.answer(q)
		case AAAA:
			return aaaa.answer(q)
		}
		return other.answer(q)
	}}
}

var (
	dual    = zone("example.com 60 A 192.0.2.9\n example.com 40 AAAA 2001:db8::9\n . 60 NS a.root-servers.net")
	v4only  = zone("example.com 60 A 192.0.2.9\n . 60 NS a.root-servers.net")
	v6only  = zone("example.com 40 AAAA 2001:db8::9")
	nodata  = rcode(dnsmessage.RCodeSuccess)
	gone    = rcode(dnsmessage.RCodeNameError)
	sick    = rcode(dnsmessage.RCodeServerFailure)
	refuses = rcode(dnsmessage.RCodeRefused)
	dead    = resolver{dialErr: syscall.ECONNREFUSED}
	noRoute = resolver{dialErr: syscall.ENETUNREACH}
	noFiles = resolver{dialErr: syscall.EMFILE}
	root    = zone(". 60 NS a.root-servers.net")
	twoAway = "example.com 60 CNAME b.example.com\n b.example.com 50 CNAME c.example.net\n"
)

// TestLookupVerdicts looks example.com up through one to three resolvers.
func TestLookupVerdicts(t *testing.T) {
	tests := []struct {
		name          string
		resolvers     []resolver
		options       Options
		want          reason.Outcome
		wantReason    reason.Reason
		wantRCode     string
		wantResolver  netip.AddrPort
		wantAddresses []netip.Addr
		wantChain     string
		wantMinTTL    time.Duration
		wantQueries   int
		wantDetail    string
	}{
		{
			name: "both families", resolvers: []resolver{dual}, want: reason.OK, wantRCode: "NOERROR", wantResolver: resolver1,
			wantAddresses: addrs("192.0.2.9", "2001:db8::9"), wantMinTTL: 40 * time.Second, wantQueries: 2,
		},
		{
			name: "only IPv4 wanted", resolvers: []resolver{dual}, options: Options{Families: OnlyIPv4}, want: reason.OK, wantRCode: "NOERROR",
			wantResolver: resolver1, wantAddresses: addrs("192.0.2.9"), wantMinTTL: 60 * time.Second, wantQueries: 1,
		},
		{
			name: "only IPv6 wanted", resolvers: []resolver{dual}, options: Options{Families: OnlyIPv6}, want: reason.OK, wantRCode: "NOERROR",
			wantResolver: resolver1, wantAddresses: addrs("2001:db8::9"), wantMinTTL: 40 * time.Second, wantQueries: 1,
		},
		{
			name: "no AAAA is fine", resolvers: []resolver{v4only}, want: reason.OK, wantRCode: "NOERROR", wantResolver: resolver1,
			wantAddresses: addrs("192.0.2.9"), wantMinTTL: 60 * time.Second, wantQueries: 2,
		},
		{
			name: "no A is fine", resolvers: []resolver{v6only}, want: reason.OK, wantRCode: "NOERROR", wantResolver: resolver1,
			wantAddresses: addrs("2001:db8::9"), wantMinTTL: 40 * time.Second, wantQueries: 2,
		},
		{name: "no resolver", want: reason.Unknown, wantReason: reason.ProberResolverUnavailable, wantDetail: "no resolver is configured"},

		{
			name: "nxdomain", resolvers: []resolver{gone, dual}, want: reason.Fail, wantReason: reason.ResolveNXDomain, wantRCode: "NXDOMAIN",
			wantResolver: resolver1, wantQueries: 2,
		},
		{
			name: "nodata", resolvers: []resolver{nodata, dual}, want: reason.Fail, wantReason: reason.ResolveNoData, wantRCode: "NOERROR",
			wantResolver: resolver1, wantQueries: 2,
		},
		{
			name: "nodata and servfail", resolvers: []resolver{byType(nodata, sick, silent)}, want: reason.Fail, wantReason: reason.ResolveServFail,
			wantRCode: "SERVFAIL", wantResolver: resolver1, wantQueries: 2,
		},
		{
			name: "nodata and nxdomain", resolvers: []resolver{byType(nodata, gone, silent)}, want: reason.Fail, wantReason: reason.ResolveNXDomain,
			wantRCode: "NXDOMAIN", wantResolver: resolver1, wantQueries: 2,
		},
		{
			name: "servfail and nxdomain", resolvers: []resolver{byType(sick, gone, silent)}, want: reason.Fail, wantReason: reason.ResolveNXDomain,
			wantRCode: "NXDOMAIN", wantResolver: resolver1, wantQueries: 2,
		},
		{
			name: "nodata and silence", resolvers: []resolver{byType(nodata, silent, silent)}, want: reason.Fail, wantReason: reason.ResolveTimeout,
			wantResolver: resolver1, wantQueries: 2,
		},

		{
			name: "A black-holed", resolvers: []resolver{byType(silent, dual, silent)}, want: reason.Degraded, wantReason: reason.ResolveTimeout,
			wantRCode: "NOERROR", wantResolver: resolver1, wantAddresses: addrs("2001:db8::9"), wantMinTTL: 40 * time.Second, wantQueries: 2,
		},
		{
			name: "AAAA black-holed", resolvers: []resolver{byType(dual, silent, silent)}, want: reason.Degraded, wantReason: reason.ResolveTimeout,
			wantRCode: "NOERROR", wantResolver: resolver1, wantAddresses: addrs("192.0.2.9"), wantMinTTL: 60 * time.Second, wantQueries: 2,
		},
		{
			name: "AAAA servfail", resolvers: []resolver{byType(dual, sick, silent)}, want: reason.Degraded, wantReason: reason.ResolveServFail,
			wantRCode: "NOERROR", wantResolver: resolver1, wantAddresses: addrs("192.0.2.9"), wantMinTTL: 60 * time.Second, wantQueries: 2,
		},
		{
			name: "AAAA refused", resolvers: []resolver{byType(dual, refuses, silent)}, want: reason.OK, wantDetail: "undecided: 192.0.2.1:53 answered REFUSED",
			wantRCode: "NOERROR", wantResolver: resolver1, wantAddresses: addrs("192.0.2.9"), wantMinTTL: 60 * time.Second, wantQueries: 2,
		},
		{
			name: "AAAA nxdomain beside A", resolvers: []resolver{byType(dual, gone, silent)}, want: reason.Degraded, wantReason: reason.ResolveNXDomain,
			wantRCode: "NOERROR", wantResolver: resolver1, wantAddresses: addrs("192.0.2.9"), wantMinTTL: 60 * time.Second, wantQueries: 2,
		},
		{
			name: "AAAA servfail, the next resolver knows", resolvers: []resolver{byType(dual, sick, silent), dual}, want: reason.OK,
			wantRCode: "NOERROR", wantResolver: resolver1, wantAddresses: addrs("192.0.2.9", "2001:db8::9"), wantMinTTL: 40 * time.Second, wantQueries: 3,
		},

		{
			name: "servfail, then an answer", resolvers: []resolver{sick, dual}, want: reason.OK, wantRCode: "NOERROR", wantResolver: resolver2,
			wantAddresses: addrs("192.0.2.9", "2001:db8::9"), wantMinTTL: 40 * time.Second, wantQueries: 4,
		},
		{
			name: "silence, then an answer", resolvers: []resolver{silent, dual}, want: reason.OK, wantRCode: "NOERROR", wantResolver: resolver2,
			wantAddresses: addrs("192.0.2.9", "2001:db8::9"), wantMinTTL: 40 * time.Second, wantQueries: 4,
		},
		{
			name: "refused, dead, then an answer", resolvers: []resolver{refuses, dead, dual}, want: reason.OK, wantRCode: "NOERROR", wantResolver: resolver3,
			wantAddresses: addrs("192.0.2.9", "2001:db8::9"), wantMinTTL: 40 * time.Second, wantQueries: 6,
		},
		{
			name: "servfail everywhere", resolvers: []resolver{sick, sick}, want: reason.Fail, wantReason: reason.ResolveServFail, wantRCode: "SERVFAIL",
			wantResolver: resolver1, wantQueries: 4,
		},
		{
			name: "an answer tells more than silence", resolvers: []resolver{silent, sick}, want: reason.Fail, wantReason: reason.ResolveServFail,
			wantRCode: "SERVFAIL", wantResolver: resolver2, wantQueries: 4,
		},

		{
			name: "silent to the control question too", resolvers: []resolver{silent}, want: reason.Unknown, wantReason: reason.ProberResolverUnavailable,
			wantQueries: 3, wantDetail: "control question: 192.0.2.1:53 gave no answer to . NS in time",
		},
		{
			name: "silent for this name only", resolvers: []resolver{byType(silent, silent, root)}, want: reason.Fail, wantReason: reason.ResolveTimeout,
			wantResolver: resolver1, wantQueries: 3,
		},
		{name: "refuses everything", resolvers: []resolver{refuses}, want: reason.Unknown, wantReason: reason.ProberResolverUnavailable, wantQueries: 3},
		{
			name: "refuses this name only", resolvers: []resolver{byType(refuses, refuses, root)}, want: reason.Unknown, wantReason: reason.ResolveRefused,
			wantRCode: "REFUSED", wantResolver: resolver1, wantQueries: 3, wantDetail: "does not count against the name",
		},
		{
			name: "two refuse this name", resolvers: []resolver{byType(refuses, refuses, root), byType(refuses, refuses, root)}, want: reason.Fail,
			wantReason: reason.ResolveRefused, wantRCode: "REFUSED", wantResolver: resolver1, wantQueries: 6,
		},
		{
			name: "does not implement it", resolvers: []resolver{rcode(dnsmessage.RCodeNotImplemented)}, want: reason.Unknown,
			wantReason: reason.ResolveNotImp, wantRCode: "NOTIMP", wantResolver: resolver1, wantQueries: 2, wantDetail: "does not count against the name",
		},
		{
			name: "a server of the zone does not implement it", want: reason.Fail, resolvers: []resolver{reflex(func(_ asked, m *dnsmessage.Message) {
				m.RCode, m.Authoritative = dnsmessage.RCodeNotImplemented, true
			})}, wantReason: reason.ResolveNotImp, wantRCode: "NOTIMP", wantResolver: resolver1, wantQueries: 2,
		},
		{
			name: "answers SERVFAIL to the control question", resolvers: []resolver{byType(silent, silent, sick)}, want: reason.Fail,
			wantReason: reason.ResolveTimeout, wantResolver: resolver1, wantQueries: 3,
		},
		{
			name: "nobody there", resolvers: []resolver{dead}, want: reason.Unknown, wantReason: reason.ProberResolverUnavailable, wantQueries: 2,
			wantDetail: "connection refused",
		},
		{name: "no route to the resolver", resolvers: []resolver{noRoute}, want: reason.Unknown, wantReason: reason.ProberResolverUnavailable, wantQueries: 2},
		{
			name: "none of three", resolvers: []resolver{dead, silent, refuses}, want: reason.Unknown, wantReason: reason.ProberResolverUnavailable,
			wantQueries: 8, wantDetail: "none of 3 resolvers is usable",
		},
		{
			name: "the usable one decides", resolvers: []resolver{dead, refuses, byType(silent, silent, root)}, want: reason.Fail,
			wantReason: reason.ResolveTimeout, wantResolver: resolver3, wantQueries: 8,
		},

		{name: "no file descriptors", resolvers: []resolver{noFiles, dual}, want: reason.Unknown, wantReason: reason.ProberFDExhausted, wantQueries: 2},

		{
			name: "chain", resolvers: []resolver{zone(twoAway + "c.example.net 40 A 192.0.2.9")}, want: reason.OK, wantRCode: "NOERROR",
			wantResolver: resolver1, wantAddresses: addrs("192.0.2.9"), wantChain: "b.example.com c.example.net", wantMinTTL: 40 * time.Second, wantQueries: 2,
		},
		{
			name: "chain to nowhere", resolvers: []resolver{zone(twoAway)}, want: reason.Fail, wantReason: reason.ResolveCNAMEDangling, wantRCode: "NXDOMAIN",
			wantResolver: resolver1, wantChain: "b.example.com c.example.net", wantQueries: 2,
		},
		{
			name: "chain to a name without an address", resolvers: []resolver{zone(twoAway + "c.example.net 40 TXT nothing")}, want: reason.Fail,
			wantReason: reason.ResolveCNAMEDangling, wantRCode: "NOERROR", wantResolver: resolver1, wantChain: "b.example.com c.example.net", wantQueries: 2,
		},
		{
			name: "chain to a name without an address, one family", resolvers: []resolver{zone(twoAway + "c.example.net 40 TXT nothing")},
			options: Options{Families: OnlyIPv4}, want: reason.Fail, wantReason: reason.ResolveNoData, wantRCode: "NOERROR",
			wantResolver: resolver1, wantChain: "b.example.com c.example.net", wantQueries: 1,
		},
		{
			name: "chain, and an error in the other family", resolvers: []resolver{byType(zone(twoAway+"c.example.net 40 TXT nothing"), sick, silent)},
			want: reason.Fail, wantReason: reason.ResolveServFail, wantRCode: "SERVFAIL", wantResolver: resolver1, wantQueries: 2,
		},
		{
			name: "chain that some resolvers do not follow", resolvers: []resolver{zone(aliases(9))}, want: reason.Degraded, wantReason: reason.ResolveCNAMETooLong,
			wantRCode: "NOERROR", wantResolver: resolver1, wantAddresses: addrs("192.0.2.9"), wantChain: strings.Join(targetsOf(9), " "),
			wantMinTTL: 60 * time.Second, wantQueries: 2, wantDetail: "through a chain of 9 CNAMEs",
		},
		{
			name: "chain that an answer holds to its end", resolvers: []resolver{zone(aliases(20))}, want: reason.Degraded, wantReason: reason.ResolveCNAMETooLong,
			wantRCode: "NOERROR", wantResolver: resolver1, wantChain: strings.Join(targetsOf(20), " "), wantQueries: 2, wantDetail: "a chain of 20 CNAMEs",
			wantAddresses: addrs("192.0.2.9"), wantMinTTL: 60 * time.Second,
		},
		{
			name: "chain that is left open", resolvers: []resolver{oneLink()}, want: reason.Fail, wantReason: reason.ResolveCNAMETooLong,
			wantRCode: "NOERROR", wantResolver: resolver1, wantChain: strings.Join(deeper(limit.CNAMELinks+1), " "), wantQueries: 2 * (limit.CNAMELinks + 1),
		},
		{
			name: "no A, and only A wanted", resolvers: []resolver{v6only}, options: Options{Families: OnlyIPv4}, want: reason.Fail, wantReason: reason.ResolveNoData,
			wantRCode: "NOERROR", wantResolver: resolver1, wantQueries: 1, wantDetail: "only A was asked for",
		},
		{
			name: "loop", resolvers: []resolver{zone("example.com 60 CNAME b.example.com\n b.example.com 60 CNAME example.com"), dual}, want: reason.Fail,
			wantReason: reason.ResolveCNAMELoop, wantRCode: "NOERROR", wantResolver: resolver1, wantChain: "b.example.com example.com", wantQueries: 2,
		},

		{
			name: "canary does not exist", resolvers: []resolver{dual}, options: Options{Canary: "canary.example.com"}, want: reason.OK, wantRCode: "NOERROR",
			wantResolver: resolver1, wantAddresses: addrs("192.0.2.9", "2001:db8::9"), wantMinTTL: 40 * time.Second, wantQueries: 3,
		},
		{
			name: "canary lives", resolvers: []resolver{zone("example.com 60 A 192.0.2.9\n canary.example.com 60 A 192.0.2.9")},
			options: Options{Canary: "canary.example.com"}, want: reason.Degraded, wantReason: reason.ResolveHijacked, wantRCode: "NOERROR",
			wantResolver: resolver1, wantAddresses: addrs("192.0.2.9"), wantMinTTL: 60 * time.Second, wantQueries: 3,
			wantDetail: "192.0.2.1:53 gave 192.0.2.9 for canary.example.com, which does not exist",
		},
		{
			name: "canary lives in a zone with a wildcard", resolvers: []resolver{zone("example.com 60 A 192.0.2.9\n canary.example.com 60 A 192.0.2.9")},
			options: Options{Canary: "canary.example.com", Elsewhere: "canary.example.net"}, want: reason.OK, wantRCode: "NOERROR",
			wantResolver: resolver1, wantAddresses: addrs("192.0.2.9"), wantMinTTL: 60 * time.Second, wantQueries: 4,
		},
		{
			name: "canaries live everywhere", resolvers: []resolver{zone("example.com 60 A 192.0.2.9\n canary.example.com 60 A 192.0.2.9\n canary.example.net 60 A 192.0.2.9")},
			options: Options{Canary: "canary.example.com", Elsewhere: "canary.example.net"}, want: reason.Degraded, wantReason: reason.ResolveHijacked,
			wantRCode: "NOERROR", wantResolver: resolver1, wantAddresses: addrs("192.0.2.9"), wantMinTTL: 60 * time.Second, wantQueries: 4,
		},
		{
			name: "no canary lives, none is asked about elsewhere", resolvers: []resolver{dual}, options: Options{Canary: "canary.example.com", Elsewhere: "canary.example.net"},
			want: reason.OK, wantRCode: "NOERROR", wantResolver: resolver1, wantAddresses: addrs("192.0.2.9", "2001:db8::9"), wantMinTTL: 40 * time.Second, wantQueries: 3,
		},
		{
			name: "canary silent", resolvers: []resolver{{answer: func(a asked) [][]byte {
				if a.name() == "canary.example.com" {
					return nil
				}
				return dual.answer(a)
			}}}, options: Options{Canary: "canary.example.com"}, want: reason.OK, wantRCode: "NOERROR", wantResolver: resolver1,
			wantAddresses: addrs("192.0.2.9", "2001:db8::9"), wantMinTTL: 40 * time.Second, wantQueries: 3,
		},
		{
			name: "canary beside a missing name", resolvers: []resolver{zone("canary.example.com 60 A 192.0.2.9")}, options: Options{Canary: "canary.example.com"},
			want: reason.Fail, wantReason: reason.ResolveNXDomain, wantRCode: "NXDOMAIN", wantResolver: resolver1, wantQueries: 3,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, c := newNetwork(t, test.resolvers...)
			all := []netip.AddrPort{resolver1, resolver2, resolver3}
			l := c.Lookup(context.Background(), all[:len(test.resolvers)], "example.com", test.options)
			if l.Outcome != test.want || l.Reason != test.wantReason {
				t.Fatalf("%s %q (%s), want %s %q", l.Outcome, l.Reason, l.Detail, test.want, test.wantReason)
			}
			if l.Host != "example.com" {
				t.Errorf("host %q", l.Host)
			}
			if l.RCode != test.wantRCode || l.Resolver != test.wantResolver {
				t.Errorf("%s from %s, want %s from %s", l.RCode, l.Resolver, test.wantRCode, test.wantResolver)
			}
			if !slices.Equal(l.Addresses, test.wantAddresses) || l.MinTTL.Duration() != test.wantMinTTL {
				t.Errorf("addresses %v for %v, want %v for %v", l.Addresses, l.MinTTL, test.wantAddresses, test.wantMinTTL)
			}
			if got := strings.Join(l.CNAME, " "); got != test.wantChain {
				t.Errorf("chain %q, want %q", got, test.wantChain)
			}
			if len(l.Queries) != test.wantQueries {
				t.Errorf("%d queries, want %d: %+v", len(l.Queries), test.wantQueries, l.Queries)
			}
			if test.wantDetail == "" && (l.Detail == "") != (l.Reason == reason.None) || !strings.Contains(l.Detail, test.wantDetail) {
				t.Errorf("detail %q, want %q in it", l.Detail, test.wantDetail)
			}
		})
	}
}

// TestFamiliesThatFareDifferently puts together two families that were asked through
// different networks, as when something changes between two questions.
func TestFamiliesThatFareDifferently(t *testing.T) {
	canceled := resolver{dialErr: context.Canceled}
	tests := []struct {
		name       string
		a, aaaa    []resolver
		want       reason.Outcome
		wantReason reason.Reason
		wantDetail string
	}{
		{"what this machine could not ask is no defect of the name", []resolver{v4only}, []resolver{noFiles}, reason.OK, reason.None, "undecided: "},
		{"nor is a resolver that went away", []resolver{v4only}, []resolver{dead}, reason.OK, reason.None, "undecided: "},
		{"NODATA leaves open what could not be asked", []resolver{nodata}, []resolver{noFiles}, reason.Unknown, reason.ProberFDExhausted, "too many open files"},
		{"NXDOMAIN does not", []resolver{noFiles}, []resolver{gone}, reason.Fail, reason.ResolveNXDomain, ""},
		{"stopped after an answer", []resolver{v4only}, []resolver{canceled}, reason.Unknown, reason.ProberCanceled, "canceled"},
		{"stopped after a failure", []resolver{gone}, []resolver{canceled}, reason.Fail, reason.ResolveNXDomain, ""},
		{"stopped after another failure", []resolver{canceled}, []resolver{sick}, reason.Unknown, reason.ProberCanceled, "canceled"},
		{"stopped after NODATA", []resolver{nodata}, []resolver{canceled}, reason.Unknown, reason.ProberCanceled, "canceled"},
		{"one family fails, the other could not be asked", []resolver{sick}, []resolver{noFiles}, reason.Unknown, reason.ProberFDExhausted, "too many open files"},
		{"an answer tells more than silence of a resolver known to be alive", []resolver{silent, sick}, []resolver{nodata}, reason.Fail, reason.ResolveServFail, ""},
		{"a usable resolver's silence counts, not the way to another", []resolver{dead, silent}, []resolver{sick, nodata}, reason.Fail, reason.ResolveTimeout, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			all := []netip.AddrPort{resolver1, resolver2, resolver3}
			l := &lookup{client: &Client{}, resolvers: all, host: "example.com"}
			_, forA := newNetwork(t, test.a...)
			_, forAAAA := newNetwork(t, test.aaaa...)
			l.families = []family{
				forA.family(context.Background(), all[:len(test.a)], l.host, A, nil),
				forAAAA.family(context.Background(), all[:len(test.aaaa)], l.host, AAAA, nil),
			}
			got := l.result()
			if got.Outcome != test.want || got.Reason != test.wantReason || !strings.Contains(got.Detail, test.wantDetail) {
				t.Errorf("%s %q (%s)", got.Outcome, got.Reason, got.Detail)
			}
		})
	}
}

// TestResolverThatGoesAway is silent at first and has vanished when the control question comes.
func TestResolverThatGoesAway(t *testing.T) {
	n, c := newNetwork(t, silent)
	var dials atomic.Int32
	c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if dials.Add(1) == 2 { // the first was for both families
			return nil, syscall.ECONNREFUSED
		}
		return n.dial(ctx, network, address)
	}
	l := c.Lookup(context.Background(), []netip.AddrPort{resolver1}, "example.com", Options{})
	if l.Outcome != reason.Unknown || l.Reason != reason.ProberResolverUnavailable || !strings.Contains(l.Detail, "connection refused") {
		t.Errorf("%s %q (%s)", l.Outcome, l.Reason, l.Detail)
	}
}

func TestQueriesAreInOrder(t *testing.T) {
	_, c := newNetwork(t, silent, refuses)
	l := c.Lookup(context.Background(), []netip.AddrPort{resolver1, resolver2}, "example.com", Options{Canary: "canary.example.com"})
	var got []string
	for _, q := range l.Queries {
		got = append(got, q.Resolver.Addr().String()+" "+q.Name+" "+q.Type.String())
	}
	want := "192.0.2.1 example.com A, 192.0.2.1 example.com AAAA, 192.0.2.2 example.com A, 192.0.2.2 example.com AAAA, " +
		"192.0.2.1 . NS, 192.0.2.2 . NS, 192.0.2.1 canary.example.com A"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("queries %s\nwant %s", s, want)
	}
}

func TestRepeatedAddressesCountOnce(t *testing.T) {
	few := addrs("192.0.2.1", "192.0.2.2", "192.0.2.1")
	if got := appendNew(nil, few); !slices.Equal(got, few[:2]) {
		t.Errorf("%v", got)
	}
	var many []netip.Addr
	for i := range 100 {
		many = append(many, netip.AddrFrom4([4]byte{192, 0, 2, byte(i % 50)}))
	}
	if got := appendNew(few[:2:2], many); len(got) != 50 || got[0] != few[0] || got[2] != many[0] {
		t.Errorf("%d addresses: %v", len(got), got)
	}
}

func TestTCPFallbackOfALookup(t *testing.T) {
	_, c := newNetwork(t, truncating(func(a asked) [][]byte { return dual.answer(a) }))
	l := c.Lookup(context.Background(), []netip.AddrPort{resolver1}, "example.com", Options{})
	if !l.TCPFallback || l.Outcome != reason.OK || len(l.Addresses) != 2 {
		t.Errorf("%+v", l)
	}
	_, c = newNetwork(t, truncating(func(asked) [][]byte { return nil }))
	l = c.Lookup(context.Background(), []netip.AddrPort{resolver1}, "example.com", Options{})
	if !l.TCPFallback || l.Reason != reason.ResolveTruncated {
		t.Errorf("%+v", l)
	}
}

// TestWhatALookupKeeps: the verdict on each family, the answer about the canary, the longest
// lifetime, and whether the zone's own servers answered.
func TestWhatALookupKeeps(t *testing.T) {
	own := func(records string, authoritative bool) resolver {
		all := rrs(records)
		return reflex(func(a asked, m *dnsmessage.Message) {
			m.Authoritative = authoritative
			for _, r := range all {
				if r.Header.Name == a.Questions[0].Name && (r.Header.Type == a.Questions[0].Type || r.Header.Type == dnsmessage.TypeCNAME) {
					m.Answers = append(m.Answers, r)
				}
			}
			if len(m.Answers) == 0 && a.Questions[0].Name.String() != "example.com." {
				m.RCode = dnsmessage.RCodeNameError
			}
		})
	}
	const records = "example.com 60 CNAME b.example.com\n b.example.com 604800 A 192.0.2.9\n b.example.com 60 AAAA 2001:db8::9"
	look := func(r resolver) *Lookup {
		_, c := newNetwork(t, r)
		return c.Lookup(context.Background(), []netip.AddrPort{resolver1}, "example.com", Options{Canary: "canary.example.com"})
	}
	l := look(own(records, true))
	if l.MinTTL.Duration() != time.Minute || l.MaxTTL.Duration() != 7*24*time.Hour || !l.Authoritative {
		t.Errorf("from %s to %s, authoritative %t", l.MinTTL, l.MaxTTL, l.Authoritative)
	}
	if len(l.Families) != 2 || l.Families[0].Type != A || l.Families[1].Type != AAAA || l.Families[0].Reason != reason.None || l.Families[1].Resolver != resolver1 {
		t.Errorf("families %+v", l.Families)
	}
	if l.Canary == nil || l.Canary.Reason != reason.ResolveNXDomain || l.Canary.Name != "canary.example.com" {
		t.Errorf("canary %+v", l.Canary)
	}
	if l := look(own(records, false)); l.Authoritative {
		t.Error("an answer from a cache counts as the zone's own")
	}
	if l := look(byType(v4only, sick, root)); l.Families[1].Reason != reason.ResolveServFail || l.Families[1].Detail == "" {
		t.Errorf("families %+v", l.Families)
	}
}

func TestTypeText(t *testing.T) {
	for _, want := range []Type{A, AAAA, SOA, NS, 65} {
		var got Type
		if err := got.UnmarshalText([]byte(want.String())); err != nil || got != want {
			t.Errorf("%s is read as %s, %v", want, got, err)
		}
	}
	if err := new(Type).UnmarshalText([]byte("MX!")); err == nil {
		t.Error("MX! is a type")
	}
}
