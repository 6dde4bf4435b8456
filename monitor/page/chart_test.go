package page

import (
	"strings"
	"testing"
	"time"

	"prober/history"
	"prober/monitor/fixture"
	"prober/probe/reason"
)

func TestLatencyMarks(t *testing.T) {
	for top, want := range map[float64]string{
		0.0007: "200 µs 400 µs 600 µs 800 µs",
		0.001:  "200 µs 400 µs 600 µs 800 µs 1 ms",
		0.012:  "2.5 ms 5 ms 7.5 ms 10 ms 12.5 ms",
		0.301:  "100 ms 200 ms 300 ms 400 ms",
		0.95:   "200 ms 400 ms 600 ms 800 ms 1 s",
		7:      "2 s 4 s 6 s 8 s",
	} {
		scale, marks := latencyMarks(top)
		var labels []string
		for _, m := range marks {
			labels = append(labels, m.Label)
		}
		if got := strings.Join(labels, " "); got != want || scale < top {
			t.Errorf("%g: %q up to %g, want %q", top, got, scale, want)
		}
		if last := marks[len(marks)-1]; last.At != 0 {
			t.Errorf("%g: the last mark is at %g", top, last.At)
		}
	}
}

func TestChart(t *testing.T) {
	now := fixture.Epoch().Add(day)
	at := func(ago time.Duration, add func(*history.Sums)) history.Rollup {
		r := history.Rollup{Start: now.Add(-ago), Step: history.Hour}
		add(&r.Sums)
		return r
	}
	took := func(resolve, tls, whole time.Duration) func(*history.Sums) {
		return func(s *history.Sums) {
			s.Counts[reason.OK]++
			if resolve > 0 {
				s.Phases[reason.Resolve] = history.Stat{Count: 1, Sum: resolve}
				s.Phases[reason.TLS] = history.Stat{Count: 1, Sum: tls}
			}
			s.Total.Observe(whole)
		}
	}
	c := newChart(spans()[0], history.Hour, []history.Rollup{
		at(12*time.Hour, took(20*time.Millisecond, 80*time.Millisecond, 100*time.Millisecond)),
		at(6*time.Hour, took(0, 0, 50*time.Millisecond)),
		at(0, took(20*time.Millisecond, 80*time.Millisecond, 100*time.Millisecond)), // begins now: no width yet
	}, now)
	// The plot is 210 high for 100 ms, and 1000 wide for 24 hours.
	want := []chartArea{
		{"resolve", "M500 210h41.7v-42h-41.7z"},
		{"tls", "M500 168h41.7v-168h-41.7z"},
		{"whole", "M750 210h41.7v-105h-41.7z"},
	}
	if len(c.Areas) != len(want) {
		t.Fatalf("areas: %+v", c.Areas)
	}
	for i, a := range c.Areas {
		if a != want[i] {
			t.Errorf("got %+v, want %+v", a, want[i])
		}
	}
	if strings.Count(c.Line, "M") != 2 {
		t.Errorf("line %q", c.Line)
	}
	if len(c.Table) != 3 || c.Table[2].Phases != "resolve 20 ms, tls 80 ms" || c.Table[2].Results != "1 ok" || c.Table[2].Max != "100 ms" {
		t.Errorf("table: %+v", c.Table)
	}
	empty := newChart(spans()[0], history.Hour, nil, now)
	if len(empty.Areas) != 0 || empty.Desc != "No probe was answered in full." {
		t.Errorf("of nothing: %+v", empty)
	}
}

func TestChartRowsSumUp(t *testing.T) {
	var rollups []history.Rollup
	for i := range 30 {
		r := history.Rollup{Start: fixture.Epoch().Add(time.Duration(i) * 5 * time.Minute), Step: history.FiveMinutes}
		r.Counts[reason.OK], r.Counts[reason.Fail] = 4, 1
		rollups = append(rollups, r)
	}
	rows := chartRows(rollups, time.Hour)
	if len(rows) != 3 || rows[0].Results != "24 ok, 6 fail" || rows[2].Results != "48 ok, 12 fail" || !rows[2].At.Equal(fixture.Epoch()) || rows[0].Median != "" {
		t.Errorf("%+v", rows)
	}
}

func TestPercent(t *testing.T) {
	for want, c := range map[string]history.Counts{
		"not known": {reason.Unknown: 7},
		"100 %":     {reason.OK: 1, reason.Unknown: 99},
		"99.999 %":  {reason.OK: 10_000_000, reason.Fail: 1}, // never rounded up to what it was not
		"99.95 %":   {reason.OK: 1998, reason.Degraded: 1, reason.Fail: 1},
		"50 %":      {reason.Degraded: 1, reason.Fail: 1},
		"0 %":       {reason.Fail: 3},
	} {
		if got := percent(&c); got != want {
			t.Errorf("%v: %q, want %q", c, got, want)
		}
	}
}

func TestUptimeCell(t *testing.T) {
	u := history.Uptime{Window: day, From: fixture.Epoch(), NotProbed: 90 * time.Minute, Counts: history.Counts{reason.OK: 3, reason.Fail: 1, reason.Unknown: 2}}
	c := newUptimeCell("24 hours", &u, fixture.Epoch().Add(time.Hour))
	if want := "1 of 4 results failed; 2 unknown left out; not probed for 1 h 30 min; known since 2026-03-01 08:00:00 UTC"; c.Note != want || c.State != reason.Degraded {
		t.Errorf("%+v, want %q", c, want)
	}
	none := history.Uptime{Window: day, From: u.From}
	none.Counts[reason.Fail] = 3
	if c := newUptimeCell("24 hours", &none, fixture.Epoch().Add(time.Hour)); c.Share != "0 %" || c.State != reason.Fail {
		t.Errorf("never up: %+v", c)
	}
	if c := newUptimeCell("24 hours", &u, fixture.Epoch().Add(day)); strings.Contains(c.Note, "known since") {
		t.Errorf("all of the window is known: %q", c.Note)
	}
}

func TestTimeline(t *testing.T) {
	cell := func(c history.Counts) history.Cell {
		return history.Cell{Span: history.Span{From: fixture.Epoch(), To: fixture.Epoch().Add(15 * time.Minute)}, Counts: c}
	}
	s := newTimeline([]history.Cell{
		cell(history.Counts{reason.OK: 3}), cell(history.Counts{}), cell(history.Counts{reason.OK: 9, reason.Fail: 1}), cell(history.Counts{reason.Unknown: 1}),
	})
	if want := "4 times 15 min, each by its worst result: 1 ok, 0 degraded, 1 fail, 1 unknown, 1 not probed"; s.Label != want || s.Width != 16 {
		t.Errorf("%+v, want %q", s, want)
	}
	if len(s.Paths) != 3 || s.Paths[0] != (stripPath{reason.Unknown, "M12 16h3v-3h-3z"}) {
		t.Errorf("a piece without a probe has a bar: %+v", s.Paths)
	}
	if s := newTimeline(nil); len(s.Paths) != 0 || s.Label != "" {
		t.Errorf("of nothing: %+v", s)
	}
}
