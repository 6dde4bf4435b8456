package latency

import (
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/proto"
)

var bounds = []float64{.001, .01, .1, 1, 10}

// theirs is the library's histogram with the same choices.
func theirs(bounds []float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "x", Buckets: bounds, NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: MaxBuckets,
	})
}

// TestAsTheLibrarys: whatever is counted, what is shown is what client_golang shows.
func TestAsTheLibrarys(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	of := func(n int, draw func() time.Duration) []time.Duration {
		list := make([]time.Duration, n)
		for i := range list {
			list[i] = draw()
		}
		return list
	}
	everything := func() time.Duration { return time.Duration(random.Uint64() >> (1 + random.IntN(63))) }
	for name, observed := range map[string][]time.Duration{
		"one":           {time.Millisecond},
		"zero":          {0, 0, time.Second},
		"negative":      {-time.Second, time.Nanosecond},
		"bounds":        {time.Millisecond, 10 * time.Millisecond, time.Second, 500 * time.Millisecond, 250 * time.Millisecond},
		"latencies":     of(1000, func() time.Duration { return time.Duration(float64(5*time.Millisecond) * (1 + random.ExpFloat64())) }),
		"everything":    of(3000, everything),
		"all durations": {time.Nanosecond, 1<<63 - 1},
		"gaps":          {time.Millisecond, 1300 * time.Microsecond, 1450 * time.Microsecond, 2 * time.Millisecond, time.Hour},
	} {
		for _, classic := range [][]float64{nil, bounds} {
			t.Run(name, func(t *testing.T) {
				own := New(classic)
				library := theirs(classic)
				if classic == nil { // which means the usual ones there
					library = theirs([]float64{})
				}
				for _, d := range observed {
					own.Observe(d)
					library.Observe(max(d, 0).Seconds())
				}
				var want dto.Metric
				if err := library.Write(&want); err != nil {
					t.Fatal(err)
				}
				want.Histogram.CreatedTimestamp = nil
				if got := own.Proto(); !proto.Equal(got, want.Histogram) {
					t.Errorf("%v\nwant %v", got, want.Histogram)
				}
				if own.Count() != uint64(len(observed)) {
					t.Errorf("count %d", own.Count())
				}
			})
		}
	}
}

// TestWidest: however far apart durations are, there is a bound on what is kept.
func TestWidest(t *testing.T) {
	h := New(nil)
	random := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		h.Observe(time.Duration(random.Uint64() >> (1 + random.IntN(63))))
		if len(h.buckets) > MaxBuckets {
			t.Fatalf("%d buckets", len(h.buckets))
		}
	}
}

// TestSmall: an ordinary histogram takes less than a kilobyte, and nothing that holds pointers but its
// slices.
func TestSmall(t *testing.T) {
	const many = 1000
	all := make([]*Histogram, many)
	random := rand.New(rand.NewPCG(5, 6))
	inUse := func() int64 {
		for range 3 { // what tests before this one have left in pools takes more than one
			runtime.GC()
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc) //nolint:gosec // it fits
	}
	before := inUse()
	for i := range all {
		all[i] = New(nil)
		for range 200 {
			all[i].Observe(time.Duration(float64(5*time.Millisecond) * (1 + random.ExpFloat64())))
		}
	}
	if each := (inUse() - before) / many; each < 100 || each > 1000 {
		t.Errorf("%d bytes each", each)
	}
	runtime.KeepAlive(all)
}

func BenchmarkObserve(b *testing.B) {
	own, library := New(nil), theirs([]float64{})
	for name, observe := range map[string]func(time.Duration){
		"own": own.Observe, "library": func(d time.Duration) { library.Observe(d.Seconds()) },
	} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				observe(time.Duration(i%50) * 100 * time.Microsecond)
			}
		})
	}
}
