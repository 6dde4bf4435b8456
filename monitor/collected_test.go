package monitor

import (
	"bytes"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"

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

// TestCollectedSeries: labels are sorted by name and series by values; empty labels go where they may;
// what is no UTF-8 is mended; and two series of the same labels are an error.
func TestCollectedSeries(t *testing.T) {
	shown := &shownMetric{metric{Name: "x", Type: gauge, Help: "X.", Labels: []string{"a"}}, []string{"host", "name", "a"}, &list{}}
	texts := func(values ...string) []*string {
		var list []*string
		for _, v := range values {
			list = append(list, &v)
		}
		return list
	}
	written := map[bool]func(*collected, *bytes.Buffer) error{
		true: func(p *collected, out *bytes.Buffer) error { return (&textForm{out: out}).write(p) },
		false: func(p *collected, out *bytes.Buffer) error {
			f, err := p.family()
			if err == nil {
				_, err = expfmt.MetricFamilyToText(out, f)
			}
			return err
		},
	}
	of := map[bool]*collected{true: newCollected(shown, true), false: newCollected(shown, false)}
	for i := range 4 { // each time but the first in the memory of the one before, if that may be
		asText := i%2 == 0
		p := of[asText]
		p.again()
		s := series{into: p, labels: texts("h2", ""), sparse: true}
		s.add(1, "z\xff")
		s.labels = texts("h1", "n")
		s.add(2, "y")
		s.add(3, "b")
		var text bytes.Buffer
		if err := written[asText](p, &text); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"# HELP x X.", "# TYPE x gauge", `x{a="z` + "\uFFFD" + `",host="h2"} 1`, `x{a="b",host="h1",name="n"} 3`, `x{a="y",host="h1",name="n"} 2`, "",
		}
		if got := strings.Split(text.String(), "\n"); !slices.Equal(got, want) {
			t.Errorf("%q\nwant %q", got, want)
		}
		s.add(4, "b")
		if err := written[asText](p, &text); err == nil || !strings.Contains(err.Error(), "two series with the labels") {
			t.Errorf("the same labels twice: %v", err)
		}
		if p.again(); len(p.rows)+len(p.textRows) > 0 {
			t.Error("rows stay")
		}
	}
	if f, err := newCollected(shown, false).family(); f != nil || err != nil {
		t.Errorf("of nothing: %v, %v", f, err)
	}
}

// TestMemoryOfAnEndpoint holds what a long list takes for each endpoint that was probed, its entry and its history included.
func TestMemoryOfAnEndpoint(t *testing.T) {
	const n, want, margin = 2000, 2020, 0.1
	used := func() float64 {
		var m runtime.MemStats
		for range 3 { // pools and finalizers need more than one
			runtime.GC()
		}
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	var each float64
	for range 5 { // what tests before this one still let go of is taken for less
		before := used()
		m := filled(t, n, DetailRegion)
		each = (used() - before) / n
		runtime.KeepAlive(m)
		if each >= want*(1-margin) && each <= want*(1+margin) {
			return
		}
	}
	if each > want {
		t.Errorf("%.0f bytes an endpoint, where there were %d: what is more?", each, want)
	} else {
		t.Errorf("%.0f bytes an endpoint, where there were %d: write down what is saved, so that it stays so", each, want)
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
