package monitor

import (
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

	"prober/probe"
	"prober/probe/reason"
)

// filled is a Monitor over n endpoints of 50 products and regions, all probed.
func filled(b testing.TB, n int, detail Detail) *Monitor {
	list := targets(n)
	for i := range list {
		list[i].Endpoint.Region = fmt.Sprintf("region-%d", i/2%25)
	}
	m, _ := monitorOf(b, list, func(c *Config) { c.Detail = detail })
	for i, x := range list {
		o := okObservation(x, epoch)
		if i%20 == 0 {
			o = badObservation(x, epoch, reason.ConnectTimeout)
		}
		feed(b, m, o)
	}
	return m
}

// BenchmarkScrape is a scrape of 10,000 endpoints over HTTP, without compression.
func BenchmarkScrape(b *testing.B) {
	for _, detail := range []Detail{DetailRegion, DetailEndpoint} {
		b.Run(string(detail), func(b *testing.B) {
			h := filled(b, 10_000, detail).Handler()
			r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
			b.ReportAllocs()
			for b.Loop() {
				w := &discard{header: http.Header{}}
				h.ServeHTTP(w, r)
				b.SetBytes(int64(w.n))
			}
		})
	}
}

// library shows the series of a Monitor as a collector of client_golang would: a metric made
// for each series at each scrape, histograms that the library keeps, and a registry that
// checks and sorts them all.
type library struct {
	series     []librarySeries
	histograms []*prometheus.HistogramVec
}

type librarySeries struct {
	desc   *prometheus.Desc
	kind   prometheus.ValueType
	value  float64
	labels []string
}

func (l *library) Describe(chan<- *prometheus.Desc) {} // unchecked: nothing to describe beforehand

func (l *library) Collect(out chan<- prometheus.Metric) {
	for _, s := range l.series {
		out <- prometheus.MustNewConstMetric(s.desc, s.kind, s.value, s.labels...)
	}
	for _, h := range l.histograms {
		h.Collect(out)
	}
}

// libraryOf reads what m shows, each histogram with the values that filled feeds.
func libraryOf(b testing.TB, m *Monitor) *library {
	families, err := m.Gather()
	if err != nil {
		b.Fatal(err)
	}
	l := &library{}
	for _, f := range families {
		var names []string
		for _, pair := range f.Metric[0].Label {
			names = append(names, pair.GetName())
		}
		var vec *prometheus.HistogramVec
		if f.GetType() == dto.MetricType_HISTOGRAM {
			bounds := phaseBounds
			if f.GetName() == "prober_schedule_lateness_seconds" {
				bounds = latenessBounds
			}
			vec = prometheus.NewHistogramVec(prometheus.HistogramOpts{
				Name: f.GetName(), Help: f.GetHelp(), Buckets: bounds,
				NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: maxNativeBuckets,
			}, names)
			l.histograms = append(l.histograms, vec)
		}
		desc := prometheus.NewDesc(f.GetName(), f.GetHelp(), names, nil)
		for _, x := range f.Metric {
			var values []string
			for _, pair := range x.Label {
				values = append(values, pair.GetValue())
			}
			switch {
			case vec != nil:
				h := vec.WithLabelValues(values...)
				for range x.Histogram.GetSampleCount() {
					h.Observe(x.Histogram.GetSampleSum() / float64(x.Histogram.GetSampleCount()))
				}
			case x.Counter != nil:
				l.series = append(l.series, librarySeries{desc, prometheus.CounterValue, x.Counter.GetValue(), values})
			default:
				l.series = append(l.series, librarySeries{desc, prometheus.GaugeValue, x.Gauge.GetValue(), values})
			}
		}
	}
	return l
}

// BenchmarkScrapeBesideLibrary is a scrape of our own exposition, and of a registry of
// client_golang that shows the same series.
func BenchmarkScrapeBesideLibrary(b *testing.B) {
	for _, size := range []struct {
		n      int
		detail Detail
	}{{85, DetailEndpoint}, {1000, DetailEndpoint}, {10_000, DetailRegion}} {
		m := filled(b, size.n, size.detail)
		registry := prometheus.NewRegistry()
		registry.MustRegister(libraryOf(b, m))
		for _, g := range []struct {
			name string
			prometheus.Gatherer
		}{{"ours", m}, {"library", registry}} {
			b.Run(fmt.Sprintf("%d/%s/scrape", size.n, g.name), func(b *testing.B) {
				h := promhttp.HandlerFor(g, promhttp.HandlerOpts{})
				r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
				b.ReportAllocs()
				for b.Loop() {
					w := &discard{header: http.Header{}}
					h.ServeHTTP(w, r)
					b.SetBytes(int64(w.n))
				}
			})
			b.Run(fmt.Sprintf("%d/%s/gather", size.n, g.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := g.Gather(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkGather(b *testing.B) {
	m := filled(b, 10_000, DetailRegion)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Gather(); err != nil {
			b.Fatal(err)
		}
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
		m.record(e, &again)
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

// BenchmarkPage is the status page of the longest list that is shown in full.
func BenchmarkPage(b *testing.B) {
	h := filled(b, maxRows, DetailEndpoint).Handler()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for b.Loop() {
		h.ServeHTTP(&discard{header: http.Header{}}, r)
	}
}

// discard is a ResponseWriter that counts.
type discard struct {
	header http.Header
	n      int
}

func (d *discard) Header() http.Header { return d.header }

func (d *discard) Write(p []byte) (int, error) {
	d.n += len(p)
	return len(p), nil
}

func (d *discard) WriteHeader(int) {}
