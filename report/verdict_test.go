package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/report"
	"prober/report/render"
)

// shape is one result in the short form of the tables below.
type shape struct {
	level   report.Level
	outcome report.Outcome
	life    catalog.Lifecycle
}

// shaped is a report with an endpoint and a requirement for each shape.
func shaped(t *testing.T, shapes ...shape) *report.Report {
	t.Helper()
	header := start()
	header.Requirements, header.Endpoints = nil, nil
	var results []report.Result
	for i, s := range shapes {
		id := string(rune('a' + i))
		header.Requirements = append(header.Requirements, report.Requirement{ID: "R-" + id, Level: s.level, Group: "tls", Text: "It is so."})
		header.Endpoints = append(header.Endpoints, report.Endpoint{
			ID: "kms/" + id + "/public", Product: "kms", Region: id, Network: catalog.Public, Host: id + ".test", Lifecycle: s.life,
		})
		res := report.Result{Endpoint: "kms/" + id + "/public", Requirement: "R-" + id, Outcome: s.outcome, Detail: "seen", Attempts: 2}
		if s.outcome == report.Skip {
			res.Skip = "private-network"
		}
		results = append(results, res)
	}
	rec := report.NewRecorder(header, nil)
	for _, res := range results {
		rec.Add(res)
	}
	r, err := rec.Report(began)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestJudge(t *testing.T) {
	const (
		must, should, only = report.Must, report.Should, report.Info
		pass, fail, unsure = report.Pass, report.Fail, report.Inconclusive
		closed, doubtful   = catalog.Closed, catalog.Doubtful
	)
	strict, lax := report.Policy{}, report.Policy{FailOn: must}
	for name, tt := range map[string]struct {
		policy  report.Policy
		shapes  []shape
		want    report.Outcome
		code    report.ExitCode
		telling string
	}{
		"nothing selected":              {strict, nil, unsure, 3, "nothing was selected"},
		"all kept":                      {strict, []shape{{must, pass, ""}, {should, pass, catalog.Active}}, pass, 0, "nothing failed: 2 results verified"},
		"MUST broken":                   {strict, []shape{{must, fail, ""}, {must, pass, ""}}, fail, 1, "1 broken requirement at 1 endpoint"},
		"SHOULD broken":                 {strict, []shape{{should, fail, ""}, {must, fail, ""}}, fail, 1, "2 broken requirements at 2 endpoints"},
		"SHOULD broken, relaxed":        {lax, []shape{{should, fail, ""}, {must, pass, ""}}, pass, 0, "no MUST is broken: 2 results verified; 1 broken SHOULD does not count"},
		"only a relaxed failure":        {lax, []shape{{should, fail, ""}}, pass, 0, "no MUST is broken: 1 result verified"},
		"two relaxed, and a waiver":     {lax, []shape{{should, fail, ""}, {should, fail, ""}, {should, report.Waived, ""}, {must, pass, ""}}, pass, 0, "no MUST is broken: 3 results verified; 2 broken SHOULDs do not count; 1 waived"},
		"a waived MUST, relaxed":        {lax, []shape{{must, report.Waived, ""}, {must, pass, ""}}, pass, 0, "no failure counts: 1 result verified; 1 waived"},
		"undecided, and relaxed":        {lax, []shape{{must, unsure, ""}, {should, fail, ""}}, unsure, 3, "no MUST is broken, but 1 result could not be decided; 1 broken SHOULD does not count"},
		"MUST broken, relaxed":          {lax, []shape{{must, fail, ""}}, fail, 1, ""},
		"REPORT broken":                 {strict, []shape{{only, fail, ""}}, pass, 0, "no MUST or SHOULD is broken: 1 result verified; 1 broken REPORT does not count"},
		"undecided":                     {strict, []shape{{must, unsure, ""}, {must, pass, ""}}, unsure, 3, "1 result could not be decided"},
		"SHOULD undecided":              {strict, []shape{{should, unsure, ""}, {must, pass, ""}}, unsure, 3, ""},
		"SHOULD undecided, relaxed":     {lax, []shape{{should, unsure, ""}, {must, pass, ""}}, pass, 0, ""},
		"REPORT undecided":              {strict, []shape{{only, unsure, ""}, {must, pass, ""}}, pass, 0, ""},
		"broken and undecided":          {strict, []shape{{must, unsure, ""}, {must, fail, ""}}, fail, 1, "1 broken requirement at 1 endpoint; 1 undecided"},
		"everything skipped":            {strict, []shape{{must, report.Skip, ""}, {must, report.NotApplicable, ""}}, unsure, 3, "a failure; 1 skipped: private-network"},
		"skipped beside kept":           {strict, []shape{{must, report.Skip, ""}, {must, pass, ""}}, pass, 0, "nothing failed: 1 result verified; 1 skipped: private-network"},
		"flaky beside kept":             {strict, []shape{{must, report.Flaky, ""}, {must, pass, ""}}, pass, 0, "no failure counts: 1 result verified; 1 flaky"},
		"only flaky":                    {strict, []shape{{must, report.Flaky, ""}}, unsure, 3, "nothing was decided"},
		"waived beside kept":            {strict, []shape{{must, report.Waived, ""}, {must, pass, ""}}, pass, 0, "no failure counts: 1 result verified; 1 waived"},
		"closed broken":                 {strict, []shape{{must, fail, closed}, {must, pass, ""}}, pass, 0, "no failure counts: 1 result verified; 1 failure at an endpoint that is not active does not count"},
		"doubtful undecided":            {strict, []shape{{must, unsure, doubtful}, {must, pass, ""}}, pass, 0, ""},
		"only a closed endpoint, kept":  {strict, []shape{{must, pass, closed}}, unsure, 3, "nothing was decided"},
		"only a closed endpoint, fails": {strict, []shape{{must, fail, closed}}, unsure, 3, "nothing was decided"},
	} {
		r := shaped(t, tt.shapes...)
		v, err := r.Judge(tt.policy)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if v.Outcome != tt.want || v.ExitCode != tt.code || !strings.Contains(v.Text, tt.telling) {
			t.Errorf("%s: %s, exit code %d, %q; want %s, %d, %q", name, v.Outcome, v.ExitCode, v.Text, tt.want, tt.code, tt.telling)
		}
		if strings.Contains(v.Text, "nothing failed") && somethingBroken(r) {
			t.Errorf("%s: something is broken, and yet: %q", name, v.Text)
		}
		if r.Verdict == nil || *r.Verdict != v {
			t.Errorf("%s: the report keeps %+v, not %+v", name, r.Verdict, v)
		}
		if err := r.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// somethingBroken reports whether a result is no reason to say that nothing failed.
func somethingBroken(r *report.Report) bool {
	return slices.ContainsFunc(r.Results, func(res report.Result) bool {
		return res.Outcome == report.Fail || res.Outcome == report.Waived || res.Outcome == report.Flaky
	})
}

// TestJudgeOnlyNewAcrossRuns compares each run with the one before it: a failure that could not
// be decided in between is none that is new, and keeps the day it began.
func TestJudgeOnlyNewAcrossRuns(t *testing.T) {
	var before *report.Report
	for day, tt := range []struct {
		outcome report.Outcome
		code    report.ExitCode
		since   int // day of the first failure; -1: none
		telling string
	}{
		{report.Pass, 0, -1, "nothing failed: 2 results verified"},
		{report.Fail, 1, -1, "1 broken requirement at 1 endpoint"},
		{report.Fail, 0, 1, "still broken: 1 since 2026-11-23"},
		{report.Inconclusive, 3, 1, "1 result could not be decided (broken when last decided: 1, since 2026-11-23)"},
		{report.Inconclusive, 0, 1, "1 undecided as before (broken when last decided: 1, since 2026-11-23)"},
		{report.Fail, 0, 1, "still broken: 1 since 2026-11-23"},
		{report.Pass, 0, -1, "nothing failed: 2 results verified"},
		{report.Fail, 1, -1, "1 broken requirement at 1 endpoint"},
	} {
		r := shaped(t, shape{report.Must, tt.outcome, ""}, shape{report.Must, report.Pass, ""})
		r.Started = r.Started.AddDate(0, 0, day)
		r.Finished, r.AsOf = r.Finished.AddDate(0, 0, day), r.AsOf.AddDate(0, 0, day)
		policy := report.Policy{OnlyNew: before != nil, Baseline: before}
		v, err := r.Judge(policy)
		if err != nil || v.ExitCode != tt.code || !strings.Contains(v.Text, tt.telling) {
			t.Errorf("day %d: %+v (%v), want exit code %d, %q", day, v, err, tt.code, tt.telling)
		}
		var want time.Time
		if tt.since >= 0 {
			want = r.Started.AddDate(0, 0, tt.since-day)
		}
		if got := r.Results[0].Since; !got.Equal(want) {
			t.Errorf("day %d: broken since %s, want %s", day, got, want)
		}
		if err := r.Validate(); err != nil {
			t.Errorf("day %d: %v", day, err)
		}
		before = r
	}
}

// What does not count was broken, too, and keeps nothing open.
func TestJudgeBrokenUndecided(t *testing.T) {
	run := func(before *report.Report, outcome report.Outcome) *report.Report {
		r := shaped(t, shape{report.Must, outcome, ""}, shape{report.Should, outcome, ""}, shape{report.Must, outcome, catalog.Closed}, shape{report.Must, report.Pass, ""})
		if _, err := r.Judge(report.Policy{FailOn: report.Must, OnlyNew: before != nil, Baseline: before}); err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := run(nil, report.Fail)
	for i, outcome := range []report.Outcome{report.Inconclusive, report.Inconclusive, report.Fail, report.Pass} {
		r = run(r, outcome)
		want := 0
		if outcome == report.Inconclusive {
			want = 1
		}
		if v := r.Verdict; v.BrokenUndecided != want {
			t.Errorf("run %d: %d, want %d of the one that counts: %s", i, v.BrokenUndecided, want, v.Text)
		}
	}
}

func TestJudgeOnlyNew(t *testing.T) {
	was := func(outcomes ...report.Outcome) *report.Report {
		var shapes []shape
		for _, o := range outcomes {
			shapes = append(shapes, shape{report.Must, o, ""})
		}
		return shaped(t, shapes...)
	}
	const pass, fail, unsure = report.Pass, report.Fail, report.Inconclusive
	for name, tt := range map[string]struct {
		before, now *report.Report
		code        report.ExitCode
		known, open int
		telling     string
	}{
		"as bad as before":               {was(fail, pass), was(fail, pass), 0, 1, 0, "still broken: 1 since 2026-11-22; nothing new failed: 2 results verified"},
		"new beside old":                 {was(fail, pass), was(fail, fail), 1, 1, 0, "1 broken requirement at 1 endpoint; still broken: 1 since 2026-11-22"},
		"failed elsewhere":               {was(pass, fail), was(fail, pass), 1, 0, 0, ""},
		"not there before":               {was(), was(fail), 1, 0, 0, ""},
		"undecided before":               {was(unsure), was(fail), 1, 0, 0, ""},
		"waived before":                  {was(report.Waived), was(fail), 1, 0, 0, ""},
		"undecided as before":            {was(unsure, pass), was(unsure, pass), 0, 0, 1, "nothing failed: 1 result verified; 1 undecided as before"},
		"undecided elsewhere too":        {was(unsure, pass, pass), was(unsure, unsure, pass), 3, 0, 1, "nothing failed, but 1 result could not be decided; 1 undecided as before"},
		"undecided, kept before":         {was(pass, pass), was(unsure, pass), 3, 0, 0, "nothing failed, but 1 result could not be decided"},
		"undecided, broken before":       {was(fail, pass), was(unsure, pass), 3, 0, 0, ""},
		"undecided, waived before":       {was(report.Waived, pass), was(unsure, pass), 3, 0, 0, ""},
		"undecided as before, no more":   {was(unsure), was(unsure), 3, 0, 1, "nothing was decided: no result of an active endpoint is a pass or a failure; 1 undecided as before"},
		"everything known, nothing kept": {was(fail), was(fail), 0, 1, 0, ""},
	} {
		v, err := tt.now.Judge(report.Policy{OnlyNew: true, Baseline: tt.before})
		if err != nil || v.ExitCode != tt.code || v.Known != tt.known || v.KnownUndecided != tt.open || !v.OnlyNew || !strings.Contains(v.Text, tt.telling) {
			t.Errorf("%s: %+v (%v), want exit code %d, %d known, %d undecided as before, %q", name, v, err, tt.code, tt.known, tt.open, tt.telling)
		}
		marked := 0
		for _, res := range tt.now.Results {
			if res.Known {
				marked++
			}
		}
		if marked != tt.known+tt.open {
			t.Errorf("%s: %d results are marked as known, want %d", name, marked, tt.known+tt.open)
		}
		if err := tt.now.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if open := strings.Count(write(t, tt.now, render.JUnit), "<error"); open > 0 != (tt.code == 3 && v.Undecided > 0) {
			t.Errorf("%s: %d errors in the JUnit file, with exit code %d", name, open, tt.code)
		}
		// Judged again without the excuse, everything counts.
		if v, err := tt.now.Judge(report.Policy{}); err != nil || v.Known != 0 || v.OnlyNew {
			t.Errorf("%s: judged again: %+v (%v)", name, v, err)
		}
	}
}

// The day that is told is the first one of all that is broken still, whichever came first.
func TestStillBrokenSinceTheFirstDay(t *testing.T) {
	for _, day := range [][2]report.Outcome{{report.Pass, report.Fail}, {report.Fail, report.Pass}} {
		first := shaped(t, shape{report.Must, day[0], ""}, shape{report.Must, day[1], ""})
		both := func(day int) *report.Report {
			r := shaped(t, shape{report.Must, report.Fail, ""}, shape{report.Must, report.Fail, ""})
			r.Started, r.Finished, r.AsOf = r.Started.AddDate(0, 0, day), r.Finished.AddDate(0, 0, day), r.AsOf.AddDate(0, 0, day)
			return r
		}
		next, last := both(1), both(2)
		if _, err := next.Judge(report.Policy{OnlyNew: true, Baseline: first}); err != nil {
			t.Fatal(err)
		}
		v, err := last.Judge(report.Policy{OnlyNew: true, Baseline: next})
		if want := "still broken: 2 since " + first.Started.Format(time.DateOnly); err != nil || !strings.Contains(v.Text, want) {
			t.Errorf("%q (%v), want %q", v.Text, err, want)
		}
	}
}

func TestJudgeRefuses(t *testing.T) {
	for want, p := range map[string]report.Policy{
		`cannot fail on "REPORT": want MUST or SHOULD`: {FailOn: report.Info},
		`cannot fail on "may"`:                         {FailOn: "may"},
		"a baseline is needed":                         {OnlyNew: true},
	} {
		if _, err := sample(t).Judge(p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
