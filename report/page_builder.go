package report

import (
	"fmt"
	"slices"
	"strings"

	"prober/probe/reason"
)

func newPageView(r *Report, room room) (*pageView, error) {
	sorted := *r
	sorted.Results, sorted.Evidence = slices.Clone(r.Results), slices.Clone(r.Evidence)
	sorted.sort()
	b := &pageBuilder{
		r: &sorted, room: room, endpoints: r.endpointIndex(), requirements: r.requirementIndex(),
		evidence: map[string]int{}, told: map[pair]bool{},
		v: &pageView{Report: &sorted, Verdict: sorted.judged(), Total: len(r.Results), Levels: Levels()},
	}
	for i, e := range sorted.Evidence {
		b.evidence[e.ID] = i
	}
	b.header()
	b.findings()
	if err := b.details(); err != nil {
		return nil, err
	}
	b.matrices()
	b.stated()
	return b.v, nil
}

type pageBuilder struct {
	r                       *Report
	room                    room
	v                       *pageView
	endpoints, requirements map[string]int // places by id
	evidence                map[string]int
	told                    map[pair]bool // results that are findings
}

func (b *pageBuilder) header() {
	r, v := b.r, b.v
	summary := Summarize(r)
	v.Claim, v.Scope, v.Unverified, v.Legend = r.claim(v.Verdict), r.scope(), summary.unverified(), cellLegend
	for _, o := range Outcomes() {
		place := "results"
		if o.NeedsAttention() {
			place = "attention"
		}
		v.Counts = append(v.Counts, countView{o, summary.Total.Of(o), place})
	}
	fact := func(name, value string) {
		if value != "" {
			v.Facts = append(v.Facts, factView{name, value})
		}
	}
	fact("Run", r.Started.UTC().Format("2006-01-02 15:04:05 UTC")+", took "+Seconds(r.Finished.Sub(r.Started)).String())
	fact("Program", strings.TrimSpace(fmt.Sprintf("%s %s %s %s/%s", r.Tool.Name, r.Tool.Version, r.Tool.Go, r.Environment.OS, r.Environment.Arch)))
	fact("Suite", strings.TrimSpace(r.Suite.Name+" "+r.Suite.Version))
	fact("Catalogue", fmt.Sprintf("%s, %s, digest %s", orNone(r.Catalogue.File), plural(r.Catalogue.Endpoints, "endpoint"), cut(r.Catalogue.Digest, 16)))
	fact("Resolvers", strings.Join(r.Environment.Resolvers, ", "))
	fact("Inside", strings.Join(r.Environment.Inside, ", "))
	fact("Faults", strings.Join(r.Environment.Faults, ", "))
	fact("Same run again", r.Environment.Command)
	for _, e := range r.Endpoints {
		v.Products = addNew(v.Products, e.Product)
		v.Networks = addNew(v.Networks, string(e.Network))
		if !slices.ContainsFunc(v.Regions, func(o optionView) bool { return o.Value == e.Region }) {
			v.Regions = append(v.Regions, optionView{e.Region, strings.TrimSpace(e.Region + " " + e.RegionName)})
		}
	}
	for _, q := range r.Requirements {
		v.Groups = addNew(v.Groups, q.Group)
	}
}

func (b *pageBuilder) findings() {
	counted := map[pair]bool{}
	for i, counts := range b.r.counted(b.v.Verdict) {
		counted[b.r.Results[i].pair()] = counts
	}
	list, open := b.r.attention()
	b.v.Quiet = max(0, len(list)-b.room.findings)
	for _, u := range open {
		b.v.Undecided = append(b.v.Undecided, b.undecided(u))
	}
	for _, res := range list[:min(len(list), b.room.findings)] {
		b.told[res.pair()] = true
		e, q := b.endpoints[res.Endpoint], b.requirements[res.Requirement]
		f := findingView{
			Result: res, E: b.r.Endpoints[e], Q: b.r.Requirements[q], EPlace: e, QPlace: q,
			Aside: !counted[res.pair()] || res.Known || res.Outcome == Flaky || res.Outcome == Waived,
		}
		f.Detail = wholeLines(strings.TrimSpace(f.detailBesideCommand()), maxFindingText)
		f.Expected, f.Got = wholeLines(f.Expected, maxFindingText), wholeLines(f.Got, maxFindingText)
		if res.Reason != reason.None {
			f.Doc = res.Reason.Doc()
		}
		for _, id := range res.Evidence {
			if i, ok := b.evidence[id]; ok {
				f.Evidence = append(f.Evidence, evidenceLink{Place: i, ID: id, Title: b.r.Evidence[i].Title})
			}
		}
		b.v.Findings = append(b.v.Findings, f)
	}
}

// undecided is one line for an endpoint, and what is folded behind it.
func (b *pageBuilder) undecided(u undecided) undecidedView {
	const maxCauses = 3
	v := undecidedView{EPlace: b.endpoints[u.Endpoint], Endpoint: u.Endpoint, Text: ellipsis(u.text(), maxFindingText)}
	place := map[string]int{}
	for _, res := range u.Results {
		line := res.openLine()
		i, known := place[line]
		if !known {
			if len(v.Causes) == maxCauses {
				v.More++
				continue
			}
			i = len(v.Causes)
			place[line] = i
			v.Causes = append(v.Causes, causeView{Text: ellipsis(line, maxFindingText), Reproduce: res.Reproduce})
		}
		v.Causes[i].Requirements = append(v.Causes[i].Requirements, res.Requirement)
	}
	return v
}

func (b *pageBuilder) details() error {
	shown, err := b.renderEvidence()
	if err != nil {
		return err
	}
	b.linkEvidence(shown)
	counts := make([]cell, len(b.r.Endpoints))
	for i, e := range b.r.Endpoints {
		b.v.Endpoints = append(b.v.Endpoints, endpointView{Endpoint: e, Place: i})
	}
	for _, res := range b.r.Results {
		i := b.endpoints[res.Endpoint]
		counts[i].add(res)
		row := rowView{
			Anchor: res.Endpoint + "/" + res.Requirement, Q: res.Requirement, QPlace: b.requirements[res.Requirement],
			Outcome: res.Outcome, Word: rowWord(res), Finding: b.told[res.pair()],
		}
		if !row.Finding {
			row.Text = ellipsis(res.line(), b.room.rowText)
		}
		for _, id := range res.Evidence {
			if i, ok := b.evidence[id]; ok && shown[i] != "" {
				row.Evidence = append(row.Evidence, i)
			}
		}
		b.v.Endpoints[i].Rows = append(b.v.Endpoints[i].Rows, row)
	}
	for i, e := range b.r.Evidence {
		at := &b.v.Endpoints[b.endpoints[e.Endpoint]]
		if shown[i] == "" {
			at.Lacks++
			continue
		}
		at.Evidence = append(at.Evidence, evidenceView{Place: i, ID: e.ID, Title: e.Title, Body: shown[i]})
	}
	for i := range b.v.Endpoints {
		b.v.Endpoints[i].Outcome = counts[i].Worst()
		b.v.Endpoints[i].Words = counts[i].words()
	}
	return nil
}

func rowWord(res Result) string {
	if res.Skip != "" {
		return string(res.Outcome) + ": " + string(res.Skip)
	}
	return string(res.Outcome)
}

func (b *pageBuilder) matrices() {
	counts := map[int]map[string]*cell{}
	for _, res := range b.r.Results {
		i := b.endpoints[res.Endpoint]
		if counts[i] == nil {
			counts[i] = map[string]*cell{}
		}
		group := b.r.Requirements[b.requirements[res.Requirement]].Group
		if counts[i][group] == nil {
			counts[i][group] = &cell{}
		}
		counts[i][group].add(res)
	}
	for _, product := range b.v.Products {
		m := matrixView{Product: product}
		for i, e := range b.r.Endpoints {
			if e.Product == product {
				for _, g := range b.v.Groups {
					if counts[i][g] != nil {
						m.Groups = addNew(m.Groups, g)
					}
				}
			}
		}
		for i, e := range b.r.Endpoints {
			if e.Product != product {
				continue
			}
			row := matrixRow{Endpoint: e, Place: i}
			for _, g := range m.Groups {
				shown := cellView{Group: g}
				if c := counts[i][g]; c != nil {
					shown.Outcome, shown.Brief, shown.Words = c.Worst(), c.brief(), c.words()
				}
				row.Cells = append(row.Cells, shown)
			}
			m.Rows = append(m.Rows, row)
		}
		b.v.Matrices = append(b.v.Matrices, m)
	}
}

func (b *pageBuilder) stated() {
	counts := make([]Counts, len(b.r.Requirements))
	for _, res := range b.r.Results {
		counts[b.requirements[res.Requirement]].add(res.Outcome)
	}
	for i, q := range b.r.Requirements {
		b.v.Requirements = append(b.v.Requirements, requirementView{q, i, counts[i].words()})
	}
}

func (c Counts) words() string {
	var parts []string
	for _, o := range Outcomes() {
		if n := c.Of(o); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	if len(parts) == 0 {
		return "no result"
	}
	return strings.Join(parts, ", ")
}

func addNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
