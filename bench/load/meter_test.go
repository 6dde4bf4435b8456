package load

import (
	"sync"
	"testing"
	"time"
)

func TestMeterLeavesOutTheWarmup(t *testing.T) {
	m := NewMeter(2, 3)
	for range 4 {
		m.Done()
	}
	select {
	case <-m.Full():
		t.Fatal("full before all were counted")
	default:
	}
	if m.begin.at.IsZero() || !m.end.at.IsZero() {
		t.Errorf("after 4 of 2+3 probes: begin %v, end %v", m.begin.at, m.end.at)
	}
	m.Done()
	m.Done() // of a worker that had begun already
	<-m.Full()
	if r := m.Result(); r.Probes != 3 || r.Wall < 0 || r.CPU < 0 {
		t.Errorf("result %+v", r)
	}
}

func TestMeterOfManyWorkers(t *testing.T) {
	m := NewMeter(0, 1000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				m.Done()
			}
		})
	}
	wg.Wait()
	<-m.Full()
	if m.count != 1600 {
		t.Errorf("%d counted", m.count)
	}
}

func TestMeterMeasuresThisProcess(t *testing.T) {
	m := NewMeter(1, 1)
	m.Done()
	sum := 0
	for cpuTime()-m.begin.cpu < 2*time.Millisecond { // until the kernel has seen us work
		for i := range 10_000 {
			sum += i
		}
	}
	sink := make([][]byte, 100)
	for i := range sink {
		sink[i] = make([]byte, 1000+sum%2)
	}
	m.Done()
	r := m.Result()
	if r.CPU < 2*time.Millisecond || r.Mallocs < 100 || r.Bytes < 100_000 {
		t.Errorf("result %+v", r)
	}
	if len(sink[99]) < 1000 {
		t.Error("unused")
	}
}

func TestResultRates(t *testing.T) {
	r := Result{Probes: 4, CPU: 2 * time.Millisecond, Wall: 2 * time.Second}
	if r.PerProbe() != 500*time.Microsecond || r.PerSecond() != 2 {
		t.Errorf("per probe %v, per second %v", r.PerProbe(), r.PerSecond())
	}
	if zero := (Result{}); zero.PerProbe() != 0 || zero.PerSecond() != 0 {
		t.Errorf("of nothing: per probe %v, per second %v", zero.PerProbe(), zero.PerSecond())
	}
}

func TestResultIsTheDifference(t *testing.T) {
	begin := usage{time.Unix(10, 0), time.Second, 100, 1000, 3}
	end := usage{time.Unix(12, 0), 4 * time.Second, 150, 3000, 5}
	m := &Meter{probes: 7, begin: begin, end: end}
	got := m.Result()
	want := Result{Probes: 7, CPU: 3 * time.Second, Wall: 2 * time.Second, Mallocs: 50, Bytes: 2000, GCs: 2, Procs: got.Procs}
	if got != want || got.Procs < 1 {
		t.Errorf("%+v, want %+v", got, want)
	}
}
