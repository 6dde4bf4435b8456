package load

import (
	"runtime"
	"sync"
	"syscall"
	"time"
)

// Meter counts probes and measures what the process uses from the end of the warm-up on.
type Meter struct {
	warmup, probes int

	mu         sync.Mutex
	count      int
	begin, end usage
	full       chan struct{}
}

// NewMeter returns a Meter that leaves out the first warmup probes, at least one, and
// measures the probes that follow, at least one.
func NewMeter(warmup, probes int) *Meter {
	return &Meter{warmup: max(1, warmup), probes: max(1, probes), full: make(chan struct{})}
}

// Done counts one probe that has ended. It is safe for concurrent use.
func (m *Meter) Done() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count++
	switch m.count {
	case m.warmup:
		m.begin = used()
	case m.warmup + m.probes:
		m.end = used()
		close(m.full)
	}
}

// Full is closed when everything that was to be measured is.
func (m *Meter) Full() <-chan struct{} { return m.full }

// Result returns what was measured; call it when Full is closed.
func (m *Meter) Result() Result {
	return Result{
		Probes:  m.probes,
		CPU:     m.end.cpu - m.begin.cpu,
		Wall:    m.end.at.Sub(m.begin.at),
		Mallocs: m.end.mallocs - m.begin.mallocs,
		Bytes:   m.end.bytes - m.begin.bytes,
		GCs:     m.end.gcs - m.begin.gcs,
		Procs:   runtime.GOMAXPROCS(0),
	}
}

// Result is what a number of probes cost the process that made them.
type Result struct {
	Probes  int           `json:"probes"`
	CPU     time.Duration `json:"cpu_ns"` // user and system
	Wall    time.Duration `json:"wall_ns"`
	Mallocs uint64        `json:"mallocs"` // heap objects allocated
	Bytes   uint64        `json:"bytes"`   // of them
	GCs     uint32        `json:"gcs"`     // collections of garbage
	Procs   int           `json:"procs"`   // GOMAXPROCS
}

// PerProbe returns the CPU time of one probe.
func (r Result) PerProbe() time.Duration { return r.CPU / time.Duration(max(1, r.Probes)) }

// PerSecond returns the probes that ended per second of wall time.
func (r Result) PerSecond() float64 {
	if r.Wall <= 0 {
		return 0
	}
	return float64(r.Probes) / r.Wall.Seconds()
}

// usage is what the process has used up to an instant.
type usage struct {
	at             time.Time
	cpu            time.Duration
	mallocs, bytes uint64
	gcs            uint32
}

func used() usage {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return usage{at: time.Now(), cpu: cpuTime(), mallocs: memory.Mallocs, bytes: memory.TotalAlloc, gcs: memory.NumGC}
}

// cpuTime is the user and system time of all threads of this process. Linux keeps it to
// the nanosecond and hands it out in microseconds.
func cpuTime() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic("getrusage of the own process: " + err.Error()) // cannot fail with these arguments
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
