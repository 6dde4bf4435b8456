package monitor

import (
	"errors"
	"slices"
	"strings"

	"prober/monitor/phrase"
	"prober/probe"
	"prober/prose"
)

// Apply makes targets the list to probe, as far as they belong to the shard. Endpoints
// that stay the same keep everything that was counted and seen; new ones get a first
// probe soon; the others are dropped with all their metrics. An error, which names the
// offending endpoint, leaves the old list in place.
//
// Each endpoint id may be listed once: an endpoint is monitored over one scheme.
func (m *Monitor) Apply(targets []probe.Target) error {
	m.applying.Lock()
	defer m.applying.Unlock()
	if err := validate(targets); err != nil {
		return err
	}
	if m.config.Shard != (Shard{}) {
		targets = slices.DeleteFunc(slices.Clone(targets), func(t probe.Target) bool { return !m.config.Shard.Has(t.Endpoint.ID) })
	}

	now := m.config.Now()
	old := m.list.Load()
	l, fresh := newList(targets, old, &m.config, now)
	removed := 0
	for id, e := range old.byID {
		if l.byID[id] != e {
			e.remove()
			removed++
		}
	}
	m.remember(l, fresh, len(old.endpoints) == 0)
	m.list.Store(l)
	m.recording.Lock()
	m.settle(m.vantage.reset(l.endpoints, m.elapsed()))
	m.recording.Unlock()

	m.mu.Lock()
	m.reload = reloaded{successful: true, at: now}
	m.mu.Unlock()
	if m.running.Load() {
		m.replan(l.endpoints, fresh, m.steady())
	}
	m.config.Logger.Info("list applied", "endpoints", len(l.endpoints), "added", len(fresh), "removed", removed,
		"shard", m.config.Shard.String(), "detail", string(l.detail))
	return nil
}

// Validate says what [Monitor.Apply] would refuse about a list, without applying it.
func Validate(targets []probe.Target) error { return validate(targets) }

// ErrNoReload is returned by [Monitor.Reload] when the Monitor cannot read its list anew.
var ErrNoReload = errors.New("reloading is not set up")

// Reload reads the list anew through Config.Load and applies it. When that fails the old
// list stays, and the metric prober_config_last_reload_successful tells.
func (m *Monitor) Reload() error {
	if m.config.Load == nil {
		return ErrNoReload
	}
	m.reloading.Lock() // what is read last is applied last
	defer m.reloading.Unlock()
	targets, err := m.config.Load()
	if err == nil {
		err = m.Apply(targets)
	}
	if err != nil {
		why := refusal(err)
		m.mu.Lock()
		m.reload.successful, m.reload.failed, m.reload.why = false, m.config.Now(), why
		m.mu.Unlock()
		m.config.Logger.Error("reload failed, the old list stays", "err", why)
	}
	return err
}

// refusal says on one line why a list was refused, without a password in a URL of it.
func refusal(err error) string {
	return phrase.Clean(prose.NoUserinfo(strings.ReplaceAll(err.Error(), "\n", "; ")))
}
