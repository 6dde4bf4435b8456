package probe

import (
	"cmp"
	"context"
	"maps"
	"sync"
	"time"

	"prober/limit"
)

// DefaultConnectionsPerHost is how many connections to one host are open at once, unless
// [Config.ConnectionsPerHost] says otherwise.
const DefaultConnectionsPerHost = 4

// Limits of politeness towards one host: a prober must not look like an attack.
const (
	connsPerSecond   = 20 // new connections a second, after a burst of
	connBurstPerHost = 20
)

// pacer keeps the limits of politeness, host by host. The zero pacer works.
type pacer struct {
	atOnce  int  // connections to a host; 0 means [DefaultConnectionsPerHost]
	unpaced bool // however many a second
	mu      sync.Mutex
	hosts   map[string]*hostPace
	busy    int // hosts that stayed when others were last forgotten
}

type hostPace struct {
	users  int           // who waits for a connection or has one; the pacer's lock guards it
	open   chan struct{} // a token per open connection
	mu     sync.Mutex
	tokens float64
	last   time.Time
}

func (p *pacer) host(name string, now time.Time) *hostPace {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.hosts[name]
	if h == nil {
		if p.hosts == nil {
			p.hosts = map[string]*hostPace{}
		}
		if len(p.hosts) >= max(limit.HostsPaced, 2*p.busy) {
			p.forget(now)
		}
		h = &hostPace{open: make(chan struct{}, cmp.Or(p.atOnce, DefaultConnectionsPerHost)), tokens: connBurstPerHost, last: now}
		p.hosts[name] = h
	}
	h.users++
	return h
}

// forget drops the hosts that are as new: lists change, and the names in them need not be few.
// Those that stay are busy; the next look is due when there are twice as many.
func (p *pacer) forget(now time.Time) {
	maps.DeleteFunc(p.hosts, func(_ string, h *hostPace) bool { return h.users == 0 && h.rested(now) })
	p.busy = len(p.hosts)
}

// done says that somebody who asked for a host has no more to do with it.
func (p *pacer) done(h *hostPace) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h.users--
}

// acquire waits until one more connection to host may be made. The caller calls release
// once, when it has closed that connection, and asks for no second one before: those that
// each wait for one more would wait for ever. The error is ctx's.
func (p *pacer) acquire(ctx context.Context, host string, clock Clock) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	h := p.host(host, clock.Now())
	select {
	case h.open <- struct{}{}:
	case <-ctx.Done():
		p.done(h)
		return nil, ctx.Err()
	}
	var wait time.Duration
	if !p.unpaced {
		wait = h.reserve(clock.Now())
	}
	if wait > 0 {
		if err := clock.Sleep(ctx, wait); err != nil {
			h.giveBack()
			<-h.open
			p.done(h)
			return nil, err
		}
	}
	return func() {
		<-h.open
		p.done(h)
	}, nil
}

// reserve takes a token and returns how long to wait until it is really there.
func (h *hostPace) reserve(now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if d := now.Sub(h.last).Seconds(); d > 0 {
		h.tokens = min(connBurstPerHost, h.tokens+d*connsPerSecond)
		h.last = now
	}
	h.tokens--
	if h.tokens >= 0 {
		return 0
	}
	return time.Duration(-h.tokens / connsPerSecond * float64(time.Second))
}

// rested reports whether a host has all its tokens again.
func (h *hostPace) rested(now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.tokens+now.Sub(h.last).Seconds()*connsPerSecond >= connBurstPerHost
}

// giveBack returns the token of a connection that was not made.
func (h *hostPace) giveBack() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tokens = min(connBurstPerHost, h.tokens+1)
}
