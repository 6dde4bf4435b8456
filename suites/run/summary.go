package run

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"prober/catalog"
	"prober/prose"
	"prober/report"
	"prober/suites/kit"
)

// Summary is what a run of one suite came to, as Ginkgo prints it at the end.
type Summary struct {
	Title  string // "KMS against the sandbox, --region cn-hangzhou"
	Counts report.Counts
	// Broken are the failures of a level, and Keyless what was skipped for want of a key, by why:
	// how many of each requirement.
	Broken  map[report.Level]tally
	Keyless map[report.SkipReason]tally
	Nothing string // why nothing was verified; empty when something was
}

// tally is how many endpoints something is true of, by requirement.
type tally map[string]int

// String lists the requirements: "KMS-TLS-02 at 3 endpoints".
func (t tally) String() string {
	var words []string
	for _, id := range slices.Sorted(maps.Keys(t)) {
		words = append(words, id+" at "+prose.Plural(t[id], "endpoint"))
	}
	return prose.OrNone(strings.Join(words, ", "))
}

func (d *Door) summarize(specs types.SpecReports) Summary {
	selection := report.Selection{Products: d.Products, Regions: d.Regions, Networks: d.Networks}
	s := Summary{
		Title:   d.name + " " + d.where() + ", " + selection.String(),
		Broken:  map[report.Level]tally{report.Must: {}, report.Should: {}},
		Keyless: map[report.SkipReason]tally{report.NoCredentials: {}, report.NoKey: {}},
	}
	levels := map[string]report.Level{}
	for _, suite := range d.suites() {
		for _, q := range suite.Statements() {
			levels[q.ID] = q.Level
		}
	}
	specs = specs.WithLeafNodeType(types.NodeTypeIt)
	verified := specs.CountWithState(types.SpecStateFailureStates) > 0
	for _, spec := range specs {
		for _, entry := range spec.ReportEntries {
			e, here := entry.GetRawValue().(kit.Entry)
			if !here && (entry.Name != kit.EvidenceEntry || json.Unmarshal([]byte(entry.Value.AsJSON), &e) != nil) {
				continue // nor is it one of another process
			}
			s.Counts.Add(e.Result.Outcome)
			verified = verified || spec.State == types.SpecStatePassed // which a spec of somebody's own beside these says nothing of
			if e.Result.Outcome == report.Fail {
				s.Broken[levels[e.Result.Requirement]][e.Result.Requirement]++
			} else if lacking := s.Keyless[e.Result.Skip]; lacking != nil {
				lacking[e.Result.Requirement]++
			}
		}
	}
	switch {
	case verified:
	case !slices.ContainsFunc(d.plan.Endpoints, func(e catalog.Endpoint) bool { return d.isAbout(e.Product) }):
		s.Nothing = strings.ToLower(d.name) + " has no selected " + d.place() + "; name only the packages of products that have one"
	default:
		s.Nothing = "every spec was skipped"
	}
	return s
}

// String is the summary in lines.
func (s Summary) String() string {
	return fmt.Sprintf("%s: %s\nbroken MUST: %s\nbroken SHOULD: %s\nskipped for want of the provider's key: %s\nskipped for want of --kms-key-id: %s",
		s.Title, prose.OrNone(s.Counts.String()), s.Broken[report.Must], s.Broken[report.Should], s.Keyless[report.NoCredentials], s.Keyless[report.NoKey])
}
