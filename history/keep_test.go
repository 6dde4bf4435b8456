package history_test

import (
	"errors"
	"testing"
	"time"

	"prober/history"
	"prober/limit"
	"prober/probe/reason"
)

// store is one of a test's making.
type store struct {
	batches []*history.Batch
	write   func(*history.Batch) error
	replace func()
	load    func(*history.Loading)
}

func (s *store) Load(l *history.Loading) error {
	if s.load != nil {
		s.load(l)
	}
	return nil
}

func (s *store) Write(b *history.Batch) error {
	s.batches = append(s.batches, b)
	if s.write != nil {
		return s.write(b)
	}
	return nil
}

func (s *store) Evidence(int64) ([]byte, error) { return nil, history.ErrNoEvidence }

func (s *store) Replace() (string, error) {
	if s.replace != nil {
		s.replace()
	}
	return "aside", nil
}

func (s *store) Bytes() int64 { return 1 }
func (s *store) Close() error { return nil }

// A disk that hangs holds nobody up, and what waits for it is bounded.
func TestNothingWaitsForTheStore(t *testing.T) {
	w := &watch{start}
	entered, release, done := make(chan bool), make(chan bool), make(chan bool)
	s := &store{}
	s.write = func(*history.Batch) error {
		entered <- true
		<-release
		return nil
	}
	h := history.Open(history.Config{Now: w.now}, s, "dir")
	h.Follow(listOf("a"))
	h.Record("a", seen(start, reason.OK, reason.None), history.Turn)
	go func() {
		h.Flush()
		close(done)
	}()
	<-entered
	const results = 100_000
	o := seen(start, reason.OK, reason.None)
	for range results {
		h.Record("a", o, history.Turn)
	}
	if c, _ := h.Counters("a"); c.Outcomes[reason.OK] != results+1 {
		t.Errorf("counters: %+v", c)
	}
	dropped := h.Condition().Dropped
	if dropped == 0 || dropped >= results {
		t.Errorf("%d of %d results are dropped", dropped, results)
	}
	close(release)
	<-done
	s.write = nil
	h.Flush()
	if n := len(s.batches[1].Results); n < limit.HistoryWaiting || n > limit.HistoryWaiting+1000 {
		t.Errorf("%d bytes waited", n)
	}
}

// What a failed writing should have written comes with the next.
func TestFailedWritingIsMadeUpFor(t *testing.T) {
	w := &watch{start}
	s := &store{}
	h := history.Open(history.Config{Now: w.now}, s, "dir")
	h.Follow(listOf("a", "b"))
	failing := &history.Trouble{Kind: history.Full, Err: errors.New("no space")}
	s.write = func(*history.Batch) error { return failing }
	h.Record("a", seen(start, reason.Fail, reason.ConnectRefused), history.Turn)
	h.Flush()
	if c := h.Condition(); c.OK || c.Errors[history.Full] != 1 || c.Problem != "no space" {
		t.Errorf("condition: %+v", c)
	}
	h.Flush() // too soon: nothing is tried
	if len(s.batches) != 1 {
		t.Errorf("%d writings", len(s.batches))
	}
	s.write = nil
	w.at = w.at.Add(limit.HistoryRetry)
	h.Record("b", seen(w.at, reason.OK, reason.None), history.Turn)
	h.Flush()
	first, last := s.batches[0], s.batches[1]
	if len(last.Results) <= len(first.Results) || last.Sequence != 2 || len(last.Endpoints) != 2 {
		t.Fatalf("the next has %d bytes of results up to %d, and %d endpoints", len(last.Results), last.Sequence, len(last.Endpoints))
	}
	for _, e := range last.Endpoints {
		if e.ID == "a" && (len(e.Changes) != 1 || len(e.Incidents) != 1 || e.Incidents[0].Evidence == nil || len(e.Rollups) != 3) {
			t.Errorf("of a it has %+v", e)
		}
	}
	if c := h.Condition(); !c.OK || c.Problem != "" || !c.Written.Equal(w.at) {
		t.Errorf("condition: %+v", c)
	}
}

// Results are kept one by one until all endpoints were written.
func TestResultsAreLetGoOnceTheirEndpointsAreWritten(t *testing.T) {
	w := &watch{start}
	s := &store{}
	h := history.Open(history.Config{Now: w.now}, s, "dir")
	var ids []string
	for i := range 2*limit.HistoryAtOnce + 10 {
		ids = append(ids, time.Duration(i).String())
	}
	h.Follow(listOf(ids...))
	record := func() {
		for _, id := range ids {
			h.Record(id, seen(w.at, reason.OK, reason.None), history.Turn)
		}
	}
	record()
	s.write = func(*history.Batch) error { return errors.New("not now") }
	h.Flush()
	s.write = nil
	w.at = w.at.Add(limit.HistoryRetry)
	h.Flush() // all are new to the store
	if n := len(s.batches[1].Endpoints); n != len(ids) {
		t.Errorf("of %d new ones %d are written after one that failed", len(ids), n)
	}
	h.Flush() // and the first turn is over
	w.at = w.at.Add(24 * time.Hour)
	record()
	for range 4 { // the next turn: roll-ups are closed, and others begun
		h.Flush()
	}
	w.at = w.at.Add(limit.HistoryTurn)
	record()
	w.at = w.at.Add(limit.HistoryTurn)
	var sizes []int
	for range 3 {
		h.Flush()
		b := s.batches[len(s.batches)-1]
		sizes = append(sizes, len(b.Endpoints))
		if settled := b.Settled == uint64(3*len(ids)); settled != (len(sizes) == 3) {
			t.Errorf("after %v endpoints of %d, results up to %d are settled", sizes, len(ids), b.Settled)
		}
		w.at = w.at.Add(time.Second)
	}
	if last := s.batches[len(s.batches)-1].Endpoints[0]; len(last.Rollups) > 4 { // the open ones, and one that was closed since
		t.Errorf("%d roll-ups are written again", len(last.Rollups))
	}
	if sizes[0] != limit.HistoryAtOnce || sizes[1] != limit.HistoryAtOnce || sizes[2] != 10 {
		t.Errorf("written in goes of %v", sizes)
	}
}

// A store that turns out to be damaged is put aside, which holds nobody up, and all is written again.
func TestDamagedStoreIsBegunAnew(t *testing.T) {
	w := &watch{start}
	s := &store{}
	h := history.Open(history.Config{Now: w.now}, s, "dir")
	h.Follow(listOf("a", "b"))
	for range 30 {
		h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
		w.at = w.at.Add(time.Minute)
	}
	h.Record("a", seen(w.at, reason.Fail, reason.ConnectRefused), history.Turn)
	h.Flush()
	s.write = func(*history.Batch) error {
		return &history.Trouble{Kind: history.Corrupt, Err: errors.New("malformed")}
	}
	s.replace = func() { h.Record("b", seen(w.at, reason.Fail, reason.ConnectRefused), history.Turn) } // does not wait
	h.Record("a", seen(w.at, reason.Fail, reason.ConnectRefused), history.Turn)
	h.Flush()
	if c := h.Condition(); len(c.Aside) != 1 || c.Errors[history.Corrupt] != 1 || c.Well() {
		t.Errorf("condition: %+v", c)
	}
	s.write = nil
	h.Flush() // at once
	b := s.batches[len(s.batches)-1]
	if len(b.Endpoints) != 2 {
		t.Fatalf("%d endpoints are written again", len(b.Endpoints))
	}
	for _, e := range b.Endpoints {
		if e.ID == "a" && (len(e.Rollups) != 7+2 || len(e.Changes) != 2 || len(e.Incidents) != 1 || e.Incidents[0].Evidence == nil || e.Incidents[0].Failed != 2) {
			t.Errorf("of a it has %d roll-ups, %d changes, %+v", len(e.Rollups), len(e.Changes), e.Incidents)
		}
	}
	h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
	h.Flush()
	if b := s.batches[len(s.batches)-1]; len(b.Endpoints) != 1 || b.Endpoints[0].State.Outcome != reason.OK {
		t.Errorf("a change is written as %+v", b.Endpoints)
	}
}

// A clock that is set back does not stop the turns.
func TestTurnsFollowAClockThatIsSetBack(t *testing.T) {
	w := &watch{start.Add(1000 * time.Hour)}
	s := &store{}
	h := history.Open(history.Config{Now: w.now}, s, "dir")
	h.Follow(listOf("a"))
	for range 3 {
		h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
		h.Flush()
	}
	w.at = start
	h.Record("a", seen(w.at, reason.OK, reason.None), history.Turn)
	h.Flush()
	if b := s.batches[len(s.batches)-1]; b.Settled != 4 || len(b.Endpoints) != 1 {
		t.Errorf("results up to %d are settled, %d endpoints written", b.Settled, len(b.Endpoints))
	}
}

// What is read again is not written again one by one, but for what it adds up to.
func TestResultsThatAreReadAreNotWrittenAgain(t *testing.T) {
	w := &watch{start}
	first := &store{}
	h := history.Open(history.Config{Now: w.now}, first, "dir")
	h.Follow(listOf("a"))
	h.Record("a", seen(start, reason.OK, reason.None), history.Turn)
	h.Flush()
	h.Record("a", seen(start.Add(time.Second), reason.OK, reason.None), history.Turn)
	h.Flush()
	second := &store{load: func(l *history.Loading) {
		l.Endpoint(&first.batches[0].Endpoints[0])
		for _, b := range first.batches {
			l.Results(b.Results)
		}
	}}
	h = history.Open(history.Config{Now: w.now}, second, "dir")
	if c, _ := h.Counters("a"); c.Outcomes[reason.OK] != 2 {
		t.Errorf("counters: %+v", c)
	}
	h.Flush()
	if b := second.batches[0]; len(b.Results) != 0 || len(b.Endpoints) != 1 || b.Endpoints[0].Sequence != 2 || b.Settled != 2 {
		t.Errorf("written: %+v", b)
	}
}
