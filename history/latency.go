package history

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"time"
)

// Stat sums up durations.
type Stat struct {
	Count uint64
	Sum   time.Duration
}

// Mean is the mean duration; 0 when there is none.
func (s Stat) Mean() time.Duration {
	if s.Count == 0 {
		return 0
	}
	return s.Sum / time.Duration(s.Count)
}

func (s *Stat) add(other Stat) {
	s.Count += other.Count
	s.Sum += other.Sum
}

// Latency sums up durations so that their quantiles can be told, to a tenth. Its size is bounded:
// there is a bucket for each quarter of a power of two of microseconds.
type Latency struct {
	Stat
	Max time.Duration

	buckets []bucket // sorted by index; those that are empty are left out
}

// bucket counts the durations from 2^(index/4) microseconds up to the next bucket.
type bucket struct {
	index uint8
	count uint64
}

// maxIndex is the index of the last bucket, which has all that is longer than 71 minutes.
const maxIndex = 127

// indexOf is the bucket of a duration.
func indexOf(d time.Duration) uint8 {
	us := max(d.Microseconds(), 1)
	power := bits.Len64(uint64(us)) - 1
	// The quarter is found by comparing with the bounds: a logarithm would not be exact at them.
	i := power * 4
	for q := 3; q > 0; q-- {
		if float64(us) >= lower(i+q) {
			i += q
			break
		}
	}
	return uint8(min(i, maxIndex))
}

// lower is the least duration of a bucket, in microseconds.
func lower(index int) float64 { return math.Exp2(float64(index) / 4) }

// Observe adds one duration. A negative one, which no clock that runs forward shows, is 0.
func (l *Latency) Observe(d time.Duration) {
	d = max(d, 0)
	l.Count++
	l.Sum += d
	l.Max = max(l.Max, d)
	l.put(indexOf(d), 1)
}

// put adds to a bucket.
func (l *Latency) put(index uint8, count uint64) {
	i, found := slices.BinarySearchFunc(l.buckets, index, func(b bucket, index uint8) int { return cmp.Compare(b.index, index) })
	if found {
		l.buckets[i].count += count
		return
	}
	l.buckets = slices.Insert(l.buckets, i, bucket{index, count})
}

func (l *Latency) add(other *Latency) {
	l.Stat.add(other.Stat)
	l.Max = max(l.Max, other.Max)
	for _, b := range other.buckets {
		l.put(b.index, b.count)
	}
}

// Quantile is the duration that a part q of all (0 to 1) do not exceed, to a tenth; 0 when there is
// none.
func (l *Latency) Quantile(q float64) time.Duration {
	rank := uint64(math.Ceil(q * float64(l.Count)))
	var seen uint64
	for _, b := range l.buckets {
		if seen += b.count; seen >= rank {
			middle := math.Sqrt(lower(int(b.index)) * lower(int(b.index)+1))
			return min(time.Duration(middle*float64(time.Microsecond)), l.Max)
		}
	}
	return l.Max
}
