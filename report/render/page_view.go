package render

import (
	"html/template"

	"prober/probe/reason"
	"prober/report"
)

// pageView is what the template of the page shows, ready for it: the template only
// arranges.
type pageView struct {
	Style, Script template.HTML
	Policy        string

	Verdict report.Verdict
	Claim   string // the verdict, without what was skipped
	Scope   string
	// Unverified is how much was skipped, "" for nothing.
	Unverified string
	Legend     string // of the cells
	Counts     []countView
	Facts      []factView
	Matrices   []matrixView
	Findings   []findingView
	Quiet      int // findings that are only rows
	// Undecided has a line for each cause that leaves something open, and Causes is how many more
	// there are.
	Undecided []undecidedView
	Causes    int
	Untold    int // results that need no attention and are not even rows
	// Proofs is how much evidence there is, and Lacks how much of it the page leaves out.
	Proofs, Lacks int

	Endpoints    []endpointView
	Requirements []requirementView
	Products     []string
	Regions      []optionView
	Networks     []string
	Groups       []string
	Levels       []report.Level
	Total        int
}

type countView struct {
	Outcome report.Outcome
	N       int
}

type factView struct{ Name, Value string }

type optionView struct{ Value, Text string }

// matrixView is the table of one product: a row an endpoint, a column a group.
type matrixView struct {
	Product string
	Groups  []string
	Rows    []matrixRow
}

type matrixRow struct {
	Endpoint report.Endpoint
	Place    int
	Cells    []cellView
}

// cellView is the results of one endpoint in one group; nil when there are none.
type cellView struct {
	Group string
	Cell  *cell
}

// findingView is a result with all it has to say.
type findingView struct {
	report.Row
	Cause    int
	Heading  string // of the first of a cause that has several
	Evidence []evidenceLink
	Aside    bool // changes no verdict
	Doc      reason.Doc
}

// undecidedView is what one cause leaves open, in one line, and what is folded behind it.
type undecidedView struct {
	Text, Reproduce string
	EPlaces         string // of all endpoints, for the script
	Places          []causePlace
	More            int // endpoints that are not told
}

type evidenceLink struct {
	Place     int
	ID, Title string
	Lacks     bool // the page has no room for it
}

type endpointView struct {
	report.Endpoint
	cell
	Place    int
	Rows     []rowView
	Evidence []evidenceView
	Lacks    int // pieces of evidence that the page has no room for
}

// rowView has its fields itself: a template looks up promoted ones slowly.
type rowView struct {
	Anchor   string
	Q        string
	QPlace   int
	Outcome  report.Outcome
	Word     string // the outcome in words
	Text     string
	Finding  bool // told in full above
	Evidence []int
}

type requirementView struct {
	report.Requirement
	Counts report.Counts
}

// Fault says whose fault the reason of a finding usually is, in the words of package reason
// and what they stand for.
func (f findingView) Fault() string {
	party := map[reason.Blame]string{
		reason.Target:    "the endpoint, its DNS zone, its certificate or its API",
		reason.Path:      "the network between the prober and the endpoint",
		reason.Resolver:  "the recursive resolver that was asked",
		reason.Middlebox: "something on the path that answers in the endpoint's place",
		reason.Self:      "the prober, its machine or its configuration",
	}[f.Doc.Blame]
	if party == "" {
		return ""
	}
	return "usually " + f.Doc.Blame.String() + ": " + party
}
