package monitor

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"prober/history"
	"prober/latency"
)

// Monitor probes a list of endpoints over and over and keeps what it saw. Make one with
// [New]; its methods are safe for concurrent use.
type Monitor struct {
	config   Config
	created  time.Time
	elapsed  func() time.Duration // since then, whatever becomes of the wall clock
	registry *prometheus.Registry

	// list is what Gather and the pages read; Apply puts another one in its place.
	list atomic.Pointer[list]

	remembered *history.History // looks back further, and over restarts

	recording sync.Mutex   // held while results are counted, so that they are in their order
	changes   changeLines  // guarded by recording
	families  lostFamilies // guarded by recording
	vantage   vantage
	running   atomic.Bool
	ready     atomic.Bool // every endpoint of the first list has a result
	turned    atomic.Bool // the schedule has gone on since [Monitor.Pulse] was called

	reloading sync.Mutex // held by Reload
	applying  sync.Mutex // held by Apply, which is rare
	wake      chan struct{}
	working   sync.WaitGroup
	lateness  *latency.Histogram

	mu       sync.Mutex // over what follows
	schedule schedule
	queue    queue
	confirms confirms
	stopped  bool // nothing more is started
	workers  int  // goroutines
	counts   counts
	load     load
	reload   reloaded
}

// counts are what the prober counts of its own work.
type counts struct {
	missed, overruns uint64 // turns
	inFlight         int    // probes
	confirmations    [numConfirmations]uint64
}

// reloaded tells of the last attempt to read the list, and of the last that succeeded.
type reloaded struct {
	successful bool
	at         time.Time // of the last that succeeded
	failed     time.Time // of the last attempt, when it failed
	why        string
}
