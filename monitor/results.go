package monitor

import (
	"math"
	"time"

	"prober/probe/reason"
)

// result is what is kept of one past probe: 12 bytes, so that a long list can afford a
// row of them per endpoint.
type result struct {
	at      uint32 // seconds since 1970; good until 2106
	micros  uint32 // from the first DNS question to the end
	outcome reason.Outcome
	reason  reason.Reason
}

// results are the last results of an endpoint, oldest first. They grow up to their limit, so a
// young endpoint costs little.
type results []result

func (r *results) add(x result, limit int) {
	if n := len(*r); n > 0 && n >= limit {
		copy(*r, (*r)[1:]) // the oldest goes
		*r = (*r)[:n-1]
	}
	*r = append(*r, x)
}

func (x result) time() time.Time { return time.Unix(int64(x.at), 0).UTC() }

func (x result) duration() time.Duration { return time.Duration(x.micros) * time.Microsecond }

// seconds32 is t in whole seconds, held within what 32 bits can say.
func seconds32(t time.Time) uint32 {
	return uint32(min(max(t.Unix(), 0), math.MaxUint32))
}
