// Package headroom keeps Go's garbage collector from running all the time in a small process.
//
// By default it runs when as much garbage has come up as there is memory in use. A prober of a few
// hundred endpoints has little in use, makes a lot of garbage, and would spend a sixth of its
// processor time on collecting it. With a floor under the garbage that is waited for, such a process
// is some megabytes larger, the more the more it has to do. One of a hundred thousand endpoints has a lot in use, and room for as much
// again would be wasted on it: there it is collected after a part of that.
//
// What a moment's work took, as reading a list of a hundred thousand endpoints, goes back to the system as soon as it
// is collected. The runtime does that in the background, with a hundredth of a processor that others use too.
package headroom

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"sync"
	"time"
)

// Shares of the memory in use, in percent, after which garbage is collected.
const (
	usual = 100 // by default
	least = 30  // of a large process
)

// Bounds are those on the garbage that is waited for.
type Bounds struct {
	Least, Most uint64        // bytes
	Time        time.Duration // within them, as much as comes up in this time
	// Small is how much may be in use together with the garbage before less than Least is waited for; 0: any amount.
	Small uint64
}

// Keep has garbage collected only once there is as much of it as b says, or three tenths of what is in use
// where that is more, until stop is called. It does nothing where somebody chose another share already,
// as by GOGC. A bound on memory, as by GOMEMLIMIT, goes before all this.
func Keep(b Bounds) (stop func()) {
	k := &keeper{bounds: b, share: usual}
	if read("/gc/gogc:percent") != usual {
		return func() {}
	}
	k.adjust()
	return k.stop
}

// keeper chooses the share anew after each collection.
type keeper struct {
	bounds Bounds

	mu       sync.Mutex
	share    int
	stopped  bool
	past     pace
	returned time.Time // when memory was last given back
}

// pace tells how fast garbage comes up, by the last collections.
type pace []mark

// mark is how much had been allocated up to a collection.
type mark struct {
	at        time.Time
	allocated uint64
}

// steady is over what time a pace is taken: what comes up in a burst, as a scrape, is no measure of what is to be waited for.
const steady = 3 * time.Second

// note adds a collection, and says how much came up since one so long before, and in what time.
func (p *pace) note(now mark) (allocated uint64, in time.Duration) {
	for len(*p) > 1 && now.at.Sub((*p)[1].at) >= steady {
		*p = slices.Delete(*p, 0, 1)
	}
	*p = append(*p, now)
	first := (*p)[0]
	return now.allocated - first.allocated, now.at.Sub(first.at)
}

// What is given back, and how often: it means to collect once more.
const (
	spare = 3 << 20 // bytes that may lie idle, besides half as much again as the garbage that is waited for
	pause = 30 * time.Second
	much  = 32 << 20 // bytes in use, from which on it is worth collecting at once
)

// Release collects garbage and gives back what it took, if that may be much: after a list was read, of which a shard keeps
// a part, nothing would be collected for a long time in a process that does little.
func Release() {
	if read("/memory/classes/heap/objects:bytes") > much {
		debug.FreeOSMemory()
	}
}

// sentinel is garbage from the beginning: that it is collected tells that a collection was made.
type sentinel struct{ _ *sentinel }

// adjust chooses the share for the memory in use, gives back what is idle, and comes again after the next collection.
func (k *keeper) adjust() {
	if k.choose() {
		debug.FreeOSMemory()
	}
}

// choose says whether there is memory to give back.
func (k *keeper) choose() (idle bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stopped {
		return false
	}
	now, live := time.Now(), read("/gc/heap/live:bytes")
	allocated, in := k.past.note(mark{now, read("/gc/heap/allocs:bytes")})
	floor := k.bounds.floor(live, allocated, in)
	// Setting it stops all goroutines for an instant, which small changes are not worth.
	if share := shareOf(live, floor); share > k.share*9/8 || share < k.share*7/8 {
		k.share = share
		debug.SetGCPercent(share)
	}
	if idle = now.Sub(k.returned) >= pause && tooMuch(read("/memory/classes/heap/free:bytes"), live*uint64(k.share)/100); idle {
		k.returned = now
	}
	runtime.AddCleanup(new(sentinel), (*keeper).adjust, k)
	return idle
}

// tooMuch says whether more memory is free than what the next garbage needs.
func tooMuch(free, garbage uint64) bool { return free > garbage*3/2+spare }

func (k *keeper) stop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.stopped {
		k.stopped = true
		debug.SetGCPercent(usual)
	}
}

// floor is how much garbage to wait for where so many bytes are in use, and so many were allocated in a time. Of what came in less
// than b.Time nobody knows whether it goes on.
func (b Bounds) floor(live, allocated uint64, in time.Duration) uint64 {
	least := b.Least
	if b.Small > 0 {
		least = min(least, b.Small-min(live, b.Small))
	}
	comes := float64(allocated) * b.Time.Seconds() / max(in, b.Time, time.Millisecond).Seconds()
	return uint64(min(max(comes, float64(least)), float64(b.Most)))
}

// shareOf is floor as a share of what is in use, in percent, and no less than least.
func shareOf(inUse, floor uint64) int {
	const smallest = 1 << 20 // in use by any process
	return int(max(least, floor*100/max(inUse, smallest)))
}

// read reads one of the runtime's own metrics.
func read(name string) uint64 {
	s := []metrics.Sample{{Name: name}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
