package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// SchemaURL is where the JSON Schema of the format is found, relative to the repository.
const SchemaURL = "docs/report.schema.json"

// Encode returns r as JSON. The text is the same for the same content: results stand in the
// order of endpoints and requirements, evidence in that of endpoints and ids, each record
// on a line of its own, so that two reports can be compared with diff.
func Encode(r *Report) ([]byte, error) {
	sorted := *r
	sorted.Results, sorted.Evidence = slices.Clone(r.Results), slices.Clone(r.Evidence)
	sorted.sort()

	var b bytes.Buffer
	b.WriteString("{\n")
	e := encoder{b: &b}
	if r.Schema != "" {
		e.member("$schema", r.Schema)
	}
	e.member("version", r.Version)
	e.member("tool", r.Tool)
	e.member("environment", r.Environment)
	e.member("catalogue", r.Catalogue)
	e.member("suite", r.Suite)
	e.member("selection", r.Selection)
	e.member("as_of", r.AsOf)
	e.member("started", r.Started)
	e.member("finished", r.Finished)
	if r.Verdict != nil {
		e.member("verdict", r.Verdict)
	}
	e.member("summary", r.Summary)
	list(&e, "requirements", sorted.Requirements)
	list(&e, "endpoints", sorted.Endpoints)
	list(&e, "results", sorted.Results)
	list(&e, "evidence", sorted.Evidence)
	b.WriteString("\n}\n")
	if e.err != nil {
		return nil, fmt.Errorf("encoding a report: %w", e.err)
	}
	return b.Bytes(), nil
}

// encoder writes the members of one object, a line each, and keeps the first error.
type encoder struct {
	b     *bytes.Buffer
	err   error
	begun bool
}

func (e *encoder) name(name string) {
	if e.begun {
		e.b.WriteString(",\n")
	}
	e.begun = true
	fmt.Fprintf(e.b, "  %q: ", name)
}

func (e *encoder) value(v any) {
	text, err := marshal(v)
	if err != nil && e.err == nil {
		e.err = err
	}
	e.b.Write(text)
}

func (e *encoder) member(name string, v any) {
	e.name(name)
	e.value(v)
}

// list writes a member that is a list, one element a line.
func list[T any](e *encoder, name string, elements []T) {
	e.name(name)
	e.b.WriteByte('[')
	for i, v := range elements {
		if i > 0 {
			e.b.WriteByte(',')
		}
		e.b.WriteString("\n    ")
		e.value(v)
	}
	if len(elements) > 0 {
		e.b.WriteString("\n  ")
	}
	e.b.WriteByte(']')
}

// marshal is json.Marshal that leaves <, > and & as they are: no report is pasted into
// HTML as JSON.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// sort puts results and evidence into the order in which reports list them.
func (r *Report) sort() {
	endpoints, requirements := r.endpointIndex(), r.requirementIndex()
	slices.SortStableFunc(r.Results, func(a, b Result) int {
		return cmp.Or(
			cmp.Compare(endpoints[a.Endpoint], endpoints[b.Endpoint]),
			cmp.Compare(requirements[a.Requirement], requirements[b.Requirement]),
		)
	})
	slices.SortStableFunc(r.Evidence, func(a, b Evidence) int {
		return cmp.Or(cmp.Compare(endpoints[a.Endpoint], endpoints[b.Endpoint]), cmp.Compare(a.ID, b.ID))
	})
}

// endpointIndex maps the ids of endpoints to their places in r.
func (r *Report) endpointIndex() map[string]int {
	index := make(map[string]int, len(r.Endpoints))
	for i, e := range r.Endpoints {
		index[e.ID] = i
	}
	return index
}

// requirementIndex maps the ids of requirements to their places in r.
func (r *Report) requirementIndex() map[string]int {
	index := make(map[string]int, len(r.Requirements))
	for i, q := range r.Requirements {
		index[q.ID] = i
	}
	return index
}
