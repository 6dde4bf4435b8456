package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/exporter-toolkit/web"
	"github.com/spf13/cobra"

	"prober/monitor"
	"prober/session"
)

// serveOptions are the flags of serve alone.
type serveOptions struct {
	session.Options
	interval  time.Duration
	listen    string
	detail    string
	webConfig string
	lifecycle bool
	shard     string
}

func (a *app) serveCommand() *cobra.Command {
	o := &serveOptions{}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Probe for ever; metrics for Prometheus and a status page",
		Long: `Probes every selected endpoint once an interval and serves what it saw:

  /                 status page
  /metrics          metrics for Prometheus
  /probe            blackbox_exporter's metrics for one endpoint of the list, probed now
  /api/v1/endpoints the state of every endpoint as JSON
  /-/healthy        200 while the process runs
  /-/ready          200 once every endpoint has a result
  /-/reload         POST reads the catalogue again (with --web.enable-lifecycle; SIGHUP does it always)

When everything that can tell fails at once, the prober's own network is suspected and
nothing is counted. A list of one provider needs a --control NAME:PORT for that, which is
connected to with nothing sent.

Ends with 0 on SIGINT and SIGTERM.`,
		Example: `  prober serve --sandbox
  prober serve --product kms --interval 30s --web.listen-address :9115`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), o) },
	}
	addFlags(cmd, o.Bind)
	f := cmd.Flags()
	f.DurationVar(&o.interval, "interval", monitor.DefaultInterval, "time from one probe of an endpoint to the next")
	f.StringVar(&o.listen, "web.listen-address", "127.0.0.1:9115", "`ADDRESS` to serve on")
	f.StringVar(&o.detail, "metrics.detail", "", "phase histograms for each `endpoint or region` (default endpoint for up to 1000 endpoints)")
	f.StringVar(&o.webConfig, "web.config.file", "", "`FILE` with TLS and authentication settings, in the format of Prometheus exporters")
	f.BoolVar(&o.lifecycle, "web.enable-lifecycle", false, "permit POST /-/reload")
	f.StringVar(&o.shard, "shard", "", "probe only part `I/N` of the list, as 1/3")
	return cmd
}

func (a *app) serve(ctx context.Context, o *serveOptions) error {
	shard, err := monitor.ParseShard(o.shard)
	if err != nil {
		return usage("--shard %q: %w", o.shard, err)
	}
	if o.Scheme != "https" && o.Scheme != "http" {
		return usage("--scheme %q: serve probes over one scheme, https or http", o.Scheme)
	}
	if o.webConfig != "" {
		if err := web.Validate(o.webConfig); err != nil {
			return usage("--web.config.file %s: %w", o.webConfig, err)
		}
	}
	// The port is bound before anything is started or said.
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return usage("--web.listen-address %s: %s; name another address", o.listen, bindProblem(err))
	}
	defer listener.Close() //nolint:errcheck // the server closes it
	s, err := a.open(o.Options)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // the process ends
	log := slog.New(slog.NewTextHandler(a.err, nil))
	m, err := a.newMonitor(o, s, shard, log)
	if err != nil {
		return usage("%w", err)
	}
	if len(s.Endpoints) == 0 {
		return usage("nothing was selected: the flags name no common endpoint")
	}
	a.mentionIdleFaults(s, s.Endpoints)
	return a.serveMonitor(ctx, o, m, listener, log, len(s.Endpoints))
}

// newMonitor makes the long-running prober.
func (a *app) newMonitor(o *serveOptions, s *session.Session, shard monitor.Shard, log *slog.Logger) (*monitor.Monitor, error) {
	version, revision := versionOf()
	return monitor.New(monitor.Config{
		Prober: s.Prober, Targets: s.Targets(), Shard: shard,
		Interval: o.interval, Concurrency: o.Concurrency, Grace: o.Timeout, Detail: monitor.Detail(o.detail),
		Load: s.Reload, EnableLifecycle: o.lifecycle, RegionName: s.Catalog.RegionName,
		Collectors: []prometheus.Collector{collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})},
		Build:      monitor.BuildInfo{Version: version, Revision: revision, GoVersion: runtime.Version()},
		Logger:     log, Now: a.now,
	})
}

// serveMonitor runs the monitor and its pages until ctx ends, and stops both in good order.
func (a *app) serveMonitor(ctx context.Context, o *serveOptions, m *monitor.Monitor, listener net.Listener, log *slog.Logger, endpoints int) error {
	scheme := "http"
	server := &http.Server{
		Handler: m.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() {
		flags := &web.FlagConfig{WebConfigFile: &o.webConfig}
		served <- web.Serve(listener, server, flags, slog.New(slog.DiscardHandler))
	}()
	if o.webConfig != "" {
		scheme = "http(s)"
	}
	log.Info("serving", "page", fmt.Sprintf("%s://%s/", scheme, listener.Addr()), "endpoints", endpoints, "interval", o.interval)
	stopReloading := reloadOnHangup(m, log)
	defer stopReloading()

	running, stop := context.WithCancel(ctx)
	defer stop()
	ran := make(chan error, 1)
	go func() { ran <- m.Run(running) }()
	var err error
	select {
	case err = <-served: // before its time: the port was taken away, or the settings broke
		stop()
		err = errors.Join(err, <-ran)
	case err = <-ran:
	}
	log.Info("stopping")
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = server.Shutdown(last)
	if err == nil || errors.Is(err, http.ErrServerClosed) || errors.Is(err, context.Canceled) {
		return nil
	}
	return fail(fmt.Errorf("serving: %w", err))
}

// reloadOnHangup reloads the list at each SIGHUP until the returned function is called.
func reloadOnHangup(m *monitor.Monitor, log *slog.Logger) (stop func()) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	go func() {
		for range hangup {
			if m.Reload() == nil {
				log.Info("reloaded")
			}
		}
	}()
	return func() {
		signal.Stop(hangup)
		close(hangup)
	}
}

// bindProblem says in a few words why an address cannot be bound.
func bindProblem(err error) string {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return "the port is in use"
	case errors.Is(err, syscall.EACCES):
		return "no permission to use the port"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return "this machine has no such address"
	}
	return strings.TrimPrefix(err.Error(), "listen tcp: ")
}
