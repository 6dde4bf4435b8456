package kit

import (
	"cmp"
	"fmt"

	"prober/catalog"
	"prober/probe"
	"prober/probe/command"
	"prober/probe/reason"
	"prober/report"
)

// Entry is what a spec hands to the report: its verdict and what that rests on. All
// text in it is free of keys.
type Entry struct {
	Result    report.Result     `json:"result"`
	Exchanges []report.Evidence `json:"exchanges,omitempty"` // the answers to questions that it rests on
}

// NewEntry makes the entry of a verdict. Observations are referred to by the ids
// that [report.Recorder.Observed] gives them.
func NewEntry(s Spec, v Verdict, survey *Survey) Entry {
	e := Entry{Result: report.Result{
		Endpoint: s.Endpoint.ID, Requirement: s.Requirement.ID, Outcome: v.Outcome, Skip: v.Skip, Detail: v.Message,
		Expected: v.Expected, Got: v.Got, Reason: v.Reason, Reproduce: v.Reproduce,
	}}
	if survey == nil {
		return e
	}
	e.Result.Attempts = 1
	if survey.flaked(s.Requirement.Judge) != "" {
		e.Result.Attempts = 2
	}
	for _, l := range s.Requirement.Judge.looks {
		if l.Question != nil {
			e.answered(*s.Endpoint, survey.answer(l.Name()))
		} else {
			e.observed(survey.over(l.Over))
		}
	}
	switch {
	case !e.Result.Outcome.NeedsAttention():
	case e.Result.Reproduce == "":
		e.Result.Reproduce = again(s)
	case v.Dated:
		e.Result.Reproduce += "   # for some minutes; later: " + again(s)
	}
	return e
}

// again is the command that judges a spec once more: where a request was signed, no command
// of another program may hold it.
func again(s Spec) string {
	e := s.Endpoint
	words := []string{
		"prober", "conformance", "--product", e.Product, "--region", e.Region, "--network", string(e.Network), "--requirement", s.Requirement.ID,
	}
	if s.plan != nil && s.plan.Reach != nil {
		words = append(words, s.plan.Reach(*e)...)
	}
	return command.Line(words...)
}

func (e *Entry) observed(o probe.Observation) {
	if o.Scheme != "" { // something was observed
		e.rests(o.Endpoint.ID+"/"+string(o.Scheme), o.Reason, o.Reproduce)
	}
}

// rests adds evidence, and names what kept a spec from being decided, or made it flaky. A
// failure has its reason already.
func (e *Entry) rests(id string, r reason.Reason, reproduce string) {
	e.Result.Evidence = append(e.Result.Evidence, id)
	if o := e.Result.Outcome; o != report.Fail && o.NeedsAttention() {
		e.Result.Reason = cmp.Or(e.Result.Reason, r)
		e.Result.Reproduce = cmp.Or(e.Result.Reproduce, reproduce)
	}
}

func (e *Entry) answered(at catalog.Endpoint, a Answer) {
	e.exchanged(at, a, at.ID+"/"+a.Name)
	for _, other := range a.Elsewhere {
		e.exchanged(at, other, at.ID+"/"+a.Name+"@"+other.Exchange.Address.String())
	}
}

func (e *Entry) exchanged(at catalog.Endpoint, a Answer, id string) {
	if a.Unasked != nil {
		return
	}
	if a.Told() == nil && a.Exchange.Reason == reason.None { // it has no part in what is undecided
		a.Reproduce = ""
	}
	e.rests(id, a.Exchange.Reason, a.Reproduce)
	e.Exchanges = append(e.Exchanges, report.Evidence{
		ID: id, Endpoint: at.ID, Kind: report.Exchanged, Title: fmt.Sprintf("the question %q, asked of %s", a.Name, a.Exchange.Address),
		Exchange: report.NewExchange(a.Exchange.Evidence), Duration: reason.Seconds(a.Exchange.Phases.Total),
	})
}
