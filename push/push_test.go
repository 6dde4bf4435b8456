package push

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr/funcr"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.opentelemetry.io/otel"
	collector "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	metrics "go.opentelemetry.io/proto/otlp/metrics/v1"
	"google.golang.org/protobuf/proto"

	"prober/limit"
)

// receiver is an OTLP receiver of OpenTelemetry's own messages.
type receiver struct {
	*httptest.Server
	got    chan *collector.ExportMetricsServiceRequest
	answer func(http.ResponseWriter, *http.Request) // nil: all is well
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{got: make(chan *collector.ExportMetricsServiceRequest, 100)}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if r.answer != nil {
			r.answer(w, q)
			return
		}
		m, err := decoded(q)
		if err != nil || q.URL.Path != "/v1/metrics" || q.Header.Get("Content-Type") != "application/x-protobuf" {
			t.Errorf("%s %v: %v", q.URL, q.Header, err)
		}
		r.got <- m
		body, _ := proto.Marshal(&collector.ExportMetricsServiceResponse{})
		w.Header().Set("Content-Type", "application/x-protobuf")
		_, _ = w.Write(body)
	}))
	t.Cleanup(r.Close)
	return r
}

func decoded(q *http.Request) (*collector.ExportMetricsServiceRequest, error) {
	z, err := gzip.NewReader(q.Body)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	m := &collector.ExportMetricsServiceRequest{}
	return m, proto.Unmarshal(body, m)
}

// all are the metrics of a request by name.
func all(m *collector.ExportMetricsServiceRequest) map[string]*metrics.Metric {
	out := map[string]*metrics.Metric{}
	for _, r := range m.ResourceMetrics {
		for _, s := range r.ScopeMetrics {
			for _, x := range s.Metrics {
				out[x.Name] = x
			}
		}
	}
	return out
}

func text(pairs []*common.KeyValue) string {
	var out []string
	for _, p := range pairs {
		out = append(out, p.Key+"="+p.Value.GetStringValue())
	}
	return strings.Join(out, ",")
}

// registry has a metric of each kind that the prober shows.
func registry(t *testing.T) *prometheus.Registry {
	t.Helper()
	r := prometheus.NewRegistry()
	up := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "endpoint_up", Help: "Whether it is up."}, []string{"host"})
	up.WithLabelValues("a.example").Set(1)
	probes := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "endpoint_probes_total", Help: "Probes."}, []string{"outcome"})
	probes.WithLabelValues("fail").Add(3)
	native := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "endpoint_probe_duration_seconds", Help: "Time.", NativeHistogramBucketFactor: 1.1})
	for _, v := range []float64{.01, .02, .04} {
		native.Observe(v)
	}
	sum := prometheus.NewSummary(prometheus.SummaryOpts{Name: "endpoint_duration_seconds", Help: "Time."})
	sum.Observe(.5)
	r.MustRegister(up, probes, native, sum)
	return r
}

// running starts a push loop and returns how to make it push, and how to end it.
func running(t *testing.T, c Config, g prometheus.Gatherer) (p *Pusher, tick, end func()) {
	t.Helper()
	ticks := make(chan time.Time)
	c.Ticks, c.Last = ticks, cmp.Or(c.Last, time.Minute) // whatever else the machine does
	p, err := New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		p.Run(ctx, g)
		close(done)
	}()
	end = func() {
		cancel()
		<-done
	}
	t.Cleanup(end)
	return p, func() { ticks <- time.Time{} }, end
}

func TestEverythingArrives(t *testing.T) {
	r := newReceiver(t)
	p, tick, end := running(t, Config{Endpoint: r.URL, Version: "1.2.3", Instance: "here:9115"}, registry(t))
	tick()
	m := <-r.got
	if who := text(m.ResourceMetrics[0].Resource.Attributes); !strings.Contains(who, "service.name=prober,service.version=1.2.3") || !strings.Contains(who, "service.instance.id=here:9115") {
		t.Errorf("from %s", who)
	}
	got := all(m)
	if d := got["endpoint_up"].GetGauge().GetDataPoints(); len(d) != 1 || d[0].GetAsDouble() != 1 || text(d[0].Attributes) != "host=a.example" {
		t.Errorf("gauge: %v", d)
	}
	if s := got["endpoint_probes_total"].GetSum(); !s.GetIsMonotonic() || s.GetAggregationTemporality() != metrics.AggregationTemporality_AGGREGATION_TEMPORALITY_CUMULATIVE ||
		s.GetDataPoints()[0].GetAsDouble() != 3 || s.GetDataPoints()[0].GetStartTimeUnixNano() == 0 {
		t.Errorf("counter: %v", s)
	}
	if d := got["endpoint_probe_duration_seconds"].GetExponentialHistogram().GetDataPoints(); len(d) != 1 || d[0].Count != 3 || math.Abs(d[0].GetSum()-.07) > 1e-9 {
		t.Errorf("histogram: %v", d)
	}
	if d := got["endpoint_duration_seconds"].GetSummary().GetDataPoints(); len(d) != 1 || d[0].Count != 1 || d[0].Sum != .5 {
		t.Errorf("summary: %v", d)
	}
	end()
	if len(r.got) != 1 {
		t.Errorf("%d requests at the end, want one last push", len(r.got))
	}
	if good, bad := testutil.ToFloat64(p.pushes.WithLabelValues(success)), testutil.ToFloat64(p.pushes.WithLabelValues(failure)); good == 0 || bad != 0 {
		t.Errorf("%g pushes counted as good, %g as bad", good, bad)
	}
}

func TestManySeriesGoInSeveralRequests(t *testing.T) {
	g := prometheus.NewRegistry()
	v := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "endpoint_up", Help: "Whether it is up."}, []string{"host"})
	g.MustRegister(v)
	for i := range 2*limit.PushSeries + 7 {
		v.WithLabelValues(fmt.Sprint(i)).Set(1)
	}
	r := newReceiver(t)
	_, tick, _ := running(t, Config{Endpoint: r.URL}, g)
	tick()
	seen := map[string]bool{}
	for _, want := range []int{limit.PushSeries, limit.PushSeries, 7} {
		points := all(<-r.got)["endpoint_up"].GetGauge().GetDataPoints()
		if len(points) != want {
			t.Errorf("%d series in a request, want %d", len(points), want)
		}
		for _, p := range points {
			seen[text(p.Attributes)] = true
		}
	}
	if len(seen) != 2*limit.PushSeries+7 {
		t.Errorf("%d series arrived", len(seen))
	}
}

// A receiver that refuses is logged once, without what it said, and once more when it takes metrics again.
func TestARefusalIsLoggedOnceAndWithoutTheToken(t *testing.T) {
	const canary = "CANARY-4711"
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20"+canary)
	var log bytes.Buffer
	r := newReceiver(t)
	asked := make(chan string, 10)
	refuse := func(status int, kind, body string) func(w http.ResponseWriter, q *http.Request) {
		return func(w http.ResponseWriter, q *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
			asked <- q.Header.Get("Authorization")
		}
	}
	partial, _ := proto.Marshal(&collector.ExportMetricsServiceResponse{PartialSuccess: &collector.ExportMetricsPartialSuccess{RejectedDataPoints: 1, ErrorMessage: canary}})
	p, tick, end := running(t, Config{Endpoint: r.URL, Logger: slog.New(slog.NewTextHandler(&log, nil))}, registry(t))
	for _, answer := range []func(http.ResponseWriter, *http.Request){
		refuse(http.StatusUnauthorized, "text/plain", "not with "+canary), refuse(http.StatusServiceUnavailable, "text/plain", canary),
		refuse(http.StatusOK, "application/x-protobuf", string(partial)),
	} {
		r.answer = answer
		tick()
		if token := <-asked; token != "Bearer "+canary {
			t.Errorf("the token is %q", token)
		}
	}
	r.answer = nil
	tick()
	<-r.got
	end()
	said := log.String()
	if strings.Contains(said, canary) {
		t.Errorf("the log has the token:\n%s", said)
	}
	if strings.Count(said, "cannot be pushed") != 1 || strings.Count(said, "pushed again") != 1 || !strings.Contains(said, "401") {
		t.Errorf("the log is\n%s", said)
	}
	if n := testutil.ToFloat64(p.pushes.WithLabelValues(failure)); n != 3 {
		t.Errorf("%g failures", n)
	}
}

// A receiver that never answers does not keep the program from ending.
func TestAReceiverThatHangsIsLeftAtTheEnd(t *testing.T) {
	r := newReceiver(t)
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	asked := make(chan struct{}, 10)
	r.answer = func(_ http.ResponseWriter, q *http.Request) {
		_, _ = io.Copy(io.Discard, q.Body)
		asked <- struct{}{}
		<-hang
	}
	p, tick, end := running(t, Config{Endpoint: r.URL, Last: time.Millisecond}, registry(t))
	tick()
	<-asked
	end() // of a push that is under way, and of the last one
	if n := testutil.ToFloat64(p.pushes.WithLabelValues(failure)); n != 1 {
		t.Errorf("%g failures, want that of the last push", n)
	}
}

// Nothing goes to where a receiver points: the token would go along.
func TestNoRedirectIsFollowed(t *testing.T) {
	var log bytes.Buffer
	r, elsewhere := newReceiver(t), newReceiver(t)
	r.answer = func(w http.ResponseWriter, q *http.Request) {
		http.Redirect(w, q, elsewhere.URL+"/v1/metrics", http.StatusTemporaryRedirect)
	}
	_, tick, end := running(t, Config{Endpoint: r.URL, Logger: slog.New(slog.NewTextHandler(&log, nil))}, registry(t))
	tick()
	end()
	if len(elsewhere.got) != 0 || !strings.Contains(log.String(), "307") {
		t.Errorf("%d pushes elsewhere; log %s", len(elsewhere.got), &log)
	}
}

func TestTheReceiversAuthority(t *testing.T) {
	got := make(chan bool, 10)
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got <- true }))
	t.Cleanup(server.Close)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for ca, want := range map[string]int{"": 0, file: 1} {
		_, tick, end := running(t, Config{Endpoint: server.URL, CAFile: ca}, registry(t))
		tick()
		end()
		if n := min(len(got), 1); n != want {
			t.Errorf("with the authority %q: %d pushes arrived", ca, n)
		}
		for len(got) > 0 {
			<-got
		}
	}
	if _, err := New(t.Context(), Config{Endpoint: server.URL, CAFile: "push_test.go"}); err == nil || !strings.Contains(err.Error(), "no certificate") {
		t.Errorf("a file without a certificate: %v", err)
	}
}

// A variable whose fields cannot be read is refused, and nobody repeats it: it may be the token as it is.
func TestHeadersThatCannotBeRead(t *testing.T) {
	for _, tt := range []struct{ list, want string }{
		{"", ""},
		{"authorization=Bearer%20a, x-scope = b,", ""},
		{"CANARY", "field 1 has no =: want NAME=VALUE"},
		{"authorization: Bearer CANARY", "field 1 has no ="},
		{"x=y,authorization: Basic CANARY==", "what stands before the first = of field 2"},
		{"=CANARY", "what stands before the first = of field 1"},
		{"authorization=CANARY%zz", "the value of field 1 has a % that begins no escape: write it as %25"},
		{"authorization=CANARY%0a", "the value of field 1 holds characters"},
	} {
		for _, name := range headerVariables {
			t.Run(name, func(t *testing.T) {
				t.Setenv(name, tt.list)
				switch _, err := New(t.Context(), Config{Endpoint: "http://127.0.0.1:1"}); {
				case tt.want == "" && err != nil:
					t.Errorf("%q: %v", tt.list, err)
				case tt.want != "" && (err == nil || !strings.HasPrefix(err.Error(), name+": "+tt.want) || strings.Contains(err.Error(), "CANARY")):
					t.Errorf("%q: %v", tt.list, err)
				}
			})
		}
	}
}

// The exporter looks at variables of which nothing is used here, and its log would show them.
func TestTheExporterLogsNothing(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://me:CANARY%zz@collector")
	said := ""
	otel.SetLogger(funcr.New(func(_, args string) { said += args }, funcr.Options{}))
	if _, err := New(t.Context(), Config{Endpoint: "http://127.0.0.1:1"}); err != nil || said != "" {
		t.Errorf("%v: it logs %q", err, said)
	}
}

func TestEndpointsThatAreNone(t *testing.T) {
	for _, tt := range []struct{ endpoint, want string }{
		{"", "want one such as"},
		{"collector:4318", "want one such as"},
		{"grpc://collector:4317", "want one such as"},
		{"http://", "want one such as"},
		{"http://me:CANARY@collector:4318", "OTEL_EXPORTER_OTLP_HEADERS"},
		{"http://collector:4318/v1/metrics?key=CANARY", "leave it out"},
		{"http://me:CANARY%zz@collector:4318", "not a URL"},
	} {
		if _, err := New(t.Context(), Config{Endpoint: tt.endpoint}); err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%q: %v", tt.endpoint, err)
		}
	}
}
