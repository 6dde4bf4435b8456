package certs

import (
	"container/list"
	"sync"
)

// entryBytes is what the bookkeeping of one kept entry takes beside the entry itself, about.
const entryBytes = 256

// kept keeps what was worked out, up to a number of bytes: what was used longest ago goes first.
// The zero value is ready; it is safe for concurrent use.
type kept[K comparable, V any] struct {
	mu      sync.Mutex
	entries map[K]*list.Element
	order   list.List // of keptEntry[K, V], last used first
	bytes   int
}

type keptEntry[K comparable, V any] struct {
	key   K
	value V
	bytes int
}

func (k *kept[K, V]) get(key K) (value V, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at, ok := k.entries[key]
	if !ok {
		return value, false
	}
	k.order.MoveToFront(at)
	return at.Value.(keptEntry[K, V]).value, true
}

// put keeps a value of so many bytes in place of what was kept under its key, as long as all
// that is kept stays within most.
func (k *kept[K, V]) put(key K, value V, bytes, most int) {
	bytes += entryBytes
	k.mu.Lock()
	defer k.mu.Unlock()
	if at, ok := k.entries[key]; ok {
		k.drop(at)
	}
	if bytes > most {
		return
	}
	for k.bytes+bytes > most {
		k.drop(k.order.Back())
	}
	if k.entries == nil {
		k.entries = map[K]*list.Element{}
	}
	k.entries[key] = k.order.PushFront(keptEntry[K, V]{key, value, bytes})
	k.bytes += bytes
}

func (k *kept[K, V]) drop(at *list.Element) {
	e := k.order.Remove(at).(keptEntry[K, V])
	delete(k.entries, e.key)
	k.bytes -= e.bytes
}

// values returns all that is kept, last used first.
func (k *kept[K, V]) values() []V {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := make([]V, 0, len(k.entries))
	for at := k.order.Front(); at != nil; at = at.Next() {
		all = append(all, at.Value.(keptEntry[K, V]).value)
	}
	return all
}
