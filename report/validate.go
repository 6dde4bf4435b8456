package report

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"prober/catalog"
	"prober/limit"
)

// Validate says what is wrong with r, one problem a line, or returns nil. It lists the first
// [limit.ShownErrors]: a program that gets a field wrong gets it wrong thousands of times. A valid
// report has unique ids, no reference that leads nowhere, at most one result for each endpoint and
// requirement, words of the closed lists only, a summary that counts its results, a verdict
// that they come to, and a word of explanation wherever somebody has to look at a result.
func (r *Report) Validate() error {
	v := &validator{r: r}
	v.header()
	requirements := v.requirements()
	endpoints := v.endpoints()
	evidence := v.evidence(endpoints)
	v.results(endpoints, requirements, evidence)
	if len(v.problems) == 0 {
		v.sums()
	}
	return errors.Join(v.problems...)
}

type validator struct {
	r        *Report
	problems []error
	left     bool
}

// demand notes a problem unless ok.
func (v *validator) demand(ok bool, format string, args ...any) {
	switch {
	case ok:
	case len(v.problems) < limit.ShownErrors:
		v.problems = append(v.problems, fmt.Errorf(format, args...))
	case !v.left:
		v.left = true
		v.problems = append(v.problems, errors.New("and more"))
	}
}

func (v *validator) header() {
	r := v.r
	v.demand(r.Version == Version, "version: %d, want %d", r.Version, Version)
	v.demand(r.Tool.Name != "", "tool.name: missing")
	v.demand(slices.Contains(Modes(), r.Environment.Mode), "environment.mode: unknown mode %q", r.Environment.Mode)
	v.demand(r.Catalogue.Digest != "", "catalogue.digest: missing")
	v.demand(r.Catalogue.Endpoints >= 0, "catalogue.endpoints: less than 0")
	v.demand(!r.AsOf.IsZero(), "as_of: missing")
	v.demand(!r.Started.IsZero(), "started: missing")
	v.demand(!r.Finished.Before(r.Started), "finished: before started")
	if w := r.Verdict; w != nil {
		v.demand(slices.Contains([]Outcome{Pass, Fail, Inconclusive}, w.Outcome) && w.ExitCode == w.Outcome.ExitCode(),
			"verdict: outcome %q and exit code %d do not belong together", w.Outcome, w.ExitCode)
		v.demand(w.FailOn == Must || w.FailOn == Should, "verdict.fail_on: %q, want %s or %s", w.FailOn, Must, Should)
	}
}

// sums compares the summary and the verdict with the results that they are drawn from.
func (v *validator) sums() {
	r := v.r
	want := Summarize(r)
	if len(r.Summary.Skipped) == 0 { // older programs did not count the reasons
		want.Skipped = r.Summary.Skipped
	}
	v.demand(reflect.DeepEqual(r.Summary, want), "summary: does not count the results of the report")
	if w := r.Verdict; w != nil {
		is := r.Judged()
		v.demand(w.ExitCode == is.ExitCode, "verdict: says %q with exit code %d, but the results come to %q with exit code %d: %s; the file was changed, make the report again",
			w.Outcome, w.ExitCode, is.Outcome, is.ExitCode, is.Text)
	}
}

// requirements checks them and returns the ids.
func (v *validator) requirements() map[string]bool {
	ids := map[string]bool{}
	for i, q := range v.r.Requirements {
		at := fmt.Sprintf("requirements[%d] %q", i, q.ID)
		v.id(ids, at, q.ID)
		v.demand(slices.Contains(Levels(), q.Level), "%s: unknown level %q", at, q.Level)
		v.demand(q.Group != "", "%s: no group", at)
		v.demand(q.Text != "", "%s: no text", at)
		v.demand(q.URL == "" || isWeb(q.URL), "%s: %q is no http or https URL", at, q.URL)
	}
	return ids
}

// endpoints checks them and returns the ids.
func (v *validator) endpoints() map[string]bool {
	ids := map[string]bool{}
	for i, e := range v.r.Endpoints {
		at := fmt.Sprintf("endpoints[%d] %q", i, e.ID)
		v.id(ids, at, e.ID)
		v.demand(e.Product != "" && e.Region != "" && e.Host != "", "%s: needs a product, a region and a host", at)
		v.demand(slices.Contains(catalog.Networks(), e.Network), "%s: unknown network %q", at, e.Network)
		v.demand(e.Lifecycle == "" || slices.Contains(catalog.Lifecycles(), e.Lifecycle), "%s: unknown lifecycle %q", at, e.Lifecycle)
		v.demand(e.Line >= 0, "%s: line less than 0", at)
	}
	return ids
}

// evidence checks it and returns the ids.
func (v *validator) evidence(endpoints map[string]bool) map[string]bool {
	ids := map[string]bool{}
	for i, e := range v.r.Evidence {
		at := fmt.Sprintf("evidence[%d] %q", i, e.ID)
		v.id(ids, at, e.ID)
		v.demand(endpoints[e.Endpoint], "%s: unknown endpoint %q", at, e.Endpoint)
		v.demand(e.Duration >= 0, "%s: duration less than 0", at)
		v.demand(slices.Contains(EvidenceKinds(), e.Kind), "%s: unknown kind %q", at, e.Kind)
		v.demand((e.Kind == Observed) == (e.Observation != nil), "%s: kind %q, but its observation says otherwise", at, e.Kind)
		v.demand((e.Kind == Exchanged) == (e.Exchange != nil), "%s: kind %q, but its exchange says otherwise", at, e.Kind)
		if e.Observation != nil {
			_, err := ReadObservation(e.Observation)
			v.demand(err == nil || NewerWord(err), "%s: no observation: %v", at, err)
		}
	}
	return ids
}

// skipReason is what a [SkipReason] looks like.
var skipReason = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

func (v *validator) results(endpoints, requirements, evidence map[string]bool) {
	seen := map[pair]bool{}
	for i, res := range v.r.Results {
		at := fmt.Sprintf("results[%d] %s %s", i, res.Endpoint, res.Requirement)
		v.demand(endpoints[res.Endpoint], "%s: unknown endpoint %q", at, res.Endpoint)
		v.demand(requirements[res.Requirement], "%s: unknown requirement %q", at, res.Requirement)
		v.demand(!seen[res.pair()], "%s: second result for the same endpoint and requirement", at)
		seen[res.pair()] = true
		v.demand(slices.Contains(Outcomes(), res.Outcome), "%s: unknown outcome %q", at, res.Outcome)
		v.demand((res.Outcome == Skip) == (res.Skip != ""), "%s: outcome %q with skip reason %q", at, res.Outcome, res.Skip)
		v.demand(res.Skip == "" || skipReason.MatchString(string(res.Skip)), "%s: skip reason %q: want lower-case words joined by hyphens", at, res.Skip)
		v.demand(!res.Outcome.NeedsAttention() || res.Detail != "" || res.Expected != "" && res.Got != "",
			"%s: outcome %q without a word of explanation", at, res.Outcome)
		v.demand(res.Outcome != Flaky || res.Attempts > 1, "%s: flaky after %d attempts", at, res.Attempts)
		v.demand(res.Attempts >= 0 && res.Duration >= 0, "%s: attempts or duration less than 0", at)
		v.demand(!res.Known || res.Outcome.excusable(), "%s: known before, but no failure", at)
		v.demand(!res.Known || v.r.Verdict != nil && v.r.Verdict.OnlyNew, "%s: known before, but the verdict excuses nothing", at)
		v.demand(res.Since.IsZero() || res.Outcome.excusable(), "%s: broken since %s, but no failure", at, res.Since)
		for _, id := range res.Evidence {
			v.demand(evidence[id], "%s: unknown evidence %q", at, id)
		}
	}
}

// id notes a problem unless id is new and can stand in a link.
func (v *validator) id(ids map[string]bool, at, id string) {
	v.demand(id != "" && !strings.ContainsAny(id, " \t\r\n"), "%s: an id is one word", at)
	v.demand(len(id) <= limit.ReportID, "%s: an id of %d bytes; at most %d", at, len(id), limit.ReportID)
	v.demand(!ids[id], "%s: second of this id", at)
	ids[id] = true
}

func isWeb(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
