package serving

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// Batches let those who ask for the same thing at the same time share one run of the work, and
// never one that began before they asked: what they get is as new as if they were alone. Of one
// key one run is under way at a time.
type Batches[K comparable, T any] struct {
	// hold is how long the next run waits, at most, until all have done with what the last one
	// found: who still reads it pays for no other. It waits at least as long as that one took, so
	// that the work takes half the processor at most. With 0 it does not wait.
	hold time.Duration

	mu   sync.Mutex
	next map[K]*run[T] // not begun: whoever asks now takes part
	busy map[K]bool    // somebody runs what is next of this key
}

// run is one run of the work, for all who wait for it.
type run[T any] struct {
	work   func(context.Context) (T, error)
	ctx    context.Context // ends when nobody waits any more
	cancel context.CancelFunc
	use    *usage
	done   chan struct{} // closed when value and err are set

	value T
	err   error
}

// usage counts those who wait for a run or have not done with what it found. It does not hold that:
// of a rendering, a slow reader keeps the bytes and nothing else.
type usage struct {
	users int           // guarded by the lock of the batches
	none  chan struct{} // closed when there are none any more
}

// NewBatches returns batches of which the next waits for so long, at most, for those who read the last.
func NewBatches[K comparable, T any](hold time.Duration) *Batches[K, T] {
	return &Batches[K, T]{hold: hold, next: map[K]*run[T]{}, busy: map[K]bool{}}
}

// Do returns the result of a run of work that began after do was called, by whoever asked first,
// and a function to call when the caller has done with it. When ctx ends the error is ctx's, but
// for the last of those who wait: for them work is cut short, and tells itself how far it came.
func (b *Batches[K, T]) Do(ctx context.Context, key K, work func(context.Context) (T, error)) (value T, release func(), err error) {
	b.mu.Lock()
	r := b.next[key]
	if r == nil {
		r = &run[T]{work: work, done: make(chan struct{}), use: &usage{none: make(chan struct{})}}
		r.ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
		b.next[key] = r
	}
	r.use.users++
	if !b.busy[key] {
		b.busy[key] = true
		go b.serve(key)
	}
	b.mu.Unlock()

	use := r.use
	select {
	case <-r.done:
	case <-ctx.Done():
		if last := b.leave(key, r); !last {
			return value, func() {}, ctx.Err()
		}
		<-r.done
		return r.value, func() {}, r.err
	}
	return r.value, func() { b.release(use) }, r.err
}

// end takes one out, and says whether they were the last. The caller holds the lock.
func (u *usage) end() (last bool) {
	u.users--
	if u.users == 0 {
		close(u.none)
	}
	return u.users == 0
}

// release takes one out of those who use what a run found.
func (b *Batches[K, T]) release(u *usage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	u.end()
}

// leave takes one who no longer waits out of r, and says whether they were the last of a run that
// is under way, which is then cut short.
func (b *Batches[K, T]) leave(key K, r *run[T]) (last bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !r.use.end() {
		return false
	}
	r.cancel()
	if b.next[key] == r { // it has not begun, and need not
		delete(b.next, key)
		return false
	}
	return true
}

// serve runs what is next of a key until nobody asks.
func (b *Batches[K, T]) serve(key K) {
	for {
		b.mu.Lock()
		r := b.next[key]
		delete(b.next, key)
		if r == nil {
			delete(b.busy, key)
		}
		b.mu.Unlock()
		if r == nil {
			return
		}
		began := time.Now()
		r.execute()
		if b.hold > 0 {
			time.Sleep(asLong(time.Since(began)))
			held := time.NewTimer(b.hold)
			select {
			case <-r.use.none:
			case <-held.C:
			}
			held.Stop()
		}
	}
}

// execute runs the work. A panic costs those who wait for it their answer, and nobody else.
func (r *run[T]) execute() {
	defer close(r.done)
	defer func() {
		if p := recover(); p != nil {
			r.err = &panicked{p, debug.Stack()}
		}
	}()
	r.value, r.err = r.work(r.ctx)
}

// panicked is the error of a run that panicked.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// asLong is how long to leave the processor to others after work that took so long. What took no
// time to speak of needs no rest.
func asLong(took time.Duration) time.Duration {
	if took < time.Millisecond {
		return 0
	}
	return took
}
