package monitor

import (
	"math"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// counted is what h has counted.
func counted(t testing.TB, h prometheus.Histogram) *dto.Histogram {
	t.Helper()
	var m dto.Metric
	if err := h.Write(&m); err != nil {
		t.Fatal(err)
	}
	return m.GetHistogram()
}

func TestLatenciesAreCountedInClassicAndNativeBuckets(t *testing.T) {
	h := newHistogram(phaseBounds)
	for _, d := range []time.Duration{-time.Second, 0, 5 * time.Millisecond, 7 * time.Millisecond, time.Minute} {
		observe(h, d)
	}
	got := counted(t, h)
	if got.GetSampleCount() != 5 || math.Abs(got.GetSampleSum()-60.012) > 1e-9 || got.GetZeroCount() != 2 {
		t.Errorf("count, sum, zero = %d, %g, %d", got.GetSampleCount(), got.GetSampleSum(), got.GetZeroCount())
	}
	if got.GetSchema() != 3 || len(got.GetPositiveDelta()) == 0 {
		t.Errorf("schema %d, native buckets %v", got.GetSchema(), got.GetPositiveDelta())
	}
	for i, want := range map[int]uint64{0: 3, 1: 4, len(phaseBounds) - 1: 4} {
		if b := got.GetBucket()[i]; b.GetCumulativeCount() != want || b.GetUpperBound() != phaseBounds[i] {
			t.Errorf("bucket %d = %v, want %d", i, b, want)
		}
	}
}

func TestHistogramStaysSmall(t *testing.T) {
	h := newHistogram(phaseBounds)
	for i := range 60 {
		for j := range 16 {
			h.Observe(math.Ldexp(1+float64(j)/16, i-30))
		}
	}
	got := counted(t, h)
	populated, sum, count := 0, int64(0), int64(0)
	for _, delta := range got.GetPositiveDelta() {
		if count += delta; count > 0 {
			populated++
		}
		sum += count
	}
	if populated > 160 || sum != 60*16 {
		t.Errorf("%d native buckets hold %d values, want at most 160 that hold %d", populated, sum, 60*16)
	}
}
