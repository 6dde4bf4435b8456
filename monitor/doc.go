// Package monitor is the long-running prober: it probes every endpoint of a list once
// an interval, for months, and shows what it saw as Prometheus metrics, as JSON and as a
// status page.
//
// A [Monitor] is given everything it needs: the prober that does the measuring, the
// targets, the clock, the logger. It opens no connection by itself.
//
// # How it is built
//
// An endpoint that is not being probed is nothing but a struct: no goroutine, no timer,
// no map. One loop sleeps until the next endpoint is due, rounded up to a tick of 10 ms,
// and starts everything that is due then in one batch: waking up for each endpoint alone
// would cost nearly as much processor time as the probes do. The endpoints lie in a ring
// sorted by a stable hash of their ids, so they are spread evenly over the interval, keep
// their places over restarts, and finding those that are due costs nothing while none is.
//
// An endpoint whose last probe has not ended when its next turn comes misses that turn,
// which is counted; turns never pile up.
//
// Metrics are made from the same structs at each scrape ([Monitor.Gather]); but for the
// histograms there are no metric objects to keep up to date. For lists of up to 1,000
// endpoints everything is shown per endpoint; in longer ones the latencies of phases and the failures are
// shown by product, region and network, and an endpoint has few samples. How many stands in package
// limit. Each metric stands in one row of metrics.go, which says its name, its help and its values.
//
// No file needs one that needs it. From the ground up:
//
//	config, shard, spread         what is asked for, and what an id decides
//	endpoint, doubt, tally, list  what is kept; in them results, facts, latency
//	schedule, queue, confirm      whose turn it is
//	trouble, census, vantage      whether it is the prober's own network
//	remember                      what is looked back at, over restarts
//	monitor, overload, record, run the loop that probes and takes results in
//	apply, ready, statuses, read  another list; what is known; what readers are given
//	metric, labels, metrics, collect  the values of a scrape; in it vitals
//	notes, cadence, speaker       what is wrong with the prober itself, and who speaks
//	live                          the monitor as a source of pages
//	web                           what is asked for, and who answers
//
// What is known leaves as the data of package view. Below the monitor, and knowing nothing of it, package page shows
// that and package exposition writes metrics; package serving sends both, and never delays probing. Package blackbox, above
// it, answers /probe; it and other readers know of the monitor what read.go, Statuses and Self give.
//
// # What counts
//
// Outcomes, reasons and phases are those of package reason. An unknown outcome says that
// the prober could not tell; it never counts for or against an endpoint: endpoint_up is
// then absent. A probe that was cut short because the prober stops is not counted at
// all.
//
// With Config.Confirm a failure is counted at once and changes the state only when another
// probe, soon after, fails too. That probe is no sample: it is counted apart.
package monitor
