package history_test

import (
	"maps"
	"net/netip"
	"testing"
	"time"

	"prober/catalog"
	"prober/history"
	"prober/probe"
	"prober/probe/reason"
)

// A phase that a probe does not have took no time: of each kind those count that it went through.
func TestTimingsOfEachKind(t *testing.T) {
	const ms = time.Millisecond
	for name, tt := range map[string]struct {
		scheme catalog.Scheme
		phases probe.Phases
		found  reason.Reason
		want   []reason.Phase // besides the lookup
	}{
		"a reply":                    {catalog.HTTPS, probe.Phases{Connect: ms, TLS: ms, Request: ms, Reached: reason.Body}, reason.None, []reason.Phase{reason.Connect, reason.TLS, reason.Request, reason.Headers, reason.Body, reason.NoPhase}},
		"a reply over plain HTTP":    {catalog.HTTP, probe.Phases{Connect: ms, Request: ms, Reached: reason.Body}, reason.None, []reason.Phase{reason.Connect, reason.Request, reason.Headers, reason.Body, reason.NoPhase}},
		"a handshake":                {catalog.SchemeTLS, probe.Phases{Connect: ms, TLS: ms, Reached: reason.TLS}, reason.None, []reason.Phase{reason.Connect, reason.TLS, reason.NoPhase}},
		"a connection":               {catalog.SchemeTCP, probe.Phases{Connect: ms, Reached: reason.Connect}, reason.None, []reason.Phase{reason.Connect, reason.NoPhase}},
		"bytes":                      {catalog.SchemeTCP, probe.Phases{Connect: ms, Request: ms, Headers: ms, Reached: reason.Headers}, reason.None, []reason.Phase{reason.Connect, reason.Request, reason.Headers, reason.NoPhase}},
		"an answer":                  {catalog.SchemeDNS, probe.Phases{Request: ms, Reached: reason.Request}, reason.None, []reason.Phase{reason.Request, reason.NoPhase}},
		"no answer":                  {catalog.SchemeDNS, probe.Phases{Request: ms, Reached: reason.Request}, reason.RequestTimeout, nil},
		"a connection and no bytes":  {catalog.SchemeTCP, probe.Phases{Connect: ms, Request: ms, Reached: reason.Request}, reason.RequestTimeout, []reason.Phase{reason.Connect}},
		"a handshake and no request": {catalog.HTTPS, probe.Phases{Connect: ms, TLS: ms, Request: ms, Reached: reason.Request}, reason.RequestTimeout, []reason.Phase{reason.Connect, reason.TLS}},
	} {
		tt.phases.Resolve = ms
		o := probe.Observation{Scheme: tt.scheme, Addresses: []probe.AddressResult{{
			Address: netip.MustParseAddr("192.0.2.1"), Outcome: tt.found.Outcome(), Reason: tt.found, Phases: tt.phases,
		}}}
		got, want := map[reason.Phase]int{}, map[reason.Phase]int{}
		for x := range history.Timings(&o) {
			got[x.Phase]++
		}
		for _, p := range tt.want {
			want[p]++
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
