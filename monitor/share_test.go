package monitor

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"

	"prober/monitor/fixture"
	"prober/probe"
)

// The metrics in parts are those that the library writes in one.
func TestPartsAreOneExposition(t *testing.T) {
	const some = "/metrics?name[]=endpoint_up&name[]=endpoint_probe_duration_seconds&name[]=prober_workers"
	for _, detail := range []Detail{DetailEndpoint, DetailRegion} {
		m := filled(t, perPart+7, detail)
		families, err := m.Gather()
		if err != nil {
			t.Fatal(err)
		}
		library := promhttp.HandlerFor(prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) { return families, nil }),
			promhttp.HandlerOpts{EnableOpenMetrics: true})
		for _, tt := range []struct{ path, accept string }{
			{"/metrics", ""},
			{some, "text/plain;version=0.0.4;escaping=dots"},
			{some, "application/openmetrics-text;version=1.0.0"},
			{some, "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"},
			{some, "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text"},
		} {
			r := httptest.NewRequest("GET", tt.path, nil)
			r.Header.Set("Accept", tt.accept)
			want, got := httptest.NewRecorder(), ask(t, m, r)
			library.ServeHTTP(want, r)
			if !bytes.Equal(got.Body.Bytes(), want.Body.Bytes()) {
				t.Errorf("%s of %q with detail %s differs from the library's", tt.path, tt.accept, detail)
			}
			if g, w := got.Header().Get("Content-Type"), want.Header().Get("Content-Type"); g != w {
				t.Errorf("content type %q, want %q", g, w)
			}
			if got.Body.Len() < 1000 {
				t.Errorf("%d bytes compared", got.Body.Len())
			}
		}
	}
}

func TestCompressedRepliesAreTheSame(t *testing.T) {
	m := filled(t, 100, DetailEndpoint)
	for _, path := range []string{"/", "/metrics?name[]=endpoint_up", "/api/v1/endpoints"} {
		plain := get(t, m, path)
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Accept-Encoding", "br, gzip")
		zipped := ask(t, m, r)
		if zipped.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s: encodings %q and %q", path, zipped.Header(), plain.Header())
		}
		z, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(z); err != nil || !bytes.Equal(text, plain.Body.Bytes()) {
			t.Errorf("%s: %v; %d bytes, plain %d", path, err, len(text), plain.Body.Len())
		}
	}
}

// A page is shared while it is fresh, and by nobody afterwards; the metrics are never old.
func TestWhatIsSharedAndForHowLong(t *testing.T) {
	list := targets(2)
	m, clock := monitorOf(t, list, nil)
	h := m.Handler(nil)
	shows := func(path string) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w.Body.String()
	}
	paths := []string{"/?refresh=30", "/api/v1/endpoints", "/api/v1/endpoints/" + list[0].Endpoint.ID, "/metrics"}
	before := map[string]string{}
	for _, p := range paths {
		before[p] = shows(p)
	}
	feed(t, m, okObservation(list[0], epoch))
	for _, p := range paths {
		if shared := shows(p) == before[p]; shared == (p == "/metrics") {
			t.Errorf("%s at once: shared %v", p, shared)
		}
	}
	clock.Advance(time.Minute)
	for _, p := range paths {
		if shows(p) == before[p] {
			t.Errorf("%s is as it was a minute ago", p)
		}
	}
}

// A crowd is rendered for once; those who must be answered are.
func TestACrowdIsServedAtLittleCost(t *testing.T) {
	var gathered atomic.Int32
	m := scene(t, func(c *Config) {
		c.Collectors = []prometheus.Collector{prometheus.CollectorFunc(func(chan<- prometheus.Metric) { gathered.Add(1) })}
	})
	h := m.Handler(nil)
	for _, path := range []string{"/", "/api/v1/endpoints", "/-/healthy", "/metrics", "/style.css"} {
		if counts := fixture.Askers(h, slices.Repeat([]string{path}, 200)...); counts[200] != 200 {
			t.Errorf("%s: %v", path, counts)
		}
	}
	if n := gathered.Load(); n == 0 || n > 50 {
		t.Errorf("gathered %d times for 200 who asked at once", n)
	}
}

// However many ask for a reload, the list is read a few times.
func TestReloadsAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loads := 0
		m, _ := monitorOf(t, targets(1), func(c *Config) {
			c.EnableLifecycle = true
			c.Load = func() ([]probe.Target, error) {
				loads++
				time.Sleep(time.Second)
				return targets(3), nil
			}
		})
		h := m.Handler(nil)
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, httptest.NewRequest("POST", "/-/reload", nil))
				if w.Body.String() != "reloaded: 3 endpoints\n" {
					t.Errorf("%d %s", w.Code, w.Body)
				}
			})
		}
		all.Wait()
		if loads > 2 {
			t.Errorf("the list was read %d times", loads)
		}
		time.Sleep(time.Minute) // what held the next reload ends
	})
}
