package kit

import (
	"context"
	"net/netip"
	"sync"

	"prober/probe"
)

// askOthers asks questions of every address that replied beside the first.
func (s *surveyor) askOthers(ctx context.Context, t probe.Target, at *asked, questions []*Question) {
	for _, other := range s.survey.main().Addresses {
		if other.Address != at.addr && hasReply(other) && s.slow.enough() == nil && at.silent.enough(false) == nil {
			there := &asked{addr: other.Address}
			there.silent.before = " at this address"
			there.silent.heard("the probe", false, other.Reason)
			s.askElsewhere(ctx, t, there, questions)
		}
	}
}

// askElsewhere asks questions of one more address.
func (s *surveyor) askElsewhere(ctx context.Context, t probe.Target, at *asked, questions []*Question) {
	answers := s.answersOf(ctx, t, at, questions)
	s.askSilentElsewhere(ctx, t, at, answers)
	s.judgeElsewhere(ctx, t, at, answers)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range questions {
		first := s.survey.Answers[q.Name]
		first.Elsewhere = append(first.Elsewhere, answers[q])
		s.survey.Answers[q.Name] = first
	}
}

// answersOf are those of an address to questions.
func (s *surveyor) answersOf(ctx context.Context, t probe.Target, at *asked, questions []*Question) map[*Question]Answer {
	var mu sync.Mutex
	answers := map[*Question]Answer{}
	s.each(questions, func(q *Question) {
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
func (s *surveyor) askSilentElsewhere(ctx context.Context, t probe.Target, at *asked, answers map[*Question]Answer) {
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
	for q, a := range s.answersOf(ctx, t, again, silent) {
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
