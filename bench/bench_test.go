package main

import (
	"context"
	"os"
	"runtime"
	"testing"

	"prober/bench/load"
)

// TestMain lets this test program stand in for the command when a test starts it as a
// child.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// BenchmarkBare and its like measure single probes against servers in another process.
// The metric to look at is cpu-ms/op: the time until a probe has ended is the servers' too.
func BenchmarkBare(b *testing.B)             { benchmark(b, load.Bare) }
func BenchmarkBareClassical(b *testing.B)    { benchmark(b, load.BareClassical) }
func BenchmarkProbe(b *testing.B)            { benchmark(b, load.Probe) }
func BenchmarkProbePostQuantum(b *testing.B) { benchmark(b, load.ProbePostQuantum) }
func BenchmarkProbeAPI(b *testing.B)         { benchmark(b, load.ProbeAPI) }

func benchmark(b *testing.B, subject load.Subject) {
	self := testProgram(b)
	world, stop, err := self.serve(b.Context(), 1000)
	if err != nil {
		b.Fatal(err)
	}
	defer stop()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	b.ReportAllocs()
	meter := load.NewMeter(100, b.N)
	if err := load.Run(context.Background(), load.Job{Subject: subject, World: world}, meter); err != nil {
		b.Fatal(err)
	}
	r := meter.Result()
	b.ReportMetric(milliseconds(r.PerProbe()), "cpu-ms/op")
}

// testProgram is this test program, as a child that runs commands.
func testProgram(tb testing.TB) program {
	tb.Helper()
	self, err := ownProgram(os.Stderr)
	if err != nil {
		tb.Fatal(err)
	}
	return self
}
