package main

import (
	"cmp"
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"prober/limit"
	"prober/push"
)

// newPusher makes what pushes metrics over OTLP; nil where no receiver is named.
func (a *app) newPusher(ctx context.Context, o *serveOptions, address string, log *slog.Logger) (*push.Pusher, error) {
	if o.otlp == "" {
		return nil, nil
	}
	p, err := push.New(ctx, push.Config{
		Endpoint: o.otlp, CAFile: cmp.Or(a.getenv("OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE"), a.getenv("OTEL_EXPORTER_OTLP_CERTIFICATE")),
		Interval: max(o.interval, limit.PushInterval), Last: o.within / (limit.WebStopTime / limit.PushLast),
		Version: builtFrom().Version, Instance: address, Logger: log,
	})
	if err != nil {
		return nil, usage("--otlp.endpoint: %w", err)
	}
	return p, nil
}

// collectors are the metrics that are shown besides those of the monitor.
func (o *serveOptions) collectors() []prometheus.Collector {
	all := []prometheus.Collector{collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})}
	if o.pusher != nil {
		all = append(all, o.pusher)
	}
	return all
}

// startPushing pushes what g gathers until the returned function is called, which waits for the last push.
func (o *serveOptions) startPushing(ctx context.Context, g prometheus.Gatherer) (stop func()) {
	if o.pusher == nil {
		return func() {}
	}
	pushing, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.pusher.Run(pushing, g)
	}()
	return func() {
		cancel()
		<-done
	}
}
