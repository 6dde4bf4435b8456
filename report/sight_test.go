package report_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"prober/catalog"
	"prober/report"
)

// sighting is a report of one endpoint with one observation.
func sighting(mode report.Mode, lifecycle catalog.Lifecycle, observation string) *report.Report {
	return &report.Report{
		Environment: report.Environment{Mode: mode},
		Endpoints:   []report.Endpoint{{ID: "shop/eu/public", Product: "shop", Host: "shop.eu.example", Lifecycle: lifecycle}},
		Evidence:    []report.Evidence{{ID: "1", Endpoint: "shop/eu/public", Kind: report.Observed, Observation: json.RawMessage(observation)}},
	}
}

func TestFirstSeen(t *testing.T) {
	const (
		query  = `{"scheme": "https", "outcome": "ok", "dns": {"queries": [{"name": "shop.eu.example", "type": "AAAA", "addresses": [%s], "reason": "%s"}]}}`
		one    = `{"tls": {"versions": {"TLS1.3": {"verdict": "%s"}}}}`
		whole  = `{"scheme": "%s", "outcome": "%s", "phase": "resolve", "reason": "nxdomain", "addresses": [%s]}`
		accept = "accepted"
	)
	versions := func(verdicts ...string) string {
		var list []string
		for _, v := range verdicts {
			list = append(list, fmt.Sprintf(one, v))
		}
		return fmt.Sprintf(whole, "https", "ok", strings.Join(append(list, `{"tls": null}`), ","))
	}
	for _, tt := range []struct {
		name          string
		before, after *report.Report
		want          string
	}{
		{"a first run", nil, sighting(report.Live, "", versions(accept)), "TLS1.3 accepted"},
		{"the same again", sighting(report.Live, "", versions(accept)), sighting(report.Live, "", versions(accept)), ""},
		{"otherwise", sighting(report.Live, "", versions(accept)), sighting(report.Live, "", versions("rejected")), "TLS1.3 rejected before accepted"},
		{"a sandbox tells nothing of real services", sighting(report.Sandbox, "", versions(accept)), sighting(report.Live, "", versions(accept)), "TLS1.3 accepted"},
		{"a sandbox", nil, sighting(report.Sandbox, "", versions(accept)), ""},
		{"what could not be told", nil, sighting(report.Live, "", versions("inconclusive")), ""},
		{"at some addresses", nil, sighting(report.Live, "", versions(accept, "rejected", "inconclusive")), "TLS1.3 accepted at some addresses"},
		{"IPv6", nil, sighting(report.Live, "", fmt.Sprintf(query, `"2001:db8::1"`, "")), "AAAA there are records"},
		{"no IPv6", nil, sighting(report.Live, "", fmt.Sprintf(query, "", "")), "AAAA there is none"},
		{"no answer about IPv6", nil, sighting(report.Live, "", fmt.Sprintf(query, "", "timeout")), ""},
		{"a doubtful endpoint", nil, sighting(report.Live, catalog.Doubtful, fmt.Sprintf(whole, "https", "ok", "")), "doubtful endpoint answers"},
		{"a closed one", nil, sighting(report.Live, catalog.Closed, fmt.Sprintf(whole, "https", "fail", "")), "closed endpoint resolve/nxdomain"},
		{"one that is unknown", nil, sighting(report.Live, catalog.Closed, fmt.Sprintf(whole, "https", "unknown", "")), ""},
		{"plain HTTP", nil, sighting(report.Live, catalog.Closed, fmt.Sprintf(whole, "http", "ok", "")), ""},
		{"damage", nil, sighting(report.Live, catalog.Closed, `[]`), ""},
	} {
		var got []string
		for _, s := range report.FirstSeen(tt.before, tt.after) {
			text := s.About + " " + s.Is
			if s.Was != "" {
				text += " before " + s.Was
			}
			got = append(got, text)
		}
		if text := strings.Join(got, ", "); text != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, text, tt.want)
		}
	}
}
