package imitation

import (
	"sync"
	"time"
)

// maxNonces bounds the memory of replays; at the documented window of 15 minutes it stands
// for 70 calls a second.
const maxNonces = 1 << 16

// nonces remembers which were used.
type nonces struct {
	mu    sync.Mutex
	until map[string]time.Time // when each may be forgotten
}

// use notes a nonce until the given instant and reports whether it was new at now.
func (n *nonces) use(nonce string, now, until time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if t, used := n.until[nonce]; used && now.Before(t) {
		return false
	}
	if len(n.until) >= maxNonces {
		n.forget(now)
	}
	if n.until == nil {
		n.until = map[string]time.Time{}
	}
	n.until[nonce] = until
	return true
}

// forget drops what has run out, and if that is nothing then any half: a replay may go
// unnoticed after that, which is better than growing without end.
func (n *nonces) forget(now time.Time) {
	for nonce, t := range n.until {
		if !now.Before(t) {
			delete(n.until, nonce)
		}
	}
	for nonce := range n.until {
		if len(n.until) <= maxNonces/2 {
			break
		}
		delete(n.until, nonce)
	}
}
