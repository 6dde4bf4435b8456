package report

import (
	"encoding/json"
	"errors"
	"fmt"

	"prober/files"
	"prober/limit"
	"prober/strict"
)

// ErrVersion says that a report has a version that this package does not read.
var ErrVersion = errors.New("unknown report version")

// Decode reads a report as [Encode] writes it. It is strict, as package strict has it: an unknown
// field, one that is given twice or is null, a value of the wrong type, anything after the report,
// or a report that is not valid or beyond the bounds of package limit is an error, which begins
// with name. A report of another version is an [ErrVersion]. Summary and verdict are worked out
// anew from the results, by the policy that the verdict names, so that neither says more than they
// do; a verdict that contradicts them is an error.
func Decode(name string, data []byte) (*Report, error) {
	if len(data) > limit.ReportBytes {
		return nil, fmt.Errorf("%s: %d bytes are more than a report may have, %d", name, len(data), limit.ReportBytes)
	}
	var v struct {
		Version *int `json:"version"`
	}
	switch err := json.Unmarshal(data, &v); {
	case err != nil: // of which strict knows the line
	case v.Version == nil:
		return nil, fmt.Errorf("%s: no report: it has no version", name)
	case *v.Version != Version:
		return nil, fmt.Errorf("%s: %w %d: this program reads version %d", name, ErrVersion, *v.Version, Version)
	}
	r := &Report{}
	if err := strict.Unmarshal(name, data, r); err != nil {
		return nil, err
	}
	for _, b := range []struct {
		what    string
		n, most int
	}{{"results", len(r.Results), limit.ReportResults}, {"endpoints", len(r.Endpoints), limit.ReportEndpoints}} {
		if b.n > b.most {
			return nil, fmt.Errorf("%s: %d %s are more than a report may have, %d", name, b.n, b.what, b.most)
		}
	}
	if err := r.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r.sort()
	r.Summary = Summarize(r)
	if r.Verdict != nil {
		v := r.Judged()
		r.Verdict = &v
	}
	return r, nil
}

// ReadFile reads a report from a file, as [Decode] does.
func ReadFile(from files.Reader, path string) (*Report, error) {
	data, err := from.Read(path, limit.ReportBytes)
	if err != nil {
		return nil, fmt.Errorf("reading a report: %w", err)
	}
	return Decode(path, data)
}
