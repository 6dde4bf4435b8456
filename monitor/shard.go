package monitor

import (
	"fmt"
	"strconv"
	"strings"
)

// MaxShards bounds how many shards there may be: each endpoint of a list is weighed for each of them.
const MaxShards = 10_000

// ThisHost in place of a shard's number stands for the name of the host that the prober runs on.
const ThisHost = "hostname"

// Shard says which part of a list this prober takes: part Index of Count, counted from
// 1. The zero Shard takes everything. Endpoints go to shards by rendezvous hashing of their
// ids, so every prober with the same Count agrees without talking to the others, and another
// Count moves no more endpoints than it must: one more shard takes its part from all the others, and
// what they keep stays where it is.
type Shard struct {
	Index, Count int
}

// ParseShard reads "I/N", as in "2/5"; the empty string is the zero Shard. In place of the number
// may stand a name that ends in one counted from 0, as Kubernetes numbers the pods of a
// StatefulSet: "prober-0/3" is 1/3. ThisHost there stands for host, the name of this machine.
func ParseShard(s, host string) (Shard, error) {
	if s == "" {
		return Shard{}, nil
	}
	index, count, found := strings.Cut(s, "/")
	if !found {
		return Shard{}, fmt.Errorf("want I/N, as in 1/3, or a name that ends in a number, as in prober-0/3, or %s/N", ThisHost)
	}
	var shard Shard
	var err error
	if shard.Count, err = strconv.Atoi(count); err != nil {
		return Shard{}, fmt.Errorf("%q is not a number", count)
	}
	if index == ThisHost {
		index = host
	}
	if shard.Index, err = shardIndex(index); err != nil {
		return Shard{}, err
	}
	if shard.Count == 0 {
		return Shard{}, fmt.Errorf("there must be at least one shard")
	}
	if err := shard.validate(); err != nil {
		return Shard{}, err
	}
	return shard, nil
}

// shardIndex reads a number counted from 1, or a name that ends in one counted from 0.
func shardIndex(s string) (int, error) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, nil
	}
	name, _, _ := strings.Cut(s, ".") // a host may know its whole name
	dash := strings.LastIndexByte(name, '-')
	if dash < 1 {
		return 0, fmt.Errorf("%q is neither a number nor a name that ends in one, as prober-0", s)
	}
	n, err := strconv.ParseUint(name[dash+1:], 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%q is neither a number nor a name that ends in one, as prober-0", s)
	}
	return int(n) + 1, nil
}

// String returns "I/N", or "" for the zero Shard.
func (s Shard) String() string {
	if s.Count == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Index, s.Count)
}

// Has says whether the endpoint with this id belongs to the shard: it weighs more there than at any other.
func (s Shard) Has(id string) bool {
	if s.Count == 0 {
		return true
	}
	h := spread(id, spreadShard)
	own := mix(h + uint64(s.Index)*goldenRatio)
	for other := 1; other <= s.Count; other++ {
		if w := mix(h + uint64(other)*goldenRatio); w > own || w == own && other < s.Index {
			return false
		}
	}
	return true
}

func (s Shard) validate() error {
	switch {
	case s == Shard{}:
		return nil
	case s.Count < 1:
		return fmt.Errorf("there must be at least one shard, not %d", s.Count)
	case s.Count > MaxShards:
		return fmt.Errorf("there may be at most %d shards, not %d", MaxShards, s.Count)
	case s.Index < 1 || s.Index > s.Count:
		return fmt.Errorf("part %d is not between 1 and %d", s.Index, s.Count)
	}
	return nil
}
