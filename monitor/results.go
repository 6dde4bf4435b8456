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

// results is a ring of the last results of an endpoint. It grows up to its limit, so a
// young endpoint costs little.
type results struct {
	ring []result
	next int // where the oldest lies once the ring is full
}

func (r *results) add(x result, limit int) {
	if len(r.ring) < limit {
		r.ring = append(r.ring, x)
		return
	}
	if len(r.ring) == 0 {
		return
	}
	r.ring[r.next] = x
	r.next = (r.next + 1) % len(r.ring)
}

// list returns the results, oldest first.
func (r *results) list() []result {
	out := make([]result, 0, len(r.ring))
	out = append(out, r.ring[r.next:]...)
	return append(out, r.ring[:r.next]...)
}

func (x result) time() time.Time { return time.Unix(int64(x.at), 0).UTC() }

func (x result) duration() time.Duration { return time.Duration(x.micros) * time.Microsecond }

// micros is d in whole microseconds, held within what 32 bits can say (71 minutes).
func micros(d time.Duration) uint32 {
	return uint32(min(max(d.Microseconds(), 0), math.MaxUint32))
}

// seconds32 is t in whole seconds, held within what 32 bits can say.
func seconds32(t time.Time) uint32 {
	return uint32(min(max(t.Unix(), 0), math.MaxUint32))
}
