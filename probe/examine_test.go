package probe

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/probe/dns"
	"prober/probe/reason"
)

// What a resolver says of names that exist, and of names that do not, is what it is worth.
func TestExamine(t *testing.T) {
	const bogus, portal = "0.0.0.0", "203.0.114.9"
	type says func(name string, madeUp bool) (why reason.Reason, address string)
	always := func(why reason.Reason) says { return func(string, bool) (reason.Reason, string) { return why, "" } }
	well := func(name string, madeUp bool) (reason.Reason, string) {
		switch {
		case madeUp:
			return reason.ResolveNXDomain, ""
		case name == "com":
			return reason.None, ""
		}
		return reason.None, "198.41.0." + string('0'+name[0]%10) // a different one for each
	}
	for name, tt := range map[string]struct {
		says     says
		tcp      reason.Reason
		want     reason.Reason
		invented bool
		filtered int
		known    int
		unknown  int
		withheld int
	}{
		"well":         {says: well, known: 3},
		"not over TCP": {says: well, tcp: reason.ResolveTimeout, known: 3},
		"silent":       {says: always(reason.ResolveTimeout), want: reason.ResolveTimeout},
		"servfail":     {says: always(reason.ResolveServFail), want: reason.ResolveServFail},
		"refused":      {says: always(reason.ResolveRefused), want: reason.ResolveRefused, unknown: 3},
		"nxdomain":     {says: always(reason.ResolveNXDomain), want: reason.ResolveNXDomain, unknown: 3},
		"one address for all": {want: reason.ResolveHijacked, invented: true, known: 3, says: func(name string, _ bool) (reason.Reason, string) {
			if name == "com" {
				return reason.ResolveNoData, ""
			}
			return reason.None, portal
		}},
		"a page of searches": {invented: true, known: 3, says: func(name string, madeUp bool) (reason.Reason, string) {
			if madeUp {
				return reason.None, portal
			}
			return well(name, madeUp)
		}},
		"a filter": {filtered: 1, known: 3, says: func(name string, madeUp bool) (reason.Reason, string) {
			if name == "api.one.test" {
				return reason.None, bogus
			}
			return well(name, madeUp)
		}},
		"a filter that says so": {known: 2, withheld: 1, says: func(name string, madeUp bool) (reason.Reason, string) {
			if name == "api.one.test" {
				return reason.ResolveFiltered, ""
			}
			return well(name, madeUp)
		}},
		"a closed network": {known: 3, says: func(name string, madeUp bool) (reason.Reason, string) {
			if name == "com" {
				return reason.ResolveServFail, ""
			}
			return well(name, madeUp)
		}},
		"meant for others": {unknown: 3, says: func(name string, madeUp bool) (reason.Reason, string) {
			if strings.HasSuffix(name, ".test") {
				return reason.ResolveNXDomain, ""
			}
			return well(name, madeUp)
		}},
		"knows zones and denies all hosts": {want: reason.ResolveNXDomain, unknown: 3, says: func(name string, madeUp bool) (reason.Reason, string) {
			if name != "com" {
				return reason.ResolveNXDomain, ""
			}
			return well(name, madeUp)
		}},
		"knows names and never denies one": {want: reason.ResolveTimeout, known: 3, says: func(name string, madeUp bool) (reason.Reason, string) {
			if madeUp {
				return reason.ResolveTimeout, ""
			}
			return well(name, madeUp)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			ask := func(_ context.Context, r netip.AddrPort, name string, typ dns.Type) dns.Answer {
				why, address := tt.says(name, strings.HasPrefix(name, "prober-"))
				a := dns.Answer{Resolver: r, Name: name, Type: typ, Reason: why, EDNS: true, Duration: reason.Seconds(time.Millisecond)}
				if why != reason.ResolveTimeout {
					a.RCode = "NOERROR"
				}
				if address != "" {
					a.Addresses = []netip.Addr{netip.MustParseAddr(address)}
				}
				return a
			}
			p := New(Config{Ask: ask, Controls: []string{"c.control.test"}, AskTCP: func(ctx context.Context, r netip.AddrPort, name string, typ dns.Type) dns.Answer {
				a := ask(ctx, r, name, typ)
				a.Reason = tt.tcp
				return a
			}})
			p.Among([]string{"api.one.test", "web.two.test"})
			x := p.Examine(t.Context(), netip.MustParseAddrPort("192.0.2.1:53"))
			if x.Reason != tt.want || (x.Reason == reason.None) != (x.Detail == "") || x.Reason == reason.None && x.TCP != tt.tcp {
				t.Errorf("%v %q, over TCP %v; want %v, %v", x.Reason, x.Detail, x.TCP, tt.want, tt.tcp)
			}
			if (x.Invented != "") != tt.invented || len(x.Filtered) != tt.filtered || x.Known != tt.known || len(x.Unknown) != tt.unknown || len(x.Withheld) != tt.withheld {
				t.Errorf("invented %q, filtered %v, known %d, unknown %v, withheld %v", x.Invented, x.Filtered, x.Known, x.Unknown, x.Withheld)
			}
		})
	}
}

// The Date of a server has whole seconds, and was written at some time during the probe.
func TestClockOffset(t *testing.T) {
	began := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	of := func(dates ...time.Duration) *Observation {
		o := &Observation{Started: began, Duration: reason.Seconds(300 * time.Millisecond)}
		for _, d := range dates {
			o.Addresses = append(o.Addresses, AddressResult{HTTP: &HTTPFacts{Date: began.Add(d)}})
		}
		return o
	}
	for _, tt := range []struct {
		o           *Observation
		least, most time.Duration
		known       bool
	}{
		{of(), 0, 0, false},
		{&Observation{Addresses: []AddressResult{{}, {HTTP: &HTTPFacts{}}}}, 0, 0, false},
		{of(0), -300 * time.Millisecond, time.Second, true},
		{of(time.Minute, time.Minute-time.Second), time.Minute - 300*time.Millisecond, time.Minute, true},
		{of(0, time.Hour), time.Hour - 300*time.Millisecond, time.Second, true}, // two that contradict each other
	} {
		least, most, known := tt.o.ClockOffset()
		if got := []any{least, most, known}; !slices.Equal(got, []any{tt.least, tt.most, tt.known}) {
			t.Errorf("%v, want %v %v %v", got, tt.least, tt.most, tt.known)
		}
	}
}
