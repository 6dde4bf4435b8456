package kit

import (
	"encoding/json"
	"fmt"

	"github.com/onsi/ginkgo/v2/types"

	"prober/catalog"
	"prober/probe"
	"prober/probe/command"
	"prober/probe/reason"
	"prober/report"
)

// evidenceEntry names the report entry that every spec adds.
const evidenceEntry = "evidence"

// Evidence is what a spec hands to the report: its verdict and what that rests on. All
// text in it is free of keys.
type Evidence struct {
	Result    report.Result     `json:"result"`
	Exchanges []report.Evidence `json:"exchanges,omitempty"` // the answers to questions that it rests on
}

// NewEvidence gathers the evidence of a verdict. Observations are referred to by the ids
// that [report.Recorder.Observed] gives them. reach
// is for the command that judges the spec again; nil for none.
func NewEvidence(s Spec, v Verdict, survey *Survey, reach Reach) Evidence {
	e := Evidence{Result: report.Result{
		Endpoint: s.Endpoint.ID, Requirement: s.Requirement.ID, Outcome: v.Outcome, Detail: v.Message,
		Reason: v.Cause.Reason, Reproduce: v.Cause.Reproduce,
	}}
	if v.Outcome == report.Skip {
		e.Result.Skip = report.SkipReason(v.Skip)
	}
	if survey == nil {
		return e
	}
	e.Result.Attempts = 1
	if survey.flaked(s.Basis) != "" {
		e.Result.Attempts = 2
	}
	for _, name := range s.Basis.On {
		switch name {
		case OverHTTPS:
			e.observed(survey.HTTPS)
		case OverHTTP:
			e.observed(survey.HTTP)
		default:
			e.answered(s.Endpoint, name, survey.Answer(name))
		}
	}
	switch {
	case !e.Result.Outcome.NeedsAttention():
	case e.Result.Reproduce == "":
		e.Result.Reproduce = again(s, reach)
	case v.Cause.Dated:
		e.Result.Reproduce += "   # for some minutes; later: " + again(s, reach)
	}
	return e
}

// again is the command that judges a spec once more: where a request was signed, no command
// of another program may hold it.
func again(s Spec, reach Reach) string {
	e := s.Endpoint
	words := []string{
		"prober", "conformance", "--product", e.Product, "--region", e.Region, "--network", string(e.Network), "--requirement", s.Requirement.ID,
	}
	if reach != nil {
		words = append(words, reach(e)...)
	}
	return command.Line(words...)
}

// Reach returns the flags that put another run of the program into the same environment as
// this one, as far as an endpoint goes.
type Reach func(e catalog.Endpoint) []string

func (e *Evidence) observed(o probe.Observation) {
	scheme := o.Scheme
	if scheme == "" {
		return // nothing was observed
	}
	e.Result.Evidence = append(e.Result.Evidence, o.Endpoint.ID+"/"+string(scheme))
	e.undecided(o.Reason, o.Reproduce)
}

// undecided names what kept a spec from being decided, or made it flaky. A failure has its
// cause already.
func (e *Evidence) undecided(r reason.Reason, reproduce string) {
	if o := e.Result.Outcome; o == report.Fail || !o.NeedsAttention() {
		return
	}
	if e.Result.Reason == reason.None {
		e.Result.Reason = r
	}
	if e.Result.Reproduce == "" {
		e.Result.Reproduce = reproduce
	}
}

func (e *Evidence) answered(at catalog.Endpoint, name string, a Answer) {
	if a.Skip != "" {
		return
	}
	id := at.ID + "/" + name
	e.Result.Evidence = append(e.Result.Evidence, id)
	e.undecided(a.Exchange.Reason, a.Reproduce)
	e.Exchanges = append(e.Exchanges, report.Evidence{
		ID: id, Endpoint: at.ID, Kind: report.Exchanged, Title: fmt.Sprintf("the question %q, asked of %s", name, a.Exchange.Address),
		Exchange: &report.Exchange{
			Sent:     report.NewWire([]byte(a.Exchange.Sent), nil),
			Received: report.NewWire([]byte(a.Exchange.Received), nil),
		},
	})
}

// EvidenceOf returns what a spec handed over, false when it is none of the kit's. Entries
// of the first process hold the Go value and no JSON, those of others the reverse.
func EvidenceOf(r types.SpecReport) (Evidence, bool, error) {
	for _, entry := range r.ReportEntries {
		if entry.Name != evidenceEntry {
			continue
		}
		var e Evidence
		data := []byte(entry.Value.AsJSON)
		if len(data) == 0 {
			var err error
			if data, err = json.Marshal(entry.Value.GetRawValue()); err != nil {
				return e, false, fmt.Errorf("evidence of %q: %w", r.FullText(), err)
			}
		}
		if err := json.Unmarshal(data, &e); err != nil {
			return e, false, fmt.Errorf("evidence of %q: %w", r.FullText(), err)
		}
		e.Result.Duration = report.Seconds(r.RunTime)
		return e, true, nil
	}
	return Evidence{}, false, nil
}
