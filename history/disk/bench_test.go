package disk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"prober/history"
	"prober/history/disk"
	"prober/limit"
	"prober/probe/reason"
)

// many are the ids of n endpoints, as long as usual ones.
func many(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("shop/ap-southeast-%d/public", i)
	}
	return ids
}

// BenchmarkSecond is what a second of 1,000 results costs, in memory and kept. Every five minutes all
// endpoints are written, which is in the mean.
func BenchmarkSecond(b *testing.B) {
	ids := many(1000)
	for _, kept := range []bool{false, true} {
		b.Run(map[bool]string{false: "memory", true: "kept"}[kept], func(b *testing.B) {
			w := &watch{start}
			h := history.New(history.Config{Now: w.now})
			if kept {
				h = open(b, b.TempDir(), w)
				defer end(h)
			}
			h.Follow(listOf(ids...))
			for b.Loop() {
				o := seen(w.at, reason.OK, reason.None)
				for _, id := range ids {
					h.Record(id, o, history.Turn)
				}
				h.Flush()
				w.turn(time.Second)
			}
		})
	}
}

// BenchmarkGrowth tells how large the file is per endpoint, probed once a minute, after a day and after
// nine; and how much one more day adds, which is what is kept for longer.
func BenchmarkGrowth(b *testing.B) {
	ids := many(100)
	for b.Loop() {
		w := &watch{start}
		dir := b.TempDir()
		d, err := disk.Open(dir, 1<<30, w.now)
		if err != nil {
			b.Fatal(err)
		}
		h := history.Open(history.Config{Now: w.now}, d, dir)
		h.Follow(listOf(ids...))
		size := func() float64 {
			h.Flush()
			s, err := os.Stat(filepath.Join(dir, disk.Name))
			if err != nil {
				b.Fatal(err)
			}
			return float64(s.Size()) / float64(len(ids))
		}
		var sizes []float64
		for minute := range 11*24*60 + 1 {
			if minute%(24*60) == 0 {
				sizes = append(sizes, size())
			}
			for i, id := range ids {
				o := seen(w.at, reason.OK, reason.None)
				o.Addresses[0].Phases.Total += time.Duration((minute*7+i)%40) * time.Millisecond
				h.Record(id, o, history.Turn)
			}
			w.turn(time.Minute)
			if time.Duration(minute)*time.Minute%limit.HistoryTurn == 0 {
				h.Flush()
			}
		}
		end(h)
		b.ReportMetric(sizes[1], "B/endpoint-day-1")
		b.ReportMetric(sizes[9], "B/endpoint-day-9")
		b.ReportMetric(sizes[11]-sizes[9], "B/endpoint-2-days-more")
	}
}
