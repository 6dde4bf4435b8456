package report_test

import (
	"strings"
	"sync"
	"testing"

	"prober"
	"prober/catalog"
	"prober/probe"
	"prober/report"
)

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

// A probe is called by what was spoken, of every kind.
func TestObservationsAreCalledByWhatWasSpoken(t *testing.T) {
	rec := report.NewRecorder(start(), nil)
	want := map[catalog.Scheme]string{
		catalog.HTTPS: "one probe over HTTPS", catalog.HTTP: "one probe over plain HTTP", catalog.SchemeTLS: "one probe over TLS",
		catalog.SchemeTCP: "one probe over TCP", catalog.SchemeDNS: "one probe over DNS",
	}
	for scheme := range want {
		if _, err := rec.Observed(probe.Observation{Endpoint: catalog.Endpoint{ID: "ecs/default/public"}, Scheme: scheme, Started: began}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := rec.Report(began)
	if err != nil || len(r.Evidence) != len(want) {
		t.Fatalf("%d pieces of evidence (%v)", len(r.Evidence), err)
	}
	for _, e := range r.Evidence {
		if scheme := catalog.Scheme(strings.TrimPrefix(e.ID, "ecs/default/public/")); e.Title != want[scheme] {
			t.Errorf("%s: %q, want %q", scheme, e.Title, want[scheme])
		}
	}
}

func TestRecorderByManyAtOnce(t *testing.T) {
	rec := report.NewRecorder(start(), nil)
	var wg sync.WaitGroup
	for _, e := range start().Endpoints {
		for _, q := range start().Requirements {
			wg.Go(func() {
				if err := rec.AddEvidence(report.Evidence{ID: e.ID + "/seen", Endpoint: e.ID, Kind: report.Exchanged, Exchange: &report.Exchange{Received: report.Wire{Text: "seen", Bytes: 1}}}); err != nil {
					t.Error(err)
				}
				rec.Add(report.Result{Endpoint: e.ID, Requirement: q.ID, Outcome: report.Pass, Evidence: []string{e.ID + "/seen"}})
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

// What a run measures is finer than anybody wants to compare.
func TestDurationsToTheMicrosecond(t *testing.T) {
	rec := report.NewRecorder(start(), nil)
	rec.Add(report.Result{Endpoint: "ecs/default/public", Requirement: "ECS-DNS-01", Outcome: report.Pass, Duration: 123456789})
	r, err := rec.Report(began)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := report.Encode(r); err != nil || !strings.Contains(string(text), `"duration_seconds":0.123457}`) {
		t.Errorf("%s (%v)", text, err)
	}
}

func TestEndpointsOf(t *testing.T) {
	c, err := catalog.Decode("endpoints.json", prober.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	e, _ := c.Endpoint("kms/cn-beijing/vpc")
	e.Lifecycle = catalog.Doubtful
	want := report.Endpoint{
		ID: e.ID, Product: "kms", Region: "cn-beijing", RegionName: "China (Beijing)", Network: catalog.VPC, Host: e.Host,
		Lifecycle: catalog.Doubtful, Line: c.Line(e.ID),
	}
	if got := report.EndpointsOf(c, []catalog.Endpoint{e}); len(got) != 1 || got[0] != want || got[0].Active() || want.Line == 0 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	made := &catalog.Catalog{Endpoints: []catalog.Endpoint{{ID: "a/b/public"}}}
	if got := report.EndpointsOf(made, made.Endpoints); got[0].Line != 0 {
		t.Errorf("got line %d", got[0].Line)
	}
}
