package exchange

import (
	"io"
	"testing"
	"time"
)

func TestPhasesAreTimedApartAndAddUp(t *testing.T) {
	const ms = time.Millisecond
	c := &clock{now: time.Unix(1_700_000_000, 0)}
	began := c.now
	conn := &script{
		pieces: []string{"HTTP/1.1 103 Hints\r\n\r\nHTT", "P/1.1 200 OK\r\nContent-", "Length: 4\r\n\r\nab", "cd"},
		waits:  []time.Duration{20 * ms, 3 * ms, 4 * ms, 500 * ms},
		write:  10 * ms, clock: c, end: stalled,
	}
	r := Do(t.Context(), conn, newRequest(t, ""), Options{Now: c.Now})
	if want := (Timing{Request: 30 * ms, Headers: 7 * ms, Body: 500 * ms}); r.Timing != want {
		t.Errorf("timing %v, want %v", r.Timing, want)
	}
	if took, sum := c.now.Sub(began), r.Timing.Request+r.Timing.Headers+r.Timing.Body; sum != took {
		t.Errorf("the phases add up to %v of %v", sum, took)
	}
}

// A phase that fails is charged with the time until it failed, later ones with none.
func TestFailedPhaseIsTimed(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		name  string
		parts []string
		want  Timing
	}{
		{"headers", []string{"HTTP/1.1 ", "200 OK\r\n", "X"}, Timing{Request: 5 * ms, Headers: 10 * ms}},
		{"body", []string{ok200 + "Content-Length: 9\r\n\r\n", "a", "b"}, Timing{Request: 5 * ms, Body: 10 * ms}},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := &clock{now: time.Unix(1_700_000_000, 0)}
			conn := &script{pieces: c.parts, waits: []time.Duration{5 * ms, 5 * ms, 5 * ms}, clock: clock, end: io.EOF}
			if r := Do(t.Context(), conn, newRequest(t, ""), Options{Now: clock.Now}); r.Timing != c.want {
				t.Errorf("timing %+v, want %+v", r.Timing, c.want)
			}
		})
	}
}

// Looking for surplus bytes, which may wait, is not the server's time.
func TestSurplusIsNotTimed(t *testing.T) {
	clock := &clock{now: time.Unix(1_700_000_000, 0)}
	conn := &script{
		pieces: []string{ok200 + "Content-Length: 0\r\n\r\n", "late"},
		waits:  []time.Duration{time.Millisecond, time.Second}, clock: clock, end: io.EOF,
	}
	r := Do(t.Context(), conn, newRequest(t, ""), Options{Now: clock.Now})
	wantReasons(t, r.Findings, "verify/surplus_bytes")
	if want := (Timing{Request: time.Millisecond}); r.Timing != want {
		t.Errorf("timing %+v, want %+v", r.Timing, want)
	}
}
