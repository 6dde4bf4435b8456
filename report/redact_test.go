package report_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/reason"
	"prober/report"
	"prober/report/render"
)

// canary is a secret that appears in no report. It has characters that every encoding
// writes differently.
const canary = "s3cr3t/Canary+Value=&"

// forms are the shapes in which a secret turns up in errors, URLs and headers.
func forms() map[string]string {
	return map[string]string{
		"raw": canary, "query": url.QueryEscape(canary), "path": url.PathEscape(canary), "twice": url.QueryEscape(url.QueryEscape(canary)),
		"base64": base64.StdEncoding.EncodeToString([]byte(canary)), "hexadecimal": hex.EncodeToString([]byte(canary)),
	}
}

// planted puts a secret into every string of a report, in the given form.
func planted(t *testing.T, form string, redact report.Redactor) *report.Report {
	t.Helper()
	header := start()
	header.Tool.Version = form
	header.Environment.Vantage, header.Environment.Command = form, "prober conformance --resolver "+form
	header.Environment.Resolvers, header.Environment.Inside, header.Environment.Faults = []string{form}, []string{form}, []string{form}
	header.Catalogue.File, header.Suite.Name, header.Suite.Version = form, form, form
	header.Selection = report.Selection{Products: []string{form}, LabelFilter: form}
	for i := range header.Requirements {
		header.Requirements[i].Text, header.Requirements[i].Rationale, header.Requirements[i].Rules = form, form, []string{form}
		header.Requirements[i].Source, header.Requirements[i].Section = form, form
	}
	for i := range header.Endpoints {
		header.Endpoints[i].RegionName, header.Endpoints[i].Host = form, form
	}
	rec := report.NewRecorder(header, redact)
	e := catalog.Endpoint{ID: "kms/cn-beijing/public", Product: "kms", Region: "cn-beijing", Network: catalog.Public, Host: form}
	seen, err := rec.Observed(probe.Observation{
		Endpoint: e, Scheme: catalog.HTTPS, Outcome: reason.Fail, Detail: "Get " + form, Reproduce: form,
		Addresses: []probe.AddressResult{{Detail: form, HTTP: &probe.HTTPFacts{ContentType: form, API: &probe.APIFacts{Code: form, Message: form}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	decoded := wire(form)
	for _, x := range []report.Evidence{
		{ID: "text", Endpoint: e.ID, Kind: report.Exchanged, Title: form, Exchange: &report.Exchange{Received: report.Wire{Text: form, Bytes: 1}}},
		{ID: "exchange", Endpoint: e.ID, Kind: report.Exchanged, Exchange: &report.Exchange{
			Sent:     wire("Authorization: " + form),
			Received: wire("echo " + form), Decoded: &decoded,
		}},
	} {
		if err := rec.AddEvidence(x); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range header.Requirements {
		rec.Add(report.Result{
			Endpoint: e.ID, Requirement: q.ID, Outcome: report.Fail, Detail: form, Expected: form, Got: form, Reproduce: form,
			Evidence: []string{seen, "text", "exchange"},
		})
	}
	r, err := rec.Report(began)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestNoSecretInAnyReport(t *testing.T) {
	key := cloudapi.AlibabaKey{ID: "canaryid", Secret: canary}
	redact := func(text string) string {
		// As keys redact, and the form that only this test plants.
		return strings.ReplaceAll(cloudapi.NewRedactor(key, cloudapi.TencentKey{}).Redact(text), hex.EncodeToString([]byte(canary)), cloudapi.Redacted)
	}
	written := func(r *report.Report) string {
		var b bytes.Buffer
		for _, f := range render.Formats() {
			if err := render.Write(&b, r, f); err != nil {
				t.Fatal(err)
			}
		}
		b.Write(asJSON(t, report.Compare(sample(t), r, nil)))
		if err := render.Comparison(&b, report.Compare(sample(t), r, nil)); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	for name, form := range forms() {
		clean := written(planted(t, form, redact))
		for other, trace := range forms() {
			if at := strings.Index(clean, trace); at >= 0 {
				t.Errorf("planted as %s, found as %s: …%s…", name, other, clean[max(0, at-60):at+len(trace)])
			}
		}
		if !strings.Contains(clean, cloudapi.Redacted) {
			t.Errorf("%s: nothing was redacted", name)
		}
		// The test sees what it looks for.
		if open := written(planted(t, form, nil)); !strings.Contains(open, form) {
			t.Errorf("%s: not found in a report that keeps secrets", name)
		}
	}
}

func TestRedactorLeavesTheRestAlone(t *testing.T) {
	same := func(s string) string { return s }
	header := start()
	rec := report.NewRecorder(header, same)
	e := report.Evidence{ID: "x", Endpoint: "kms/cn-beijing/public", Kind: report.Observed, Observation: observation(t, "kms/cn-beijing/public", "h")}
	if err := rec.AddEvidence(e); err != nil {
		t.Fatal(err)
	}
	r, err := rec.Report(began)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Evidence[0].Observation; !bytes.Equal(got, e.Observation) {
		t.Errorf("got  %s\nwant %s", got, e.Observation)
	}
}

func TestRecorderRefusesWhatIsNoJSON(t *testing.T) {
	upper := report.Redactor(strings.ToUpper)
	for text, want := range map[string]string{
		`{"a":`: "reading JSON", `{"a" 1}`: "reading JSON", `{} {}`: "after top-level value", ``: "reading JSON", `[1,`: "reading JSON", `{"a":[}`: "reading JSON",
	} {
		err := report.NewRecorder(start(), upper).AddEvidence(report.Evidence{
			ID: "x", Endpoint: "kms/cn-beijing/public", Kind: report.Observed, Observation: json.RawMessage(text),
		})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), `evidence "x": `) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func FuzzRedactJSON(f *testing.F) {
	f.Add([]byte(`{"a":[1,2.50,-0,1e3,true,null,"\u00e9 <&>"],"b":{"c":{}},"a":[]}`))
	f.Add([]byte(`[[],{},""]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if !json.Valid(data) || !bytes.HasPrefix(data, []byte("{")) {
			return
		}
		rec := report.NewRecorder(start(), func(s string) string { return s })
		e := report.Evidence{ID: "x", Endpoint: "kms/cn-beijing/public", Kind: report.Observed, Observation: data}
		if err := rec.AddEvidence(e); err != nil {
			t.Fatal(err)
		}
		r, err := rec.Report(began)
		if err != nil {
			return // JSON, but no observation
		}
		var want, got any
		if json.Unmarshal(data, &want) != nil {
			return // numbers beyond what Go holds
		}
		if err := json.Unmarshal(r.Evidence[0].Observation, &got); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestHexadecimalHoldsNoSecret(t *testing.T) {
	rec := report.NewRecorder(start(), func(s string) string { return strings.ReplaceAll(s, canary, "REDACTED") })
	if err := rec.AddEvidence(report.Evidence{
		ID: "x", Endpoint: "kms/cn-beijing/public", Kind: report.Exchanged,
		Exchange: &report.Exchange{Sent: wire("key=" + canary + "\x00"), Received: wire(canary + "\x00")},
	}); err != nil {
		t.Fatal(err)
	}
	r, err := rec.Report(began)
	if err != nil {
		t.Fatal(err)
	}
	x := r.Evidence[0].Exchange
	if want := hex.EncodeToString([]byte("key=REDACTED\x00")); x.Sent.Hex != want || x.Received.Hex != want[8:] {
		t.Errorf("got %s and %s, want %s", x.Sent.Hex, x.Received.Hex, want)
	}
}
