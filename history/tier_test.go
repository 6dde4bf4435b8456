package history

import (
	"testing"
	"time"

	"prober/limit"
	"prober/probe/reason"
)

// probed are the sums of one probe with the given latency.
func probed(took time.Duration) *Sums {
	var s Sums
	s.Counts[reason.OK] = 1
	s.Total.Observe(took)
	for _, p := range coded {
		s.Phases[p].add(Stat{1, took / 6})
	}
	return &s
}

func TestTierKeepsTheNewest(t *testing.T) {
	tier := tierOf(FiveMinutes)
	at := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for i := range 100 {
		if i%10 != 5 { // a hole
			tier.put(at.Add(time.Duration(i)*5*time.Minute), probed(time.Millisecond), 20, true)
		}
	}
	var numbers []int64
	for n, s := range tier.all(0) {
		if s.Counts[reason.OK] != 1 || s.Total.Count != 1 {
			t.Errorf("roll-up %d: %+v", n, s)
		}
		numbers = append(numbers, n-FiveMinutes.number(at))
	}
	if len(numbers) != 21 || numbers[0] != 77 || numbers[len(numbers)-1] != 99 {
		t.Errorf("kept: %v", numbers)
	}
	if oldest, _ := tier.oldest(); oldest-FiveMinutes.number(at) != 77 {
		t.Errorf("the oldest is %d", oldest)
	}
}

func TestTierFollowsAClockThatIsSetBack(t *testing.T) {
	tier := tierOf(Hour)
	at := time.Date(2026, 3, 2, 0, 30, 0, 0, time.UTC)
	put := func(d time.Duration) { tier.put(at.Add(d), probed(time.Millisecond), 20, true) }
	put(0)
	put(time.Hour)
	put(30 * time.Minute) // a little late: counts with the open one
	put(100 * 24 * time.Hour)
	put(2 * time.Hour) // that was wrong
	put(3 * time.Hour)
	counts := map[int64]uint64{}
	for n, s := range tier.all(0) {
		counts[n-Hour.number(at)] = s.Counts[reason.OK]
	}
	if len(counts) != 4 || counts[0] != 1 || counts[1] != 2 || counts[2] != 1 || counts[3] != 1 {
		t.Errorf("by hour: %v", counts)
	}
}

func TestQuantilesAreTrueToATenth(t *testing.T) {
	var l Latency
	for i := range 1000 {
		l.Observe(time.Duration(i+1) * time.Millisecond)
	}
	for _, x := range []struct {
		q    float64
		want time.Duration
	}{{.01, 10 * time.Millisecond}, {.5, 500 * time.Millisecond}, {.95, 950 * time.Millisecond}, {1, time.Second}} {
		if got := l.Quantile(x.q); float64(got) < .9*float64(x.want) || float64(got) > 1.1*float64(x.want) {
			t.Errorf("quantile %v is %v, want %v", x.q, got, x.want)
		}
	}
	if len(l.buckets) > maxIndex+1 || (&Latency{}).Quantile(.5) != 0 {
		t.Errorf("%d buckets", len(l.buckets))
	}
	for _, odd := range []time.Duration{-1, 0, time.Microsecond, 100 * time.Hour} {
		l.Observe(odd)
	}
	if l.Quantile(1) > 100*time.Hour || l.buckets[len(l.buckets)-1].index != maxIndex {
		t.Errorf("the longest is in bucket %d", l.buckets[len(l.buckets)-1].index)
	}
}

// What is kept of one endpoint is as small as docs/history.md says, whatever its history.
func TestMemoryIsBounded(t *testing.T) {
	at := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for _, x := range []struct{ endpoints, most int }{
		{limit.HistoryFull, 48 << 10}, {limit.HistoryLean, 10 << 10}, {limit.HistoryScant, 5 << 10}, {limit.HistoryScant + 1, 2 << 10},
	} {
		d := depthOf(x.endpoints, 90)
		e := newEndpoint("a", "", 1)
		for i := range 100 * 24 * 12 {
			r := &result{at: at.Add(time.Duration(i) * 5 * time.Minute), outcome: reason.OK, sums: *probed(time.Duration(20+i%50) * time.Millisecond)}
			for range 5 {
				e.countIn(r, d)
			}
		}
		size := 0
		for i := range e.tiers {
			size += cap(e.tiers[i].bytes)
		}
		t.Logf("%d endpoints: %d bytes each", x.endpoints, size)
		if size > x.most || size < x.most/8 {
			t.Errorf("of each of %d endpoints %d bytes are kept, want at most %d", x.endpoints, size, x.most)
		}
	}
}

// Whatever bytes a store gives back, reading them ends, and what is read is written as it was.
func FuzzRead(f *testing.F) {
	e := newEndpoint("a", "", 7)
	e.sequence = 3
	r := &result{at: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), outcome: reason.Fail, reason: reason.ConnectRefused, sums: *probed(time.Second)}
	f.Add(r.append(nil, e))
	f.Add(r.append(r.append(nil, e), e))
	f.Add(r.sums.append(nil, true))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := decodeSums(b); err == nil {
			again, err := decodeSums(s.append(nil, true))
			if err != nil || again.Counts != s.Counts || again.Phases != s.Phases || again.Total.Stat != s.Total.Stat {
				t.Errorf("%v is read again as %v: %v", s, again, err)
			}
			s.Total.Quantile(.5)
		}
		in := stored(b)
		for {
			w, ok := nextResult(in)
			if !ok {
				break
			}
			e := newEndpoint("a", "", w.endpoint)
			e.take(&w.result, telling{}, depthOf(1, 90), func(at time.Time) int64 { return at.UnixMilli() })
		}
		h := New(Config{})
		l := newLoading(h)
		l.Endpoint(&Saved{Number: 7, ID: "a"})
		l.Results(b)
		for _, s := range Steps() {
			l.Rollup(7, SavedRollup{Step: s, Start: time.Unix(1, 0), Body: b})
			l.Rollup(7, SavedRollup{Step: s, Start: time.Unix(1e6, 0), Body: b})
		}
		h.Strip("a", time.Unix(0, 0), time.Unix(2e6, 0), 10)
		h.Uptime("a")
	})
}

// TestOpenRollupIsExact: what comes in by many small times adds up to the nanosecond until it is closed.
func TestOpenRollupIsExact(t *testing.T) {
	tier := tierOf(Hour)
	at := time.Date(2026, 3, 2, 0, 30, 0, 0, time.UTC)
	const n, took = 1000, 1999 * time.Nanosecond
	for range n {
		tier.put(at, probed(took), 20, true)
	}
	for _, s := range tier.all(0) {
		if s.Total.Count != n || s.Total.Sum != n*took || s.Total.Max != took || s.Phases[reason.TLS] != (Stat{n, n * (took / 6)}) {
			t.Errorf("%+v", s)
		}
	}
}

// TestTimesBeyondWhatFilesHold: the open roll-up has no bound but that of a duration.
func TestTimesBeyondWhatFilesHold(t *testing.T) {
	tier := tierOf(Day)
	at := time.Date(2026, 3, 2, 0, 30, 0, 0, time.UTC)
	const n, took = 1000, 2400 * time.Hour
	for range n {
		tier.put(at, probed(took), 20, true)
	}
	for _, s := range tier.all(0) {
		if s.Total.Count != n || s.Total.Sum != n*took {
			t.Errorf("%+v", s.Total)
		}
	}
}

func BenchmarkPut(b *testing.B) {
	tier := tierOf(Day)
	at := time.Date(2026, 3, 2, 0, 30, 0, 0, time.UTC)
	b.ReportAllocs()
	s := make([]*Sums, 50)
	for i := range s {
		s[i] = probed(time.Duration(5+i%7) * time.Millisecond)
	}
	for i := 0; b.Loop(); i++ {
		tier.put(at, s[i%len(s)], 20, true)
	}
}
