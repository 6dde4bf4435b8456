package monitor

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"

	"prober/catalog"
	"prober/probe"
)

// TestTextIsTheLibrarys compares what is written as text with what common/expfmt writes of the same.
func TestTextIsTheLibrarys(t *testing.T) {
	apart := func(*testing.T) *Monitor { // labels with what has to be escaped, some of them left out, and two of one host
		list := []probe.Target{target("own/a/public", "a.example.com"), target("own/b/public", "b.example.com"), target("own/c/public", "b.example.com")}
		list[1].Endpoint.Labels = map[string]string{"team": "a \"b\"\\c\nd", "other": "x"}
		list[2].Endpoint.Region, list[2].Scheme = list[1].Endpoint.Region, catalog.HTTP
		m, _ := monitorOf(t, list, func(c *Config) { c.ClassicHistograms = true })
		for _, x := range list {
			feed(t, m, okObservation(x, epoch))
		}
		return m
	}
	for name, of := range map[string]func(*testing.T) *Monitor{
		"endpoint": func(t *testing.T) *Monitor { return sceneOfEverything(t, DetailEndpoint) },
		"region":   func(t *testing.T) *Monitor { return sceneOfEverything(t, DetailRegion) },
		"long":     func(t *testing.T) *Monitor { return filledOver(t, 3*perPart, 2*perPart, DetailRegion) },
		"apart":    apart,
	} {
		m := of(t)
		families, err := m.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for accept, format := range map[string]expfmt.Format{
			"text/plain": expfmt.NewFormat(expfmt.TypeTextPlain), "application/openmetrics-text;version=1.0.0": expfmt.NewFormat(expfmt.TypeOpenMetrics),
		} {
			var want bytes.Buffer
			enc := expfmt.NewEncoder(&want, format)
			for _, f := range families {
				if err := enc.Encode(f); err != nil {
					t.Fatal(err)
				}
			}
			if err := enc.(expfmt.Closer).Close(); err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
			r.Header.Set("Accept", accept)
			w := httptest.NewRecorder()
			m.Handler(nil).ServeHTTP(w, r)
			got, wanted := strings.Split(w.Body.String(), "\n"), strings.Split(want.String(), "\n")
			for i := range max(len(got), len(wanted)) {
				if i >= min(len(got), len(wanted)) || got[i] != wanted[i] {
					t.Errorf("%s, %s: of %d and %d lines %d differs:\n%q\n%q", name, accept, len(got), len(wanted), i, got[min(i, len(got)-1)], wanted[min(i, len(wanted)-1)])
					break
				}
			}
		}
	}
}
