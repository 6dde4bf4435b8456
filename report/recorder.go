package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// Recorder collects the results of a run. It may be used by several goroutines at once.
// Every string that it is given goes through its Redactor before it is kept.
type Recorder struct {
	redact  Redactor
	waivers Waivers

	mu       sync.Mutex
	report   Report
	evidence map[string]int // place by id
	err      error
}

// NewRecorder begins a report. start holds everything that is known before the first
// result: tool, environment, catalogue, suite, selection, dates, requirements, endpoints.
func NewRecorder(start Report, redact Redactor) *Recorder {
	clean, err := rewritten(start, redact)
	clean.Version, clean.Schema = Version, SchemaURL
	return &Recorder{redact: redact, report: clean, evidence: map[string]int{}, err: err}
}

// Waive makes the failures that waivers are for waived ones. It is called before [Recorder.Add].
func (r *Recorder) Waive(w Waivers) { r.waivers = w }

// Add keeps a result.
func (r *Recorder) Add(res Result) {
	res, expired := r.waivers.apply(res)
	clean, err := rewritten(res, r.redact)
	clean.Duration = reason.Seconds(res.Duration.Duration().Round(time.Microsecond))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = cmp.Or(r.err, err) // the first
	r.report.Results = append(r.report.Results, clean)
	if expired {
		r.report.Expired = append(r.report.Expired, clean)
	}
}

// AddEvidence keeps a piece of evidence, once for each id. Other content under the same id
// is an error.
func (r *Recorder) AddEvidence(e Evidence) error {
	clean, err := rewritten(e, r.redact)
	if err != nil {
		return fmt.Errorf("evidence %q: %w", e.ID, err)
	}
	clean.Duration = reason.Seconds(e.Duration.Duration().Round(time.Microsecond))
	if x := clean.Exchange; x != nil && r.redact != nil {
		x.again(r.redact)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if i, ok := r.evidence[clean.ID]; ok {
		if !reflect.DeepEqual(r.report.Evidence[i], clean) {
			return fmt.Errorf("evidence %q: there is other evidence of this name", clean.ID)
		}
		return nil
	}
	r.evidence[clean.ID] = len(r.report.Evidence)
	r.report.Evidence = append(r.report.Evidence, clean)
	return nil
}

// Observed keeps the observation of one probe and returns the id to refer to it by, which
// is the endpoint's id and the scheme, as in "kms/cn-beijing/public/https".
func (r *Recorder) Observed(o probe.Observation) (string, error) {
	id := o.Endpoint.ID + "/" + string(o.Scheme)
	data, err := json.Marshal(o)
	if err != nil {
		return "", fmt.Errorf("evidence %q: %w", id, err)
	}
	return id, r.AddEvidence(Evidence{ID: id, Endpoint: o.Endpoint.ID, Kind: Observed, Title: "one probe over " + o.Scheme.Spoken(), Observation: data})
}

// Report ends the run and returns its report, which is valid, or says what is wrong.
func (r *Recorder) Report(finished time.Time) (*Report, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return nil, r.err
	}
	done := r.report.Sorted()
	// A list without elements is one all the same.
	done.Requirements, done.Endpoints = append([]Requirement{}, done.Requirements...), append([]Endpoint{}, done.Endpoints...)
	done.Results, done.Evidence = append([]Result{}, done.Results...), append([]Evidence{}, done.Evidence...)
	done.Finished = finished
	done.Summary = Summarize(done)
	if err := done.Validate(); err != nil {
		return nil, err
	}
	return done, nil
}

// EndpointsOf describes the selected endpoints of a catalogue.
func EndpointsOf(c *catalog.Catalog, selected []catalog.Endpoint) []Endpoint {
	out := make([]Endpoint, len(selected))
	for i, e := range selected {
		out[i] = Endpoint{
			ID: e.ID, Product: e.Product, Region: e.Region, RegionName: c.RegionName(e), Network: e.Network,
			Host: e.Host, Lifecycle: e.Lifecycle, Line: c.Line(e.ID),
		}
	}
	return out
}
