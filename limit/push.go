package limit

import "time"

// What is sent over OTLP.
const (
	PushInterval   = time.Minute      // from one push to the next, where probes do not come less often
	PushTime       = 10 * time.Second // one request
	PushLast       = WebStopTime / 10 // the last push, when the program ends
	PushSeries     = 5000             // in one request
	PushReplyBytes = 64 << 10
)

func push() []Limit {
	return []Limit{
		{Of: "one request that pushes metrics", Value: int64(PushTime / time.Second), Unit: Seconds, Met: "the push has failed, which is counted and logged; the next one has the same counters"},
		{Of: "series in one such request", Value: PushSeries, Met: "the others follow in further requests"},
		{Of: "what a receiver answers", Value: PushReplyBytes, Unit: Bytes, Met: "the push has failed"},
		{Of: "the last push, when the program ends, in milliseconds", Value: PushLast.Milliseconds(), Met: "it is dropped"},
	}
}
