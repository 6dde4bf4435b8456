package monitor

import (
	"context"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"prober/history"
	"prober/history/disk"
	"prober/probe"
	"prober/probe/reason"
)

// keptIn is a history that is kept in a folder until the test ends.
func keptIn(t *testing.T, dir string, now func() time.Time) *history.History {
	t.Helper()
	d, err := disk.Open(dir, 16<<20, now)
	if err != nil {
		t.Fatal(err)
	}
	h := history.Open(history.Config{Now: now}, d, dir)
	t.Cleanup(func() { closeHistory(h) })
	return h
}

// closeHistory writes the rest and lets others use the folder.
func closeHistory(h *history.History) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	h.Keep(ctx)
}

func TestCountersAndSinceGoOnAfterARestart(t *testing.T) {
	for _, detail := range []Detail{DetailEndpoint, DetailRegion} {
		list := []probe.Target{target("ecs/cn-hangzhou/public", "ecs.example.com"), target("kms/cn-hangzhou/public", "kms.example.com")}
		dir := t.TempDir()
		start := func() *Monitor {
			m, _ := monitorOf(t, list, func(c *Config) { c.Detail, c.History = detail, keptIn(t, dir, c.Now) })
			return m
		}
		m := start()
		feed(t, m, okObservation(list[0], epoch))
		feed(t, m, badObservation(list[1], epoch, reason.VerifyServerError))
		feed(t, m, badObservation(list[1], epoch.Add(time.Minute), reason.VerifyServerError))
		m.mu.Lock()
		m.counts.missed = 41
		m.mu.Unlock()
		closeHistory(m.History())

		m = start()
		text := expose(t, m)
		if !strings.Contains(text, "prober_missed_turns_total 41") {
			t.Errorf("detail %s: missed turns do not go on", detail)
		}
		before := sum(text, "endpoint_probes_total")
		feed(t, m, badObservation(list[1], epoch.Add(time.Hour), reason.VerifyServerError))
		after := expose(t, m)
		if before != 3 || sum(after, "endpoint_probes_total") != 4 || sum(after, "endpoint_failures_total") != 3 {
			t.Errorf("detail %s: %v probes after the restart, then %v, and %v failures", detail, before, sum(after, "endpoint_probes_total"), sum(after, "endpoint_failures_total"))
		}
		if s, _ := m.Status("kms/cn-hangzhou/public"); !s.Since.Equal(epoch) || !s.Counted.Equal(epoch) {
			t.Errorf("detail %s: since %v, counted since %v", detail, s.Since, s.Counted)
		}
	}
}

// sum adds up all series of a metric.
func sum(text, name string) (total float64) {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, name+"{") || strings.HasPrefix(line, name+" ") {
			v, err := strconv.ParseFloat(strings.TrimSpace(line[strings.LastIndexByte(strings.TrimSpace(line), ' '):]), 64)
			if err != nil {
				return math.NaN()
			}
			total += v
		}
	}
	return total
}
