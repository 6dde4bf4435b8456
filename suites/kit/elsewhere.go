package kit

import (
	"context"
	"net/netip"
	"sync"

	"prober/probe"
)

// elsewhere are the answers of one more address.
type elsewhere struct {
	at      *asked
	answers map[*Question]Answer
}

// askOthers asks questions of every address that replied beside the first, of all at once: what one is silent to takes
// a time-out, and is asked again. They get half of what is under way at once, so that the first is asked beside them.
func (s *surveyor) askOthers(ctx context.Context, t probe.Target, first netip.Addr, questions []*Question) []elsewhere {
	var all []elsewhere
	if s.slow.enough() != nil {
		return nil
	}
	for _, other := range s.survey.main().Addresses {
		if other.Address != first && hasReply(other) {
			there := &asked{addr: other.Address}
			there.silent.before = " at this address"
			there.silent.heard("the probe", false, other.Reason)
			all = append(all, elsewhere{at: there})
		}
	}
	slots := make(chan struct{}, max(1, s.plan.AtOnce/2))
	var wg sync.WaitGroup
	for i, there := range all {
		wg.Go(func() {
			answers := s.answersOf(ctx, t, there.at, slots, questions)
			s.askSilentElsewhere(ctx, t, there.at, slots, answers)
			all[i].answers = answers
		})
	}
	wg.Wait()
	return all
}

// addElsewhere judges what other addresses answered, and adds it to the answers of the first.
func (s *surveyor) addElsewhere(ctx context.Context, t probe.Target, questions []*Question, others []elsewhere) {
	for _, there := range others {
		s.judgeElsewhere(ctx, t, there.at, there.answers)
		s.mu.Lock()
		for _, q := range questions {
			first := s.survey.Answers[q.Name]
			first.Elsewhere = append(first.Elsewhere, there.answers[q])
			s.survey.Answers[q.Name] = first
		}
		s.mu.Unlock()
	}
}

// answersOf are those of an address to questions.
func (s *surveyor) answersOf(ctx context.Context, t probe.Target, at *asked, slots chan struct{}, questions []*Question) map[*Question]Answer {
	var mu sync.Mutex
	answers := map[*Question]Answer{}
	eachIn(slots, questions, func(q *Question) {
		a := s.question(ctx, t, at, q)
		a.Name = q.Name
		mu.Lock()
		defer mu.Unlock()
		answers[q] = a
	})
	return answers
}

// askSilentElsewhere asks an address again, at once, what met silence there, as [surveyor.askSilentAgain] does
// the first one.
func (s *surveyor) askSilentElsewhere(ctx context.Context, t probe.Target, at *asked, slots chan struct{}, answers map[*Question]Answer) {
	var silent []*Question
	for q, a := range answers {
		if asksTogether(q, a) {
			silent = append(silent, q)
		}
	}
	if s.plan.Retries == 0 || len(silent) == 0 || !s.replies(ctx, t, at.addr) || !s.waits.leavesSome() {
		return
	}
	again := &asked{addr: at.addr, last: true}
	again.silent.before = ", as it met it before"
	for q, a := range s.answersOf(ctx, t, again, slots, silent) {
		first := answers[q]
		switch {
		case a.silentAgain():
			first.Twice = true
			answers[q] = first
		case a.Unasked == nil:
			answers[q] = a
			s.flaky(q.Name, first.summary())
		}
	}
}

// judgeElsewhere says of what an address did not answer time and again that it does not, while it answers what a
// probe asks. Where others failed once twice is chance, as at the first address.
func (s *surveyor) judgeElsewhere(ctx context.Context, t probe.Target, at *asked, answers map[*Question]Answer) {
	s.mu.Lock()
	chance := len(s.survey.Flaky) > 0
	s.mu.Unlock()
	var twice []*Question
	for q, a := range answers {
		if a.Twice && a.unanswered() {
			twice = append(twice, q)
		}
	}
	if chance || len(twice) == 0 || !s.replies(ctx, t, at.addr) {
		return
	}
	for _, q := range twice {
		a := answers[q]
		a.Never = "asked twice: " + a.summary()
		answers[q] = a
	}
}

// replies reports whether an address answers what a probe asks.
func (s *surveyor) replies(ctx context.Context, t probe.Target, addr netip.Addr) bool {
	still := &asked{addr: addr, last: true}
	still.silent.before = ", as it met others" // it is not asked twice then
	return s.question(ctx, t, still, probeCall()).Told() == nil
}
