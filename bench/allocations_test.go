package main

import (
	"testing"

	"prober/bench/load"
)

// allocated is what a probe takes from the heap at each kind of look: so many objects, of so many
// bytes in all. Unlike its processor time, that depends on neither the machine nor its mood, so that
// a change that costs a tenth more is seen by any run.
var allocated = map[load.Subject]struct{ objects, bytes float64 }{
	load.Probe:     {552, 51_700},
	load.ProbeAPI:  {617, 55_700},
	load.ProbeDeep: {1180, 144_900},
	load.Monitor:   {634, 57_200},
}

func TestAllocationsOfAProbe(t *testing.T) {
	const margin = 0.1
	self := testProgram(t)
	world, stop, err := self.serve(t.Context(), 200)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	s := settings{Probes: 400, Warmup: 400, Workers: 4}
	for subject, want := range allocated {
		v := variant{Subject: subject}
		if subject == load.Monitor {
			v.Rate = 800
		}
		r, err := self.load(t.Context(), s.job(v, world), "")
		if err != nil {
			t.Fatal(err)
		}
		within := func(what string, got uint64, want float64) {
			each := float64(got) / float64(r.Probes)
			switch {
			case each > want*(1+margin):
				t.Errorf("%s: %.0f %s a probe, where there were %.0f: what is more?", subject, each, what, want)
			case each < want*(1-margin):
				t.Errorf("%s: %.0f %s a probe, where there were %.0f: write down what is saved, so that it stays so", subject, each, what, want)
			}
		}
		within("objects", r.Mallocs, want.objects)
		within("bytes", r.Bytes, want.bytes)
	}
}
