package monitor

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// reference is client_golang's own histogram with the same buckets.
func reference(t *testing.T, values []float64, maxBuckets uint32) *dto.Histogram {
	t.Helper()
	h := prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "reference", Buckets: phaseBounds, NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: maxBuckets,
	})
	for _, v := range values {
		h.Observe(v)
	}
	var m dto.Metric
	if err := h.Write(&m); err != nil {
		t.Fatal(err)
	}
	return m.GetHistogram()
}

// populated decodes native buckets into counts by index, without the empty ones.
func populated(h *dto.Histogram) map[int32]int64 {
	out := map[int32]int64{}
	var index int32
	var count int64
	at := 0
	for _, span := range h.GetPositiveSpan() {
		index += span.GetOffset()
		for range span.GetLength() {
			count += h.GetPositiveDelta()[at]
			if count != 0 {
				out[index] = count
			}
			at++
			index++
		}
	}
	return out
}

func TestHistogramCountsAsClientGolangDoes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	wide := make([]float64, 5000)
	for i := range wide {
		wide[i] = math.Exp(random.Float64()*20 - 14) // 1 us to 400 s
	}
	narrow := make([]float64, 5000)
	for i := range narrow {
		narrow[i] = 0.02 + random.Float64()*0.05
	}
	var absurd []float64 // powers of two are the bounds of coarse buckets
	for e := -120; e < 70; e++ {
		absurd = append(absurd, math.Ldexp(1, e))
	}
	tests := []struct {
		name       string
		values     []float64
		maxBuckets uint32
	}{
		{"nothing", nil, maxNativeBuckets},
		{"zero", []float64{0, 0, 1}, maxNativeBuckets},
		{"bounds of classic buckets", phaseBounds, maxNativeBuckets},
		{"powers of two", []float64{0.125, 0.25, 0.5, 1, 2, 4, 8, 1 << 20}, maxNativeBuckets},
		{"narrow", narrow, maxNativeBuckets},
		{"absurdly wide, so that buckets span octaves", absurd, maxNativeBuckets},
		{"wide, so that the resolution is halved", wide, maxNativeBuckets},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var h histogram
			for _, v := range tt.values {
				h.observe(v, phaseBounds)
			}
			got, want := h.proto(phaseBounds, nil), reference(t, tt.values, tt.maxBuckets)
			if got.GetSampleCount() != want.GetSampleCount() || math.Abs(got.GetSampleSum()-want.GetSampleSum()) > 1e-9*want.GetSampleSum() {
				t.Errorf("count, sum = %d, %g, want %d, %g", got.GetSampleCount(), got.GetSampleSum(), want.GetSampleCount(), want.GetSampleSum())
			}
			for i, b := range want.GetBucket() {
				if g := got.GetBucket()[i]; g.GetCumulativeCount() != b.GetCumulativeCount() || g.GetUpperBound() != b.GetUpperBound() {
					t.Errorf("bucket %d = %v, want %v", i, g, b)
				}
			}
			if got.GetSchema() != want.GetSchema() || got.GetZeroCount() != want.GetZeroCount() || got.GetZeroThreshold() != want.GetZeroThreshold() {
				t.Errorf("schema, zero = %d, %d of %g, want %d, %d of %g", got.GetSchema(), got.GetZeroCount(), got.GetZeroThreshold(),
					want.GetSchema(), want.GetZeroCount(), want.GetZeroThreshold())
			}
			if g, w := fmt.Sprint(populated(got)), fmt.Sprint(populated(want)); g != w {
				t.Errorf("native buckets = %s, want %s", g, w)
			}
		})
	}
}

func TestEmptyHistogramIsMarkedAsNative(t *testing.T) {
	var h histogram
	if spans := h.proto(latenessBounds, nil).GetPositiveSpan(); len(spans) != 1 || spans[0].GetLength() != 0 {
		t.Errorf("spans = %v, want one that is empty", spans)
	}
}

func TestHistogramTakesNoNonsense(t *testing.T) {
	var h histogram
	for _, v := range []float64{math.NaN(), -1, math.Inf(1), math.Inf(-1)} {
		h.observe(v, phaseBounds)
	}
	if h.sum != 0 || h.count != 4 || h.zero != 4 {
		t.Errorf("sum, count, zero = %g, %d, %d, want 0, 4, 4", h.sum, h.count, h.zero)
	}
}

func TestHistogramStaysSmall(t *testing.T) {
	var h histogram
	for i := range 60 {
		for j := range 16 {
			h.observe(math.Ldexp(1+float64(j)/16, i-30), phaseBounds)
		}
	}
	if len(h.index) > maxNativeBuckets {
		t.Errorf("%d native buckets, want at most %d", len(h.index), maxNativeBuckets)
	}
	var sum uint64
	for _, n := range h.counts {
		sum += n
	}
	if sum != 60*16 {
		t.Errorf("the buckets hold %d values, want %d", sum, 60*16)
	}
}

func BenchmarkHistogramObserve(b *testing.B) {
	var h histogram
	v := 0.001
	for b.Loop() {
		v = math.Mod(v*1.37, 5) + 0.0005
		h.observe(v, phaseBounds)
	}
}
