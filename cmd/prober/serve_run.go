package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/exporter-toolkit/web"

	"prober/headroom"
	"prober/history"
	"prober/monitor"
	"prober/monitor/blackbox"
	"prober/probe"
	"prober/prose"
	"prober/session"
	"prober/webport"
)

// newMonitor makes the long-running prober.
func (a *app) newMonitor(o *serveOptions, s *session.Session, shard monitor.Shard, remembered *history.History, log *slog.Logger) (*monitor.Monitor, error) {
	from := builtFrom()
	return monitor.New(monitor.Config{
		Prober: s.Prober, Targets: o.targets(s.Targets()), Shard: shard,
		Interval: o.interval, Concurrency: o.Concurrency, Grace: min(o.Timeout, o.within*2/5), Detail: monitor.Detail(o.detail), Confirm: o.confirm, ClassicHistograms: o.classic,
		History: remembered, Load: o.config.reloading(s, log, o.reloader(s, log)), EnableLifecycle: o.lifecycle, RegionName: s.RegionName,
		Collectors: o.collectors(),
		Speaker:    monitor.Speaker{Host: o.machine, Vantage: string(o.vantage), Sandbox: o.Sandbox, Closed: o.World != "", Private: o.AllowPrivate, List: o.Endpoints.Names()},
		Build:      monitor.BuildInfo{Version: from.Version, Revision: from.revision(), GoVersion: from.Go},
		Logger:     log, Now: a.now,
	})
}

// serveMonitor runs the monitor and its pages until ctx ends, and stops both in good order.
func (a *app) serveMonitor(ctx context.Context, o *serveOptions, m *monitor.Monitor, listener *webport.Listener, hosts webport.Hosts, log *slog.Logger, endpoints int) error {
	requests, dropRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer dropRequests()
	server := webport.Server(webport.Config{
		Handler: m.Handler(blackbox.New(m)), Vital: monitor.Vital, Hosts: hosts, ErrorLog: slog.NewLogLogger(webport.Sparing(log.Handler(), a.now), slog.LevelWarn),
	})
	server.BaseContext = func(net.Listener) context.Context { return requests }
	served := make(chan error, 1)
	go func() {
		flags := &web.FlagConfig{WebConfigFile: &o.webConfig}
		served <- web.Serve(listener, server, flags, slog.New(slog.DiscardHandler))
	}()
	scheme := "http"
	if o.webConfig != "" {
		scheme = "http(s)"
	}
	log.Info("serving", "page", fmt.Sprintf("%s://%s/", scheme, listener.Addr()), "endpoints", endpoints, "interval", o.interval.String())
	manager := newNotifier(a.getenv)
	stopReloading := reloadOnHangup(m, log)
	defer stopReloading()

	running, stop := context.WithCancel(ctx)
	defer stop()
	ran := make(chan error, 1)
	go func() { ran <- m.Run(running) }()
	stopPushing := o.startPushing(ctx, m)
	go manager.watch(running, m.Pulse)
	manager.tell("READY=1\nSTATUS=probing " + prose.Plural(endpoints, "endpoint"))
	var err error
	select {
	case err = <-served: // before its time: the port was taken away, or the settings broke
		stop()
	case <-ctx.Done():
	}
	log.Info("stopping")
	manager.tell("STOPPING=1")
	err = errors.Join(err, o.end(context.WithoutCancel(ctx), server, dropRequests, ran, log))
	stopPushing()
	if err == nil || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fail(fmt.Errorf("serving: %w", err))
}

// end lets requests and probes under way come to their end. Whoever has not after two fifths of the
// time is told to stop, and whoever does not listen is left behind after four fifths: the process
// ends with them.
func (o *serveOptions) end(ctx context.Context, server *http.Server, dropRequests func(), ran <-chan error, log *slog.Logger) error {
	last, cancel := context.WithTimeout(ctx, o.within*4/5)
	defer cancel()
	defer time.AfterFunc(o.within*2/5, dropRequests).Stop()
	if server.Shutdown(last) != nil {
		log.Info("requests that were under way are dropped")
		_ = server.Close()
	}
	select {
	case err := <-ran:
		return err
	default:
	}
	select {
	case err := <-ran:
		return err
	case <-last.Done():
		log.Warn("probes that were under way and do not stop are left behind")
		return nil
	}
}

// targets are what to probe of what is selected.
func (o *serveOptions) targets(selected []probe.Target) []probe.Target {
	if o.signed {
		return signing(selected)
	}
	return selected
}

// reloader reads the files of a session again, and tells what in them cannot be used. What the
// monitor would refuse leaves all of the session as it was.
func (o *serveOptions) reloader(s *session.Session, log *slog.Logger) func() ([]probe.Target, error) {
	return func() ([]probe.Target, error) {
		targets, unusable, err := s.Reload(func(targets []probe.Target) error {
			return cmp.Or(o.FitsFamily(targets), monitor.Validate(targets))
		})
		headroom.Release()
		for _, why := range unusable {
			log.Warn("not every authority is trusted", "file", s.Options.CAFile, "err", why)
		}
		return o.targets(targets), err
	}
}

// reloadOnHangup reloads the list at each SIGHUP until the returned function is called.
func reloadOnHangup(m *monitor.Monitor, log *slog.Logger) (stop func()) {
	return onHangup(func() {
		if m.Reload() == nil {
			log.Info("reloaded")
		}
	})
}
