package suites_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
	"prober/needs"
	"prober/probe"
	"prober/report"
	"prober/sandbox"
	"prober/suites/kit"
)

// throttledWay is a way of calls that is throttled, by an API or by what stands before it.
type throttledWay struct {
	method, media string
	signed        bool
	says          string
	times         int // so many calls, and no more

	seen int
}

func (w *throttledWay) String() string {
	return fmt.Sprintf("%s %s, signed %v: %s, %d times", w.method, w.media, w.signed, w.says, w.times)
}

func (w *throttledWay) is(r cloudapi.Request, signed bool) bool {
	media := ""
	if i := slices.IndexFunc(r.Header, func(f cloudapi.Field) bool { return strings.EqualFold(f.Name, "Content-Type") }); i >= 0 && r.Method == http.MethodPost {
		media, _, _ = strings.Cut(r.Header[i].Value, ";")
	}
	return r.Method == w.method && media == w.media && signed == w.signed
}

// busyProber throttles at each endpoint what goes by one way.
type busyProber struct {
	*probe.Prober
	mu   sync.Mutex
	ways map[string]*throttledWay
}

func (b *busyProber) Ask(ctx context.Context, t probe.Target, a netip.Addr, named bool, r cloudapi.Request) probe.Exchange {
	x := b.Prober.Ask(ctx, t, a, named, r)
	b.mu.Lock()
	defer b.mu.Unlock()
	w := b.ways[t.Endpoint.ID]
	if t.Scheme != catalog.HTTPS || !w.is(r, t.Signed) {
		return x
	}
	if w.seen++; w.seen > w.times {
		return x
	}
	switch w.says {
	case "a code":
		x.Class = cloudapi.Throttled
	case "429":
		x.Status, x.Class, x.API, x.Header = http.StatusTooManyRequests, cloudapi.Unclear, nil, http.Header{}
	case "429, Retry-After":
		x.Status, x.Class, x.API, x.Header = http.StatusTooManyRequests, cloudapi.Unclear, nil, http.Header{"Retry-After": {"1"}}
	case "503, Retry-After":
		x.Status, x.Class, x.API, x.Header = http.StatusServiceUnavailable, cloudapi.ServerError, nil, http.Header{"Retry-After": {"1"}}
	}
	return x
}

// By whichever way an API throttles, and however it says so: what is answered later is decided, and what
// never is breaks nothing, and hides nothing of TLS and DNS.
func TestThrottledByEachWay(t *testing.T) {
	t.Parallel()
	needs.Patience(t, "surveys over a hundred endpoints")
	c := embedded(t)
	const always = 1 << 20
	var ways []*throttledWay
	var places []*trial
	for _, product := range []string{"ecs", "kms", "gaap"} {
		media := []string{"", cloudapi.FormType, "application/json"}
		if product != "gaap" {
			media = media[:2]
		}
		for _, m := range media {
			for _, says := range []string{"a code", "429", "429, Retry-After", "503, Retry-After"} {
				for n := range 4 {
					w := &throttledWay{method: http.MethodPost, media: m, signed: n%2 == 1, says: says, times: 3}
					if m == "" {
						w.method = http.MethodGet
					}
					if n > 1 {
						w.times = always
					}
					p, _ := c.Product(product)
					f := sandbox.Fault{Products: []string{product}}
					x := trials(c, []sandbox.Fault{f})[0]
					x.endpoint.Region = regionFor(p, f, len(ways))
					x.endpoint.Host = fmt.Sprintf("%s.fault-%d.example.test", product, len(ways))
					x.endpoint.ID = fmt.Sprintf("%s/%s/public", product, x.endpoint.Region)
					ways, places = append(ways, w), append(places, x)
				}
			}
		}
	}
	own, _ := stage(c, places)
	clock := clockFrom(afterNotice)
	cloud, err := sandbox.Start(sandbox.Config{Catalog: own, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cloud.Close() }()
	busy := &busyProber{ways: map[string]*throttledWay{}}
	for i, x := range places {
		busy.ways[x.endpoint.ID] = ways[i]
	}
	asks := func(p *probe.Prober) kit.Prober {
		busy.Prober = p
		return busy
	}
	for id, judged := range judgeCloud(t, cloud, cloud.Credentials(), afterNotice, clock, unhurried, withoutLarge, nil, asks) {
		w, open := busy.ways[id], 0
		if w.seen < 3 {
			t.Errorf("%s: %s: only %d such calls came", id, w, w.seen)
		}
		for requirement, j := range judged {
			v := j.verdict
			before := strings.Contains(requirement, "-TLS-") || strings.Contains(requirement, "-DNS-")
			switch {
			case v.Outcome == report.Fail, v.Outcome == report.Inconclusive && (before || w.times < always):
				t.Errorf("%s: %s: %s: %s %s", id, w, requirement, v.Outcome, v.Message)
			case v.Outcome == report.Inconclusive:
				open++
				if !strings.Contains(v.Message, "throttled") {
					t.Errorf("%s: %s: %s does not say why it is open: %s", id, w, requirement, v.Message)
				}
			}
		}
		if (open > 0) != (w.times == always) {
			t.Errorf("%s: %s: %d are open", id, w, open)
		}
	}
}
