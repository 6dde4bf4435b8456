package render

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"html/template"
	"strings"
	"time"

	"prober/probe"
	"prober/probe/reason"
	"prober/report"
)

// evidenceView is one piece of evidence, rendered.
type evidenceView struct {
	Place     int
	ID, Title string
	Body      template.HTML
}

// renderEvidence renders evidence, the most important first, until its room is taken. What
// is left out stays empty.
func (b *pageBuilder) renderEvidence() ([]template.HTML, error) {
	t, err := template.New("evidence").Parse(evidenceTemplate)
	if err != nil {
		return nil, err
	}
	out := make([]template.HTML, len(b.Evidence))
	links := make([]int, len(b.Evidence))
	for _, res := range b.Results {
		for _, id := range res.Evidence {
			if i, ok := b.evidence[id]; ok {
				links[i]++
			}
		}
	}
	// What a piece takes besides its body: its own fold, and a link to it in every row.
	const fold, link = 160, 40
	left := b.room.evidence
	for _, i := range b.byImportance() {
		e := b.Evidence[i]
		around := fold + len(e.ID) + len(e.Title) + link*links[i]
		if around > left {
			continue
		}
		v, err := newProof(e)
		if err != nil {
			return nil, fmt.Errorf("evidence %q: %w", e.ID, err)
		}
		var text bytes.Buffer
		if err := t.Execute(&text, v); err != nil {
			return nil, err
		}
		if around+text.Len() > left {
			continue
		}
		left -= around + text.Len()
		out[i] = template.HTML(text.String()) //nolint:gosec // escaped by the template
	}
	return out, nil
}

// byImportance lists the places of evidence: first that of the findings, in their order,
// then that of other broken results, then that of results that could not be decided, which
// mostly repeat a cause that is told already, and last what only shows that all is well.
func (b *pageBuilder) byImportance() []int {
	var order []int
	taken := map[int]bool{}
	take := func(ids []string) {
		for _, id := range ids {
			if i, ok := b.evidence[id]; ok && !taken[i] {
				taken[i] = true
				order = append(order, i)
			}
		}
	}
	for _, f := range b.v.Findings {
		take(f.Result.Evidence)
	}
	for _, wanted := range []func(report.Outcome) bool{
		func(o report.Outcome) bool { return o.NeedsAttention() && o != report.Inconclusive },
		func(o report.Outcome) bool { return o == report.Inconclusive },
		func(report.Outcome) bool { return true },
	} {
		for _, res := range b.Results {
			if wanted(res.Outcome) {
				take(res.Evidence)
			}
		}
	}
	for i := range b.Evidence { // what no result refers to
		take([]string{b.Evidence[i].ID})
	}
	return order
}

// linkEvidence tells the findings which of their evidence the page has.
func (b *pageBuilder) linkEvidence(shown []template.HTML) {
	b.v.Proofs = len(shown)
	for _, body := range shown {
		if body == "" {
			b.v.Lacks++
		}
	}
	for _, f := range b.v.Findings {
		for i := range f.Evidence {
			f.Evidence[i].Lacks = shown[f.Evidence[i].Place] == ""
		}
	}
}

// proof is what the template of evidence shows.
type proof struct {
	Note        string // an observation in words that this program does not know
	Exchange    []wireView
	Observation *probe.Observation
	Addresses   []addressView
}

type wireView struct {
	Way  string // what it is, and how much
	Wire report.Wire
	Hex  string
}

type addressView struct {
	probe.AddressResult
	Phases []phaseView
	// SameChain is the address whose certificates these are again; Chain is empty then.
	SameChain string
	Chain     []probe.Certificate
}

type phaseView struct {
	Name  string
	Took  string
	X, W  string // of a bar 100 wide
	Total bool
}

func newProof(e report.Evidence) (*proof, error) {
	p := &proof{}
	if x := e.Exchange; x != nil {
		p.Exchange = []wireView{
			{"Sent, " + x.Sent.Size(), x.Sent, hexDump(x.Sent.Hex)},
			{"Received, " + x.Received.Size(), x.Received, hexDump(x.Received.Hex)},
		}
		if d := x.Decoded; d != nil {
			p.Exchange = append(p.Exchange, wireView{"The body, decoded, " + d.Size(), *d, ""})
		}
	}
	if e.Observation == nil {
		return p, nil
	}
	o, err := report.ReadObservation(e.Observation)
	switch {
	case report.NewerWord(err):
		p.Note = string(e.Observation)
		return p, nil
	case err != nil:
		return nil, err
	}
	p.Observation = o
	chains := map[string]string{}
	for _, a := range o.Addresses {
		v := addressView{AddressResult: a, Phases: phaseViews(a.Phases)}
		if a.TLS != nil {
			v.Chain = a.TLS.Certificates
			key := chainKey(v.Chain)
			if same, ok := chains[key]; ok && len(v.Chain) > 0 {
				v.SameChain, v.Chain = same, nil
			}
			chains[key] = a.Address.String()
		}
		p.Addresses = append(p.Addresses, v)
	}
	return p, nil
}

func chainKey(chain []probe.Certificate) string {
	var b strings.Builder
	for _, c := range chain {
		b.WriteString(c.SHA256)
	}
	return b.String()
}

// phaseViews lays the phases out on a bar, in the order in which they happen.
func phaseViews(p probe.Phases) []phaseView {
	if p == (probe.Phases{}) {
		return nil
	}
	var sum time.Duration
	for _, ph := range probe.TimedPhases() {
		d, _ := p.Took(ph)
		sum += max(0, d)
	}
	var out []phaseView
	x := 0.0
	for _, ph := range probe.TimedPhases() {
		d, reached := p.Took(ph)
		if !reached {
			continue
		}
		w := 0.0
		if sum > 0 {
			w = 100 * float64(max(0, d)) / float64(sum)
		}
		out = append(out, phaseView{Name: ph.String(), Took: reason.Seconds(d).String(), X: fmt.Sprintf("%.1f", x), W: fmt.Sprintf("%.1f", w)})
		x += w
	}
	return append(out, phaseView{Name: "total", Took: reason.Seconds(p.Total).String(), Total: true})
}

// hexDump lays out hexadecimal digits as offset, bytes and text, sixteen bytes a line.
func hexDump(digits string) string {
	data, err := hex.DecodeString(digits)
	if err != nil {
		return digits // not ours: show what there is
	}
	return strings.TrimRight(hex.Dump(data), "\n")
}
