package monitor

import (
	"bytes"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"

	"prober/catalog"
	"prober/latency"
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

// TestNumbersAreTheLibrarys writes numbers that no metric has today.
func TestNumbersAreTheLibrarys(t *testing.T) {
	for _, open := range []bool{false, true} {
		format := expfmt.NewFormat(expfmt.TypeTextPlain)
		if open {
			format = expfmt.NewFormat(expfmt.TypeOpenMetrics)
		}
		for _, v := range []float64{
			0, math.Copysign(0, -1), 1, -1, 17, -17, 1.5, 1e-7, 999_999, 1e6, 1_234_567, 1.7e9, 1e20, 1e21, math.Pi, math.NaN(), math.Inf(1), math.Inf(-1),
		} {
			p := newCollected(&shownMetric{metric: metric{Name: "x", Type: gauge}}, false)
			series{into: p}.add(v)
			f, err := p.family()
			if err != nil {
				t.Fatal(err)
			}
			var want bytes.Buffer
			if err := expfmt.NewEncoder(&want, format).Encode(f); err != nil {
				t.Fatal(err)
			}
			w := textForm{open: open}
			if got := "x " + string(w.appendFloat(nil, v)) + "\n"; !strings.HasSuffix(want.String(), "\n"+got) {
				t.Errorf("%v: %q is not the end of %q", v, got, want.String())
			}
		}
	}
}

// TestTextRefusesASeriesTwice as the other forms do.
func TestTextRefusesASeriesTwice(t *testing.T) {
	for _, text := range []bool{true, false} {
		p := newCollected(&shownMetric{metric: metric{Name: "x", Type: histogram}, labels: []string{"a"}}, text)
		h := latency.New(nil)
		h.Observe(time.Second)
		for _, value := range []string{"2", "1", "2"} {
			series{into: p}.histogram(h, value)
		}
		var err error
		if text {
			err = (&textForm{out: &bytes.Buffer{}}).write(p)
		} else {
			_, err = p.family()
		}
		if err == nil || !strings.Contains(err.Error(), "metric x has two series with the labels") {
			t.Errorf("text %v: %v", text, err)
		}
	}
}
