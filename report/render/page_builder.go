package render

import (
	"fmt"
	"slices"
	"strings"

	"prober/probe/reason"
	"prober/report"
	"prober/report/prose"
)

// pageBuilder fills a pageView.
type pageBuilder struct {
	*view
	room     room
	v        *pageView
	evidence map[string]int  // places by id
	told     map[string]bool // the anchors of results that are findings
}

func newPageView(v *view, room room) (*pageView, error) {
	b := &pageBuilder{
		view: v, room: room, evidence: map[string]int{}, told: map[string]bool{},
		v: &pageView{Verdict: v.judged, Total: len(v.rows), Levels: report.Levels()},
	}
	for i, e := range v.Evidence {
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

func (b *pageBuilder) header() {
	r, v := b.Report, b.v
	v.Claim, v.Scope, v.Unverified, v.Legend = r.Claim(), r.Scope(), b.summary.Unverified(), cellLegend
	for _, o := range report.Outcomes() {
		v.Counts = append(v.Counts, countView{o, b.summary.Total.Of(o)})
	}
	fact := func(name, value string) {
		if value != "" {
			v.Facts = append(v.Facts, factView{name, value})
		}
	}
	fact("Run", r.Started.UTC().Format("2006-01-02 15:04:05 UTC")+", took "+reason.Seconds(r.Finished.Sub(r.Started)).String())
	fact("Program", strings.TrimSpace(fmt.Sprintf("%s %s %s %s/%s", r.Tool.Name, r.Tool.Version, r.Tool.Go, r.Environment.OS, r.Environment.Arch)))
	fact("Suite", strings.TrimSpace(r.Suite.Name+" "+r.Suite.Version))
	fact("Catalogue", fmt.Sprintf("%s, %s, digest %s", prose.OrNone(r.Catalogue.File), prose.Plural(r.Catalogue.Endpoints, "endpoint"), prose.Cut(r.Catalogue.Digest, 16)))
	fact("Resolvers", strings.Join(r.Environment.Resolvers, ", "))
	fact("Inside", strings.Join(r.Environment.Inside, ", "))
	fact("Faults", strings.Join(r.Environment.Faults, ", "))
	fact("Same run again", r.Environment.Command)
	for _, t := range b.summary.Products {
		v.Products = append(v.Products, t.Key)
	}
	for _, e := range r.Endpoints {
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
	list, open := b.attention()
	b.v.Quiet = max(0, len(list)-b.room.findings)
	for _, u := range open {
		b.v.Undecided = append(b.v.Undecided, b.undecided(u))
	}
	for _, row := range list[:min(len(list), b.room.findings)] {
		b.told[anchor(row)] = true
		f := findingView{Row: row, Aside: !row.Counts || row.Known || row.Outcome == report.Flaky || row.Outcome == report.Waived}
		f.Expected, f.Got = row.Apart()
		f.Expected, f.Got = prose.WholeLines(f.Expected, maxFindingText), prose.WholeLines(f.Got, maxFindingText)
		f.Detail = prose.WholeLines(strings.TrimSpace(row.BesideCommand()), maxFindingText)
		if row.Reason != reason.None {
			f.Doc = row.Reason.Doc()
		}
		for _, id := range row.Evidence {
			if i, ok := b.evidence[id]; ok {
				f.Evidence = append(f.Evidence, evidenceLink{Place: i, ID: id, Title: b.Evidence[i].Title})
			}
		}
		b.v.Findings = append(b.v.Findings, f)
	}
}

// undecided is one line for an endpoint, and what is folded behind it.
func (b *pageBuilder) undecided(u undecided) undecidedView {
	const maxCauses = 3
	v := undecidedView{EPlace: u.rows[0].EPlace, Endpoint: u.endpoint, Text: prose.Ellipsis(u.text(), maxFindingText)}
	place := map[string]int{}
	for _, row := range u.rows {
		line := openLine(row)
		i, known := place[line]
		if !known {
			if len(v.Causes) == maxCauses {
				v.More++
				continue
			}
			i = len(v.Causes)
			place[line] = i
			v.Causes = append(v.Causes, causeView{Text: prose.Ellipsis(line, maxFindingText), Reproduce: row.Reproduce})
		}
		v.Causes[i].Requirements = append(v.Causes[i].Requirements, row.Requirement)
	}
	return v
}

// anchor names a result within the page.
func anchor(row report.Row) string { return row.Endpoint + "/" + row.Requirement }

func (b *pageBuilder) details() error {
	shown, err := b.renderEvidence()
	if err != nil {
		return err
	}
	b.linkEvidence(shown)
	places := map[string]int{}
	for i, e := range b.Endpoints {
		places[e.ID] = i
		b.v.Endpoints = append(b.v.Endpoints, endpointView{Endpoint: e, Place: i})
	}
	for _, row := range b.rows {
		line := rowView{Anchor: anchor(row), Q: row.Q.ID, QPlace: row.QPlace, Outcome: row.Outcome, Word: row.Word()}
		if line.Finding = b.told[line.Anchor]; !line.Finding {
			line.Text = prose.Ellipsis(row.Line(), b.room.rowText)
		}
		for _, id := range row.Evidence {
			if i, ok := b.evidence[id]; ok && shown[i] != "" {
				line.Evidence = append(line.Evidence, i)
			}
		}
		at := &b.v.Endpoints[row.EPlace]
		at.add(row)
		at.Rows = append(at.Rows, line)
	}
	for i, e := range b.Evidence {
		at := &b.v.Endpoints[places[e.Endpoint]]
		if shown[i] == "" {
			at.Lacks++
			continue
		}
		at.Evidence = append(at.Evidence, evidenceView{Place: i, ID: e.ID, Title: e.Title, Body: shown[i]})
	}
	return nil
}

func (b *pageBuilder) matrices() {
	type place struct {
		endpoint int
		group    string
	}
	counts := map[place]*cell{}
	columns := map[[2]string]bool{} // product, group
	for _, row := range b.rows {
		at := place{row.EPlace, row.Q.Group}
		if counts[at] == nil {
			counts[at] = &cell{}
		}
		counts[at].add(row)
		columns[[2]string{row.E.Product, row.Q.Group}] = true
	}
	for _, product := range b.v.Products {
		m := matrixView{Product: product}
		for _, g := range b.v.Groups {
			if columns[[2]string{product, g}] {
				m.Groups = append(m.Groups, g)
			}
		}
		for i, e := range b.Endpoints {
			if e.Product != product {
				continue
			}
			row := matrixRow{Endpoint: e, Place: i}
			for _, g := range m.Groups {
				row.Cells = append(row.Cells, cellView{g, counts[place{i, g}]})
			}
			m.Rows = append(m.Rows, row)
		}
		b.v.Matrices = append(b.v.Matrices, m)
	}
}

func (b *pageBuilder) stated() {
	for _, q := range b.Requirements {
		b.v.Requirements = append(b.v.Requirements, requirementView{Requirement: q})
	}
	for _, row := range b.rows {
		b.v.Requirements[row.QPlace].Counts.Add(row.Outcome)
	}
}

func addNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
