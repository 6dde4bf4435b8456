package kit

import (
	"fmt"
	"maps"
	"slices"

	"prober/cloudapi"
	"prober/probe/reason"
)

// Asked rests on the replies to all of the questions, each from a server that was willing to
// answer.
func Asked(questions ...string) Basis {
	return Basis{On: questions, tells: func(s *Survey) (SkipReason, string) {
		if len(questions) == 0 {
			return NotApplicable, "the catalogue has no rule that a question could be made of"
		}
		for _, name := range questions {
			if why, text := s.Answer(name).missing(name); why != "" {
				return why, text
			}
		}
		return "", ""
	}}
}

// AskedEach rests on the replies to questions, each of which can show by itself that the
// requirement is broken. [Case.Each] goes through them.
func AskedEach(questions ...string) Basis {
	if len(questions) == 0 {
		return Asked()
	}
	return Basis{On: questions, tells: func(s *Survey) (SkipReason, string) {
		var why SkipReason
		var text string
		for _, name := range questions {
			if why, text = s.Answer(name).missing(name); why == "" {
				return "", ""
			}
		}
		return why, text
	}, part: func(s *Survey) (*Survey, string) { return s.answering(questions, Answer.missing) }}
}

// answering is the survey without those of the questions that brought nothing to judge.
func (s *Survey) answering(questions []string, missing func(Answer, string) (SkipReason, string)) (telling *Survey, lacking string) {
	part := *s
	part.Answers = maps.Clone(s.Answers)
	for _, name := range questions {
		if why, text := missing(s.Answer(name), name); why != "" {
			delete(part.Answers, name)
			if lacking == "" {
				lacking = text
			}
		}
	}
	return &part, lacking
}

// Each calls check with the answer to each of the questions that brought one.
func (c *Case) Each(questions []string, check func(a Answer)) {
	for _, name := range questions {
		if a, asked := c.Answers[name]; asked && a.Skip == "" {
			check(a)
		}
	}
}

// And rests on b, and on the replies to questions that [Case.Each] goes through.
func (b Basis) And(questions ...string) Basis { return b.and(questions, Answer.missing) }

// AndFramed is [Basis.And] for what frames a reply, which can be judged also where that keeps
// it from being read.
func (b Basis) AndFramed(questions ...string) Basis {
	return b.and(questions, func(a Answer, name string) (SkipReason, string) {
		if _, bad := badlyFramed(a); bad {
			return "", ""
		}
		return a.missing(name)
	})
}

func (b Basis) and(questions []string, missing func(Answer, string) (SkipReason, string)) Basis {
	tells, part := b.tells, b.part
	return Basis{On: append(append([]string{}, b.On...), questions...), Heavy: b.Heavy, tells: func(s *Survey) (SkipReason, string) {
		if why, text := tells(s); why != "" {
			if part == nil { // which all the rest depends on
				return why, text
			}
			for _, name := range questions { // where no address can tell, an answer may
				if none, _ := missing(s.Answer(name), name); none == "" {
					return "", ""
				}
			}
			return why, text
		}
		return "", ""
	}, part: func(s *Survey) (*Survey, string) {
		telling, lacking := s, ""
		if part != nil {
			telling, lacking = part(s)
		}
		telling, more := telling.answering(questions, missing)
		if lacking == "" {
			lacking = more
		}
		return telling, lacking
	}}
}

// AskedHeavily rests on the reply to one question, and on those to large ones. A server may
// also answer one above its limit by hanging up, so that there a broken connection is an
// answer. [Case.Each] goes through them.
func AskedHeavily(first string, within, above []string) Basis {
	b := Asked(first).and(append(append([]string{}, within...), above...), func(a Answer, name string) (SkipReason, string) {
		if slices.Contains(above, name) && a.HungUp() {
			return "", ""
		}
		return a.missing(name)
	})
	b.Heavy = true
	tells := b.tells
	b.tells = func(s *Survey) (SkipReason, string) {
		for _, name := range append(append([]string{}, within...), above...) { // not asked at all
			if a := s.Answer(name); a.Skip != "" && a.Skip != Inconclusive {
				return a.Skip, a.Why
			}
		}
		return tells(s)
	}
	return b
}

// missing says why an answer cannot be judged; "" when it can.
func (a Answer) missing(name string) (SkipReason, string) {
	x := a.Exchange
	switch {
	case a.Skip != "":
		return a.Skip, a.Why
	case x.Outcome == reason.Unknown && x.Status == 0:
		return Inconclusive, fmt.Sprintf("the question %q got no answer: %s: %s", name, x.Reason, x.Detail)
	case x.Status == 0, ofTheNetwork(x.Reason):
		return Inconclusive, fmt.Sprintf("the question %q broke off: %s: %s", name, x.Reason, x.Detail)
	case x.Outcome == reason.Fail && x.API == nil && x.APIProblem == "":
		return Inconclusive, fmt.Sprintf("the answer to the question %q could not be read: %s: %s", name, x.Reason, x.Detail)
	case x.Class == cloudapi.Throttled, x.API == nil && x.Status == 429: // the latter of a proxy in front of the API
		return Inconclusive, fmt.Sprintf("the question %q was throttled", name)
	}
	return "", ""
}

// HungUp reports whether the server ended the connection instead of answering.
func (a Answer) HungUp() bool {
	switch a.Exchange.Reason {
	case reason.RequestReset, reason.RequestEOF, reason.HeadersReset, reason.HeadersEOF:
		return a.Skip == "" && a.Exchange.Status == 0
	}
	return false
}
