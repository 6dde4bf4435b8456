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
			"first":  {Exchange: probe.Exchange{Evidence: exchange.Evidence{Sent: exchange.Wire{Text: "GET / HTTP/1.1\r\n"}}}, Reproduce: "curl"},
			"second": {Skip: NoCredentials, Why: "no key"},
		},
	}
}

func TestNewEvidence(t *testing.T) {
	s := Spec{
		Endpoint:    catalog.Endpoint{ID: "kms/here/public", Product: "kms", Region: "here", Network: catalog.Public},
		Requirement: stated("KMS-TLS-07"),
	}
	for name, test := range map[string]struct {
		on        []string
		verdict   Verdict
		refs      []string
		reason    reason.Reason
		reproduce string
		exchanges int
	}{
		"failed over HTTPS":    {[]string{OverHTTPS}, Verdict{Outcome: report.Fail, Message: "expired", Cause: Cause{Reason: reason.TLSCertExpired, Reproduce: "openssl x"}}, []string{"kms/here/public/https"}, reason.TLSCertExpired, "openssl x", 0},
		"undecided over HTTPS": {[]string{OverHTTPS}, Verdict{Outcome: report.Inconclusive, Message: "silent"}, []string{"kms/here/public/https"}, reason.TLSCertExpired, "openssl s_client", 0},
		"failed without a command": {
			[]string{OverHTTPS},
			Verdict{Outcome: report.Fail, Message: "odd"},
			[]string{"kms/here/public/https"},
			reason.None,
			"prober conformance --product kms --region here --network public --requirement KMS-TLS-07", 0,
		},
		"passed over HTTPS": {[]string{OverHTTPS}, Verdict{Outcome: report.Pass}, []string{"kms/here/public/https"}, reason.None, "", 0},
		"failed question":   {[]string{"first"}, Verdict{Outcome: report.Fail, Message: "odd", Cause: Cause{Reproduce: "curl"}}, []string{"kms/here/public/first"}, reason.None, "curl", 1},
		"skipped question":  {[]string{"second"}, Verdict{Outcome: report.Skip, Skip: NoCredentials, Message: "no key"}, nil, reason.None, "", 0},
		"never observed": {
			[]string{OverHTTP},
			Verdict{Outcome: report.Inconclusive, Message: "nothing"},
			nil, reason.None,
			"prober conformance --product kms --region here --network public --requirement KMS-TLS-07", 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s.Basis = Basis{On: test.on}
			e := NewEvidence(s, test.verdict, evidenceSurvey(), nil)
			r := e.Result
			if !reflect.DeepEqual(r.Evidence, test.refs) || r.Reason != test.reason || r.Reproduce != test.reproduce || len(e.Exchanges) != test.exchanges {
				t.Errorf("%+v", e)
			}
			if r.Endpoint != "kms/here/public" || r.Requirement != "KMS-TLS-07" || r.Outcome != test.verdict.Outcome || r.Skip != test.verdict.Skip {
				t.Errorf("%+v of %+v", r, test.verdict)
			}
		})
	}
}

// Ginkgo gives entries of its first process as Go values and those of others as JSON. Both
// come out the same.
func TestEvidenceOf(t *testing.T) {
	s := Spec{Endpoint: catalog.Endpoint{ID: "kms/here/public"}, Requirement: stated("KMS-TLS-07"), Basis: Basis{On: []string{OverHTTPS, "first"}}}
	want := NewEvidence(s, Verdict{Outcome: report.Fail, Message: "expired"}, evidenceSurvey(), nil)
	first := types.SpecReport{ReportEntries: types.ReportEntries{
		{Name: "something else", Value: types.WrapEntryValue(7)},
		{Name: evidenceEntry, Value: types.WrapEntryValue(want)},
	}}
	data, err := json.Marshal(first)
	if err != nil {
		t.Fatal(err)
	}
	var other types.SpecReport
	if err := json.Unmarshal(data, &other); err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]types.SpecReport{"first process": first, "another process": other} {
		got, ok, err := EvidenceOf(r)
		if err != nil || !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, %v", name, got, ok, err)
		}
	}
	if _, ok, err := EvidenceOf(types.SpecReport{}); ok || err != nil {
		t.Errorf("evidence of nothing: %v, %v", ok, err)
	}
}
