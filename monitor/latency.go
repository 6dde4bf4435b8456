package monitor

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// phaseBounds are the classic buckets of latencies, in seconds: bounds lie where latency
// objectives usually do.
var phaseBounds = []float64{.005, .01, .025, .05, .1, .2, .3, .5, .75, 1, 1.5, 2.5, 5, 10}

// latenessBounds are the classic buckets of the schedule's lateness, in seconds.
var latenessBounds = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 5, 30}

// newHistogram returns an empty histogram of durations, with the buckets of a native histogram,
// which grow by 9 %, and classic ones at bounds, if any. It has no name and no labels until it is shown. When
// there would be more than 160 native buckets the resolution is halved; nothing is forgotten.
func newHistogram(bounds []float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{
		Buckets: bounds, NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: 160,
	})
}

// observe counts d in h. A negative duration cannot come from a clock that runs forward and is
// counted as 0.
func observe(h prometheus.Histogram, d time.Duration) { h.Observe(max(d, 0).Seconds()) }
