package monitor

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"

	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
)

// filled is a Monitor over n endpoints of 50 products and regions, all probed.
func filled(b testing.TB, n int, detail Detail) *Monitor { return filledOver(b, n, 25, detail) }

// filledOver is a Monitor over n endpoints of two products in so many regions.
func filledOver(b testing.TB, n, regions int, detail Detail) *Monitor {
	list := targets(n)
	for i := range list {
		list[i].Endpoint.Region = fmt.Sprintf("region-%d", i/2%regions)
	}
	m, _ := monitorOf(b, list, func(c *Config) { c.Detail = detail })
	for i, x := range list {
		o := withVersions(okObservation(x, epoch))
		if i%20 == 0 {
			o = badObservation(x, epoch, reason.ConnectTimeout)
		}
		feed(b, m, o)
	}
	return m
}

// BenchmarkScrape is a scrape over HTTP, without compression: whole, as the library does it when it gathers
// everything at once, as far as gathering goes, and as far as writing goes, which is the least that any exposition costs.
func BenchmarkScrape(b *testing.B) {
	for _, size := range []struct {
		n, regions int
		detail     Detail
	}{{85, 25, DetailEndpoint}, {1000, 25, DetailEndpoint}, {10_000, 25, DetailRegion}, {10_000, 5000, DetailRegion}} {
		m := filledOver(b, size.n, size.regions, size.detail)
		families, err := m.Gather()
		if err != nil {
			b.Fatal(err)
		}
		ready := prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) { return families, nil })
		for name, h := range map[string]http.Handler{
			"whole": m.Handler(nil), "library": promhttp.HandlerFor(m, promhttp.HandlerOpts{}), "write": promhttp.HandlerFor(ready, promhttp.HandlerOpts{}),
		} {
			b.Run(fmt.Sprintf("%d in %d regions/%s", size.n, size.regions, name), func(b *testing.B) {
				r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
				r.Header.Set("Accept-Encoding", "identity")
				b.ReportAllocs()
				before := processorTime(b)
				for b.Loop() {
					w := &discard{header: http.Header{}}
					h.ServeHTTP(w, r)
					b.ReportMetric(float64(w.n)/1e6, "MB/scrape")
					b.ReportMetric(float64(w.lines-2*len(families)), "samples/scrape")
				}
				b.ReportMetric((processorTime(b)-before).Seconds()/float64(b.N)*1e3, "cpu-ms/op")
			})
		}
		b.Run(fmt.Sprintf("%d in %d regions/gather", size.n, size.regions), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Gather(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRecord(b *testing.B) {
	x := testTarget()
	m, _ := monitorOf(b, []probe.Target{x}, nil)
	o := okObservation(x, epoch)
	e := m.list.Load().byID[testID]
	b.ReportAllocs()
	for b.Loop() {
		again := o
		m.record(e, &again, m.elapsed())
	}
}

// BenchmarkTurn is what starting and recording a probe costs, without the probe: 10,000
// endpoints for a virtual minute.
func BenchmarkTurn(b *testing.B) {
	const n = 10_000
	for b.Loop() {
		synctest.Test(&testing.T{}, func(*testing.T) {
			m, err := New(Config{Prober: proberFunc(allOK), Targets: targets(n)})
			if err != nil {
				b.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			if err := m.Run(ctx); err != nil {
				b.Fatal(err)
			}
		})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/probe")
}

// BenchmarkMemory is what an endpoint costs at rest in a long list, its entry included.
func BenchmarkMemory(b *testing.B) {
	const n = 100_000
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		m := filled(b, n, DetailRegion)
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(m)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/n, "B/endpoint")
	}
}

// BenchmarkPage is the status page: of as many endpoints as one page shows, and of long lists, all well and
// with a region down.
func BenchmarkPage(b *testing.B) {
	for _, n := range []int{limit.WebRows, 10_000, 100_000} {
		for _, down := range []bool{false, true} {
			b.Run(fmt.Sprintf("%d/down=%v", n, down), func(b *testing.B) {
				list := longList(n, 40)
				m, c := monitorOf(b, list, nil)
				for _, x := range list {
					o := okObservation(x, c.Now())
					if down && x.Endpoint.Region == "region-00001" {
						o = badObservation(x, c.Now(), reason.VerifyServerError)
					}
					for range 15 {
						m.list.Load().byID[x.Endpoint.ID].observe(&o, intake{counts: true, history: 15})
					}
				}
				h := m.Handler(nil)
				began := processorTime(b)
				for b.Loop() {
					c.Advance(2 * limit.WebFresh) // so that it is rendered anew
					h.ServeHTTP(&discard{header: http.Header{}}, httptest.NewRequest(http.MethodGet, "/", nil))
				}
				b.ReportMetric(float64((processorTime(b)-began).Microseconds())/1000/float64(b.N), "cpu-ms/op")
			})
		}
	}
}

// discard is a ResponseWriter that counts.
type discard struct {
	header   http.Header
	n, lines int
}

func (d *discard) Header() http.Header { return d.header }

func (d *discard) Write(p []byte) (int, error) {
	d.n += len(p)
	d.lines += bytes.Count(p, []byte("\n"))
	return len(p), nil
}

func (d *discard) WriteHeader(int) {}
