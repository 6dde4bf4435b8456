package monitor

import (
	"hash/fnv"
	"time"
)

// What an id is spread over. Each purpose draws its own number from the id, so that, say,
// the endpoints of one shard are still spread over the whole interval.
const (
	spreadInterval uint64 = iota + 1
	spreadSlow
	spreadShard
)

// spread returns a number that depends on the id and the purpose alone: the same on
// every machine and in every release.
func spread(id string, purpose uint64) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // never fails
	// FNV alone leaves the ids of one product, which differ in few bytes, unevenly spread.
	return mix(h.Sum64() + purpose*goldenRatio)
}

// goldenRatio is 2^64 by the goldenRatio ratio: its multiples lie far apart.
const goldenRatio = 0x9e3779b97f4a7c15

// mix is the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// turnOffset is an endpoint's place in the interval.
func turnOffset(id string, interval time.Duration) time.Duration {
	return time.Duration(spread(id, spreadInterval) % uint64(interval))
}

// slowTurn decides which turns of an endpoint look deeper, at every every-th turn. The
// first of them comes within ten turns, so that nobody waits an hour for the first
// version table; later ones lie at the endpoint's own place in the cycle, so that they
// are spread over all of it.
func slowTurn(id string, every int, after int64) int64 {
	h := spread(id, spreadSlow)
	if after < 0 {
		return int64(h % uint64(min(every, 10)))
	}
	place, n := int64(h%uint64(every)), int64(every)
	next := after + 1 + ((place-after-1)%n+n)%n
	if next-after < (n+1)/2 {
		next += n
	}
	return next
}
