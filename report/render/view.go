package render

import (
	"prober/limit"
	"prober/prose"
	"prober/report"
)

// view is a report with what its writers need of it, worked out once.
type view struct {
	*report.Report
	rows    []report.Row
	judged  report.Verdict
	summary report.Summary
	sights  []report.Sight // what was seen that no document tells
}

func newView(r *report.Report) *view {
	return &view{Report: r, rows: r.Rows(), judged: r.Judged(), summary: report.Summarize(r)}
}

// shown is the view of r with every text made visible and cut, for the formats that people read.
func shown(r *report.Report) (*view, error) {
	r, err := r.Rewritten(func(s string) string { return prose.WholeLines(prose.Visible(s), limit.ShownText) })
	if err != nil {
		return nil, err
	}
	return newView(r.Sorted()), nil
}

// told makes a writer of one that only refers to evidence.
func told(write func(*view) ([]byte, error)) func(*report.Report) ([]byte, error) {
	return func(r *report.Report) ([]byte, error) {
		v, err := shown(withoutEvidence(r))
		if err != nil {
			return nil, err
		}
		v.sights = report.FirstSeen(nil, r)
		return write(v)
	}
}

func withoutEvidence(r *report.Report) *report.Report {
	brief := *r
	brief.Evidence = nil
	return &brief
}
