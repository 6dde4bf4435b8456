package kit

import (
	"context"
	"maps"
	"sync"

	"prober/catalog"
	"prober/probe"
)

// Survey is everything that was collected about one endpoint. It is data: a parallel run
// hands it from one process to another.
type Survey struct {
	// HTTPS is the endpoint over HTTPS, with the version table of each address and the DNS
	// canary; of an endpoint of another kind than http it is the endpoint over what its kind is
	// probed over.
	HTTPS probe.Observation
	// HTTP is the endpoint over plain HTTP.
	HTTP probe.Observation
	// PlainOnly: it was looked at over plain HTTP alone, which then has what else HTTPS has.
	PlainOnly bool
	// Answers are those to questions, by name. They were asked of the first address that
	// replied over HTTPS, or over the one scheme that the endpoint has.
	Answers map[string]Answer
	// Flaky says what failed at first and not when asked again, by the name of a [Look], or of what several of
	// them have to agree on.
	Flaky map[string]string
}

// main is the observation that questions rest on.
func (s *Survey) main() *probe.Observation {
	if s.PlainOnly {
		return &s.HTTP
	}
	return &s.HTTPS
}

func (s *Survey) over(scheme catalog.Scheme) probe.Observation {
	if scheme == catalog.HTTP {
		return s.HTTP
	}
	return s.HTTPS
}

// answer returns the answer to a question; one that says so when it was never asked.
func (s *Survey) answer(name string) Answer {
	a, ok := s.Answers[name]
	if !ok {
		a = unasked(cannotTell("the question %q was not asked", name))
		a.Name = name
	}
	return a
}

// answers are those to several questions, from every address.
func (s *Survey) answers(questions []*Question) []Answer {
	var all []Answer
	for _, q := range questions {
		first := s.answer(q.Name)
		all = append(append(all, first), first.Elsewhere...)
	}
	return all
}

func (s *Survey) flaked(j Judgement) string {
	for _, l := range j.looks {
		if text := s.Flaky[l.Name()]; text != "" {
			return text
		}
	}
	for _, a := range j.agreements {
		if text := s.Flaky[a.name()]; text != "" {
			return text
		}
	}
	return ""
}

// Look is a part of a survey: the observation over a scheme, or the answer to a question.
type Look struct {
	Over     catalog.Scheme // empty for a question
	Question *Question
}

// Name is "https", "http", or the question's name.
func (l Look) Name() string {
	if l.Question != nil {
		return l.Question.Name
	}
	return string(l.Over)
}

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
	case <-ctx.Done():
		select { // what is there already is there
		case <-under.done:
		default:
			return nil
		}
	}
	return under.survey
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
