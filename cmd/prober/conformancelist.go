package main

import (
	"bufio"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"prober/report"
	"prober/suites/kit"
	"prober/suites/run"
)

// listedSpec is one thing that would be judged, as --list prints it in JSON.
type listedSpec struct {
	Endpoint    string       `json:"endpoint"`
	Requirement string       `json:"requirement"`
	Level       report.Level `json:"level"`
	Group       string       `json:"group"`
	Spec        string       `json:"spec"`             // what the endpoint does: "refuses SSLv3"
	Waiver      string       `json:"waiver,omitempty"` // what one in --waivers has in store for a failure
}

// listSpecs prints what would be judged.
func (a *app) listSpecs(o *conformanceOptions) error {
	specs, waivers, err := run.List(&o.ConformanceOptions, a.runEnvironment())
	if err != nil {
		return a.unlessNothingFailed(err)
	}
	if o.output == outputTable {
		return fail(writeSpecs(a.out, specs, waivers))
	}
	list := make([]listedSpec, len(specs))
	for i := range specs {
		list[i] = listedOf(&specs[i], waivers)
	}
	return a.printJSON(list)
}

func listedOf(s *kit.Spec, waivers report.Waivers) listedSpec {
	id, at := s.Requirement.ID, s.Endpoint.ID
	return listedSpec{at, id, s.Requirement.Level, s.Requirement.Group(), s.Text, waivers.Of(id, at)}
}

// writeSpecs writes a table of specs, of which there may be millions: they are gone through twice, so that nothing is
// kept of them.
func writeSpecs(out io.Writer, specs []kit.Spec, waivers report.Waivers) error {
	w := bufio.NewWriterSize(out, 64<<10)
	heads := [4]string{"ENDPOINT", "REQUIREMENT", "LEVEL", "GROUP"}
	cells := func(s *kit.Spec) [4]string {
		l := listedOf(s, nil)
		return [4]string{l.Endpoint, l.Requirement, string(l.Level), l.Group}
	}
	var widths [4]int
	widen := func(row [4]string) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	widen(heads)
	for i := range specs {
		widen(cells(&specs[i]))
	}
	blanks := strings.Repeat(" ", 2+slices.Max(widths[:]))
	write := func(row [4]string, last string) {
		for i, cell := range row {
			_, _ = w.WriteString(cell) // Flush tells
			_, _ = w.WriteString(blanks[:2+widths[i]-utf8.RuneCountInString(cell)])
		}
		_, _ = w.WriteString(last)
		_ = w.WriteByte('\n')
	}
	write(heads, "SPEC")
	for i := range specs {
		last := specs[i].Text
		if waiver := waivers.Of(specs[i].Requirement.ID, specs[i].Endpoint.ID); waiver != "" {
			last += " (" + waiver + ")"
		}
		write(cells(&specs[i]), last)
	}
	return w.Flush()
}
