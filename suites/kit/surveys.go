package kit

import (
	"context"
	"maps"
	"sync"
)

// Surveys are those of many endpoints, by id. [Plan.Survey] starts them, or [Surveys.Load]
// takes them over from another process; [Surveys.Of] waits for one.
type Surveys struct {
	mu  sync.Mutex
	all map[string]*pending
}

// pending is a survey that is under way until done is closed.
type pending struct {
	done   chan struct{}
	survey *Survey
}

// Load takes over surveys that another process collected.
func (s *Surveys) Load(surveys map[string]*Survey) {
	all := map[string]*pending{}
	for id, survey := range surveys {
		all[id] = &pending{done: make(chan struct{}), survey: survey}
		close(all[id].done)
	}
	s.set(all)
}

func (s *Surveys) set(all map[string]*pending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = all
}

// Of returns the survey of an endpoint, waiting for it if need be. It returns nil when ctx
// ends first, or when the endpoint is not being surveyed.
func (s *Surveys) Of(ctx context.Context, id string) *Survey {
	s.mu.Lock()
	under := s.all[id]
	s.mu.Unlock()
	if under == nil {
		return nil
	}
	select {
	case <-under.done:
		return under.survey
	case <-ctx.Done():
		return nil
	}
}

// All waits for every survey and returns them by endpoint id.
func (s *Surveys) All(ctx context.Context) map[string]*Survey {
	s.mu.Lock()
	ids := maps.Keys(s.all)
	s.mu.Unlock()
	all := map[string]*Survey{}
	for id := range ids {
		if survey := s.Of(ctx, id); survey != nil {
			all[id] = survey
		}
	}
	return all
}
