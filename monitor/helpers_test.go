package monitor

import (
	"context"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/hello"
	"prober/probe/reason"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with testdata/name, or writes it there with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs from what is made now (run with -update to accept it); now:\n%s", path, got)
	}
}

// epoch is when tests begin.
var epoch = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// clock is a clock that tests turn by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: epoch} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// proberFunc makes a Prober of a function.
type proberFunc func(ctx context.Context, t probe.Target) probe.Observation

func (f proberFunc) Probe(ctx context.Context, t probe.Target) probe.Observation { return f(ctx, t) }

// allOK is a prober that finds everything in order.
func allOK(_ context.Context, t probe.Target) probe.Observation { return okObservation(t, epoch) }

func target(id, host string) probe.Target {
	parts := strings.Split(id, "/")
	return probe.Target{
		Endpoint: catalog.Endpoint{
			ID: id, Product: parts[0], Region: parts[1], Network: catalog.Network(parts[2]), Host: host,
			Lifecycle: catalog.Active,
		},
		Product: catalog.Product{ID: parts[0], Name: "Product " + parts[0], Provider: "example", APIStyle: catalog.StyleNone},
	}
}

// targets makes n targets of two products in regions of ten endpoints.
func targets(n int) []probe.Target {
	list := make([]probe.Target, n)
	for i := range list {
		product := [2]string{"ecs", "kms"}[i%2]
		list[i] = target(fmt.Sprintf("%s/region-%d-%d/public", product, i/20, i), fmt.Sprintf("%s-%d.example.com", product, i))
		list[i].Endpoint.Region = fmt.Sprintf("region-%d", i/20)
	}
	return list
}

// okObservation is a whole good result of one address.
func okObservation(t probe.Target, at time.Time) probe.Observation {
	return probe.Observation{
		Endpoint: t.Endpoint, Scheme: schemeOf(&t), Outcome: reason.OK, Started: at, Duration: reason.Seconds(61 * time.Millisecond),
		DNS: &dns.Lookup{Host: t.Endpoint.Host, Duration: reason.Seconds(2 * time.Millisecond), Outcome: reason.OK},
		Addresses: []probe.AddressResult{{
			Address: netip.MustParseAddr("192.0.2.1"), Outcome: reason.OK,
			Phases: probe.Phases{
				Resolve: 2 * time.Millisecond, Connect: 11 * time.Millisecond, TLS: 23 * time.Millisecond,
				Request: 24 * time.Millisecond, Headers: 400 * time.Microsecond, Body: 600 * time.Microsecond,
				Total: 61 * time.Millisecond, Reached: reason.Verify,
			},
			TLS: &probe.TLSFacts{
				Version: "TLS1.3", Cipher: "TLS_AES_128_GCM_SHA256", Verified: true,
				Path: []probe.Certificate{
					{Subject: "CN=" + t.Endpoint.Host, NotAfter: epoch.Add(60 * 24 * time.Hour)},
					{Subject: "CN=Test Root", NotAfter: epoch.Add(50 * 24 * time.Hour)},
				},
				Certificates: []probe.Certificate{
					{
						Subject: "CN=" + t.Endpoint.Host, Issuer: "CN=Test CA", SHA256: "ab12",
						NotBefore: epoch.Add(-30 * 24 * time.Hour), NotAfter: epoch.Add(60 * 24 * time.Hour),
					},
					{
						Position: 1, Subject: "CN=Test CA", Issuer: "CN=Test Root", SHA256: "cd34",
						NotBefore: epoch.Add(-300 * 24 * time.Hour), NotAfter: epoch.Add(40 * 24 * time.Hour),
					},
				},
			},
			HTTP: &probe.HTTPFacts{Status: 404, Proto: "HTTP/1.1", ContentType: "application/json", BodyBytes: 256},
		}},
	}
}

// badObservation is a result that failed, or was degraded, for r at its only address.
func badObservation(t probe.Target, at time.Time, r reason.Reason) probe.Observation {
	o := okObservation(t, at)
	o.Outcome, o.Reason, o.Detail = r.Outcome(), r, "detail of "+r.String()
	a := &o.Addresses[0]
	a.Outcome, a.Reason, a.Detail = o.Outcome, r, o.Detail
	switch r.Phase() {
	case reason.Resolve:
		o.Addresses = nil
	case reason.Connect:
		a.TLS, a.HTTP = nil, nil
		a.Phases = probe.Phases{Resolve: a.Phases.Resolve, Connect: 5 * time.Second, Total: 5002 * time.Millisecond, Reached: reason.Connect}
	case reason.TLS:
		a.HTTP = nil
		a.TLS.Verified, a.TLS.Path = false, nil
		p := a.Phases
		a.Phases = probe.Phases{Resolve: p.Resolve, Connect: p.Connect, TLS: p.TLS, Total: p.Resolve + p.Connect + p.TLS, Reached: reason.TLS}
	}
	return o
}

// withVersions adds a version table to every address: TLS 1.2 and up accepted, 1.0 and 1.1
// rejected, SSL undecided.
func withVersions(o probe.Observation) probe.Observation {
	var table hello.Table
	for i, v := range hello.Versions() {
		table[i].Version = v
		switch {
		case v >= hello.TLS12:
			table[i].Verdict = hello.Accepted
		case v >= hello.TLS10:
			table[i].Verdict = hello.Rejected
		}
	}
	for i := range o.Addresses {
		o.Addresses[i].TLS.Versions = &table
	}
	return o
}

// monitorOf makes a Monitor over list whose clock stands still until it is turned.
func monitorOf(t testing.TB, list []probe.Target, change func(*Config)) (*Monitor, *clock) {
	t.Helper()
	c := newClock()
	config := Config{
		Prober: proberFunc(allOK), Targets: list, Now: c.Now, Elapsed: func() time.Duration { return c.Now().Sub(epoch) },
		Build: BuildInfo{Version: "1.2.3", Revision: "abcdef", GoVersion: "go1.26"},
	}
	if change != nil {
		change(&config)
	}
	m, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return m, c
}

// feed lets m take in a result as if it had probed.
func feed(t testing.TB, m *Monitor, o probe.Observation) {
	t.Helper()
	e := m.list.Load().byID[o.Endpoint.ID]
	if e == nil {
		t.Fatalf("endpoint %q is not in the list", o.Endpoint.ID)
	}
	m.record(e, &o, m.elapsed())
}

// The project's own prober is one that a Monitor takes.
var _ Prober = (*probe.Prober)(nil)
