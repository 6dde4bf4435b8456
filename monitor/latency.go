package monitor

// phaseBounds are the classic buckets of latencies, in seconds: bounds lie where latency
// objectives usually do.
var phaseBounds = []float64{.005, .01, .025, .05, .1, .2, .3, .5, .75, 1, 1.5, 2.5, 5, 10}

// latenessBounds are the classic buckets of the schedule's lateness, in seconds.
var latenessBounds = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 5, 30}
