package report

import (
	"html/template"
)

// pageView is what the template of the page shows, ready for it: the template only
// arranges.
type pageView struct {
	Style, Script template.HTML
	Policy        string

	Report   *Report
	Verdict  Verdict
	Counts   []countView
	Facts    []factView
	Matrices []matrixView
	Findings []findingView
	Quiet    int // findings that are only rows

	Endpoints    []endpointView
	Requirements []requirementView
	Products     []string
	Regions      []optionView
	Networks     []string
	Groups       []string
	Levels       []Level
	Total        int
}

type countView struct {
	Outcome Outcome
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
	Endpoint Endpoint
	Place    int
	Cells    []cellView
}

// cellView is the results of one endpoint in one group.
type cellView struct {
	Group   string
	Outcome Outcome // the worst; "" when there is no result
	Brief   string  // "✗ 2/16"
	Words   string  // the same for those who listen
}

// findingView is a result with all it has to say.
type findingView struct {
	Result
	Q              Requirement
	E              Endpoint
	EPlace, QPlace int
	Evidence       []evidenceLink
	Aside          bool // changes no verdict
}

type evidenceLink struct {
	Place int
	Title string
}

type endpointView struct {
	Endpoint
	Place    int
	Outcome  Outcome
	Words    string
	Rows     []rowView
	Evidence []evidenceView
}

type rowView struct {
	Anchor   string
	Q        string
	QPlace   int
	Outcome  Outcome
	Word     string // the outcome in words
	Text     string
	Finding  bool // told in full above
	Evidence []int
}

type requirementView struct {
	Requirement
	Place  int
	Counts string
}

// pageBuilder fills a pageView.
// details lists every result of every endpoint, and the evidence.
// rowWord is the outcome of a row, and why it was skipped.
// words lists the counts that are not 0, worst first, such as "2 fail, 14 pass".
// ellipsis is cut that shows that something is missing.
