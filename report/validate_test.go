package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"prober/report"
)

func TestValidate(t *testing.T) {
	if err := sample(t).Validate(); err != nil {
		t.Fatalf("the sample is not valid: %v", err)
	}
	for want, spoil := range map[string]func(r *report.Report){
		"version: 3, want 1":                                                  func(r *report.Report) { r.Version = 3 },
		"tool.name: missing":                                                  func(r *report.Report) { r.Tool.Name = "" },
		`environment.mode: unknown mode "dry"`:                                func(r *report.Report) { r.Environment.Mode = "dry" },
		"catalogue.digest: missing":                                           func(r *report.Report) { r.Catalogue.Digest = "" },
		"catalogue.endpoints: less than 0":                                    func(r *report.Report) { r.Catalogue.Endpoints = -1 },
		"as_of: missing":                                                      func(r *report.Report) { r.AsOf = time.Time{} },
		"started: missing":                                                    func(r *report.Report) { r.Started = time.Time{} },
		"finished: before started":                                            func(r *report.Report) { r.Finished = r.Started.Add(-1) },
		`verdict: outcome "pass" and exit code 1 do`:                          func(r *report.Report) { r.Verdict.Outcome = report.Pass },
		`verdict: outcome "skip" and exit code 0 do`:                          func(r *report.Report) { *r.Verdict = report.Verdict{Outcome: report.Skip, FailOn: report.Must} },
		`verdict.fail_on: "REPORT", want MUST`:                                func(r *report.Report) { r.Verdict.FailOn = report.Info },
		`requirements[0] "": an id is one word`:                               func(r *report.Report) { r.Requirements[0].ID = "" },
		`requirements[1] "A B": an id is one word`:                            func(r *report.Report) { r.Requirements[1].ID = "A B" },
		`requirements[1] "ECS-DNS-01": second of`:                             func(r *report.Report) { r.Requirements[1].ID = "ECS-DNS-01" },
		`"ECS-DNS-01": unknown level "MAY"`:                                   func(r *report.Report) { r.Requirements[0].Level = "MAY" },
		`"ECS-DNS-01": no group`:                                              func(r *report.Report) { r.Requirements[0].Group = "" },
		`"ECS-DNS-01": no text`:                                               func(r *report.Report) { r.Requirements[0].Text = "" },
		`"javascript:alert(1)" is no http or https URL`:                       func(r *report.Report) { r.Requirements[0].URL = "javascript:alert(1)" },
		`endpoints[1] "ecs/default/public": second of`:                        func(r *report.Report) { r.Endpoints[1].ID = r.Endpoints[0].ID },
		"needs a product, a region and a host":                                func(r *report.Report) { r.Endpoints[0].Host = "" },
		`unknown network "moon"`:                                              func(r *report.Report) { r.Endpoints[0].Network = "moon" },
		`unknown lifecycle "young"`:                                           func(r *report.Report) { r.Endpoints[0].Lifecycle = "young" },
		"line less than 0":                                                    func(r *report.Report) { r.Endpoints[0].Line = -1 },
		`evidence[2] "kms/cn-beijing/public/https": second of`:                func(r *report.Report) { r.Evidence[2].ID = r.Evidence[1].ID },
		`unknown endpoint "ecs/mars/public"`:                                  func(r *report.Report) { r.Evidence[0].Endpoint = "ecs/mars/public" },
		`unknown kind "photo"`:                                                func(r *report.Report) { r.Evidence[0].Kind = "photo" },
		`kind "observation", but its observation`:                             func(r *report.Report) { r.Evidence[1].Observation = nil },
		`kind "exchange", but its exchange`:                                   func(r *report.Report) { r.Evidence[2].Exchange = nil },
		"no observation: not a JSON object":                                   func(r *report.Report) { r.Evidence[1].Observation = []byte("null") },
		"no observation: json: cannot unmarshal":                              func(r *report.Report) { r.Evidence[1].Observation = []byte(`{"addresses":3}`) },
		`results[0] ecs/x/public ECS-DNS-01: unknown endpoint "ecs/x/public"`: func(r *report.Report) { r.Results[0].Endpoint = "ecs/x/public" },
		`unknown requirement "ECS-DNS-09"`:                                    func(r *report.Report) { r.Results[0].Requirement = "ECS-DNS-09" },
		"second result for the same endpoint and":                             func(r *report.Report) { r.Results = append(r.Results, r.Results[0]) },
		`unknown outcome "good"`:                                              func(r *report.Report) { r.Results[0].Outcome = "good" },
		`outcome "pass" with skip reason "tired"`:                             func(r *report.Report) { r.Results[0].Skip = "tired" },
		`outcome "skip" with skip reason ""`:                                  func(r *report.Report) { r.Results[0].Outcome = report.Skip },
		`skip reason "Not Now": want lower-case words`:                        func(r *report.Report) { r.Results[0].Outcome, r.Results[0].Skip = report.Skip, "Not Now" },
		`outcome "fail" without a word of explanation`:                        func(r *report.Report) { r.Results[0].Outcome, r.Results[0].Expected = report.Fail, "x" },
		"flaky after 1 attempts": func(r *report.Report) {
			r.Results[0].Outcome, r.Results[0].Attempts, r.Results[0].Detail = report.Flaky, 1, "x"
		},
		"attempts or duration less than 0": func(r *report.Report) { r.Results[0].Duration = -1 },
		"known before, but the verdict excuses": func(r *report.Report) {
			for i := range r.Results {
				r.Results[i].Known = r.Results[i].Outcome == report.Fail
			}
		},
		`verdict: says "pass" with exit code 0, but the results come to "fail" with exit code 1: 1 broken requirement`: func(r *report.Report) { r.Verdict.Outcome, r.Verdict.ExitCode = report.Pass, 0 },
		"known before, but no failure":        func(r *report.Report) { r.Results[0].Known = true },
		`unknown evidence "elsewhere"`:        func(r *report.Report) { r.Results[0].Evidence = []string{"elsewhere"} },
		"summary: does not count the results": func(r *report.Report) { r.Summary.Total.Pass++ },
	} {
		r := sample(t)
		spoil(r)
		if err := r.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q", err, want)
		}
	}
}

func TestValidateNamesOnlySoMany(t *testing.T) {
	r := sample(t)
	for range 3 {
		r.Results = append(r.Results, r.Results...)
	}
	for i := range r.Results {
		r.Results[i].Outcome = "?"
	}
	err := r.Validate()
	if n := strings.Count(err.Error(), "\n"); n != 20 || !strings.HasSuffix(err.Error(), "\nand more") {
		t.Errorf("%d lines, ending in %q", n, err.Error()[len(err.Error())-20:])
	}
}

func TestOutcomes(t *testing.T) {
	symbols := map[string]bool{}
	for _, o := range report.Outcomes() {
		if s := o.Symbol(); len([]rune(s)) != 1 || symbols[s] {
			t.Errorf("%s: symbol %q", o, s)
		}
		symbols[o.Symbol()] = true
	}
	if report.Outcome("good").Symbol() != "" || (report.Counts{Pass: 1}).Of("good") != 0 {
		t.Error("a word that is no outcome has a symbol or a count")
	}
}

func TestWorst(t *testing.T) {
	for want, c := range map[report.Outcome]report.Counts{
		"":                   {},
		report.Fail:          {Fail: 1, Inconclusive: 2, Pass: 9},
		report.Inconclusive:  {Inconclusive: 1, Flaky: 1, Pass: 9},
		report.Flaky:         {Flaky: 1, Waived: 1},
		report.Waived:        {Waived: 1, Pass: 3},
		report.Pass:          {Pass: 1, Skip: 8, NotApplicable: 1},
		report.Skip:          {Skip: 1, NotApplicable: 7},
		report.NotApplicable: {NotApplicable: 1},
	} {
		if got := c.Worst(); got != want {
			t.Errorf("%+v: %q, want %q", c, got, want)
		}
	}
}

// TestWordsOfANewerProgram: a report with a reason that this program does not know yet can be
// read, and its page shows the observation as it is.
func TestWordsOfANewerProgram(t *testing.T) {
	rec := report.NewRecorder(start(), nil)
	text := bytes.ReplaceAll(observation(t, "kms/cn-beijing/public", "h"), []byte(`"phase":"","reason":""`), []byte(`"phase":"tls","reason":"tired"`))
	if err := rec.AddEvidence(report.Evidence{ID: "x", Endpoint: "kms/cn-beijing/public", Kind: report.Observed, Observation: text}); err != nil {
		t.Fatal(err)
	}
	r, err := rec.Report(began)
	if err != nil {
		t.Fatal(err)
	}
	if page := string(r.Evidence[0].Observation); !strings.Contains(page, "tired") {
		t.Error("the page does not show it")
	}
}
