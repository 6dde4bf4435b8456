package limit

import "time"

// What a Prometheus server answers whose rules pages are drawn from.
const (
	AfarEvery  = 10 * time.Second // from one reading to the next
	AfarTime   = 10 * time.Second // one reading, and what one page asks for besides
	AfarBytes  = 64 << 20         // of one answer
	AfarSeries = 200_000          // in one answer
	AfarOld    = 2 * time.Minute  // rules are evaluated every half minute
	AfarKept   = 256              // answers about the past that are kept until the next reading
	AfarError  = 4 << 10          // bytes of an answer that is none
)

func afar() []Limit {
	return []Limit{
		{"One reading of what a page of all endpoints is drawn from, and what one page asks for besides", seconds(AfarTime), Seconds, "it has failed: the page says so, and states are unknown"},
		{"Bytes of one answer", AfarBytes, Bytes, "the reading has failed, as above"},
		{"Series in one answer", AfarSeries, Count, "the reading has failed, as above"},
		{"Age of the rules' last evaluation", seconds(AfarOld), Seconds, "the page says since when none was evaluated, and states are unknown"},
		{"Answers about the past that are kept until the next reading", AfarKept, Count, "all are dropped, and asked for again"},
		{"Bytes that are read of an answer that is an error", AfarError, Bytes, "the rest is left unread"},
	}
}
