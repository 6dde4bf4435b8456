package certs

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"
)

// sightSlots bounds what sights remember: a quarter of a megabyte.
const sightSlots = 1 << 16

// sights tell what comes back from what nobody has seen before, by its digest. Nothing is kept of what comes
// once: for a server that makes a new certificate for each connection all others would be forgotten, and
// what is meant for a hundred thousand endpoints would be full in an hour. What came may be forgotten for
// something else in its slot. The zero value has seen nothing; it is safe for concurrent use.
type sights struct {
	mu    sync.Mutex
	slots []uint32 // a part of a digest each; 0: none
}

// again says whether a digest has come before, as far as is remembered, and remembers it.
func (s *sights) again(sum [sha256.Size]byte) bool {
	at, part := binary.BigEndian.Uint32(sum[:])%sightSlots, binary.BigEndian.Uint32(sum[4:])|1
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.slots == nil {
		s.slots = make([]uint32, sightSlots)
	}
	was := s.slots[at]
	s.slots[at] = part
	return was == part
}
