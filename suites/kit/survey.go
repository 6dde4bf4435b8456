package kit

import (
	"context"
	"sync"

	"prober/catalog"
	"prober/probe"
)

// Survey is everything that was collected about one endpoint.
type Survey struct {
	// HTTPS is the endpoint over HTTPS, with the version table of each address and the DNS
	// canary.
	HTTPS probe.Observation
	// HTTP is the endpoint over plain HTTP.
	HTTP probe.Observation
}

// Prober measures one target once.
type Prober interface {
	Probe(ctx context.Context, t probe.Target) probe.Observation
}

// Surveys collects the surveys of many endpoints, so many at once. They start with
// [Surveys.Start]; [Surveys.Of] waits for one of them.
type Surveys struct {
	mu   sync.Mutex
	done map[string]chan struct{}
	got  map[string]*Survey
}

// Start begins the surveys of targets, atOnce at a time, and returns without waiting.
// Those that have not begun when ctx ends come out as cut short.
func (s *Surveys) Start(ctx context.Context, p Prober, targets []probe.Target, atOnce int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done, s.got = map[string]chan struct{}{}, map[string]*Survey{}
	slots := make(chan struct{}, max(1, atOnce))
	for _, t := range targets {
		done := make(chan struct{})
		s.done[t.Endpoint.ID] = done
		go func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			survey := collect(ctx, p, t)
			s.mu.Lock()
			s.got[t.Endpoint.ID] = survey
			s.mu.Unlock()
			close(done)
		}()
	}
}

// collect surveys one endpoint. The two schemes are looked at in parallel.
func collect(ctx context.Context, p Prober, t probe.Target) *Survey {
	survey := &Survey{}
	var wg sync.WaitGroup
	wg.Go(func() {
		over := t
		over.Scheme = catalog.HTTP
		survey.HTTP = p.Probe(ctx, over)
	})
	t.Scheme, t.TLSVersions, t.Canary, t.EachResolver, t.Diagnose = catalog.HTTPS, true, true, true, true
	survey.HTTPS = p.Probe(ctx, t)
	wg.Wait()
	return survey
}

// Of returns the survey of an endpoint, waiting for it if need be. It returns nil when ctx
// ends first, or when the endpoint is not being surveyed.
func (s *Surveys) Of(ctx context.Context, id string) *Survey {
	s.mu.Lock()
	done := s.done[id]
	s.mu.Unlock()
	if done == nil {
		return nil
	}
	select {
	case <-done:
	case <-ctx.Done():
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got[id]
}

// All waits for every survey and returns them by endpoint id.
func (s *Surveys) All(ctx context.Context) map[string]*Survey {
	s.mu.Lock()
	ids := make([]string, 0, len(s.done))
	for id := range s.done {
		ids = append(ids, id)
	}
	s.mu.Unlock()
	all := make(map[string]*Survey, len(ids))
	for _, id := range ids {
		if survey := s.Of(ctx, id); survey != nil {
			all[id] = survey
		}
	}
	return all
}

// Load takes over surveys that another process collected.
func (s *Surveys) Load(all map[string]*Survey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done, s.got = map[string]chan struct{}{}, all
	ready := make(chan struct{})
	close(ready)
	for id := range all {
		s.done[id] = ready
	}
}
