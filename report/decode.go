package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrVersion says that a report has a version that this package does not read.
var ErrVersion = errors.New("unknown report version")

// Decode reads a report as [Encode] writes it. It is strict: an unknown field, a value of
// the wrong type, anything after the report, or a report that is not valid is an error,
// which begins with name. A report of another version is an [ErrVersion]. Summary and
// verdict are worked out anew from the results, by the policy that the verdict names, so
// that neither says more than they do; a verdict that contradicts them is an error.
func Decode(name string, data []byte) (*Report, error) {
	var v struct {
		Version *int `json:"version"`
	}
	switch err := json.Unmarshal(data, &v); {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, located(data, err))
	case v.Version == nil:
		return nil, fmt.Errorf("%s: no report: it has no version", name)
	case *v.Version != Version:
		return nil, fmt.Errorf("%s: %w %d: this program reads version %d", name, ErrVersion, *v.Version, Version)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	r := &Report{}
	if err := dec.Decode(r); err != nil {
		return nil, fmt.Errorf("%s: %w", name, located(data, err))
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("%s: something follows the report", name)
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
func ReadFile(path string) (*Report, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading a report: %w", err)
	}
	return Decode(path, data)
}

// located adds the line to an error of encoding/json that knows where it happened.
func located(data []byte, err error) error {
	var offset int64
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = syntax.Offset
	} else if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		offset = kind.Offset
	} else {
		return err
	}
	offset = min(offset, int64(len(data)))
	return fmt.Errorf("line %d: %w", 1+bytes.Count(data[:offset], []byte("\n")), err)
}
