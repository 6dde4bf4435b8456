package kit

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"prober/catalog"
	"prober/probe"
	"prober/probe/exchange"
	"prober/probe/reason"
	"prober/report"
)

func evidenceSurvey() *Survey {
	return &Survey{
		HTTPS: probe.Observation{
			Endpoint: catalog.Endpoint{ID: "kms/here/public"}, Scheme: catalog.HTTPS, Outcome: reason.Fail,
			Reason: reason.TLSCertExpired, Reproduce: "openssl s_client",
		},
		Answers: map[string]Answer{
			"first":  {Name: "first", Exchange: probe.Exchange{Evidence: exchange.Evidence{Sent: exchange.Wire{Text: "GET / HTTP/1.1\r\n"}}}, Reproduce: "curl"},
			"second": {Unasked: new(undecided(Skip(report.NoCredentials, "no key")))},
		},
	}
}

func TestNewEntry(t *testing.T) {
	s := Spec{
		Endpoint:    &catalog.Endpoint{ID: "kms/here/public", Product: "kms", Region: "here", Network: catalog.Public},
		Requirement: new(stated("KMS-TLS-07")),
	}
	const again = "prober conformance --product kms --region here --network public --requirement KMS-TLS-07"
	https, http := EachAddress(catalog.HTTPS), EachAddress(catalog.HTTP)
	first, second := &Question{Name: "first"}, &Question{Name: "second"}
	expired := Mismatch{Expected: "it to be good", Got: "it is expired", Reason: reason.TLSCertExpired, Reproduce: "openssl x"}
	failed := func(m Mismatch) Verdict { return Verdict{Outcome: report.Fail, Message: "odd", Mismatch: m} }
	for name, test := range map[string]struct {
		on        Judgement
		verdict   Verdict
		refs      []string
		reason    reason.Reason
		reproduce string
		exchanges int
	}{
		"failed over HTTPS":        {https, failed(expired), []string{"kms/here/public/https"}, reason.TLSCertExpired, "openssl x", 0},
		"undecided over HTTPS":     {https, Verdict{Outcome: report.Inconclusive, Message: "silent"}, []string{"kms/here/public/https"}, reason.TLSCertExpired, "openssl s_client", 0},
		"failed without a command": {https, failed(Mismatch{}), []string{"kms/here/public/https"}, reason.None, again, 0},
		"dated command":            {https, failed(Mismatch{Reproduce: "curl", Dated: true}), []string{"kms/here/public/https"}, reason.None, "curl   # for some minutes; later: " + again, 0},
		"passed over HTTPS":        {https, Verdict{Outcome: report.Pass}, []string{"kms/here/public/https"}, reason.None, "", 0},
		"failed question":          {Reply(first), failed(Mismatch{Reproduce: "curl"}), []string{"kms/here/public/first"}, reason.None, "curl", 1},
		"undecided question":       {Reply(first), Verdict{Outcome: report.Inconclusive, Message: "odd"}, []string{"kms/here/public/first"}, reason.None, "curl", 1},
		"skipped question":         {Reply(second), Verdict{Outcome: report.Skip, Skip: report.NoCredentials, Message: "no key"}, nil, reason.None, "", 0},
		"never asked":              {Reply(&Question{Name: "third"}), Verdict{Outcome: report.Inconclusive, Message: "nothing"}, nil, reason.None, again, 0},
		"never observed":           {http, Verdict{Outcome: report.Inconclusive, Message: "nothing"}, nil, reason.None, again, 0},
		"several":                  {All(Reply(first), https, Reply(first)), failed(expired), []string{"kms/here/public/first", "kms/here/public/https"}, reason.TLSCertExpired, "openssl x", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s.Requirement.Judge = test.on
			e := NewEntry(s, test.verdict, evidenceSurvey())
			r, v := e.Result, test.verdict
			if !reflect.DeepEqual(r.Evidence, test.refs) || r.Reason != test.reason || r.Reproduce != test.reproduce || len(e.Exchanges) != test.exchanges {
				t.Errorf("%+v", e)
			}
			if r.Endpoint != "kms/here/public" || r.Requirement != "KMS-TLS-07" || r.Outcome != v.Outcome || r.Skip != v.Skip || r.Detail != v.Message || r.Expected != v.Expected || r.Got != v.Got {
				t.Errorf("%+v of %+v", r, v)
			}
			if r.Attempts != 1 {
				t.Errorf("%d attempts", r.Attempts)
			}
		})
	}
}

// A result says that it took a second look, and how to judge it again from where the run was;
// one of a survey that was cut short rests on nothing.
func TestEntryOfTheRun(t *testing.T) {
	s := Spec{
		Endpoint:    &catalog.Endpoint{ID: "kms/here/public", Product: "kms", Region: "here", Network: catalog.Public},
		Requirement: new(stated("KMS-TLS-07")), plan: &Plan{Reach: func(e catalog.Endpoint) []string { return []string{"--catalog", e.Region + ".json"} }},
	}
	survey := evidenceSurvey()
	survey.Flaky = map[string]string{"https": "at first connect/timeout"}
	r := NewEntry(s, Verdict{Outcome: report.Fail}, survey).Result
	if want := "prober conformance --product kms --region here --network public --requirement KMS-TLS-07 --catalog here.json"; r.Attempts != 2 || r.Reproduce != want {
		t.Errorf("%d attempts, reproduce with %q", r.Attempts, r.Reproduce)
	}
	if r := NewEntry(s, s.Judge(nil), nil).Result; r.Attempts != 0 || r.Evidence != nil || r.Outcome != report.Inconclusive {
		t.Errorf("cut short: %+v", r)
	}
}

// Ginkgo keeps the entry of a spec in its own report as JSON, of which the evidence can be had
// again.
func TestEntryInGinkgoReport(t *testing.T) {
	q := stated("KMS-TLS-07")
	q.Judge = All(EachAddress(catalog.HTTPS), Reply(&Question{Name: "first"}))
	want := NewEntry(Spec{Endpoint: &catalog.Endpoint{ID: "kms/here/public"}, Requirement: &q}, Verdict{Outcome: report.Fail, Message: "expired"}, evidenceSurvey())
	data, err := json.Marshal(types.SpecReport{ReportEntries: types.ReportEntries{{Name: EvidenceEntry, Value: types.WrapEntryValue(want)}}})
	if err != nil {
		t.Fatal(err)
	}
	var r types.SpecReport
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	var got Entry
	if err := json.Unmarshal([]byte(r.ReportEntries[0].Value.AsJSON), &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
}
