package main

import (
	"bytes"
	"errors"
	"io"
	"math"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
)

func TestReadRun(t *testing.T) {
	if r, err := readRun("50000@1m30s"); err != nil || r != (scaleRun{50_000, 90 * time.Second}) {
		t.Errorf("%v, %v", r, err)
	}
	for _, text := range []string{"", "5", "x@1m", "0@1m", "5@", "5@x", "5@-1s"} {
		if _, err := readRun(text); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}

// TestReadState reads what client_golang writes of a prober that has probed.
func TestReadState(t *testing.T) {
	registry := prometheus.NewRegistry()
	late := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "prober_schedule_lateness_seconds", Help: "x", NativeHistogramBucketFactor: 1.1})
	overruns := prometheus.NewCounter(prometheus.CounterOpts{Name: "prober_overruns_total", Help: "x"})
	probes := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "endpoint_probes_total", Help: "x"}, []string{"outcome"})
	registry.MustRegister(late, overruns, probes)
	for i := range 200 {
		late.Observe(float64(i) / 10_000) // up to 19.9 ms
	}
	overruns.Add(3)
	probes.WithLabelValues("ok").Add(190)
	probes.WithLabelValues("fail").Add(10)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, f := range families {
		if err := expfmt.NewEncoder(&out, expfmt.NewFormat(expfmt.TypeProtoDelim)).Encode(f); err != nil {
			t.Fatal(err)
		}
	}
	s, err := readState(expfmt.NewDecoder(&out, expfmt.NewFormat(expfmt.TypeProtoDelim)))
	if err != nil || s.started != 200 || s.skipped != 3 || s.notOK != 10 {
		t.Errorf("%+v, %v", s, err)
	}
	for share, want := range map[float64]float64{0.5: 0.01, 0.99: 0.0198} {
		if got := s.lateness.quantile(share); got < want || got > want*1.1 {
			t.Errorf("quantile %g: %g, want %g", share, got, want)
		}
	}
	if got := s.lateness.less(s.lateness).quantile(0.99); math.IsInf(got, 1) || got < 0 {
		t.Errorf("of nothing: %g", got)
	}
}

func TestScaleRefuses(t *testing.T) {
	for _, args := range [][]string{{"scale"}, {"scale", "-prober", "x", "-runs", ""}, {"scale", "-prober", "x", "-runs", "5"}, {"scale", "-prober", "x", "-cycles", "0"}} {
		if err := run(t.Context(), args, nil, io.Discard, io.Discard); !errors.As(err, new(usageError)) {
			t.Errorf("%q: %v", args, err)
		}
	}
}
