package suites_test

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/reason"
	"prober/sandbox"
	"prober/suites/kit"
)

// waiting is a prober that counts what met silence, by endpoint. What is asked at once waits
// once.
type waiting struct {
	*probe.Prober
	mu              sync.Mutex
	looks, question map[string]int
}

func (w *waiting) count(in map[string]int, id string, r reason.Reason) {
	if strings.HasSuffix(r.Word(), "timeout") {
		w.mu.Lock()
		defer w.mu.Unlock()
		in[id]++
	}
}

func (w *waiting) Probe(ctx context.Context, t probe.Target) probe.Observation {
	o := w.Prober.Probe(ctx, t)
	if t.Scheme == catalog.HTTPS {
		w.count(w.looks, t.Endpoint.ID, o.Reason)
	}
	return o
}

func (w *waiting) Ask(ctx context.Context, t probe.Target, a netip.Addr, named bool, r cloudapi.Request) probe.Exchange {
	x := w.Prober.Ask(ctx, t, a, named, r)
	w.count(w.question, t.Endpoint.ID, x.Reason)
	return x
}

// No fault makes a survey wait for an endpoint again and again.
func TestSilentEndpointsAreLeftAlone(t *testing.T) {
	t.Parallel()
	c := embedded(t)
	var silent []*trial
	for _, x := range trials(c, slices.Concat(sandbox.Faults(c), sandbox.Breaches(c))) {
		if strings.Contains(x.fault.Name, "timeout") || strings.Contains(x.fault.Name, "silent_") {
			silent = append(silent, x)
		}
	}
	silent, _ = different(silent)
	if len(silent) < 10 {
		t.Fatalf("only %d faults are silent", len(silent))
	}
	own, faults := stage(c, silent)
	cloud, err := sandbox.Start(sandbox.Config{Catalog: own, Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cloud.Close() }()
	own = cloud.Catalog() // with the ports
	cfg := probe.Config{
		Resolvers: cloud.Resolvers(), Roots: cloud.Roots(), Timeout: 300 * time.Millisecond, Inside: func(string) bool { return true },
		Clock:   probe.Clock{ElapsedFunc: func() time.Duration { return 0 }},
		Alibaba: cloud.Credentials().Alibaba, Tencent: cloud.Credentials().Tencent,
	}
	cfg.Guard.Public, cfg.Guard.Private = cloud.Public(), cloud.Private()
	plan := &kit.Plan{Catalog: own, Endpoints: own.Endpoints, At: time.Now(), Surveys: &kit.Surveys{}, Alibaba: cfg.Alibaba, Tencent: cfg.Tencent, KMSKeyID: sandbox.KMSKeyID, Timeout: cfg.Timeout}
	plan.Look(specsOf(t, plan))
	var targets []probe.Target
	for _, e := range own.Endpoints {
		if e.Ports == nil {
			t.Fatalf("%s would be asked for where the sandbox does not serve it", e.ID)
		}
		p, _ := own.Product(e.Product)
		targets = append(targets, probe.Target{Endpoint: e, Product: p})
	}
	w := &waiting{Prober: probe.New(cfg), looks: map[string]int{}, question: map[string]int{}}
	plan.Survey(t.Context(), w, targets, len(targets))
	for _, x := range silent {
		plan.Surveys.Of(t.Context(), x.endpoint.ID)
	}
	// A look at a handshake is one of two hellos and one of one; four questions wait at once, and may do
	// so once more.
	for _, x := range silent {
		if looks, questions := w.looks[x.endpoint.ID], w.question[x.endpoint.ID]; looks > 2 || questions > 8 {
			t.Errorf("%s: %d silent looks and %d silent questions", x.fault.Name, looks, questions)
		}
	}
}
