// Package latency counts durations in the buckets of a native histogram of Prometheus, and in
// classic ones if asked to, in plain memory.
//
// It exists for the number of them: a prober of a thousand endpoints keeps seven each. The library's
// own is made for many writers at once and keeps a tree of pointers for each bucket, twice: 7 kB
// where this one takes a few hundred bytes, which the garbage collector need not look into. What is
// shown is the same, to the byte: a test compares the two.
package latency

import (
	"math"
	"slices"
	"sync"
	"time"

	dto "github.com/prometheus/client_model/go"
)

// MaxBuckets is how many native buckets a histogram has at most; beyond it they become twice as wide.
const MaxBuckets = 160

const (
	// schema is the resolution: eight buckets for each doubling, the widest of which is 1.09 times
	// as large as the one before.
	schema = 3
	// coarsest is the lowest resolution there is (package prometheus, nativeHistogramSchemaMinimum).
	coarsest = -4
	// zeroThreshold is what counts as zero, up to and including it: 2^-128.
	zeroThreshold = 0x1p-128
	// smallGap is how many empty buckets are written rather than a new span begun.
	smallGap = 2
)

// within are the upper bounds of the buckets in [0.5, 1), as the exposition defines them.
var within = [1 << schema]float64{
	0.5, 0.5452538663326288, 0.5946035575013605, 0.6484197773255048,
	0.7071067811865475, 0.7711054127039704, 0.8408964152537144, 0.9170040432046711,
}

// Histogram is a histogram of durations in seconds. It is safe for concurrent use.
type Histogram struct {
	mu      sync.Mutex
	count   uint64
	zeros   uint64
	sum     float64
	widened int      // how often the buckets became twice as wide
	buckets []bucket // ascending; none is empty
	bounds  []float64
	classic []uint64 // one for each bound, not cumulative
}

// bucket counts what is at most base^index and more than base^(index-1), where base is 2^(2^-schema).
type bucket struct {
	index int32
	n     uint64
}

// New returns an empty histogram, which has classic buckets with these ascending upper bounds in
// seconds besides the native ones. The bounds are shared and must not be changed.
func New(bounds []float64) *Histogram {
	h := &Histogram{bounds: bounds}
	if len(bounds) > 0 {
		h.classic = make([]uint64, len(bounds))
	}
	return h
}

// Observe counts a duration; one below zero as zero.
func (h *Histogram) Observe(d time.Duration) {
	v := max(d, 0).Seconds()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count++
	h.sum += v
	if i, _ := slices.BinarySearch(h.bounds, v); i < len(h.classic) {
		h.classic[i]++
	}
	if v <= zeroThreshold {
		h.zeros++
		return
	}
	index := coarser(indexOf(v), h.widened)
	at, known := slices.BinarySearchFunc(h.buckets, index, func(b bucket, i int32) int { return int(b.index) - int(i) })
	if known {
		h.buckets[at].n++
		return
	}
	h.buckets = slices.Insert(h.buckets, at, bucket{index, 1})
	if len(h.buckets) > MaxBuckets {
		h.widen()
	}
}

// indexOf is the index of the bucket of v at the finest resolution.
func indexOf(v float64) int32 {
	fraction, exponent := math.Frexp(v)
	at, _ := slices.BinarySearch(within[:], fraction)
	return int32(at + (exponent-1)*len(within))
}

// coarser is the index of the bucket that holds a bucket once all are so many times twice as wide.
func coarser(index int32, times int) int32 { return (index + 1<<times - 1) >> times }

// widen makes the buckets twice as wide, unless they are as wide as can be.
func (h *Histogram) widen() {
	if schema-h.widened <= coarsest {
		return
	}
	h.widened++
	merged := h.buckets[:0]
	for _, b := range h.buckets {
		b.index = coarser(b.index, 1)
		if last := len(merged) - 1; last >= 0 && merged[last].index == b.index {
			merged[last].n += b.n
			continue
		}
		merged = append(merged, b)
	}
	h.buckets = merged
}

// Count returns how many durations were counted.
func (h *Histogram) Count() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}

// Classic calls bucket for the upper bound of each classic bucket and how many durations are below it, and returns the
// count and the sum of all, as the text formats have them.
func (h *Histogram) Classic(bucket func(bound float64, under uint64)) (count uint64, sum float64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	under := uint64(0)
	for i, bound := range h.bounds {
		under += h.classic[i]
		bucket(bound, under)
	}
	return h.count, h.sum
}

// Proto returns the histogram as the exposition's message.
func (h *Histogram) Proto() *dto.Histogram {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := &dto.Histogram{
		SampleCount: new(h.count), SampleSum: new(h.sum), Bucket: make([]*dto.Bucket, len(h.bounds)),
	}
	under := uint64(0)
	for i := range h.bounds {
		under += h.classic[i]
		out.Bucket[i] = &dto.Bucket{CumulativeCount: new(under), UpperBound: &h.bounds[i]}
	}
	out.Schema, out.ZeroThreshold, out.ZeroCount = new(int32(schema-h.widened)), new(zeroThreshold), new(h.zeros)
	out.PositiveSpan, out.PositiveDelta = spans(h.buckets)
	return out
}

// spans writes the buckets as runs of neighbours, and as differences of one count to the next.
func spans(buckets []bucket) (runs []*dto.BucketSpan, deltas []int64) {
	before, next := int64(0), int32(0) // the last count written, and the index after it
	write := func(n uint64) {
		*runs[len(runs)-1].Length++
		deltas = append(deltas, int64(n)-before)
		before = int64(n)
	}
	for i, b := range buckets {
		gap := b.index - next
		if i == 0 || gap > smallGap {
			runs = append(runs, &dto.BucketSpan{Offset: new(gap), Length: new(uint32)})
		} else {
			for range gap {
				write(0)
			}
		}
		write(b.n)
		next = b.index + 1
	}
	return runs, deltas
}
