package main

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	"google.golang.org/protobuf/proto"
)

// serve pushes what /metrics shows, at the latest when it ends.
func TestServePushesOverOTLP(t *testing.T) {
	got := make(chan *collector.ExportMetricsServiceRequest, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		m := &collector.ExportMetricsServiceRequest{}
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		body, _ := io.ReadAll(z)
		if err := proto.Unmarshal(body, m); err != nil {
			t.Error(err)
		}
		got <- m
	}))
	t.Cleanup(receiver.Close)
	_, end := servedWithin(t, time.Hour, nil, "--sandbox", "--product", "kms", "--region", "cn-hangzhou", "--otlp.endpoint", receiver.URL)
	if said, err := end(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	names := map[string]bool{}
	for len(got) > 0 {
		for _, r := range (<-got).ResourceMetrics {
			for _, s := range r.ScopeMetrics {
				for _, m := range s.Metrics {
					names[m.Name] = true
				}
			}
		}
	}
	for _, want := range []string{"endpoint_probes_total", "endpoint_phase_failures_total", "prober_build_info", "prober_otlp_pushes_total", "go_goroutines"} {
		if !names[want] {
			t.Errorf("%s was not pushed: %d others", want, len(names))
		}
	}
}
