package monitor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	endpoints "prober"
	"prober/catalog"
	"prober/needs"
	"prober/probe"
	"prober/probe/reason"
	"prober/sandbox"
)

// faultCloud is a sandbox in which every fault there is has an endpoint of its own, which all lie in one
// list.
type faultCloud struct {
	*sandbox.Sandbox
	now     func() time.Time
	faults  []sandbox.Fault
	targets []probe.Target // of the faults, in their order
}

// inForce is a clock that runs, on a day on which every dated rule of the catalogue is in force.
func inForce() func() time.Time {
	ahead := max(0, time.Until(time.Date(2026, 12, 2, 12, 0, 0, 0, time.UTC)))
	return func() time.Time { return time.Now().Add(ahead) }
}

func newFaultCloud(t *testing.T, now func() time.Time) *faultCloud {
	t.Helper()
	c, err := catalog.Decode("endpoints.json", endpoints.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	f := &faultCloud{faults: sandbox.Faults(c), now: now}
	plain := catalog.Product{ID: "plain", Name: "Plain", Provider: "alibaba", APIStyle: catalog.StyleNone}
	c.Products = append(c.Products, plain)
	sources := c.Endpoints[0].Sources
	c.Endpoints = nil
	chosen := map[string]string{}
	for i, x := range f.faults {
		product := plain.ID
		if len(x.Products) > 0 {
			product = x.Products[i%len(x.Products)]
		}
		p, _ := c.Product(product)
		e := catalog.Endpoint{
			Product: product, Region: regionOfFault(c, &p, x, i), Network: catalog.Public, Lifecycle: catalog.Active, Sources: sources,
			Host: fmt.Sprintf("%s.fault-%d.example.test", product, i),
		}
		if slices.Contains(x.Networks, catalog.VPC) {
			e.Network = catalog.VPC
		}
		e.ID = fmt.Sprintf("%s/%s/%s", product, e.Region, e.Network)
		c.Endpoints = append(c.Endpoints, e)
		chosen[e.ID] = x.Name
	}
	if f.Sandbox, err = sandbox.Start(sandbox.Config{Catalog: c, Faults: chosen, Now: f.now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	for i, e := range f.Catalog().Endpoints {
		p, _ := f.Catalog().Product(e.Product)
		x := probe.Target{Endpoint: e, Product: p, Scheme: catalog.HTTPS, Signed: f.faults[i].Needs == sandbox.NeedSigned}
		if f.faults[i].Needs == sandbox.NeedPlainHTTP {
			x.Scheme = catalog.HTTP
		}
		f.targets = append(f.targets, x)
	}
	return f
}

// regionOfFault makes a region for fault i; one that breaks a rule of some regions only needs one of those.
func regionOfFault(c *catalog.Catalog, p *catalog.Product, f sandbox.Fault, i int) string {
	if f.Needs == sandbox.NeedLater {
		for _, rule := range p.Rules.TLS {
			if rule.From != nil && len(rule.Regions) > 0 {
				return rule.Regions[0]
			}
		}
	}
	region := catalog.Region{ID: fmt.Sprintf("fault-%d", i), Provider: p.Provider, Name: f.Name}
	c.Regions = append(c.Regions, region)
	return region.ID
}

// waitsFor reports whether a fault shows only when the time is up: nothing comes, or nothing that can
// be the answer.
func waitsFor(f sandbox.Fault) bool {
	return strings.HasSuffix(f.Reason.Word(), "timeout") || f.Reason == reason.ResolveMismatch || f.Reason == reason.ResolveMalformed
}

// prober is one that gives each phase so much time.
func (f *faultCloud) prober(timeout time.Duration) *probe.Prober {
	keys := f.Credentials()
	return probe.New(probe.Config{
		Resolvers: f.Resolvers(), Roots: f.Roots(), Timeout: timeout, Inside: func(string) bool { return true },
		Guard: probe.Guard{Public: f.Public(), Private: f.Private()}, Alibaba: keys.Alibaba, Tencent: keys.Tencent,
		Clock: probe.Clock{NowFunc: f.now, ElapsedFunc: func() time.Duration { return 0 }}, // never stalled, however busy the machine

	})
}

// serve probes every endpoint as a running Monitor does, and returns the results that it counted, by
// the endpoint's id: the one with the documented reason, if it came, else the first. An endpoint that
// does not show its fault is called again, and then with more time: the first failures of a list may be
// taken for its network's, and a short wait ends in an earlier phase on a busy machine.
func (f *faultCloud) serve(t *testing.T) map[string]probe.Observation {
	t.Helper()
	var mu sync.Mutex
	soon := 500 * time.Millisecond
	hasty, patient := f.prober(soon), f.prober(20*time.Second)
	slow, waiting := map[string]bool{}, map[string]bool{}
	documented, shown := map[string]reason.Reason{}, map[string]probe.Observation{}
	for i, x := range f.targets {
		id := x.Endpoint.ID
		slow[id], waiting[id], documented[id] = waitsFor(f.faults[i]), true, f.faults[i].Reason
	}
	settled := make(chan struct{}, 1)
	m, err := New(Config{
		Targets: f.targets, Interval: time.Hour, Now: f.now,
		Prober: proberFunc(func(ctx context.Context, x probe.Target) probe.Observation {
			mu.Lock()
			p := patient
			if slow[x.Endpoint.ID] {
				p = hasty
			}
			mu.Unlock()
			return p.Probe(ctx, x)
		}),
		OnResult: func(o probe.Observation) {
			mu.Lock()
			defer mu.Unlock()
			if o.Reason == documented[o.Endpoint.ID] || shown[o.Endpoint.ID].Started.IsZero() {
				shown[o.Endpoint.ID] = o
			}
			if waiting[o.Endpoint.ID] {
				delete(waiting, o.Endpoint.ID)
				if len(waiting) == 0 {
					settled <- struct{}{}
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	deeper := func(list []*endpoint) {
		for _, e := range list {
			e.mu.Lock()
			e.nextSlow = 0
			e.mu.Unlock()
		}
	}
	deeper(m.list.Load().endpoints)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = m.Run(ctx)
	}()
	defer func() {
		stop()
		<-ended
	}()
	for round := range 6 {
		<-settled
		var missed []*endpoint
		mu.Lock()
		for id, want := range documented {
			if shown[id].Reason != want {
				missed = append(missed, m.list.Load().byID[id])
				waiting[id] = true
			}
		}
		if round > 0 && soon < 8*time.Second {
			soon *= 4
			hasty = f.prober(soon)
		}
		mu.Unlock()
		if len(missed) == 0 {
			break
		}
		deeper(missed)
		m.call(missed)
	}
	mu.Lock()
	defer mu.Unlock()
	return shown
}

// Every fault of the sandbox, all in one list, is shown with its documented phase and reason by a running
// Monitor.
func TestFaultsAreShown(t *testing.T) {
	needs.Patience(t, "starts every fault there is")
	t.Parallel()
	f := newFaultCloud(t, inForce())
	shown := f.serve(t)
	for i, x := range f.targets {
		if s := shown[x.Endpoint.ID]; s.Reason != f.faults[i].Reason {
			t.Errorf("%s at %s: want %s, got %s: %s", f.faults[i].Name, x.Endpoint.ID, f.faults[i].Reason, s.Reason, s.Detail)
		}
	}
}
