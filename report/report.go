package report

import (
	"time"

	"prober/catalog"
	"prober/probe/reason"
)

// Version is the version of the report format that this package writes and reads. It
// changes when a reader of the old format would misread the new one.
const Version = 1

// Report is one whole run. Reports that come from [Decode] and [Recorder.Report] are
// valid, as [Report.Validate] says.
type Report struct {
	// Schema is the "$schema" key by which editors find the JSON Schema.
	Schema      string      `json:"$schema,omitempty"`
	Version     int         `json:"version"`
	Tool        Tool        `json:"tool"`
	Environment Environment `json:"environment"`
	Catalogue   Catalogue   `json:"catalogue"`
	Suite       Suite       `json:"suite"`
	Selection   Selection   `json:"selection"`

	// AsOf is the instant that dated rules were judged by.
	AsOf     time.Time `json:"as_of"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`

	// Verdict is nil until [Report.Judge] has been called.
	Verdict *Verdict `json:"verdict,omitempty"`
	Summary Summary  `json:"summary"`

	Requirements []Requirement `json:"requirements"`
	Endpoints    []Endpoint    `json:"endpoints"`
	Results      []Result      `json:"results"`
	Evidence     []Evidence    `json:"evidence"`

	// Expired are the failures of this run whose waiver is over; a file does not tell. They are
	// to fail the run whatever a policy excuses: else nobody would look at the waiver again.
	Expired []Result `json:"-"`
	// Headline is what to know before the single results, of this run; see [Headline].
	Headline string `json:"-"`
}

// Tool is the program that wrote the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Go      string `json:"go,omitempty"` // the version of the Go toolchain
}

// Environment is where and how the run was made.
type Environment struct {
	Mode Mode `json:"mode"`
	// Vantage is what the operator calls the place that was measured from.
	Vantage   string   `json:"vantage,omitempty"`
	OS        string   `json:"os,omitempty"`
	Arch      string   `json:"arch,omitempty"`
	Resolvers []string `json:"resolvers,omitempty"`
	// Inside are the regions whose private networks the prober was in.
	Inside []string `json:"inside,omitempty"`
	// Faults are those that the sandbox was given, as ENDPOINT=FAULT.
	Faults []string `json:"faults,omitempty"`
	// Command is the command line that makes the same run again.
	Command string `json:"command,omitempty"`
}

// Catalogue identifies the list of endpoints that was judged.
type Catalogue struct {
	File      string `json:"file,omitempty"` // path, relative to the repository; annotations name it
	Digest    string `json:"digest"`         // as catalog.Catalog.Digest returns it
	Endpoints int    `json:"endpoints"`      // in the whole list, selected or not
}

// Suite identifies the requirements.
type Suite struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Selection is what the run was limited to; the zero Selection is everything.
type Selection struct {
	Products    []string `json:"products,omitempty"`
	Regions     []string `json:"regions,omitempty"`
	Networks    []string `json:"networks,omitempty"`
	LabelFilter string   `json:"label_filter,omitempty"`
	// Rerun is the file of an earlier report of which only the failures were judged again.
	Rerun string `json:"rerun,omitempty"`
}

// Requirement is one statement that was judged, and where it stands.
type Requirement struct {
	ID      string `json:"id"` // "KMS-TLS-02"; never given to another statement
	Level   Level  `json:"level"`
	Group   string `json:"group"` // "tls"
	Text    string `json:"text"`  // one sentence
	Source  string `json:"source,omitempty"`
	Section string `json:"section,omitempty"` // within the source
	URL     string `json:"url,omitempty"`     // of the source
	// Revision says which state of the source was read, or what else is to be known of it.
	Revision string `json:"revision,omitempty"`
	// Since is the date of the source, or the day from which the statement holds.
	Since string `json:"since,omitempty"`
	// Rationale says what other public sources add or take away.
	Rationale string `json:"rationale,omitempty"`
	// Rules are the ids of the catalogue's rules with the expected values.
	Rules []string `json:"rules,omitempty"`
}

// Endpoint is one endpoint of the catalogue that has results.
type Endpoint struct {
	ID         string            `json:"id"` // product/region/network, or that with a name behind it
	Product    string            `json:"product"`
	Region     string            `json:"region"`
	RegionName string            `json:"region_name,omitempty"`
	Network    catalog.Network   `json:"network"`
	Host       string            `json:"host"`
	Lifecycle  catalog.Lifecycle `json:"lifecycle,omitempty"`
	// Line is where the catalogue's file names the endpoint, from 1; 0 when not known.
	Line int `json:"line,omitempty"`
}

// Active reports whether the endpoint is expected to exist. Results of others are shown
// but never change a verdict.
func (e Endpoint) Active() bool { return e.Lifecycle.IsActive() }

// Result is what was found out about one requirement at one endpoint. A report has at most
// one for each pair.
type Result struct {
	Endpoint    string        `json:"endpoint"`
	Requirement string        `json:"requirement"`
	Outcome     Outcome       `json:"outcome"`
	Skip        SkipReason    `json:"skip_reason,omitempty"` // when the outcome is Skip, and only then
	Reason      reason.Reason `json:"reason,omitempty"`      // the finding behind it, as metrics name it
	// Detail is one line for people. Outcomes that need attention have one, or Expected and
	// Got.
	Detail   string   `json:"detail,omitempty"`
	Expected string   `json:"expected,omitempty"`
	Got      string   `json:"got,omitempty"`
	Evidence []string `json:"evidence,omitempty"` // ids in Report.Evidence
	// Reproduce is a command line that shows the finding.
	Reproduce string         `json:"reproduce,omitempty"`
	Attempts  int            `json:"attempts,omitempty"`         // 0 means 1
	Duration  reason.Seconds `json:"duration_seconds,omitempty"` // to the microsecond
	// Known is set by [Report.Judge] on failures that an earlier run showed already, and on
	// results that it could not decide either.
	Known bool `json:"known,omitempty"`
	// Since is set with it: when the earliest run began that showed the failure, of those that
	// were compared one with the next. What could not be decided keeps that of the failure before.
	Since time.Time `json:"since,omitzero"`
}
