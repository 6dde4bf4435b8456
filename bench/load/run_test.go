package load

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"prober/bench/server"
)

// world serves a few hosts until the test ends. In tests the servers may share the
// process: what is looked at is not the CPU time.
func world(t *testing.T, hosts int) *server.World {
	t.Helper()
	w, stop, err := server.Start(hosts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return w
}

func TestEverySubjectProbes(t *testing.T) {
	w := world(t, 40)
	for _, subject := range Subjects() {
		t.Run(string(subject), func(t *testing.T) {
			job := Job{Subject: subject, World: w}
			if subject == Monitor {
				job.Rate = 400 // the least interval, 100 ms
			}
			m := NewMeter(5, 60)
			if err := Run(t.Context(), job, m); err != nil {
				t.Fatal(err)
			}
			if r := m.Result(); r.Probes != 60 || r.CPU <= 0 || r.Wall <= 0 || r.Mallocs == 0 {
				t.Errorf("result %+v", r)
			}
		})
	}
}

func TestPacedRun(t *testing.T) {
	m := NewMeter(1, 20)
	if err := Run(t.Context(), Job{Subject: Bare, World: world(t, 4), Rate: 1000}, m); err != nil {
		t.Fatal(err)
	}
	if r := m.Result(); r.Probes != 20 || r.Wall <= 0 {
		t.Errorf("result %+v", r)
	}
}

func TestPacer(t *testing.T) {
	start := time.Unix(1000, 0)
	p := pacer{rate: 4, start: start}
	for turn, want := range map[int64]time.Duration{0: 0, 1: 250 * time.Millisecond, 8: 2 * time.Second} {
		if got := p.due(turn).Sub(start); got != want {
			t.Errorf("turn %d is due after %v; want %v", turn, got, want)
		}
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	pacer{rate: 1e-3, start: time.Now()}.wait(canceled, 1000) // returns, or the test times out
	pacer{}.wait(t.Context(), 1000)                           // has no pace
}

// A loop must not count probes that failed: they are cheap.
func TestFailureEndsTheRun(t *testing.T) {
	closed, stop, err := server.Start(2)
	if err != nil {
		t.Fatal(err)
	}
	stop()
	untrusted, other := *world(t, 2), world(t, 2)
	untrusted.Authority = other.Authority
	tests := []struct {
		name  string
		world *server.World
		want  string
	}{
		{"nothing listens", closed, ""},
		{"another authority", &untrusted, "cert"},
	}
	for _, test := range tests {
		for _, subject := range []Subject{Bare, Probe, Monitor} {
			t.Run(test.name+"/"+string(subject), func(t *testing.T) {
				m := NewMeter(1, 10)
				err := Run(t.Context(), Job{Subject: subject, World: test.world, Rate: 20}, m)
				if err == nil || !strings.HasPrefix(err.Error(), string(subject)+": ") || !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v", err)
				}
				if m.count > 0 {
					t.Errorf("%d probes were counted", m.count)
				}
			})
		}
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	w := world(t, 2)
	for _, subject := range []Subject{Bare, Monitor} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := Run(ctx, Job{Subject: subject, World: w, Rate: 10}, NewMeter(1, 10)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", subject, err)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	w := &server.World{Authority: "none", Hosts: 1}
	for name, job := range map[string]Job{
		"unknown subject":    {Subject: "nobody", World: w},
		"no authority, bare": {Subject: Bare, World: w},
		"no authority":       {Subject: Probe, World: w},
		"monitor, no rate":   {Subject: Monitor, World: w},
		"monitor, too fast":  {Subject: Monitor, World: w, Rate: 1e6},
	} {
		if err := Run(t.Context(), job, NewMeter(1, 1)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSubjectsAreRead(t *testing.T) {
	for _, s := range Subjects() {
		var got Subject
		if err := got.UnmarshalText([]byte(s)); err != nil || got != s {
			t.Errorf("%s: %s, %v", s, got, err)
		}
	}
	var got Subject
	if err := got.UnmarshalText([]byte("nobody")); err == nil || !strings.Contains(err.Error(), `"nobody"`) {
		t.Errorf("error %v", err)
	}
}

func TestJobTravelsAsJSON(t *testing.T) {
	job := Job{Subject: Probe, World: &server.World{Hosts: 3, Port: 4}, Workers: 2, Rate: 1.5}
	text, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	var back Job
	if err := json.Unmarshal(text, &back); err != nil || back.Subject != job.Subject || *back.World != *job.World || back.Rate != job.Rate {
		t.Errorf("%s became %+v, error %v", text, back, err)
	}
}
