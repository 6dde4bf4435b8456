package monitor

import (
	"fmt"
	"strconv"
	"strings"
)

// Shard says which part of a list this prober takes: part Index of Count, counted from
// 1. The zero Shard takes everything. Endpoints go to shards by a stable hash of their
// ids, so every prober with the same Count agrees without talking to the others.
type Shard struct {
	Index, Count int
}

// ParseShard reads "I/N", as in "2/5"; the empty string is the zero Shard.
func ParseShard(s string) (Shard, error) {
	if s == "" {
		return Shard{}, nil
	}
	index, count, found := strings.Cut(s, "/")
	if !found {
		return Shard{}, fmt.Errorf("shard %q: want I/N, as in 1/3", s)
	}
	var shard Shard
	var err error
	if shard.Index, err = strconv.Atoi(index); err != nil {
		return Shard{}, fmt.Errorf("shard %q: %q is not a number", s, index)
	}
	if shard.Count, err = strconv.Atoi(count); err != nil {
		return Shard{}, fmt.Errorf("shard %q: %q is not a number", s, count)
	}
	if err := shard.validate(); err != nil {
		return Shard{}, fmt.Errorf("shard %q: %w", s, err)
	}
	if shard.Count == 0 {
		return Shard{}, fmt.Errorf("shard %q: there must be at least one shard", s)
	}
	return shard, nil
}

// String returns "I/N", or "" for the zero Shard.
func (s Shard) String() string {
	if s.Count == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Index, s.Count)
}

// Has says whether the endpoint with this id belongs to the shard.
func (s Shard) Has(id string) bool {
	return s.Count == 0 || spread(id, spreadShard)%uint64(s.Count) == uint64(s.Index-1)
}

func (s Shard) validate() error {
	switch {
	case s == Shard{}:
		return nil
	case s.Count < 1:
		return fmt.Errorf("there must be at least one shard, not %d", s.Count)
	case s.Index < 1 || s.Index > s.Count:
		return fmt.Errorf("part %d is not between 1 and %d", s.Index, s.Count)
	}
	return nil
}
