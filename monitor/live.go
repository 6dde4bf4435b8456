package monitor

import (
	"cmp"
	"slices"
	"time"

	"prober/history"
	"prober/monitor/page"
	"prober/monitor/view"
)

// live is the monitor as a source of its own pages.
type live struct{ *Monitor }

// Now implements Source.
func (l live) Now() time.Time { return l.config.Now() }

// Standing implements Source.
func (l live) Standing() view.Standing {
	now := l.config.Now()
	c := l.cadence(now)
	return view.Standing{
		Now: now, Speaker: l.config.Speaker.words(l.config.Build), Created: l.created, Interval: l.config.Interval,
		Cadence: view.Sentence{Words: c.Words(), State: c.State()}, Notes: l.notes(), Waiting: l.waiting(), Caveat: l.caveat(),
		Suspects: l.vantage.suspected(), Products: l.list.Load().products,
		Version: l.config.Build.Version, Place: cmp.Or(l.config.Speaker.Vantage, l.config.Speaker.Host),
	}
}

// Results implements Source.
func (l live) Results(ids []string) map[string][]view.ResultStatus {
	all := make(map[string][]view.ResultStatus, len(ids))
	for _, id := range ids {
		if s, listed := l.Status(id); listed {
			all[id] = s.Results
		}
	}
	return all
}

// ProductName implements Source.
func (l live) ProductName(id string) string {
	e := l.list.Load().byID[id]
	if e == nil {
		return ""
	}
	t := e.currentTarget()
	return cmp.Or(t.Product.Name, t.Endpoint.Product)
}

// Past implements Source.
func (l live) Past(id string, span time.Duration) view.Past {
	s, listed := l.Status(id)
	if !listed {
		return view.Past{}
	}
	return page.Remembered(l.remembered, &s, span, l.config.Now())
}

// Listed implements Keeper.
func (l live) Listed(id string) bool { return l.list.Load().byID[id] != nil }

// Counted implements Keeper.
func (l live) Counted(id string) bool {
	e := l.list.Load().byID[id]
	if e == nil {
		return false
	}
	t := e.currentTarget()
	return canTell(&t)
}

// HasRegion implements Keeper.
func (l live) HasRegion(region string) bool {
	return slices.ContainsFunc(l.list.Load().endpoints, func(e *endpoint) bool {
		t := e.currentTarget()
		return t.Endpoint.Region == region
	})
}

// Recalled implements Keeper.
func (l live) Recalled(i *history.Incident) *history.Incident {
	i.Reproduce = l.standing(i.Reproduce, i.Begin)
	return i
}
