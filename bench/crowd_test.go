package main

import "testing"

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
