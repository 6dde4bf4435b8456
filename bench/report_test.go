package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
	"time"

	"prober/bench/load"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample is a report of two rounds in which a probe costs half of the bare loop, then
// three quarters of it.
func sample() *report {
	s := settings{Rounds: 2, Probes: 10, Warmup: 1, Workers: 4, Hosts: 3, Rate: 20}
	measured := map[variant][]load.Result{}
	for _, v := range variantsOf(s.comparisons()) {
		for round := range s.Rounds {
			cpu := 4 * time.Millisecond
			if v.Subject != load.Bare {
				cpu = time.Duration(round+2) * time.Millisecond
			}
			measured[v] = append(measured[v], load.Result{
				Probes: 10, CPU: cpu, Wall: time.Duration(round+1) * time.Second, Mallocs: 5000, Bytes: 600_000, GCs: 1,
			})
		}
	}
	rep := newReport(s, s.comparisons(), measured)
	rep.Go, rep.CPUs = "go1.26", 2
	return rep
}

func TestReportTable(t *testing.T) {
	var out bytes.Buffer
	if err := sample().table(&out); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/table.txt", out.Bytes())
}

func TestReportJSON(t *testing.T) {
	text, err := json.MarshalIndent(sample(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/report.json", append(text, '\n'))
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; got\n%s", file, got)
	}
}

func TestRatios(t *testing.T) {
	o := sample().Ratios[0]
	if o.Median != 0.625 || o.Min != 0.5 || o.Max != 0.75 || len(o.Rounds) != 2 {
		t.Errorf("ratios %+v", o)
	}
}

func TestReportCheck(t *testing.T) {
	for limit, ok := range map[float64]bool{0: true, 0.62: false, 0.625: true, 0.85: true} {
		if err := sample().check(limit); (err == nil) != ok {
			t.Errorf("at most %g: %v", limit, err)
		}
	}
}

// The promise is about the prober as it comes and the defaults of the standard library.
func TestHeadline(t *testing.T) {
	s := defaultSettings()
	count := 0
	for _, c := range s.comparisons() {
		if c.headline {
			count++
			if (c.Subject != variant{Subject: load.Probe}) || (c.Floor != variant{Subject: load.Bare}) {
				t.Errorf("headline %+v", c)
			}
		}
		if c.Subject.Rate != c.Floor.Rate {
			t.Errorf("%q compares runs of different pace", c.Name)
		}
	}
	if count != 1 {
		t.Errorf("%d headlines", count)
	}
}

func TestMedian(t *testing.T) {
	tests := []struct {
		values []float64
		want   float64
	}{
		{nil, 0}, {[]float64{3}, 3}, {[]float64{3, 1}, 2}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 3, 2}, 2.5},
	}
	for _, test := range tests {
		if got := median(test.values); got != test.want {
			t.Errorf("median of %v: %g, want %g", test.values, got, test.want)
		}
	}
	values := []float64{2, 1}
	median(values)
	if values[0] != 2 {
		t.Error("median sorted the values of its caller")
	}
}
