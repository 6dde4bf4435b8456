package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"prober/limit"
	"prober/prose"
)

// findings collects what is wrong with a file.
type findings struct {
	file    string
	at      lines
	errs    Errors
	surplus int
	group   string          // of a list of Prometheus' file_sd, that the last mistake about labels is in
	labels  map[string]bool // what was told of that group's labels
}

// add is given what it does not need once there are enough: nothing is worked out for those.
func (f *findings) add(offset int, path, format string, args ...any) {
	if f.again(path, format) {
		return
	}
	if len(f.errs) == limit.ShownErrors {
		f.surplus++
		return
	}
	f.errs = append(f.errs, Error{File: f.file, Line: f.at.line(offset), Field: prose.Middle(path, limit.ShownLine/4), Problem: prose.Middle(fmt.Sprintf(format, args...), limit.ShownLine)})
}

// again reports whether a mistake is one about the labels of a group that was told already: it is found at each of its targets, one
// after the other.
func (f *findings) again(path, format string) bool {
	group, label, of := strings.Cut(path, "].labels")
	if !of || !strings.HasPrefix(group, "[") {
		return false
	}
	if group != f.group {
		f.group, f.labels = group, map[string]bool{}
	}
	what := label + ": " + format
	known := f.labels[what]
	f.labels[what] = true
	return known
}

// errors are those found in the order of their lines, and how many there are besides.
func (f *findings) errors() Errors {
	slices.SortStableFunc(f.errs, func(a, b Error) int { return cmp.Compare(a.Line, b.Line) })
	if f.surplus > 0 {
		f.errs = append(f.errs, Error{File: f.file, Line: f.at.last, Problem: fmt.Sprintf("and %d errors more", f.surplus)})
	}
	return f.errs
}
