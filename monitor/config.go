package monitor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"prober/catalog"
	"prober/history"
	"prober/monitor/view"
	"prober/probe"
)

// Prober measures one target once. Probe must be safe for concurrent use, bound its own
// time, and return soon after ctx ends, with reason prober/canceled when that cut it short.
type Prober interface {
	Probe(ctx context.Context, t probe.Target) probe.Observation
}

// Detail says how finely results are shown as metrics.
type Detail string

// The details.
const (
	// DetailAuto is DetailEndpoint for up to 1,000 endpoints, else DetailRegion.
	DetailAuto Detail = ""
	// DetailEndpoint shows everything per endpoint: at most [limit.EndpointSamples] each, and its addresses.
	DetailEndpoint Detail = "endpoint"
	// DetailRegion shows the latencies of phases, and failures by phase and reason, by product, region
	// and network, and at most [limit.RegionSamples] per endpoint.
	DetailRegion Detail = "region"
)

// Details lists the details.
func Details() []Detail { return []Detail{DetailAuto, DetailEndpoint, DetailRegion} }

// detailLimit is the length of a list up to which DetailAuto means DetailEndpoint.
const detailLimit = 1000

// Defaults of [Config].
const (
	DefaultInterval    = time.Minute
	defaultConcurrency = 64
)

// tick is the grain of the schedule: everything that falls due within one tick is started
// together. It bounds how much later than planned an idle prober starts a probe.
const tick = 10 * time.Millisecond

// MinInterval is the least interval: below it the grain of the schedule shows.
const MinInterval = 10 * tick

// BuildInfo is shown as the metric prober_build_info.
type BuildInfo struct {
	Version   string // "1.4.0"
	Revision  string // of the source
	GoVersion string // "go1.26.8"
}

// Config is what a Monitor is made of. Only Prober is required.
type Config struct {
	Prober  Prober
	Targets []probe.Target // the list to begin with; see [Monitor.Apply]
	Shard   Shard          // the part of each list that this prober takes

	// Interval is the time from one turn of an endpoint to the next; 0: a minute. The
	// least is 100 ms.
	Interval time.Duration
	// Concurrency is how many probes may run at once; 0: 64. As many ad-hoc probes, asked
	// for through /probe, may run besides, up to 64.
	Concurrency int
	// Grace is how long running probes may take to end when Run's ctx ends, before they are
	// cancelled; 0 cancels them at once.
	Grace time.Duration
	// Confirm has a failure change the state of an endpoint only once a further probe, soon after,
	// has found it again. The failure is counted at once; the further probe is counted apart.
	Confirm bool
	// Detail says how finely results are shown as metrics.
	Detail Detail
	// ClassicHistograms gives the histograms of latencies classic buckets besides the native ones.
	ClassicHistograms bool

	// Load reads the list anew, for [Monitor.Reload]; nil: a reload is refused.
	Load func() ([]probe.Target, error)
	// EnableLifecycle lets POST /-/reload reload the list.
	EnableLifecycle bool
	// RegionName returns the name of an endpoint's region for people; nil, or an empty name,
	// shows the id.
	RegionName func(catalog.Endpoint) string
	// OnResult is called with each result that was counted, from the goroutine that probed:
	// it must be quick and safe for concurrent use. May be nil.
	OnResult func(probe.Observation)

	// History remembers the results; nil: one in memory, which ends with the process.
	History *history.History

	// Collectors make metrics to be shown besides, such as those of the process.
	Collectors []prometheus.Collector
	Speaker    Speaker
	Notes      func() []view.Note // what else is wrong with the prober; quick, and safe for concurrent use; nil: nothing
	Build      BuildInfo
	Logger     *slog.Logger     // nil: nothing is logged
	Now        func() time.Time // nil: time.Now
	// Elapsed is the time since an instant of its own, which nobody sets: whatever becomes of
	// Now, turns come and durations are told by it. nil: the machine's.
	Elapsed func() time.Duration
}

// phaseBounds are the classic buckets of latencies.
func (c *Config) phaseBounds() []float64 {
	if c.ClassicHistograms {
		return phaseBounds
	}
	return nil
}

// withDefaults returns c with its zero values filled in, or what is wrong with it.
func (c Config) withDefaults() (Config, error) {
	if c.Prober == nil {
		return c, errors.New("monitor: no prober")
	}
	c.Interval = cmp.Or(c.Interval, DefaultInterval)
	c.Concurrency = cmp.Or(c.Concurrency, defaultConcurrency)
	c.Logger = cmp.Or(c.Logger, slog.New(slog.DiscardHandler))
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.History == nil {
		c.History = history.New(history.Config{Now: c.Now})
	}
	if c.Elapsed == nil {
		start := time.Now()
		c.Elapsed = func() time.Duration { return time.Since(start) }
	}
	switch {
	case c.Interval < MinInterval:
		return c, fmt.Errorf("monitor: interval %v is below %v", c.Interval, MinInterval)
	case c.Concurrency < 0:
		return c, fmt.Errorf("monitor: concurrency %d is negative", c.Concurrency)
	case c.Grace < 0:
		return c, fmt.Errorf("monitor: grace %v is negative", c.Grace)
	case !slices.Contains(Details(), c.Detail):
		return c, fmt.Errorf("monitor: unknown detail %q: want %q or %q", c.Detail, DetailEndpoint, DetailRegion)
	}
	if err := c.Shard.validate(); err != nil {
		return c, fmt.Errorf("monitor: shard: %w", err)
	}
	return c, nil
}
