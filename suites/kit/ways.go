package kit

import (
	"context"
	"fmt"
	"mime"
	"strings"
	"sync"

	"prober/cloudapi"
	"prober/limit"
	"prober/probe"
)

// A way is how a request goes: by its method, its media type, and whether it is signed with the
// customer's key. A hop may treat one otherwise than the others; where none of the questions that
// go so is answered while others are, it is the way that does not work.
const signedWay = "signed with the customer's key"

// wayOf is the way of a request: "POST with application/json, signed with the customer's key".
func wayOf(r cloudapi.Request, needs Need) string {
	way := r.Method
	for _, f := range r.Header {
		if media, _, err := mime.ParseMediaType(f.Value); strings.EqualFold(f.Name, "Content-Type") && err == nil && len(r.Body) > 0 {
			way += " with " + media
		}
	}
	if needs != Nothing {
		way += ", " + signedWay
	}
	return way
}

// ways count what became of questions, by way, and of all signed ones together.
type ways struct {
	mu  sync.Mutex
	all map[string]*way
}

type way struct {
	answered, not int
	first         string // what became of the first that was not answered
}

// heard notes what became of a question. What says something about us alone is not counted.
func (w *ways) heard(a Answer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all == nil {
		w.all = map[string]*way{}
	}
	for _, name := range namesOf(a.Way) {
		of := w.all[name]
		if of == nil {
			of = &way{}
			w.all[name] = of
		}
		switch {
		case a.unanswered():
			if of.not++; of.not == 1 {
				of.first = a.summary()
			}
		case a.Exchange.Status != 0:
			of.answered++
		}
	}
}

func namesOf(way string) []string {
	if strings.HasSuffix(way, signedWay) {
		return []string{way, signedWay}
	}
	return []string{way}
}

// never says how it is known that no question of a way is answered: two were not, and no other
// was. It is empty where that is not known.
func (w *ways) never(way string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range namesOf(way) {
		if of := w.all[name]; of != nil && of.answered == 0 && of.not >= limit.SilencesInPhase {
			return fmt.Sprintf("none of %d requests (%s) was answered, the first %s", of.not, name, of.first)
		}
	}
	return ""
}

// judgeWays says of each question that was not answered whether that is so of all that go its
// way, or of itself time and again. A server that has gone away altogether is no such case: a
// question that was answered before must be answered still.
func (s *surveyor) judgeWays(ctx context.Context, t probe.Target, at *asked, questions []*Question) {
	var found []*Question
	for _, q := range questions {
		if a := s.survey.Answers[q.Name]; q.Over == "" && !q.Heavy && a.Way != "" && (a.Twice || a.Told() != nil && at.ways.never(a.Way) != "") {
			found = append(found, q)
		}
	}
	if len(found) == 0 || !s.answersStill(ctx, t, at, questions) {
		return
	}
	for _, q := range found {
		a := s.survey.Answers[q.Name]
		if a.Never = at.ways.never(a.Way); a.Never == "" {
			a.Never = "asked twice: " + a.summary()
		}
		s.survey.Answers[q.Name] = a
	}
}

// answersStill reports whether a question that was answered is so when it is asked once more.
func (s *surveyor) answersStill(ctx context.Context, t probe.Target, at *asked, questions []*Question) bool {
	for _, q := range questions {
		if a := s.survey.Answers[q.Name]; a.Told() != nil || q.Needs != Nothing || q.Heavy || q.Over != "" || q.After != nil {
			continue
		}
		again := s.question(ctx, t, &asked{addr: at.addr}, q)
		return again.Told() == nil
	}
	return false
}
