// Package push sends metrics over OTLP to a receiver, such as an OpenTelemetry collector, at whose
// door no Prometheus server asks. What is sent is what /metrics shows, by OpenTelemetry's own bridge,
// SDK and exporter; the names and labels are the same.
//
// The exporter reads some variables of OpenTelemetry itself: OTEL_EXPORTER_OTLP_HEADERS for a token, and
// OTEL_RESOURCE_ATTRIBUTES. What it cannot read of the first it would log, token and all: that is refused before, and
// its log is off.
package push

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	bridge "go.opentelemetry.io/contrib/bridges/prometheus"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"

	"prober/files"
	"prober/limit"
	"prober/prose"
)

// Config is what a Pusher is made of. Endpoint is required.
type Config struct {
	// Endpoint is the URL of the receiver, http or https. Without a path it is /v1/metrics.
	Endpoint string
	// CAFile holds the authorities of the receiver, in PEM; empty: the system's.
	CAFile string
	// Interval is the time from one push to the next; 0: [limit.PushInterval].
	Interval time.Duration
	// Last is how long the last push may take, after Run's context has ended; 0: [limit.PushLast].
	Last time.Duration
	// Version and Instance say who pushes.
	Version, Instance string
	Logger            *slog.Logger     // nil: nothing is logged
	Ticks             <-chan time.Time // when to push; nil: every Interval
}

// Pusher pushes what it gathers. It implements prometheus.Collector: how its pushes came out.
type Pusher struct {
	config   Config
	client   *http.Client
	exporter *otlpmetrichttp.Exporter
	provider *metric.MeterProvider
	reader   *metric.ManualReader
	batch    []*dto.MetricFamily // what the reader reads now
	pushes   *prometheus.CounterVec
	failing  bool
}

// The values of the label of prober_otlp_pushes_total.
const (
	success = "success"
	failure = "failure"
)

// New returns a Pusher, or what is wrong with its endpoint. It opens no connection.
func New(ctx context.Context, c Config) (*Pusher, error) {
	at, err := receiverAt(c.Endpoint)
	if err != nil {
		return nil, err
	}
	c.Interval, c.Last = cmp.Or(c.Interval, limit.PushInterval), cmp.Or(c.Last, limit.PushLast)
	c.Logger = cmp.Or(c.Logger, slog.New(slog.DiscardHandler))
	p := &Pusher{config: c, pushes: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "prober_otlp_pushes_total", Help: "Pushes of all metrics over OTLP, by how they came out: success or failure.",
	}, []string{"result"})}
	p.pushes.WithLabelValues(success)
	p.pushes.WithLabelValues(failure)
	for _, name := range headerVariables {
		if err := checkHeaders(os.Getenv(name)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	otel.SetLogger(logr.Discard())
	client, err := newClient(files.Until(ctx), c.CAFile)
	if err != nil {
		return nil, err
	}
	p.client = client
	p.exporter, err = otlpmetrichttp.New(ctx,
		otlpmetrichttp.WithEndpointURL(at), otlpmetrichttp.WithCompression(otlpmetrichttp.GzipCompression),
		otlpmetrichttp.WithHTTPClient(client), otlpmetrichttp.WithMaxResponseSize(limit.PushReplyBytes),
		// What did not arrive is in the next push, with the same counters: nothing is sent again.
		otlpmetrichttp.WithRetry(otlpmetrichttp.RetryConfig{Enabled: false}),
	)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", c.Endpoint, err)
	}
	who, err := resource.New(ctx, resource.WithAttributes(
		attribute.String("service.name", "prober"), attribute.String("service.version", c.Version), attribute.String("service.instance.id", c.Instance),
	), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	p.reader = metric.NewManualReader(metric.WithProducer(bridge.NewMetricProducer(
		bridge.WithGatherer(prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) { return p.batch, nil })),
	)))
	p.provider = metric.NewMeterProvider(metric.WithReader(p.reader), metric.WithResource(who))
	return p, nil
}

// receiverAt returns the whole URL of a receiver, or what is wrong with it, without repeating a password.
func receiverAt(endpoint string) (string, error) {
	u, err := url.Parse(endpoint)
	switch {
	case err != nil:
		return "", errors.New("it is not a URL; want one such as http://127.0.0.1:4318")
	case u.User != nil:
		return "", errors.New("a password in the URL is not used; put a header into OTEL_EXPORTER_OTLP_HEADERS")
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return "", fmt.Errorf("%q is not the http or https URL of a receiver; want one such as http://127.0.0.1:4318", endpoint)
	case u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("what follows the path of the URL is not used; leave it out")
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/v1/metrics"
	}
	return u.String(), nil
}

// Describe implements prometheus.Collector.
func (p *Pusher) Describe(out chan<- *prometheus.Desc) { p.pushes.Describe(out) }

// Collect implements prometheus.Collector.
func (p *Pusher) Collect(out chan<- prometheus.Metric) { p.pushes.Collect(out) }

// Run pushes what g gathers until ctx ends, and then once more. A push that fails is counted and,
// where the one before did not, logged. Only one Run may be called.
func (p *Pusher) Run(ctx context.Context, g prometheus.Gatherer) {
	ticks := p.config.Ticks
	if ticks == nil {
		ticker := time.NewTicker(p.config.Interval)
		defer ticker.Stop()
		ticks = ticker.C
	}
	for ctx.Err() == nil {
		select {
		case <-ticks:
			p.push(ctx, g)
		case <-ctx.Done():
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.config.Last)
	defer cancel()
	p.push(last, g)
	_ = p.provider.Shutdown(last) // there is nothing that it still holds
	_ = p.exporter.Shutdown(last)
	p.client.CloseIdleConnections()
}

// push sends everything once.
func (p *Pusher) push(ctx context.Context, g prometheus.Gatherer) {
	err := p.send(ctx, g)
	if err != nil && ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return // cut short by the end, which pushes again
	}
	if err != nil {
		p.pushes.WithLabelValues(failure).Inc()
		if !p.failing {
			p.config.Logger.Warn("metrics cannot be pushed", "endpoint", p.config.Endpoint, "err", told(err))
		}
	} else {
		p.pushes.WithLabelValues(success).Inc()
		if p.failing {
			p.config.Logger.Info("metrics are pushed again", "endpoint", p.config.Endpoint)
		}
	}
	p.failing = err != nil
}

// send sends everything in batches, to the first that fails.
func (p *Pusher) send(ctx context.Context, g prometheus.Gatherer) error {
	families, err := g.Gather()
	if err != nil {
		return fmt.Errorf("gathering: %w", err)
	}
	defer func() { p.batch = nil }()
	for p.batch = range batches(families, limit.PushSeries) {
		var data metricdata.ResourceMetrics
		if err := p.reader.Collect(ctx, &data); err != nil {
			return fmt.Errorf("converting: %w", err)
		}
		if err := p.exporter.Export(ctx, &data); err != nil {
			return err
		}
	}
	return nil
}

// batches yields families in batches of at most so many series: receivers bound what they read at once.
func batches(families []*dto.MetricFamily, most int) iter.Seq[[]*dto.MetricFamily] {
	return func(yield func([]*dto.MetricFamily) bool) {
		var batch []*dto.MetricFamily
		room := most
		for _, f := range families {
			for rest := f.Metric; len(rest) > 0; {
				n := min(room, len(rest))
				part := &dto.MetricFamily{Name: f.Name, Help: f.Help, Type: f.Type, Unit: f.Unit, Metric: rest[:n]}
				batch, rest, room = append(batch, part), rest[n:], room-n
				if room == 0 {
					if !yield(batch) {
						return
					}
					batch, room = nil, most
				}
			}
		}
		if len(batch) > 0 {
			yield(batch)
		}
	}
}

// told is what is logged of an error: not what the receiver said, which may repeat the token that it
// was sent. What is no HTTP is quoted.
func told(err error) string {
	if bare := (*url.Error)(nil); errors.As(err, &bare) { // the URL is said already
		err = bare.Err
	}
	text := err.Error()
	for _, said := range []string{"body: ", "partial success: ", `"`} {
		text, _, _ = strings.Cut(text, said)
	}
	return prose.Line(strings.TrimRight(text, " (:"))
}
