package serving

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"prober/limit"
	"prober/monitor/fixture"
)

// What a batch hands out began after it was asked for, however many ask and whenever.
func TestABatchIsNeverOlderThanItsRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBatches[string, time.Time](0)
		var runs atomic.Int32
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * 70 * time.Millisecond)
				asked := time.Now()
				began, release, err := b.Do(t.Context(), "key", func(context.Context) (time.Time, error) {
					runs.Add(1)
					now := time.Now()
					time.Sleep(time.Second)
					return now, nil
				})
				release()
				if err != nil || began.Before(asked) {
					t.Errorf("asked at %v, got what began at %v, %v", asked, began, err)
				}
			})
		}
		all.Wait()
		if n := runs.Load(); n > 9 {
			t.Errorf("%d runs of a second each in eight seconds", n)
		}
	})
}

func TestABatchThatNobodyWaitsForIsCutShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBatches[int, string](0)
		work := func(ctx context.Context) (string, error) {
			<-ctx.Done()
			return "as far as it came", nil
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		long, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		first := make(chan struct{})
		go func() { // keeps the key busy, so that the next two share a run
			defer close(first)
			_, release, _ := b.Do(short, 1, work)
			release()
		}()
		synctest.Wait()
		began := time.Now()
		var all sync.WaitGroup
		all.Go(func() {
			_, release, err := b.Do(short, 1, work)
			release()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("who left while others wait: %v", err)
			}
		})
		all.Go(func() {
			value, release, err := b.Do(long, 1, work)
			release()
			if value != "as far as it came" || err != nil || time.Since(began) != 3*time.Second {
				t.Errorf("the last: %q, %v after %v", value, err, time.Since(began))
			}
		})
		all.Wait()
		<-first
		synctest.Wait()
		if len(b.next)+len(b.busy) != 0 {
			t.Errorf("something is kept: %v, %v", b.next, b.busy)
		}
	})
}

func TestAPanicCostsAnAnswerOnly(t *testing.T) {
	b := NewBatches[int, int](0)
	_, release, err := b.Do(t.Context(), 1, func(context.Context) (int, error) { panic("a bug") })
	release()
	if err == nil || !strings.Contains(err.Error(), "a bug") {
		t.Error(err)
	}
	n, release, err := b.Do(t.Context(), 1, func(context.Context) (int, error) { return 7, nil })
	release()
	if n != 7 || err != nil {
		t.Error(n, err)
	}
}

func TestRenderingWaitsItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewShared(NewShelf(1<<20), time.Now)
		var rendering, most, made int
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p.Serve(w, r, Rendering{key: r.URL.Path, contentType: "text/plain", write: func(out io.Writer) error {
				rendering++
				made++
				most = max(most, rendering)
				time.Sleep(400 * time.Millisecond)
				rendering--
				_, err := fmt.Fprint(out, "made")
				return err
			}})
		})
		var paths []string
		for i := range 10 {
			paths = append(paths, fmt.Sprintf("/%d", i), fmt.Sprintf("/%d", i))
		}
		counts := fixture.Askers(h, paths...)
		if most != 1 || made > 2 || counts[200] < made || counts[503] < 16 {
			t.Errorf("%d made, %d at once: %v; want one at a time, as many as fit into a second, and 503 beyond", made, most, counts)
		}
		time.Sleep(time.Second)
		w := httptest.NewRecorder()
		Busy(w)
		if w.Header().Get("Retry-After") == "" {
			t.Error("503 without Retry-After")
		}
	})
}

// Who reads slowly loses the place, and who reads on gets it.
func TestASlowReaderKeepsNobodyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l := NewShelf(1<<20), make(Lanes, 1)
		b := bodyOf(2*piece + 10)
		send := func(w http.ResponseWriter) error {
			r := httptest.NewRequest("GET", "/", nil)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			return s.Send(ctx, l, w, r, b, time.Now(), func() {})
		}
		var all sync.WaitGroup
		stuck := &sleepy{ResponseWriter: httptest.NewRecorder(), each: time.Hour}
		all.Go(func() { _ = send(stuck) })
		synctest.Wait()
		began, quick := time.Now(), httptest.NewRecorder()
		if err := send(quick); err != nil || time.Since(began) > patience || quick.Body.Len() != b.pieces.size() {
			t.Errorf("%v after %v: %d bytes", err, time.Since(began), quick.Body.Len())
		}
		all.Wait()
		if len(l) != 0 || len(s.bodies) != 0 || s.bytes != 0 {
			t.Errorf("%d places and %d bodies of %d bytes are still held", len(l), len(s.bodies), s.bytes)
		}
	})
}

// sleepy is a client that takes its time for each piece.
type sleepy struct {
	http.ResponseWriter
	each     time.Duration
	mu       sync.Mutex
	deadline time.Time
}

func (s *sleepy) SetWriteDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deadline = t
	return nil
}

func (s *sleepy) Write(b []byte) (int, error) {
	for end := time.Now().Add(s.each); time.Now().Before(end); {
		s.mu.Lock()
		over := time.Now().After(s.deadline)
		s.mu.Unlock()
		if over {
			return 0, errors.New("timeout")
		}
		time.Sleep(100 * time.Millisecond)
	}
	return s.ResponseWriter.Write(b)
}

// A scraper on a bad line gets what it asked for, one that hardly reads holds it for a while only.
func TestASlowLineGetsTheWhole(t *testing.T) {
	for rate, whole := range map[int]bool{1 << 20: true, 40 << 10: true, 5000: true, 1000: false, 8: false} {
		synctest.Test(t, func(t *testing.T) {
			b, began := bodyOf(4*piece), time.Now()
			got := httptest.NewRecorder()
			w := &sleepy{ResponseWriter: got, each: time.Duration(piece/rate) * time.Second}
			err := NewShelf(1<<20).Send(t.Context(), make(Lanes, 1), w, httptest.NewRequest("GET", "/metrics", nil), b, began, func() {})
			took := time.Since(began)
			if err != nil || (got.Body.Len() == b.pieces.size()) != whole || !whole && took > limit.WebPieceTime+time.Second || took > limit.WebWriteTime {
				t.Errorf("%d bytes a second: %d of %d bytes after %v, %v", rate, got.Body.Len(), b.pieces.size(), took, err)
			}
		})
	}
}

// However many read old renderings, what they keep is bounded: the oldest are cut off.
func TestSlowReadersOfOldRenderingsAreCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l := NewShelf(10*piece), make(Lanes, 1)
		var all sync.WaitGroup
		finished := make([]time.Duration, 20)
		for i := range finished {
			b := bodyOf(2 * piece)
			all.Go(func() {
				began := time.Now()
				w := &sleepy{ResponseWriter: httptest.NewRecorder(), each: limit.WebPieceTime - time.Second}
				_ = s.Send(t.Context(), l, w, httptest.NewRequest("GET", "/", nil), b, time.Now(), func() {})
				finished[i] = time.Since(began)
			})
			time.Sleep(50 * time.Millisecond)
			s.mu.Lock()
			kept := s.bytes
			s.mu.Unlock()
			if kept > s.most {
				t.Errorf("%d bytes are kept, want at most %d", kept, s.most)
			}
		}
		all.Wait()
		if finished[0] > 2*time.Second || finished[19] < limit.WebPieceTime {
			t.Errorf("the first ended after %v, the last after %v; want the first to be cut off, and the last not", finished[0], finished[19])
		}
	})
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "GZIP;q=0.5": true, "gzip;q=0": false, "gzip; q=0.00": false, "deflate, *": true, "identity": false, "x-gzip": false,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Encoding", header)
		if AcceptsGzip(r) != want {
			t.Errorf("%q: want %v", header, want)
		}
	}
}

// bodyOf is a body of so many bytes.
func bodyOf(n int) *Body {
	b := &Body{}
	_, _ = b.pieces.Write(make([]byte, n))
	return b
}

// A long text is kept packed, and read as it was written, however it was cut into writes.
func TestLongBodiesArePacked(t *testing.T) {
	var text bytes.Buffer
	for i := range 200_000 {
		fmt.Fprintf(&text, "endpoint_probes_total{host=\"h%d.example.org\",outcome=\"ok\"} %d\n", i, i%7)
	}
	random := make([]byte, 3<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(random)
	for name, c := range map[string]struct {
		whole []byte
		zip   bool
		most  int // bytes that are kept
	}{
		"text":                {text.Bytes(), false, plainPieces*piece + text.Len()/4},
		"what packs to more":  {random, false, len(random) * 101 / 100},
		"zipped":              {text.Bytes(), true, text.Len() / 4},
		"a piece":             {random[:piece], false, piece},
		"less":                {random[:100], false, 100},
		"nothing":             {nil, false, 0},
		"as many as are kept": {random[:plainPieces*piece+1], false, plainPieces*piece + 1},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := NewBody("text/plain", c.zip, func(out io.Writer) error {
				for part := range slices.Chunk(c.whole, 1_000_003) {
					if _, err := out.Write(part); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil || b.pieces.bytes > c.most {
				t.Errorf("%d bytes are kept of %d, want at most %d: %v", b.pieces.bytes, len(c.whole), c.most, err)
			}
			for range 2 { // one reader takes nothing from another
				w := httptest.NewRecorder()
				if err := NewShelf(1<<20).Send(t.Context(), make(Lanes, 1), w, httptest.NewRequest("GET", "/", nil), b, time.Now(), func() {}); err != nil {
					t.Fatal(err)
				}
				got := io.Reader(w.Body)
				if c.zip {
					if got, err = gzip.NewReader(w.Body); err != nil {
						t.Fatal(err)
					}
				}
				if read, err := io.ReadAll(got); err != nil || !bytes.Equal(read, c.whole) {
					t.Errorf("%d bytes were read, which differ from the %d that were written: %v", len(read), len(c.whole), err)
				}
			}
		})
	}
}
