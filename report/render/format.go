package render

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"prober/files"
	"prober/report"
	"prober/suggest"
)

// Format is a form in which a report can be written.
type Format string

// The formats; see [Formats].
const (
	JSON        Format = "json"        // the report itself, as [report.Decode] reads it
	JUnit       Format = "junit"       // JUnit XML, for the test pages of CI systems
	Markdown    Format = "markdown"    // for a GitHub step summary
	Issue       Format = "issue"       // the same for the text of an issue, which holds less
	CodeQuality Format = "codequality" // a Code Quality report of GitLab
	HTML        Format = "html"        // one page that needs nothing else
	Annotations Format = "annotations" // GitHub workflow commands, for stdout of a step
	Badge       Format = "badge"       // an SVG for a README
	Prometheus  Format = "prometheus"  // for the textfile collector of the node exporter
)

// writer is how a format is written. A new one is a constant above, a line in [writers],
// and a file with its function.
type writer struct {
	format Format
	file   string // what a file of it is usually called
	dir    bool   // a report folder has one
	write  func(io.Writer, *report.Report) error
}

// writers are those of all formats.
func writers() []writer {
	return []writer{
		{JSON, "report.json", true, report.EncodeTo},
		{JUnit, "junit.xml", true, junit},
		{Markdown, "report.md", true, whole(told(markdown))},
		{Issue, "issue.md", false, whole(told(issue))},
		{CodeQuality, "codequality.json", false, whole(told(codeQuality))},
		{HTML, "report.html", true, whole(page)},
		{Annotations, "annotations.txt", false, whole(told(annotations))},
		{Badge, "badge.svg", false, whole(told(badge))},
		{Prometheus, "prober_conformance.prom", false, whole(told(textfile))},
	}
}

// Formats lists the formats.
func Formats() []Format {
	var all []Format
	for _, w := range writers() {
		all = append(all, w.format)
	}
	return all
}

// ParseFormat returns the format of that name.
func ParseFormat(s string) (Format, error) {
	w, err := writerOf(Format(s))
	return w.format, err
}

func writerOf(f Format) (writer, error) {
	all := writers()
	i := slices.IndexFunc(all, func(w writer) bool { return w.format == f })
	if i < 0 {
		names := make([]string, len(all))
		for i, w := range all {
			names[i] = string(w.format)
		}
		return writer{}, fmt.Errorf("unknown report format %q: want one of %s%s", f, strings.Join(names, ", "), suggest.Hint(string(f), names))
	}
	return all[i], nil
}

// Write writes r in format f. Every writer is deterministic: the same report gives the same
// bytes.
func Write(w io.Writer, r *report.Report, f Format) error {
	by, err := writerOf(f)
	if err != nil {
		return err
	}
	if err := by.write(w, r); err != nil {
		return fmt.Errorf("writing the report as %s: %w", f, err)
	}
	return nil
}

// whole makes a writer of what makes a text.
func whole(text func(*report.Report) ([]byte, error)) func(io.Writer, *report.Report) error {
	return func(w io.Writer, r *report.Report) error {
		b, err := text(r)
		if err != nil {
			return err
		}
		_, err = w.Write(b)
		return err
	}
}

// WriteFile writes r to a file, which it replaces in one step: whoever reads it meanwhile
// sees the old report or the new one, never a part.
func WriteFile(path string, r *report.Report, f Format) error {
	return files.Replace(path, func(w io.Writer) error { return Write(w, r, f) })
}

// WriteDir writes r to a folder, which it makes if it is missing, in the formats that
// people and CI systems read: report.json, junit.xml, report.md and report.html. Where one cannot be
// written, those of an earlier run stay: they are of one run.
func WriteDir(dir string, r *report.Report) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the report folder: %w", err)
	}
	var all []files.File
	for _, w := range writers() {
		if w.dir {
			all = append(all, files.File{Path: filepath.Join(dir, w.file), Write: func(out io.Writer) error { return Write(out, r, w.format) }})
		}
	}
	return files.ReplaceAll(all...)
}
