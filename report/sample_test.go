package report_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/goldenfile"
	"prober/probe/reason"
	"prober/report"
	"prober/report/render"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	goldenfile.Compare(t, *update, name, got)
}

var began = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// start is the header of the reports of the tests.
func start() report.Report {
	return report.Report{
		Tool: report.Tool{Name: "prober", Version: "1.2.3", Go: "go1.26.8"},
		Environment: report.Environment{
			Mode: report.Sandbox, OS: "linux", Arch: "amd64", Resolvers: []string{"127.0.0.1:5353"}, Inside: []string{"all"},
			Faults: []string{"kms/cn-beijing/public=ssl3_accepted"}, Command: "prober conformance --sandbox --fault kms/cn-beijing/public=ssl3_accepted",
		},
		Catalogue: report.Catalogue{File: "endpoints.json", Digest: "9f86d081884c7d65", Endpoints: 85},
		Suite:     report.Suite{Name: "conformance", Version: "1.2.3"},
		AsOf:      began, Started: began,
		Requirements: []report.Requirement{
			{ID: "ECS-DNS-01", Level: report.Must, Group: "dns", Text: "The host name of the endpoint resolves."},
			{ID: "KMS-TLS-02", Level: report.Must, Group: "tls", Text: "SSLv3 is refused.", Rules: []string{"kms/tls/SSLv3"}, Since: "2021-01-28", Rationale: "RFC 7568 forbids it.", Source: "Request syntax", Section: "Communication protocols", URL: "https://github.com/AlibabaCloudDocs/kms"},
			{ID: "KMS-TLS-03", Level: report.Info, Group: "tls", Text: "TLS 1.0 is accepted or refused."},
			{ID: "KMS-CHARSET-01", Level: report.Should, Group: "charset", Text: "Replies are encoded in UTF-8 | labelled <so>."},
		},
		Endpoints: []report.Endpoint{
			{ID: "ecs/default/public", Product: "ecs", Region: "default", RegionName: "Default", Network: catalog.Public, Host: "ecs.aliyuncs.com", Line: 135},
			{ID: "kms/cn-beijing/public", Product: "kms", Region: "cn-beijing", RegionName: "China (Beijing)", Network: catalog.Public, Host: "kms.cn-beijing.aliyuncs.com", Line: 160},
			{ID: "kms/cn-beijing/vpc", Product: "kms", Region: "cn-beijing", RegionName: "China (Beijing)", Network: catalog.VPC, Host: "kms-vpc.cn-beijing.aliyuncs.com", Line: 161},
			{ID: "kms/ap-south-1/public", Product: "kms", Region: "ap-south-1", RegionName: "India (Mumbai)", Network: catalog.Public, Host: "kms.ap-south-1.aliyuncs.com", Lifecycle: catalog.Closed, Line: 170},
		},
	}
}

// sample is a small report with every outcome and every kind of evidence.
func sample(t testing.TB) *report.Report {
	t.Helper()
	rec := report.NewRecorder(start(), nil)
	keep := func(e report.Evidence) {
		t.Helper()
		if err := rec.AddEvidence(e); err != nil {
			t.Fatal(err)
		}
	}
	keep(report.Evidence{
		ID: "kms/cn-beijing/public/https", Endpoint: "kms/cn-beijing/public", Kind: report.Observed, Title: "one probe over HTTPS",
		Observation: observation(t, "kms/cn-beijing/public", "kms.cn-beijing.aliyuncs.com"),
	})
	keep(report.Evidence{
		ID: "kms/cn-beijing/public/unsigned", Endpoint: "kms/cn-beijing/public", Kind: report.Exchanged, Title: "an unsigned call",
		Exchange: &report.Exchange{
			Sent:     wire("GET / HTTP/1.1\r\nHost: kms.cn-beijing.aliyuncs.com\r\n\r\n"),
			Received: wire("HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<b>\xc3\x28 caf\xe9</b>\x00"),
		},
	})
	keep(report.Evidence{ID: "ecs/default/public/seen", Endpoint: "ecs/default/public", Kind: report.Exchanged, Title: "seen", Exchange: &report.Exchange{Received: report.Wire{Text: "TLS1.0 accepted by both addresses", Bytes: 33}}})
	for _, res := range []report.Result{
		{Endpoint: "kms/ap-south-1/public", Requirement: "KMS-TLS-02", Outcome: report.Fail, Reason: reason.ResolveNXDomain, Detail: "the name does not exist"},
		{Endpoint: "kms/cn-beijing/vpc", Requirement: "KMS-TLS-02", Outcome: report.Skip, Skip: "private-network", Detail: "the name leads to 100.100.2.1, which only the provider's network reaches"},
		{Endpoint: "kms/cn-beijing/vpc", Requirement: "KMS-CHARSET-01", Outcome: report.Flaky, Attempts: 2, Detail: "timed out once, then kept"},
		{
			Endpoint: "kms/cn-beijing/public", Requirement: "KMS-TLS-02", Outcome: report.Fail, Reason: reason.TLSVersionAccepted,
			Expected: "SSLv3 refused", Got: "SSLv3 accepted at 127.0.0.1", Detail: "127.0.0.1 chose TLS_RSA_WITH_3DES_EDE_CBC_SHA",
			Evidence: []string{"kms/cn-beijing/public/https"}, Reproduce: "openssl s_client -connect 127.0.0.1:443 -ssl3 </dev/null",
			Duration: reason.Seconds(1500 * time.Microsecond), Attempts: 1,
		},
		{Endpoint: "kms/cn-beijing/public", Requirement: "KMS-TLS-03", Outcome: report.NotApplicable, Detail: "no document speaks of TLS 1.0 here: accepted"},
		{Endpoint: "kms/cn-beijing/public", Requirement: "KMS-CHARSET-01", Outcome: report.Waived, Detail: "labelled <GBK> | known since 2024", Evidence: []string{"kms/cn-beijing/public/unsigned"}},
		{Endpoint: "ecs/default/public", Requirement: "ECS-DNS-01", Outcome: report.Pass, Evidence: []string{"ecs/default/public/seen"}, Duration: reason.Seconds(time.Microsecond)},
		{Endpoint: "kms/cn-beijing/vpc", Requirement: "KMS-TLS-03", Outcome: report.Inconclusive, Reason: reason.ProberResolverUnavailable, Detail: "no resolver answered"},
	} {
		rec.Add(res)
	}
	r, err := rec.Report(began.Add(2500 * time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Judge(report.Policy{}); err != nil {
		t.Fatal(err)
	}
	return r
}

// observation is the documented JSON of a probe with two addresses and a chain of two.
func observation(t testing.TB, id, host string) json.RawMessage {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "observation.json"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("ENDPOINT", id, "HOST", host).Replace(string(data))
	return json.RawMessage(strings.TrimSpace(text))
}

func write(t testing.TB, r *report.Report, f render.Format) string {
	t.Helper()
	var b bytes.Buffer
	if err := render.Write(&b, r, f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
