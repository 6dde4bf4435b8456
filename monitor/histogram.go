package monitor

import (
	"math"
	"slices"
	"sort"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

const (
	// initialSchema is the resolution a native histogram starts with: buckets grow by
	// 2^(1/8), about 9 %.
	initialSchema = 3
	// minSchema is the coarsest resolution of Prometheus: buckets grow by 2^16.
	minSchema = -4
	// maxNativeBuckets bounds the populated native buckets of a histogram. When there
	// would be more, the resolution is halved; nothing is ever forgotten.
	maxNativeBuckets = 160
)

// phaseBounds are the classic buckets of latencies, in seconds: bounds lie where latency
// objectives usually do.
var phaseBounds = []float64{.005, .01, .025, .05, .1, .2, .3, .5, .75, 1, 1.5, 2.5, 5, 10}

// latenessBounds are the classic buckets of the schedule's lateness, in seconds.
var latenessBounds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}

// histogram counts observations in classic buckets and in those of a native histogram
// at the same time, in a few hundred bytes. It is not safe for concurrent use. The zero
// histogram is empty; every call must be given the same bounds.
//
// The native part follows the Prometheus specification of native histograms: a bucket
// with index i of schema s holds values in (2^((i-1)*2^-s), 2^(i*2^-s)].
type histogram struct {
	classic []uint64 // per bound of its own, not cumulative; what lies above is in count only
	sum     float64
	count   uint64

	coarser int8 // by how much the schema is below initialSchema
	zero    uint64
	index   []int32 // of the populated native buckets, ascending
	counts  []uint64
}

// observe counts one value, in seconds. Values that are no number or negative cannot
// come from a clock and are counted as 0.
func (h *histogram) observe(v float64, bounds []float64) {
	if !(v >= 0) || math.IsInf(v, 0) {
		v = 0
	}
	if h.classic == nil {
		h.classic = make([]uint64, len(bounds))
	}
	if i := sort.SearchFloat64s(bounds, v); i < len(bounds) {
		h.classic[i]++
	}
	h.sum += v
	h.count++
	if v <= prometheus.DefNativeHistogramZeroThreshold {
		h.zero++
		return
	}
	h.addNative(nativeIndex(v, h.schema()), 1)
	for len(h.index) > maxNativeBuckets && h.schema() > minSchema {
		h.halveResolution()
	}
}

func (h *histogram) schema() int { return initialSchema - int(h.coarser) }

func (h *histogram) addNative(index int32, n uint64) {
	at, found := slices.BinarySearch(h.index, index)
	if !found {
		h.index = slices.Insert(h.index, at, index)
		h.counts = slices.Insert(h.counts, at, 0)
	}
	h.counts[at] += n
}

// halveResolution merges each pair of neighbouring native buckets into one.
func (h *histogram) halveResolution() {
	index, counts := h.index, h.counts
	h.index, h.counts = h.index[:0], h.counts[:0]
	h.coarser++
	for i, old := range index {
		merged := (old + 1) >> 1 // rounds up, also below 0
		if last := len(h.index) - 1; last >= 0 && h.index[last] == merged {
			h.counts[last] += counts[i]
			continue
		}
		h.index = append(h.index, merged)
		h.counts = append(h.counts, counts[i])
	}
}

// nativeIndex returns the index of the native bucket for a positive v.
func nativeIndex(v float64, schema int) int32 {
	frac, exp := math.Frexp(v) // v = frac * 2^exp, frac in [0.5, 1)
	if schema > 0 {
		n := 1 << schema
		return int32(sort.Search(n, func(i int) bool { return nativeBound(i, n) >= frac }) + (exp-1)*n)
	}
	if frac == 0.5 {
		exp--
	}
	return int32((exp + (1 << -schema) - 1) >> -schema)
}

// nativeBound is the upper bound of bucket i of the n that lie between 0.5 and 1.
func nativeBound(i, n int) float64 { return math.Exp2(float64(i)/float64(n) - 1) }

// proto renders h for exposition: classic buckets, which every format carries, and the
// native ones, which only the protobuf format does.
func (h *histogram) proto(bounds []float64, created *timestamppb.Timestamp) *dto.Histogram {
	out := &dto.Histogram{
		SampleCount:      proto.Uint64(h.count),
		SampleSum:        proto.Float64(h.sum),
		CreatedTimestamp: created,
		Schema:           proto.Int32(int32(h.schema())),
		ZeroThreshold:    proto.Float64(prometheus.DefNativeHistogramZeroThreshold),
		ZeroCount:        proto.Uint64(h.zero),
	}
	var cumulative uint64
	out.Bucket = make([]*dto.Bucket, len(bounds))
	for i, bound := range bounds {
		if h.classic != nil {
			cumulative += h.classic[i]
		}
		out.Bucket[i] = &dto.Bucket{CumulativeCount: proto.Uint64(cumulative), UpperBound: proto.Float64(bound)}
	}
	out.PositiveSpan, out.PositiveDelta = h.spans()
	if len(out.PositiveSpan) == 0 && h.zero == 0 {
		// An empty span marks an empty native histogram as native.
		out.PositiveSpan = []*dto.BucketSpan{{Offset: proto.Int32(0), Length: proto.Uint32(0)}}
	}
	return out
}

// spans encodes the populated native buckets as runs of neighbours, each with its
// distance from the last, and counts as differences.
func (h *histogram) spans() (spans []*dto.BucketSpan, deltas []int64) {
	var next int32 // the index that would continue the current run
	var last int64
	for i, index := range h.index {
		if i == 0 || index != next {
			spans = append(spans, &dto.BucketSpan{Offset: proto.Int32(index - next), Length: proto.Uint32(0)})
		}
		*spans[len(spans)-1].Length++
		next = index + 1
		deltas = append(deltas, int64(h.counts[i])-last)
		last = int64(h.counts[i])
	}
	return spans, deltas
}
