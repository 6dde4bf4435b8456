package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"prober/bench/server"
	"prober/needs"
)

// A prober that ends, or is none, is told at once, and not waited for.
func TestAProberThatEndsIsNotWaitedFor(t *testing.T) {
	needs.Program(t, "taskset")
	needs.Program(t, "false")
	for _, program := range []string{"false", filepath.Join(t.TempDir(), "missing")} {
		var talk bytes.Buffer
		_, _, err := start(t.Context(), program, &server.World{Hosts: 1}, t.TempDir(), &talk)
		if err == nil || errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), program+" ended with exit status 1") {
			t.Errorf("%s: %v, %s", program, err, &talk)
		}
	}
}

func TestLatenessBetweenTwoScrapes(t *testing.T) {
	before := readVitals(`# HELP prober_schedule_lateness_seconds How late.
prober_schedule_lateness_seconds_bucket{le="0.01"} 10
prober_schedule_lateness_seconds_bucket{le="0.5"} 20
prober_schedule_lateness_seconds_bucket{le="+Inf"} 20
prober_schedule_lateness_seconds_count 20
endpoint_probes_total{host="a",outcome="ok"} 20
endpoint_probes_total{host="a",outcome="fail"} 3
`)
	after := readVitals(`prober_schedule_lateness_seconds_bucket{le="0.01"} 109
prober_schedule_lateness_seconds_bucket{le="0.5"} 120
prober_schedule_lateness_seconds_bucket{le="+Inf"} 120
prober_schedule_lateness_seconds_count 120
process_resident_memory_bytes 1.5e+08
endpoint_probes_total{host="a",outcome="ok"} 118
endpoint_probes_total{host="a",outcome="fail"} 4
endpoint_probes_total{host="a",outcome="unknown"} 1
`)
	if p, m := after.lateness(before, 0.99), after.lateness(before, 1); p != 0.01 || m != 0.5 {
		t.Errorf("99 of 100 within %g, all within %g; want 0.01 and 0.5", p, m)
	}
	if n := after.notOK - before.notOK; n != 2 || after.resident != 1.5e8 {
		t.Errorf("%g not ok, %g bytes", n, after.resident)
	}
}
