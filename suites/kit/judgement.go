package kit

import (
	"slices"

	"github.com/onsi/gomega/types"

	"prober/catalog"
	"prober/probe"
	"prober/probe/dns"
	"prober/probe/reason"
	"prober/report"
)

// Judgement is how a requirement is judged: what it looks at, and what it demands of each
// piece of that. The functions of this file make judgements; [All] and [Given] combine them.
type Judgement struct {
	looks      []Look                  // in the order in which a report lists the evidence
	agreements []agreement             // what surveys ask again where it does not hold
	verdicts   func(c *Case) []Verdict // judges each piece of evidence
}

func (j Judgement) heavy() bool {
	for _, l := range j.looks {
		if l.Question != nil && l.Question.Heavy {
			return true
		}
	}
	return false
}

// Address is what was seen at one address of an endpoint.
type Address struct {
	probe.AddressResult
	Of probe.Observation // which the address is of
}

// Lookup is what was seen of an endpoint's name: the observation over HTTPS, or over the one scheme
// of the endpoint, of which its resolvers' answers, and where they lead, are judged.
type Lookup struct{ probe.Observation }

// EachAddress demands that every address over a scheme matches. An address that was not probed
// cannot tell, and neither can a name without addresses.
func EachAddress(over catalog.Scheme, m ...types.GomegaMatcher) Judgement {
	return EachAddressBy(over, matching[Address](m))
}

// EachAddressBy is [EachAddress] with a judgement of one's own.
func EachAddressBy(over catalog.Scheme, judge func(c *Case, a Address)) Judgement {
	return Judgement{looks: []Look{{Over: over}}, verdicts: func(c *Case) []Verdict { return c.addresses(over, judge) }}
}

// SomeAddress demands that one address over a scheme matches. It is broken where all addresses
// can tell that they do not.
func SomeAddress(over catalog.Scheme, m ...types.GomegaMatcher) Judgement {
	return Judgement{looks: []Look{{Over: over}}, verdicts: func(c *Case) []Verdict { return []Verdict{some(c.addresses(over, matching[Address](m)))} }}
}

func matching[E any](all []types.GomegaMatcher) func(c *Case, e E) {
	return func(c *Case, e E) { c.Expect(e, all...) }
}

func (c *Case) addresses(over catalog.Scheme, judge func(c *Case, a Address)) []Verdict {
	o := c.Survey.over(over)
	if err := observable(o); err != nil {
		return []Verdict{undecided(err)}
	}
	var verdicts []Verdict
	for _, a := range o.Addresses {
		v := verdictOf(func() { judge(c, Address{a, o}) })
		if v.Outcome == report.Inconclusive {
			v.Message = a.Address.String() + ": " + v.Message
		}
		verdicts = append(verdicts, v)
	}
	if err := unprobed(o); err != nil {
		verdicts = append(verdicts, undecided(err))
	}
	return verdicts
}

// unprobed says that there are addresses about which nothing is known, or none at all.
func unprobed(o probe.Observation) error {
	switch {
	case len(o.Addresses) == 0:
		return cannotTell("the name has no address: %s", o.Reason)
	case o.DNS != nil && len(o.Addresses) < len(o.DNS.Addresses) && !dns.IsLocalhost(o.DNS.Host): // of which those where nobody listens are left out
		return cannotTell("%d of its %d addresses were probed", len(o.Addresses), len(o.DNS.Addresses))
	}
	return nil
}

// Name demands that the lookup of the endpoint's name matches.
func Name(m ...types.GomegaMatcher) Judgement { return NameBy(matching[Lookup](m)) }

// NameBy is [Name] with a judgement of one's own.
func NameBy(judge func(c *Case, l Lookup)) Judgement { return NameOver(catalog.HTTPS, judge) }

// NameOver is [NameBy] where the name is looked up for requests over a scheme.
func NameOver(over catalog.Scheme, judge func(c *Case, l Lookup)) Judgement {
	return Judgement{looks: []Look{{Over: over}}, verdicts: func(c *Case) []Verdict {
		return []Verdict{verdictOf(func() { judge(c, Lookup{c.Survey.over(over)}) })}
	}}
}

// Matching judges a piece of evidence by matchers, for the functions that take a judgement of one's
// own.
func Matching[E any](m ...types.GomegaMatcher) func(c *Case, e E) { return matching[E](m) }

// EachReply demands that the reply to every question matches. Without a question nothing is
// demanded.
func EachReply(questions []*Question, m ...types.GomegaMatcher) Judgement {
	return eachAnswer(questions, matching[Answer](m))
}

// EachReplyBy is [EachReply] with a judgement of one's own, which gets no answer that is none
// of a server that was willing to answer.
func EachReplyBy(questions []*Question, judge func(c *Case, a Answer)) Judgement {
	return eachAnswer(questions, func(c *Case, a Answer) {
		if err := a.Told(); err != nil {
			c.Skip(err)
		}
		judge(c, a)
	})
}

// Reply is [EachReply] for one question.
func Reply(q *Question, m ...types.GomegaMatcher) Judgement {
	return EachReply([]*Question{q}, m...)
}

// ReplyBy is [EachReplyBy] for one question.
func ReplyBy(q *Question, judge func(c *Case, a Answer)) Judgement {
	return EachReplyBy([]*Question{q}, judge)
}

// eachAnswer judges whatever came of every question, be it no reply at all.
func eachAnswer(questions []*Question, judge func(c *Case, a Answer)) Judgement {
	j := Judgement{verdicts: func(c *Case) []Verdict {
		if len(questions) == 0 {
			return []Verdict{undecided(NotApplicable("the catalogue has no rule that a question could be made of"))}
		}
		var verdicts, elsewhere []Verdict
		for _, q := range questions {
			a := c.Answer(q)
			verdicts = append(verdicts, verdictOf(func() { judge(c, a) }))
			for _, other := range a.Elsewhere {
				v := verdictOf(func() { judge(c, other) })
				if v.Outcome == report.Inconclusive {
					v.Message = other.Exchange.Address.String() + ": " + v.Message
				}
				elsewhere = append(elsewhere, v)
			}
		}
		return append(verdicts, elsewhere...)
	}}
	for _, q := range questions {
		j.looks = append(j.looks, Look{Question: q})
	}
	return j
}

// Noting writes down what came of a question, be it nothing, and demands nothing of it.
func Noting(q *Question, note func(c *Case, a Answer)) Judgement {
	j := eachAnswer([]*Question{q}, note)
	verdicts := j.verdicts
	j.verdicts = func(c *Case) []Verdict { _ = verdicts(c); return nil }
	return j
}

// Given judges by then only where the reply to a question passes a check: everything that
// needs a good key rests on a call which shows that it is one.
func Given(q *Question, check func(c *Case, a Answer), then Judgement) Judgement {
	first := ReplyBy(q, check)
	j := All(first, then)
	j.verdicts = func(c *Case) []Verdict {
		if verdicts := first.verdicts(c); verdicts[0].Outcome != report.Pass {
			return verdicts[:1]
		}
		return then.verdicts(c)
	}
	return j
}

// All demands what every one of several judgements demands.
func All(judgements ...Judgement) Judgement {
	var all Judgement
	seen := map[string]bool{}
	for _, j := range judgements {
		all.agreements = append(all.agreements, j.agreements...)
		for _, l := range j.looks {
			if !seen[l.Name()] {
				all.looks = append(all.looks, l)
			}
			seen[l.Name()] = true
		}
	}
	all.verdicts = func(c *Case) []Verdict {
		var verdicts []Verdict
		for _, j := range judgements {
			verdicts = append(verdicts, j.verdicts(c)...)
		}
		return verdicts
	}
	return all
}

// Depending chooses the judgement of what is seen over a scheme by the endpoint and the date
// of the run.
func Depending(over catalog.Scheme, choose func(c *Case) Judgement) Judgement {
	return Judgement{looks: []Look{{Over: over}}, verdicts: func(c *Case) []Verdict { return choose(c).verdicts(c) }}
}

// Whole judges an observation as a whole: what its addresses have to do with each other. One
// that cannot tell anything is not judged.
func Whole(over catalog.Scheme, judge func(c *Case, o probe.Observation)) Judgement {
	return Judgement{looks: []Look{{Over: over}}, verdicts: func(c *Case) []Verdict {
		o := c.Survey.over(over)
		return []Verdict{verdictOf(func() {
			if err := observable(o); err != nil {
				c.Skip(err)
			}
			judge(c, o)
		})}
	}}
}

// observable says why an observation cannot tell anything; nil when it can. What is undecided
// because of a reply, of an API that throttles say, tells what came before it.
func observable(o probe.Observation) error {
	if o.Outcome == reason.Unknown && !slices.ContainsFunc(o.Addresses, hasReply) {
		return unobserved(o)
	}
	return undemandedFamily(o)
}

// unobserved says what kept an observation from being decided.
func unobserved(o probe.Observation) error {
	switch o.Reason {
	case reason.ProberPrivateNetwork:
		return Skip(report.PrivateNetwork, o.Detail)
	case reason.None:
		return cannotTell("nothing was observed")
	}
	return cannotTell("%s: %s", o.Reason, o.Detail)
}

// undemandedFamily says that a name has no address of the one family that was asked about:
// no document demands either.
func undemandedFamily(o probe.Observation) error {
	if l := o.DNS; l != nil && l.Reason == reason.ResolveNoData && len(l.Families) == 1 {
		return NotApplicable("only one address family was asked about, and no document demands it")
	}
	return nil
}

// WherePossible leaves out of a judgement what is skipped, and what does not apply: what a run
// does not ask for want of a key takes nothing from what other evidence shows.
func WherePossible(j Judgement) Judgement {
	verdicts := j.verdicts
	j.verdicts = func(c *Case) []Verdict {
		return slices.DeleteFunc(verdicts(c), func(v Verdict) bool {
			return v.Outcome == report.Skip || v.Outcome == report.NotApplicable
		})
	}
	return j
}

// WhereShown leaves of a judgement what is shown to be broken: what cannot be told of further
// evidence takes nothing from what other evidence shows.
func WhereShown(j Judgement) Judgement {
	verdicts := j.verdicts
	j.verdicts = func(c *Case) []Verdict {
		return slices.DeleteFunc(verdicts(c), func(v Verdict) bool { return v.Outcome != report.Fail })
	}
	return j
}

// Together demands that the replies to several questions match as a whole, those that came.
func Together(questions []*Question, m types.GomegaMatcher) Judgement {
	j := eachAnswer(questions, func(*Case, Answer) {})
	j.verdicts = func(c *Case) []Verdict {
		return []Verdict{verdictOf(func() { c.Expect(c.Survey.answers(questions), m) })}
	}
	return j
}

// TogetherAgain is [Together] for what may change while it is asked for: where the replies do not match, all are
// asked for once more, and what matches then has changed in between.
func TogetherAgain(questions []*Question, m types.GomegaMatcher) Judgement {
	j := Together(questions, m)
	j.agreements = []agreement{{questions, m}}
	return j
}

// Asked judges by then only where all of some questions were asked: that a run leaves large
// ones out is said before anything that its key lacks.
func Asked(questions []*Question, then Judgement) Judgement {
	verdicts := then.verdicts
	then.verdicts = func(c *Case) []Verdict {
		for _, q := range questions {
			if u := c.Answer(q).Unasked; u != nil && u.Outcome == report.Skip {
				return []Verdict{*u}
			}
		}
		return verdicts(c)
	}
	return then
}
