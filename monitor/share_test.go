package monitor

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"

	"prober/limit"
	"prober/probe"
)

// What a batch hands out began after it was asked for, however many ask and whenever.
func TestABatchIsNeverOlderThanItsRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBatches[string, time.Time](0)
		var runs atomic.Int32
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * 70 * time.Millisecond)
				asked := time.Now()
				began, release, err := b.do(t.Context(), "key", func(context.Context) (time.Time, error) {
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
		b := newBatches[int, string](0)
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
			_, release, _ := b.do(short, 1, work)
			release()
		}()
		synctest.Wait()
		began := time.Now()
		var all sync.WaitGroup
		all.Go(func() {
			_, release, err := b.do(short, 1, work)
			release()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("who left while others wait: %v", err)
			}
		})
		all.Go(func() {
			value, release, err := b.do(long, 1, work)
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
	b := newBatches[int, int](0)
	_, release, err := b.do(t.Context(), 1, func(context.Context) (int, error) { panic("a bug") })
	release()
	if err == nil || !strings.Contains(err.Error(), "a bug") {
		t.Error(err)
	}
	n, release, err := b.do(t.Context(), 1, func(context.Context) (int, error) { return 7, nil })
	release()
	if n != 7 || err != nil {
		t.Error(n, err)
	}
}

// The metrics in parts are those that the library writes in one.
func TestPartsAreOneExposition(t *testing.T) {
	const some = "/metrics?name[]=endpoint_up&name[]=endpoint_probe_duration_seconds&name[]=prober_workers"
	for _, detail := range []Detail{DetailEndpoint, DetailRegion} {
		m := filled(t, perPart+7, detail)
		families, err := m.Gather()
		if err != nil {
			t.Fatal(err)
		}
		library := promhttp.HandlerFor(prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) { return families, nil }),
			promhttp.HandlerOpts{EnableOpenMetrics: true})
		for _, tt := range []struct{ path, accept string }{
			{"/metrics", ""},
			{some, "text/plain;version=0.0.4;escaping=dots"},
			{some, "application/openmetrics-text;version=1.0.0"},
			{some, "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"},
			{some, "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text"},
		} {
			r := httptest.NewRequest("GET", tt.path, nil)
			r.Header.Set("Accept", tt.accept)
			want, got := httptest.NewRecorder(), ask(t, m, r)
			library.ServeHTTP(want, r)
			if !bytes.Equal(got.Body.Bytes(), want.Body.Bytes()) {
				t.Errorf("%s of %q with detail %s differs from the library's", tt.path, tt.accept, detail)
			}
			if g, w := got.Header().Get("Content-Type"), want.Header().Get("Content-Type"); g != w {
				t.Errorf("content type %q, want %q", g, w)
			}
			if got.Body.Len() < 1000 {
				t.Errorf("%d bytes compared", got.Body.Len())
			}
		}
	}
}

func TestCompressedRepliesAreTheSame(t *testing.T) {
	m := filled(t, 100, DetailEndpoint)
	for _, path := range []string{"/", "/metrics?name[]=endpoint_up", "/api/v1/endpoints"} {
		plain := get(t, m, path)
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Accept-Encoding", "br, gzip")
		zipped := ask(t, m, r)
		if zipped.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s: encodings %q and %q", path, zipped.Header(), plain.Header())
		}
		z, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(z); err != nil || !bytes.Equal(text, plain.Body.Bytes()) {
			t.Errorf("%s: %v; %d bytes, plain %d", path, err, len(text), plain.Body.Len())
		}
	}
	for header, want := range map[string]bool{
		"": false, "gzip": true, "GZIP;q=0.5": true, "gzip;q=0": false, "gzip; q=0.00": false, "deflate, *": true, "identity": false, "x-gzip": false,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Encoding", header)
		if acceptsGzip(r) != want {
			t.Errorf("%q: want %v", header, want)
		}
	}
}

// A page is shared while it is fresh, and by nobody afterwards; the metrics are never old.
func TestWhatIsSharedAndForHowLong(t *testing.T) {
	list := targets(2)
	m, clock := monitorOf(t, list, nil)
	h := m.Handler()
	shows := func(path string) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w.Body.String()
	}
	paths := []string{"/?refresh=30", "/api/v1/endpoints", "/api/v1/endpoints/" + list[0].Endpoint.ID, "/metrics"}
	before := map[string]string{}
	for _, p := range paths {
		before[p] = shows(p)
	}
	feed(t, m, okObservation(list[0], epoch))
	for _, p := range paths {
		if shared := shows(p) == before[p]; shared == (p == "/metrics") {
			t.Errorf("%s at once: shared %v", p, shared)
		}
	}
	clock.Advance(time.Minute)
	for _, p := range paths {
		if shows(p) == before[p] {
			t.Errorf("%s is as it was a minute ago", p)
		}
	}
}

// A crowd is rendered for once; those who must be answered are.
func TestACrowdIsServedAtLittleCost(t *testing.T) {
	var gathered atomic.Int32
	m := scene(t, func(c *Config) {
		c.Collectors = []prometheus.Collector{prometheus.CollectorFunc(func(chan<- prometheus.Metric) { gathered.Add(1) })}
	})
	h := m.Handler()
	for _, path := range []string{"/", "/api/v1/endpoints", "/-/healthy", "/metrics", "/style.css"} {
		if counts := askers(h, slices.Repeat([]string{path}, 200)...); counts[200] != 200 {
			t.Errorf("%s: %v", path, counts)
		}
	}
	if n := gathered.Load(); n == 0 || n > 50 {
		t.Errorf("gathered %d times for 200 who asked at once", n)
	}
}

func TestRenderingWaitsItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPages(&shelf{most: 1 << 20}, time.Now)
		var rendering, most, made int
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p.serve(w, r, rendered{r.URL.Path, "text/plain", func(out io.Writer) error {
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
		counts := askers(h, paths...)
		if most != 1 || made > 2 || counts[200] < made || counts[503] < 16 {
			t.Errorf("%d made, %d at once: %v; want one at a time, as many as fit into a second, and 503 beyond", made, most, counts)
		}
		time.Sleep(time.Second)
		w := httptest.NewRecorder()
		busy(w)
		if w.Header().Get("Retry-After") == "" {
			t.Error("503 without Retry-After")
		}
	})
}

// Who reads slowly loses the place, and who reads on gets it.
func TestASlowReaderKeepsNobodyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l := &shelf{most: 1 << 20}, make(lanes, 1)
		b := &body{pieces: pieces{make([]byte, piece), make([]byte, piece), make([]byte, 10)}}
		send := func(w http.ResponseWriter) error {
			r := httptest.NewRequest("GET", "/", nil)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			return s.send(ctx, l, w, r, b, time.Now(), func() {})
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

// However many read old renderings, what they keep is bounded: the oldest are cut off.
func TestSlowReadersOfOldRenderingsAreCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l := &shelf{most: 10 * piece}, make(lanes, 1)
		var all sync.WaitGroup
		finished := make([]time.Duration, 20)
		for i := range finished {
			b := &body{pieces: pieces{make([]byte, piece), make([]byte, piece)}}
			all.Go(func() {
				began := time.Now()
				w := &sleepy{ResponseWriter: httptest.NewRecorder(), each: limit.WebPieceTime - time.Second}
				_ = s.send(t.Context(), l, w, httptest.NewRequest("GET", "/", nil), b, time.Now(), func() {})
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

// However many ask for a reload, the list is read a few times.
func TestReloadsAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		loads := 0
		m, _ := monitorOf(t, targets(1), func(c *Config) {
			c.EnableLifecycle = true
			c.Load = func() ([]probe.Target, error) {
				loads++
				time.Sleep(time.Second)
				return targets(3), nil
			}
		})
		h := m.Handler()
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, httptest.NewRequest("POST", "/-/reload", nil))
				if w.Body.String() != "reloaded: 3 endpoints\n" {
					t.Errorf("%d %s", w.Code, w.Body)
				}
			})
		}
		all.Wait()
		if loads > 2 {
			t.Errorf("the list was read %d times", loads)
		}
		time.Sleep(time.Minute) // what held the next reload ends
	})
}
