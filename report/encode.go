package report

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"prober/prose"
)

// SchemaURL is where the JSON Schema of the format is found, relative to the repository.
const SchemaURL = "docs/report.schema.json"

// Encode returns r as JSON. The text is the same for the same content: results stand in the
// order of endpoints and requirements, evidence in that of endpoints and ids, each record
// on a line of its own, so that two reports can be compared with diff.
func Encode(r *Report) ([]byte, error) {
	var b bytes.Buffer
	err := EncodeTo(&b, r)
	return b.Bytes(), err
}

// EncodeTo is [Encode] to a writer, a record at a time.
func EncodeTo(w io.Writer, r *Report) error {
	b := bufio.NewWriter(w)
	separator := "{"
	v := reflect.ValueOf(*r.Sorted())
	for i := range v.NumField() {
		name, option, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		member := v.Field(i)
		if name == "-" || option == "omitempty" && member.IsZero() {
			continue
		}
		fmt.Fprintf(b, "%s\n  %q: ", separator, name)
		separator = ","
		if err := encodeMember(b, member); err != nil {
			return fmt.Errorf("encoding a report: %w", err)
		}
	}
	fmt.Fprint(b, "\n}\n")
	return b.Flush() // which tells of what could not be written before
}

// encodeMember writes a value, a list with one element a line.
func encodeMember(b *bufio.Writer, v reflect.Value) error {
	if v.Kind() != reflect.Slice {
		text, err := marshal(v.Interface())
		fmt.Fprintf(b, "%s", text)
		return err
	}
	separator, end := "[", "]"
	for i := range v.Len() {
		text, err := marshal(v.Index(i).Interface())
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "%s\n    %s", separator, text)
		separator, end = ",", "\n  ]"
	}
	if v.Len() == 0 {
		end = "[]"
	}
	fmt.Fprint(b, end)
	return nil
}

// marshal is json.Marshal that leaves <, > and & as they are, for no report is pasted into HTML as
// JSON, and writes as escapes what a terminal obeys or does not show.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return prose.JSON(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

// Sorted is r with results and evidence in the order in which reports list them.
func (r *Report) Sorted() *Report {
	sorted := *r
	sorted.sort()
	return &sorted
}

// sort puts results and evidence in order; lists that are not are copied first.
func (r *Report) sort() {
	endpoints, requirements := r.places()
	byPair := func(a, b Result) int {
		return cmp.Or(
			cmp.Compare(endpoints[a.Endpoint], endpoints[b.Endpoint]),
			cmp.Compare(requirements[a.Requirement], requirements[b.Requirement]),
		)
	}
	if !slices.IsSortedFunc(r.Results, byPair) {
		r.Results = slices.Clone(r.Results)
		slices.SortStableFunc(r.Results, byPair)
	}
	byID := func(a, b Evidence) int {
		return cmp.Or(cmp.Compare(endpoints[a.Endpoint], endpoints[b.Endpoint]), cmp.Compare(a.ID, b.ID))
	}
	if !slices.IsSortedFunc(r.Evidence, byID) {
		r.Evidence = slices.Clone(r.Evidence)
		slices.SortStableFunc(r.Evidence, byID)
	}
}
