package main

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// The table prints the detail of an observation as it was written with the verdict, whatever
// the verdict.
func TestTablePrintsTheDetail(t *testing.T) {
	at := func(o reason.Outcome, why reason.Reason, detail string) probe.AddressResult {
		return probe.AddressResult{Address: netip.MustParseAddr("192.0.2.1"), Outcome: o, Reason: why, Detail: detail}
	}
	for _, tt := range []struct {
		name string
		o    probe.Observation
		want string
	}{
		{"fine", probe.Observation{Outcome: reason.OK}, "x  ok          0.0 ms"},
		{
			"some addresses",
			probe.Observation{Outcome: reason.OK, Detail: "16 of its 20 addresses were probed", Addresses: []probe.AddressResult{at(reason.OK, reason.None, "")}},
			"x  ok          0.0 ms  16 of its 20 addresses were probed",
		},
		{
			"an address undecided",
			probe.Observation{
				Outcome: reason.OK, Detail: "undecided: no route",
				Addresses: []probe.AddressResult{at(reason.OK, reason.None, ""), at(reason.Unknown, reason.ProberVantageNoIPv6, "no route")},
			},
			"x  ok          0.0 ms  undecided: no route",
		},
		{
			"a failure",
			probe.Observation{Outcome: reason.Fail, Reason: reason.ConnectRefused, Detail: "refused\x1b[31m", Endpoint: catalog.Endpoint{Lifecycle: catalog.Closed}},
			"x  fail        0.0 ms  (closed) connect/refused: refused\\u001b[31m",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Endpoint.ID = "x"
			var b strings.Builder
			if err := writeTable(&b, []probe.Observation{tt.o}, false); err != nil {
				t.Fatal(err)
			}
			got := strings.Split(b.String(), "\n")[1]
			if got = strings.Join(strings.Fields(got), " "); got != strings.Join(strings.Fields(tt.want), " ") {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// The redirects that were followed stand below the line of their endpoint, made harmless.
func TestTablePrintsHops(t *testing.T) {
	o := probe.Observation{Outcome: reason.OK, Endpoint: catalog.Endpoint{ID: "x"}, Addresses: []probe.AddressResult{{
		Address: netip.MustParseAddr("192.0.2.1"),
		HTTP: &probe.HTTPFacts{Hops: []probe.Hop{
			{URL: "http://a.example/", Status: 301, To: "https://a.example/", Duration: reason.Seconds(12 * time.Millisecond)},
			{URL: "https://a.example/", Status: 302, To: "https://a.example/\x1b[31m", Duration: reason.Seconds(3 * time.Millisecond)},
		}},
	}}}
	var b strings.Builder
	if err := writeTable(&b, []probe.Observation{o}, false); err != nil {
		t.Fatal(err)
	}
	const want = `
    192.0.2.1
      301     12 ms  http://a.example/ -> https://a.example/
      302    3.0 ms  https://a.example/ -> https://a.example/\u001b[31m
`
	if !strings.Contains(b.String(), want) {
		t.Errorf("%s", b.String())
	}
}
