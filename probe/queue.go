package probe

import (
	"runtime/metrics"
	"time"
)

// queue tells how long what could go on in this process waited for its turn: where much is under way
// at once, or too few processors are to be had, an answer that has come is looked at late. All of the
// process counts, not one probe: this is what any step of it met with on average.
type queue struct{ sample [1]metrics.Sample }

// waited returns how long all that waited since the process began, and how many times something did.
// The runtime looks at one of eight.
func (q *queue) waited() (total time.Duration, times uint64) {
	q.sample[0].Name = "/sched/latencies:seconds"
	metrics.Read(q.sample[:])
	if q.sample[0].Value.Kind() != metrics.KindFloat64Histogram {
		return 0, 0 // a runtime that does not tell
	}
	h := q.sample[0].Value.Float64Histogram()
	var seconds float64
	for i, n := range h.Counts {
		if n > 0 && i > 0 { // the first has no lower bound
			seconds += float64(n) * h.Buckets[i]
		}
		times += n
	}
	return time.Duration(seconds * float64(time.Second)), times
}
