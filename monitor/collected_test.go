package monitor

import (
	"bytes"
	"math"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"github.com/prometheus/common/expfmt"
)

// TestTextFromTheSameMemory: what is collected for a text, part after part into the same memory, is what
// is gathered at once.
func TestTextFromTheSameMemory(t *testing.T) {
	for _, detail := range []Detail{DetailEndpoint, DetailRegion} {
		m := filledOver(t, 3*perPart, 200, detail)
		families, err := m.Gather()
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		for _, f := range families {
			if _, err := expfmt.MetricFamilyToText(&want, f); err != nil {
				t.Fatal(err)
			}
		}
		w := httptest.NewRecorder()
		m.Handler(nil).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		got, lines := strings.Split(w.Body.String(), "\n"), strings.Split(want.String(), "\n")
		for i, line := range lines {
			if i >= len(got) || got[i] != line && !strings.HasPrefix(line, "prober_") && !strings.HasPrefix(line, "process_") && !strings.HasPrefix(line, "go_") {
				t.Fatalf("%s: line %d of %d and %d is %q, want %q", detail, i+1, len(got), len(lines), got[min(i, len(got)-1)], line)
			}
		}
		if len(got) != len(lines) || len(got) < 1000 {
			t.Errorf("%s: %d lines, want %d", detail, len(got), len(lines))
		}
	}
}

// TestMemoryOfAnEndpoint holds what a long list takes for each endpoint that was probed, its entry and its history included: what
// is in use, and with what lies empty between that and can hold nothing else as large.
func TestMemoryOfAnEndpoint(t *testing.T) {
	const n, want, spread, margin = 2000, 1725, 2320, 0.1
	used := func() (used, held float64) {
		var m runtime.MemStats
		for range 3 { // pools and finalizers need more than one
			runtime.GC()
		}
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc), float64(m.HeapInuse)
	}
	var each, room float64
	for range 5 { // what tests before this one still let go of is taken for less
		before, heldBefore := used()
		m := filled(t, n, DetailRegion)
		now, held := used()
		each, room = (now-before)/n, (held-heldBefore)/n
		runtime.KeepAlive(m)
		if each >= want*(1-margin) && each <= want*(1+margin) && room <= spread {
			return
		}
	}
	switch {
	case each < want*(1-margin):
		t.Errorf("%.0f bytes an endpoint, where there were %d: write down what is saved, so that it stays so", each, want)
	case each > want*(1+margin):
		t.Errorf("%.0f bytes an endpoint, where there were %d: what is more?", each, want)
	default:
		t.Errorf("%.0f bytes an endpoint with what lies empty between, of %.0f in use: what was between them?", room, each)
	}
}

// TestGarbageOfAScrape: however many endpoints there are, what they are told with is made for a few of them, and used again.
func TestGarbageOfAScrape(t *testing.T) {
	const n, series = 4000, 15
	most := 80.0 // bytes for a series
	if raced {
		most *= 2
	}
	m := filled(t, n, DetailRegion)
	h := m.Handler(nil)
	for _, accept := range []string{"text/plain", "application/openmetrics-text", "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"} {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.Header.Set("Accept", accept)
		each := math.Inf(1)
		for try := 0; try < 5 && each > most; try++ { // what others make meanwhile is taken for more
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			h.ServeHTTP(&discard{header: http.Header{}}, r)
			runtime.ReadMemStats(&after)
			each = min(each, float64(after.TotalAlloc-before.TotalAlloc)/n/series)
		}
		if each > most {
			t.Errorf("%s: %.0f bytes of garbage for a series, want at most %.0f", accept, each, most)
		}
	}
}

// TestSizeOfAnEndpoint: one byte more, and each takes an eighth more, since memory is handed out in sizes.
func TestSizeOfAnEndpoint(t *testing.T) {
	if size := unsafe.Sizeof(endpoint{}); size > 512 {
		t.Errorf("an endpoint has %d bytes", size)
	}
}

// TestSeriesOfAnEndpoint holds their number: each costs whoever stores them, and all who scrape.
func TestSeriesOfAnEndpoint(t *testing.T) {
	const n = 100
	for detail, want := range map[Detail]int{DetailEndpoint: 36, DetailRegion: 15} {
		m := filledOver(t, n, 1, detail)
		families, err := m.Gather()
		if err != nil {
			t.Fatal(err)
		}
		series := 0
		for _, f := range families {
			for _, x := range f.Metric {
				for _, l := range x.Label {
					if l.GetName() == "host" {
						series++
						if x.Histogram != nil || x.Summary != nil { // a count and a sum
							series++
						}
						break
					}
				}
			}
		}
		if each := float64(series) / n; each > float64(want)*1.1 || each < float64(want)*0.9 {
			t.Errorf("%s: %.1f series an endpoint, where there were %d", detail, each, want)
		}
	}
}
