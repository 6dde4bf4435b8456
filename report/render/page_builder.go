package render

import (
	"fmt"
	"slices"
	"strings"

	"prober/probe/reason"
	"prober/prose"
	"prober/report"
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

// findings tells what needs attention by cause: what fails of each as far as there is room, and of
// what it leaves open at which endpoints.
func (b *pageBuilder) findings() {
	left, grouped := b.room.findings, false
	for i, c := range b.causes() {
		if len(c.open) > 0 {
			b.v.Undecided = append(b.v.Undecided, undecidedOf(c))
		}
		if len(c.found) == 0 {
			continue
		}
		heading := ""
		if grouped = grouped || c.size() > 1; grouped { // else what follows would seem to be of the one before
			heading = prose.Ellipsis(c.line(), maxFindingText)
		}
		shown := c.found[:min(left, len(c.found))]
		left -= len(shown)
		b.v.Quiet += len(c.found) - len(shown)
		for _, row := range shown {
			f := b.finding(row)
			f.Cause, f.Heading = i, heading
			heading = ""
			b.v.Findings = append(b.v.Findings, f)
		}
	}
	if more := len(b.v.Undecided) - b.room.findings; more > 0 {
		b.v.Undecided, b.v.Causes = b.v.Undecided[:b.room.findings], more
	}
}

func (b *pageBuilder) finding(row report.Row) findingView {
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
	return f
}

// undecidedOf is one line for what a cause leaves open, and what is folded behind it.
func undecidedOf(c cause) undecidedView {
	const maxPlaces = 20
	open := cause{name: c.name, open: c.open}
	v := undecidedView{Text: prose.Ellipsis(open.line(), maxFindingText), Places: open.places()}
	for _, row := range c.open {
		if v.Reproduce = row.Reproduce; v.Reproduce != "" {
			break
		}
	}
	for _, p := range v.Places {
		v.EPlaces = strings.TrimSpace(fmt.Sprintf("%s %d", v.EPlaces, p.EPlace))
	}
	if v.More = len(v.Places) - maxPlaces; v.More > 0 {
		v.Places = v.Places[:maxPlaces]
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
		at := &b.v.Endpoints[row.EPlace]
		at.add(row)
		if b.room.brief && !row.Outcome.NeedsAttention() {
			b.v.Untold++
			continue
		}
		line := rowView{Anchor: anchor(row), Q: row.Q.ID, QPlace: row.QPlace, Outcome: row.Outcome, Word: row.Word()}
		if line.Finding = b.told[line.Anchor]; !line.Finding {
			line.Text = prose.Ellipsis(row.Line(), b.room.rowText)
		}
		for _, id := range row.Evidence {
			if i, ok := b.evidence[id]; ok && shown[i] != "" {
				line.Evidence = append(line.Evidence, i)
			}
		}
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
