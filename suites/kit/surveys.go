package kit

import (
	"context"
	"sync"

	"prober/probe"
)

// Surveys collects the surveys of many endpoints, so many at once. They start with
// [Plan.Survey]; [Surveys.Of] waits for one of them.
type Surveys struct {
	mu   sync.Mutex
	done map[string]chan struct{}
	got  map[string]*Survey
}

// Survey begins the surveys of targets, atOnce at a time, and returns without waiting. They
// look at what [Plan.Look] named. Those that have not begun when ctx ends come out as cut
// short.
func (p *Plan) Survey(ctx context.Context, prober Prober, targets []probe.Target, atOnce int) {
	s := p.Surveys
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
			survey := collect(ctx, prober, p, t)
			s.mu.Lock()
			s.got[t.Endpoint.ID] = survey
			s.mu.Unlock()
			close(done)
		}()
	}
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
