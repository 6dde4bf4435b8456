package probe

import (
	"prober/limit"
	"prober/plain"
	"prober/probe/reason"
)

// verdict is the finding that decides, and all others beside it: what is wrong with a
// certificate must not hide that its key is weak too.
type verdict struct {
	reason.Finding
	also []reason.Finding
}

// only is the verdict of a single finding.
func only(r reason.Reason, detail string) verdict { return verdict{Finding: r.Found(detail)} }

// all are the findings, the one that decides first.
func (v verdict) all() []reason.Finding { return append([]reason.Finding{v.Finding}, v.also...) }

// text is the line for people, which names the other findings.
func (v verdict) text() string {
	text := v.Detail
	for _, f := range v.also {
		text += "; also " + f.Reason.String() + ": " + f.Detail
	}
	return text
}

// line is the text of a verdict as it can be shown.
func (p *Prober) line(t Target, v verdict) string {
	return plain.Line(p.redactor(t).Redact(v.text()), limit.DetailBytes)
}

// and adds what else was found.
func (v verdict) and(other verdict) verdict {
	return worst(append(append(v.all(), other.Finding), other.also...)...)
}

// worst returns the verdict of findings, of which [reason.Worst] decides.
func worst(findings ...reason.Finding) verdict {
	v := verdict{Finding: reason.Worst(findings...)}
	for _, f := range findings {
		if !f.OK() && f != v.Finding {
			v.also = append(v.also, f)
		}
	}
	return v
}

// outcome is that of a finding at an address which was reached so far. A defect that kept
// the request from being made is more than a defect.
func outcome(f reason.Finding, reached Phases) reason.Outcome {
	if o := f.Reason.Outcome(); o != reason.Degraded || reached.Reached >= reason.Request {
		return o
	}
	return reason.Fail
}
