package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"prober/report/prose"
)

// SchemaURL is where the JSON Schema of the format is found, relative to the repository.
const SchemaURL = "docs/report.schema.json"

// Encode returns r as JSON. The text is the same for the same content: results stand in the
// order of endpoints and requirements, evidence in that of endpoints and ids, each record
// on a line of its own, so that two reports can be compared with diff.
func Encode(r *Report) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	v := reflect.ValueOf(*r.Sorted())
	for i := range v.NumField() {
		name, option, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		member := v.Field(i)
		if name == "-" || option == "omitempty" && member.IsZero() {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n  %q: ", name)
		if err := encodeMember(&b, member); err != nil {
			return nil, fmt.Errorf("encoding a report: %w", err)
		}
	}
	b.WriteString("\n}\n")
	return prose.JSON(b.Bytes()), nil
}

// encodeMember writes a value, a list with one element a line.
func encodeMember(b *bytes.Buffer, v reflect.Value) error {
	if v.Kind() != reflect.Slice {
		text, err := marshal(v.Interface())
		b.Write(text)
		return err
	}
	separator, end := "[", "]"
	for i := range v.Len() {
		text, err := marshal(v.Index(i).Interface())
		if err != nil {
			return err
		}
		b.WriteString(separator + "\n    ")
		b.Write(text)
		separator, end = ",", "\n  ]"
	}
	if v.Len() == 0 {
		b.WriteString(separator)
	}
	b.WriteString(end)
	return nil
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

// Sorted is r with results and evidence in the order in which reports list them.
func (r *Report) Sorted() *Report {
	sorted := *r
	sorted.Results, sorted.Evidence = slices.Clone(r.Results), slices.Clone(r.Evidence)
	sorted.sort()
	return &sorted
}

func (r *Report) sort() {
	endpoints, requirements := r.places()
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
