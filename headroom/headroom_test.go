package headroom

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"prober/limit"
)

func TestShareOf(t *testing.T) {
	const mega = 1 << 20
	for _, tt := range []struct {
		inUse, floor uint64
		want         int
	}{
		{0, 8 * mega, 800}, {mega, 8 * mega, 800}, {4 * mega, 8 * mega, 200}, {8 * mega, 8 * mega, 100}, {16 * mega, 8 * mega, 50}, {80 * mega, 8 * mega, 30}, {mega, 0, 30},
	} {
		if got := shareOf(tt.inUse, tt.floor); got != tt.want {
			t.Errorf("%d in use, floor %d: %d, want %d", tt.inUse, tt.floor, got, tt.want)
		}
	}
}

func TestFloor(t *testing.T) {
	b := Bounds{Least: 10, Most: 100, Time: time.Second}
	for _, tt := range []struct {
		small, live, allocated uint64
		in                     time.Duration
		want                   uint64
	}{
		{0, 90, 50, time.Second, 50},
		{0, 90, 50, 2 * time.Second, 25},
		{0, 90, 50, time.Hour, 10},
		{0, 90, 5000, time.Second, 100},
		{0, 90, 0, 0, 10},
		{0, 90, 1, 0, 10},
		{0, 90, 50, time.Millisecond, 50},
		{20, 5, 0, time.Second, 10},
		{20, 10, 0, time.Second, 10},
		{20, 16, 0, time.Second, 4},
		{20, 16, 7, time.Second, 7},
		{20, 30, 0, time.Second, 0},
	} {
		b.Small = tt.small
		if got := b.floor(tt.live, tt.allocated, tt.in); got != tt.want {
			t.Errorf("%d in %v, %d of %d in use: %d, want %d", tt.allocated, tt.in, tt.live, tt.small, got, tt.want)
		}
	}
}

// TestWhatAQuietProberTakes: what is in use and the garbage that is waited for, of a prober that makes little of it, stay below what is
// small together, for as long as three tenths of what is in use do.
func TestWhatAQuietProberTakes(t *testing.T) {
	b := Bounds{Least: limit.GarbageLeast, Most: limit.GarbageMost, Time: limit.GarbageTime, Small: limit.GarbageSmall}
	const mega = 1 << 20
	for _, tt := range []struct{ inUse, garbage uint64 }{{2, 16}, {8, 16}, {13, 16}, {16, 13}, {20, 9}, {22, 7}, {40, 12}, {300, 90}} {
		live := tt.inUse * mega
		garbage := live * uint64(shareOf(live, b.floor(live, mega, time.Minute))) / 100
		if want := tt.garbage * mega; garbage > want || garbage+mega < want {
			t.Errorf("%d MB in use: %.1f MB of garbage are waited for, want %d", tt.inUse, float64(garbage)/mega, tt.garbage)
		}
	}
}

// TestPace: one burst between collections that come regularly is a small part of the pace, and one that lasts is all of it.
func TestPace(t *testing.T) {
	start := time.Now()
	var p pace
	var at time.Duration
	var total uint64
	collected := func(after time.Duration, garbage uint64) float64 {
		at, total = at+after, total+garbage
		allocated, in := p.note(mark{start.Add(at), total})
		return float64(allocated) / max(in.Seconds(), 1e-9)
	}
	if first := collected(0, 1000); first != 0 {
		t.Errorf("before the second collection it is %v", first)
	}
	for range 10 {
		collected(time.Second, 100)
	}
	if burst := collected(10*time.Millisecond, 100); burst < 100 || burst > 150 {
		t.Errorf("after a burst it is %.0f bytes a second, where 100 came and 100 more", burst)
	}
	var last float64
	for range 1000 {
		last = collected(10*time.Millisecond, 100)
	}
	if last < 9_900 || last > 10_100 {
		t.Errorf("it is %.0f bytes a second after ten seconds of 10,000", last)
	}
	if n := len(p); n > 400 {
		t.Errorf("%d collections are remembered", n)
	}
	if hour := collected(time.Hour, 7200); hour < 1.9 || hour > 2.1 {
		t.Errorf("it is %.1f bytes a second after an hour of 2", hour)
	}
}

// TestKeep: the share follows what is in use, from one collection to the next, and is as it was in the
// end.
func TestKeep(t *testing.T) {
	runtime.GC() // what other tests had in use would count
	stop := Keep(Bounds{Least: 1 << 26, Most: 1 << 26})
	if share := read("/gc/gogc:percent"); share <= 2*usual {
		t.Errorf("a floor of 64 MB makes it %d %%", share)
	}
	ballast := make([]byte, 1<<26)
	for read("/gc/gogc:percent") > 2*usual { // which comes after a collection
		runtime.GC()
		runtime.Gosched()
	}
	runtime.KeepAlive(ballast)
	stop()
	if share := read("/gc/gogc:percent"); share != usual {
		t.Errorf("%d %% afterwards", share)
	}
	stop() // once more changes nothing
}

// TestSomebodyElsesChoice stays.
func TestSomebodyElsesChoice(t *testing.T) {
	before := debug.SetGCPercent(250)
	defer debug.SetGCPercent(before)
	defer Keep(Bounds{Least: 1 << 26, Most: 1 << 26})()
	if share := read("/gc/gogc:percent"); share != 250 {
		t.Errorf("%d %%", share)
	}
}

// TestPeakGoesBack gives back to the system what a moment's work took.
func TestPeakGoesBack(t *testing.T) {
	stop := Keep(Bounds{Least: 1 << 20, Most: 1 << 20})
	defer stop()
	peak := make([]byte, 1<<28)
	for i := 0; i < len(peak); i += 4096 {
		peak[i] = 1
	}
	k := &keeper{bounds: Bounds{Least: 1 << 20, Most: 1 << 20}, share: usual}
	defer k.stop()
	runtime.KeepAlive(peak)
	runtime.GC()
	k.adjust()
	if free := read("/memory/classes/heap/free:bytes"); free > 1<<27 {
		t.Errorf("%d MB are still idle", free>>20)
	}
}

func TestTooMuch(t *testing.T) {
	for _, tt := range []struct {
		free, garbage uint64
		want          bool
	}{{0, 0, false}, {spare, 0, false}, {spare + 1, 0, true}, {spare + 150, 100, false}, {spare + 151, 100, true}} {
		if got := tooMuch(tt.free, tt.garbage); got != tt.want {
			t.Errorf("%d of %d: %v", tt.free, tt.garbage, got)
		}
	}
}

// Memory is given back where there may be much of it, and a small process is not stopped for it.
func TestRelease(t *testing.T) {
	forced := func() uint32 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.NumForcedGC
	}
	runtime.GC()
	before := forced()
	Release()
	if forced() != before {
		t.Error("a small process collects garbage at once")
	}
	large := make([]byte, much+spare)
	Release()
	runtime.KeepAlive(large)
	if forced() != before+1 {
		t.Error("a large one does not")
	}
}
