package report_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
	"prober/probe"
	"prober/probe/reason"
	"prober/report"
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
	for _, x := range []report.Evidence{
		{ID: "note", Endpoint: e.ID, Kind: report.Noted, Title: form, Note: form},
		{ID: "exchange", Endpoint: e.ID, Kind: report.Exchanged, Exchange: &report.Exchange{
			Sent: report.NewWire([]byte("Authorization: "+form), redact),
			// Whoever did not remove secrets beforehand is helped.
			Received: report.NewWire([]byte("echo "+form), nil),
		}},
	} {
		if err := rec.AddEvidence(x); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range header.Requirements {
		rec.Add(report.Result{
			Endpoint: e.ID, Requirement: q.ID, Outcome: report.Fail, Detail: form, Expected: form, Got: form, Reproduce: form,
			Evidence: []string{seen, "note", "exchange"},
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
		return strings.ReplaceAll(key.Redact(text), hex.EncodeToString([]byte(canary)), cloudapi.Redacted)
	}
	written := func(r *report.Report) string {
		var b bytes.Buffer
		for _, f := range report.Formats() {
			if err := report.Write(&b, r, f); err != nil {
				t.Fatal(err)
			}
		}
		if err := report.Compare(sample(t), r).WriteJSON(&b); err != nil {
			t.Fatal(err)
		}
		if err := report.Compare(sample(t), r).WriteTable(&b); err != nil {
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
		`{"a":`: "reading JSON", `{"a" 1}`: "reading JSON", `{} {}`: "more than one value", ``: "reading JSON", `[1,`: "reading JSON", `{"a":[}`: "reading JSON",
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

func TestEvidenceIsStoredOnce(t *testing.T) {
	rec := report.NewRecorder(start(), nil)
	o := probe.Observation{Endpoint: catalog.Endpoint{ID: "ecs/default/public"}, Scheme: catalog.HTTP, Started: began}
	for range 3 {
		if id, err := rec.Observed(o); err != nil || id != "ecs/default/public/http" {
			t.Fatal(id, err)
		}
	}
	o.Detail = "another"
	if _, err := rec.Observed(o); err == nil || !strings.Contains(err.Error(), `"ecs/default/public/http": there is other evidence of this name`) {
		t.Errorf("got %v", err)
	}
	r, err := rec.Report(began)
	if err != nil || len(r.Evidence) != 1 || r.Evidence[0].Title != "one probe over plain HTTP" {
		t.Errorf("got %d pieces of evidence (%v)", len(r.Evidence), err)
	}
}

func TestRecorderByManyAtOnce(t *testing.T) {
	rec := report.NewRecorder(start(), nil)
	var wg sync.WaitGroup
	for _, e := range start().Endpoints {
		for _, q := range start().Requirements {
			wg.Go(func() {
				if err := rec.AddEvidence(report.Evidence{ID: e.ID + "/note", Endpoint: e.ID, Kind: report.Noted, Note: "seen"}); err != nil {
					t.Error(err)
				}
				rec.Add(report.Result{Endpoint: e.ID, Requirement: q.ID, Outcome: report.Pass, Evidence: []string{e.ID + "/note"}})
			})
		}
	}
	wg.Wait()
	r, err := rec.Report(began)
	if err != nil || r.Summary.Total.Pass != 16 || len(r.Evidence) != 4 {
		t.Fatalf("got %+v (%v)", r.Summary.Total, err)
	}
	if first, last := r.Results[0], r.Results[15]; first.Requirement != "ECS-DNS-01" || last.Endpoint != "kms/ap-south-1/public" {
		t.Errorf("not in order: %+v … %+v", first, last)
	}
	// A report is a copy: what comes later does not change it.
	rec.Add(report.Result{Endpoint: "nowhere"})
	if len(r.Results) != 16 || r.Validate() != nil {
		t.Error("the report has changed")
	}
	if _, err := rec.Report(began); err == nil || !strings.Contains(err.Error(), `unknown endpoint "nowhere"`) {
		t.Errorf("got %v", err)
	}
}

func TestNewWire(t *testing.T) {
	w := report.NewWire([]byte(strings.Repeat("a", 4095)+"é and more"), nil)
	if w.Text != strings.Repeat("a", 4095) || len(w.Hex) != 256 || w.Bytes != 4106 {
		t.Errorf("got %d bytes of text, %d digits, %d bytes", len(w.Text), len(w.Hex), w.Bytes)
	}
	w = report.NewWire([]byte("a\x00b\x1b[31m\xff\r\n\tc\u0085"), nil)
	if w.Text != "a\uFFFDb\uFFFD[31m\uFFFD\r\n\tc\uFFFD" || w.Hex != "6100621b5b33316dff0d0a0963c285" {
		t.Errorf("got %q, %s", w.Text, w.Hex)
	}
	// The secret is removed before anything is cut, so that no half of it stays.
	w = report.NewWire([]byte(strings.Repeat("-", 120)+canary), func(s string) string { return strings.ReplaceAll(s, canary, "REDACTED") })
	if strings.Contains(w.Text, "s3cr") || strings.Contains(w.Hex, hex.EncodeToString([]byte("s3cr"))) || !strings.HasSuffix(w.Text, "REDACTED") {
		t.Errorf("got %q, %s", w.Text, w.Hex)
	}
}

func TestEndpointLines(t *testing.T) {
	file, err := os.ReadFile("../endpoints.json")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := report.EndpointLines("endpoints.json", file)
	if err != nil || len(lines) != 85 {
		t.Fatalf("%d lines (%v)", len(lines), err)
	}
	text := strings.Split(string(file), "\n")
	for id, n := range lines {
		if !strings.Contains(text[n-1], fmt.Sprintf("%q", id)) {
			t.Errorf("%s is not on line %d: %s", id, n, text[n-1])
		}
	}
	lines, err = report.EndpointLines("x", []byte("{\n\"regions\": [{\"id\": \"r\"}], \"endpoints\"\n: [\n {\"id\":\n\"a\"}\n\n,\n{\"id\": \"b\"}, {\"id\": \"c\"}]\n}"))
	if fmt.Sprint(lines) != "map[a:4 b:8 c:8]" || err != nil {
		t.Errorf("got %v (%v)", lines, err)
	}
	for text, want := range map[string]string{
		"":                           `reading "x": EOF`,
		`{"endpoints": [`:            `reading the endpoints of "x": `,
		`{"endpoints": [3]}`:         `reading the endpoints of "x": json: cannot unmarshal number`,
		`{"endpoints": ["{"]}`:       `reading the endpoints of "x": json: cannot unmarshal string`,
		`{"regions": `:               `reading "x": `,
		`{"endpoints": [{"id": 3}]}`: "cannot unmarshal number",
		`[]`:                         `reading "x": [ where a { belongs`,
		`{"endpoints": 3}`:           `reading the endpoints of "x": 3 where a [ belongs`,
		`{"endpoints": []`:           `reading "x": `,
		`{3: 4}`:                     `reading "x": `,
	} {
		if _, err := report.EndpointLines("x", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func FuzzEndpointLines(f *testing.F) {
	f.Add([]byte("{\"endpoints\": [\n{\"id\": \"a\"},\n{\"id\": \"b\"}]}"))
	f.Add([]byte(`{"endpoints": {"a": {}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, err := report.EndpointLines("fuzz", data)
		for id, n := range lines {
			if err == nil && (n < 1 || n > 1+bytes.Count(data, []byte("\n"))) {
				t.Errorf("%q on line %d", id, n)
			}
		}
	})
}

func TestEndpointsOf(t *testing.T) {
	c := &catalog.Catalog{
		Products:  []catalog.Product{{ID: "kms", Provider: "alibaba"}},
		Regions:   []catalog.Region{{ID: "cn-beijing", Provider: "alibaba", Name: "China (Beijing)"}},
		Endpoints: []catalog.Endpoint{{ID: "kms/cn-beijing/vpc", Product: "kms", Region: "cn-beijing", Network: catalog.VPC, Host: "h", Lifecycle: catalog.Doubtful}},
	}
	want := report.Endpoint{
		ID: "kms/cn-beijing/vpc", Product: "kms", Region: "cn-beijing", RegionName: "China (Beijing)", Network: catalog.VPC, Host: "h",
		Lifecycle: catalog.Doubtful, Line: 7,
	}
	if got := report.EndpointsOf(c, c.Endpoints, map[string]int{"kms/cn-beijing/vpc": 7}); len(got) != 1 || got[0] != want || got[0].Active() {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := report.EndpointsOf(c, c.Endpoints, nil); got[0].Line != 0 {
		t.Errorf("got line %d", got[0].Line)
	}
}
