package monitor

import (
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Monitor probes a list of endpoints over and over and keeps what it saw. Make one with
// [New]; its methods are safe for concurrent use.
type Monitor struct {
	config   Config
	created  time.Time
	template *template.Template // of the status page

	// list is what Gather and the pages read; Apply puts another one in its place.
	list atomic.Pointer[list]

	reload  reloadState
	vantage vantage
	running atomic.Bool
	ready   atomic.Bool // every endpoint of the first list has a result

	adhoc chan struct{} // a token per ad-hoc probe

	applying sync.Mutex // held by Apply, which is rare
	wake     chan struct{}
	working  sync.WaitGroup

	mu       sync.Mutex // over what follows
	schedule schedule
	queue    queue
	stopped  bool // nothing more is started
	inFlight int  // probes
	workers  int  // goroutines
	overruns uint64
	missed   uint64
	lateness histogram
}

// list is one list of endpoints with what belongs to it. It does not change.
type list struct {
	endpoints []*endpoint // by host, the first label of their metrics
	byID      map[string]*endpoint
	detail    Detail
	groups    []*group // empty for DetailEndpoint
}

// reloadState is what the reload metrics show.
type reloadState struct {
	mu         sync.Mutex
	successful bool
	at         time.Time // of the last success
}

// New returns a Monitor over c.Targets. It probes nothing until [Monitor.Run].
func New(c Config) (*Monitor, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	m := &Monitor{config: c, created: c.Now(), template: pageTemplate(), wake: make(chan struct{}, 1), adhoc: make(chan struct{}, c.Concurrency)}
	m.list.Store(&list{detail: DetailEndpoint})
	if err := m.Apply(c.Targets); err != nil {
		return nil, err
	}
	m.config.Targets = nil // what Apply keeps of them is enough
	return m, nil
}

// ErrNoReload is returned by [Monitor.Reload] when the Monitor cannot read its list anew.
var ErrNoReload = errors.New("reloading is not set up")

// Reload reads the list anew through Config.Load and applies it. When that fails the old
// list stays, and the metric prober_config_last_reload_successful tells.
func (m *Monitor) Reload() error {
	if m.config.Load == nil {
		return ErrNoReload
	}
	targets, err := m.config.Load()
	if err == nil {
		err = m.Apply(targets)
	}
	if err != nil {
		m.reload.mu.Lock()
		m.reload.successful = false
		m.reload.mu.Unlock()
		m.config.Logger.Error("reload failed, the old list stays", "err", clean(err.Error()))
	}
	return err
}

// notReadyError says which endpoints of the first list have no result yet.
type notReadyError struct {
	waiting, of int
	ids         []string // some of them
}

func (e *notReadyError) Error() string {
	more := ""
	if e.waiting > len(e.ids) {
		more = ", ..."
	}
	return fmt.Sprintf("waiting for the first result of %d of %d endpoints: %s%s",
		e.waiting, e.of, strings.Join(e.ids, ", "), more)
}

// Ready returns nil when every endpoint of the first list has a result, and else says
// what is still awaited.
func (m *Monitor) Ready() error {
	switch {
	case !m.running.Load():
		return errors.New("the schedule is not running")
	case m.ready.Load():
		return nil
	}
	l := m.list.Load()
	waiting := 0
	var ids []string
	for _, e := range l.endpoints {
		if !e.probed() {
			waiting++
			if len(ids) < 5 {
				ids = append(ids, e.id)
			}
		}
	}
	if waiting == 0 {
		m.ready.Store(true)
		return nil
	}
	slices.Sort(ids)
	return &notReadyError{waiting: waiting, of: len(l.endpoints), ids: ids}
}
