package kit

import (
	"encoding/json"
	"fmt"

	"github.com/onsi/ginkgo/v2/types"

	"prober/catalog"
	"prober/probe"
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
// that [report.Recorder.Observed] gives them.
func NewEvidence(s Spec, v Verdict, survey *Survey) Evidence {
	e := Evidence{Result: report.Result{
		Endpoint: s.Endpoint.ID, Requirement: s.Requirement.ID, Outcome: v.Outcome, Detail: v.Message,
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
			e.observed(survey.HTTPS, v)
		case OverHTTP:
			e.observed(survey.HTTP, v)
		default:
			e.answered(s.Endpoint, name, survey.Answer(name))
		}
	}
	if e.Result.Outcome.NeedsAttention() && e.Result.Reproduce == "" {
		e.Result.Reproduce = again(s)
	}
	return e
}

// again is the command that judges a spec once more: where a request was signed, no command
// of another program may hold it.
func again(s Spec) string {
	e := s.Endpoint
	return fmt.Sprintf("prober conformance --product %s --region %s --network %s --requirement %s", e.Product, e.Region, e.Network, s.Requirement.ID)
}

func (e *Evidence) observed(o probe.Observation, v Verdict) {
	scheme := o.Scheme
	if scheme == "" {
		return // nothing was observed
	}
	e.Result.Evidence = append(e.Result.Evidence, o.Endpoint.ID+"/"+string(scheme))
	if !v.Outcome.NeedsAttention() {
		return
	}
	if e.Result.Reason == reason.None {
		e.Result.Reason = o.Reason
	}
	if e.Result.Reproduce == "" {
		e.Result.Reproduce = o.Reproduce
	}
}

func (e *Evidence) answered(at catalog.Endpoint, name string, a Answer) {
	if a.Skip != "" {
		return
	}
	id := at.ID + "/" + name
	e.Result.Evidence = append(e.Result.Evidence, id)
	if e.Result.Outcome.NeedsAttention() && e.Result.Reproduce == "" {
		e.Result.Reproduce = a.Reproduce
	}
	if e.Result.Outcome.NeedsAttention() && e.Result.Reason == reason.None {
		e.Result.Reason = a.Exchange.Reason
	}
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
