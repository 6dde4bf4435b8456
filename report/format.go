package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Format is a form in which a report can be written.
type Format string

// The formats; see [Formats].
const (
	JSON        Format = "json"        // the report itself, as [Decode] reads it
	JUnit       Format = "junit"       // JUnit XML, for the test pages of CI systems
	Markdown    Format = "markdown"    // for a GitHub step summary
	HTML        Format = "html"        // one page that needs nothing else
	Annotations Format = "annotations" // GitHub workflow commands, for stdout of a step
	Badge       Format = "badge"       // an SVG for a README
	Prometheus  Format = "prometheus"  // for the textfile collector of the node exporter
)

// Formats lists the formats.
func Formats() []Format {
	return []Format{JSON, JUnit, Markdown, HTML, Annotations, Badge, Prometheus}
}

// FileName returns what a file of this format is usually called, "" for an unknown one.
func (f Format) FileName() string {
	return map[Format]string{
		JSON: "report.json", JUnit: "junit.xml", Markdown: "report.md", HTML: "report.html",
		Annotations: "annotations.txt", Badge: "badge.svg", Prometheus: "prober_conformance.prom",
	}[f]
}

// Write writes r in format f. Every writer is deterministic: the same report gives the same
// bytes.
func Write(w io.Writer, r *Report, f Format) error {
	var text []byte
	var err error
	switch f {
	case JSON:
		text, err = Encode(r)
	case JUnit:
		text, err = junit(r)
	case Markdown:
		text, err = markdown(r, maxMarkdown)
	case HTML:
		text, err = page(r)
	case Annotations:
		text, err = annotations(r)
	case Badge:
		text = badge(r)
	case Prometheus:
		text = textfile(r)
	default:
		return fmt.Errorf("unknown report format %q: want one of %v", f, Formats())
	}
	if err != nil {
		return fmt.Errorf("writing the report as %s: %w", f, err)
	}
	_, err = w.Write(text)
	return err
}

// WriteFile writes r to a file, which it replaces in one step: whoever reads it meanwhile
// sees the old report or the new one, never a part.
func WriteFile(path string, r *Report, f Format) error {
	var text bytes.Buffer
	if err := Write(&text, r, f); err != nil {
		return err
	}
	return replaceFile(path, text.Bytes())
}

// WriteDir writes r to a folder, which it makes if it is missing, in the formats that
// people and CI systems read: report.json, junit.xml, report.md and report.html.
func WriteDir(dir string, r *Report) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the report folder: %w", err)
	}
	var errs []error
	for _, f := range []Format{JSON, JUnit, Markdown, HTML} {
		errs = append(errs, WriteFile(filepath.Join(dir, f.FileName()), r, f))
	}
	return errors.Join(errs...)
}

// ReadFile reads a report from a file, as [Decode] does.
func ReadFile(path string) (*Report, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading a report: %w", err)
	}
	return Decode(path, data)
}

// ParseFormat returns the format of that name.
func ParseFormat(s string) (Format, error) {
	if !slices.Contains(Formats(), Format(s)) {
		return "", fmt.Errorf("unknown report format %q: want one of %v", s, Formats())
	}
	return Format(s), nil
}

// replaceFile writes a file beside path and renames it.
func replaceFile(path string, text []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	_, err = tmp.Write(text)
	// A temporary file is the owner's alone; a report is for everybody that may enter the
	// folder, such as the node exporter.
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		if gone := os.Remove(tmp.Name()); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
		return fmt.Errorf("writing %q: %w", path, err)
	}
	return nil
}
