package report_test

import (
	"testing"

	"prober/report"
)

// What was selected is told by the flags that select it again, as a shell takes them.
func TestSelectionInFlags(t *testing.T) {
	for want, s := range map[string]report.Selection{
		"everything": {},
		"--product kms --product ecs --region cn-beijing --network vpc": {Products: []string{"kms", "ecs"}, Regions: []string{"cn-beijing"}, Networks: []string{"vpc"}},
		`--label-filter 'it'\''s'`:                                      {LabelFilter: "it's"},
		"--rerun-failed out/report.json":                                {Rerun: "out/report.json"},
		"--rerun-failed 'of last week/report.json'":                     {Rerun: "of last week/report.json"},
	} {
		if got := s.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// Counts are told the worst first, without those that are 0.
func TestCountsInWords(t *testing.T) {
	for want, c := range map[string]report.Counts{"": {}, "14 pass": {Pass: 14}, "2 fail, 1 skip, 14 pass": {Pass: 14, Skip: 1, Fail: 2}} {
		if got := c.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
