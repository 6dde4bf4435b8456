package certs

import "sync"

// entryBytes is what the bookkeeping of one kept entry takes beside the entry itself, about.
const entryBytes = 160

// kept keeps what was worked out, up to a number of bytes: what was used longest ago goes first.
// The zero value is ready; it is safe for concurrent use.
type kept[K comparable, V any] struct {
	// dropped returns how many bytes more are free once a value is no longer kept; nil: none.
	dropped func(V) int

	mu      sync.Mutex
	entries map[K]*keptEntry[K, V]
	newest  *keptEntry[K, V] // the last used; the one before it was used longest ago
	bytes   int
}

// keptEntry stands in a ring, by when it was used: there may be a hundred thousand, which have no byte
// too many.
type keptEntry[K comparable, V any] struct {
	key           K
	value         V
	bytes         int
	before, after *keptEntry[K, V] // used before it, and after it
}

func (k *kept[K, V]) get(key K) (value V, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	e, ok := k.entries[key]
	if !ok {
		return value, false
	}
	k.unlink(e)
	k.link(e)
	return e.value, true
}

// put keeps a value of so many bytes in place of what was kept under its key, as long as all
// that is kept stays within most.
func (k *kept[K, V]) put(key K, value V, bytes, most int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.add(key, value, bytes, most)
}

// add is put. The caller holds k.mu.
func (k *kept[K, V]) add(key K, value V, bytes, most int) {
	bytes += entryBytes
	if e, ok := k.entries[key]; ok {
		k.drop(e)
	}
	if bytes > most {
		k.release(value)
		return
	}
	for k.bytes+bytes > most && k.newest != nil {
		k.drop(k.newest.after)
	}
	if k.entries == nil {
		k.entries = map[K]*keptEntry[K, V]{}
	}
	e := &keptEntry[K, V]{key: key, value: value, bytes: bytes}
	k.entries[key] = e
	k.link(e)
	k.bytes += bytes
}

func (k *kept[K, V]) drop(e *keptEntry[K, V]) {
	k.unlink(e)
	delete(k.entries, e.key)
	k.bytes -= e.bytes
	k.release(e.value)
}

func (k *kept[K, V]) release(value V) {
	if k.dropped != nil {
		k.bytes -= k.dropped(value)
	}
}

// link makes an entry the one that was used last.
func (k *kept[K, V]) link(e *keptEntry[K, V]) {
	if k.newest == nil {
		e.before, e.after = e, e
	} else {
		e.before, e.after = k.newest, k.newest.after
		e.before.after, e.after.before = e, e
	}
	k.newest = e
}

func (k *kept[K, V]) unlink(e *keptEntry[K, V]) {
	if e.before == e {
		k.newest = nil
		return
	}
	e.before.after, e.after.before = e.after, e.before
	if k.newest == e {
		k.newest = e.before
	}
}

// values returns all that is kept, last used first.
func (k *kept[K, V]) values() []V {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := make([]V, 0, len(k.entries))
	for e := k.newest; len(all) < len(k.entries); e = e.before {
		all = append(all, e.value)
	}
	return all
}
