package main

import (
	"cmp"
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/exporter-toolkit/web"
	"github.com/spf13/cobra"

	"prober/errno"
	"prober/files"
	"prober/headroom"
	"prober/limit"
	"prober/monitor"
	"prober/prose"
	"prober/push"
	"prober/session"
	"prober/webport"
)

// defaultListen is where serve answers unless it is told otherwise.
const defaultListen = "127.0.0.1:9115"

// serveOptions are the flags of serve alone.
type serveOptions struct {
	session.Options
	interval  time.Duration
	listen    string
	detail    string
	classic   bool
	otlp      string
	pusher    *push.Pusher // nil: none
	webConfig string
	confirm   bool
	lifecycle bool
	signed    bool
	allowed   session.List
	shard     string
	vantage   session.Vantage
	machine   string // its name; empty: not known
	history   historyOptions
	logging
	config configFile
	within time.Duration // from the end of the context to that of the command
}

func (a *app) serveCommand() *cobra.Command {
	o := &serveOptions{within: cmp.Or(a.stopTime, limit.WebStopTime)}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Probe for ever; metrics for Prometheus and a status page",
		Long: `Probes every selected endpoint once an interval and serves what it saw:

  /                 status page
  /metrics          metrics for Prometheus
  /probe            blackbox_exporter's metrics of one, probed now
  /api/v1/endpoints the state of every endpoint as JSON
  /-/healthy        200 while the process runs
  /-/ready          200 once every endpoint has a result
  /api/v1/prober    how the prober itself does: times, last reload
  /-/reload         POST reads the files again, with --web.enable-lifecycle

SIGHUP always does what /-/reload does: the catalogue, --ca-file and the selection in
--config.file are read again; with --sandbox that serves the new list. A file that is not
right leaves all as it was.

POST /-/reload is refused to pages of other sites: its Host must be an address, localhost, this
machine's name, or a name given with --web.allowed-host.

When everything that can tell fails at once, the prober's own network is suspected and
nothing is counted. A list of one provider needs a --control NAME:PORT for that, which is
connected to with nothing sent.

Ends with 0 within five seconds of SIGINT or SIGTERM; at once on the second one.`,
		Example: `  prober serve --sandbox
  prober serve --product kms --interval 30s --web.listen-address :9115`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), o) },
	}
	addFlags(cmd, o.Bind)
	f := cmd.Flags()
	f.DurationVar(&o.interval, "interval", monitor.DefaultInterval, "time from one probe of an endpoint to the next")
	f.BoolVar(&o.confirm, "confirm", true, "look at a failing endpoint again, after 5s or a third of the interval, before its state changes")
	f.StringVar(&o.listen, "web.listen-address", defaultListen, "`ADDRESS` to serve on")
	f.StringVar(&o.detail, "metrics.detail", "", "how fine phase histograms are, a `DETAIL`: endpoint or region (default endpoint for up to 1000 endpoints)")
	f.BoolVar(&o.classic, "metrics.classic-histograms", false, "classic buckets in the histograms of latencies, for servers that do not read native ones")
	f.StringVar(&o.otlp, "otlp.endpoint", "", "`URL` of an OTLP receiver to push all metrics to, once a minute, as http://127.0.0.1:4318; a token goes into OTEL_EXPORTER_OTLP_HEADERS")
	f.StringVar(&o.webConfig, "web.config.file", "", "`FILE` with TLS and authentication settings, in the format of Prometheus exporters")
	f.BoolVar(&o.signed, "signed", false, "make each request a signed read-only call with non-ASCII text (keys from the vendors' environment variables)")
	f.BoolVar(&o.lifecycle, "web.enable-lifecycle", false, "permit POST /-/reload")
	f.StringArrayVar((*[]string)(&o.allowed), "web.allowed-host", nil, "`NAME` under which POST /-/reload may be called, besides addresses, localhost and this machine's name (repeatable)")
	f.Var(&o.vantage, "vantage", "`NAME` of the place that is probed from, for the status page")
	f.StringVar(&o.shard, "shard", "", "probe only part `I/N` of the list, as 1/3; prober-0/3 and hostname/3 take the number that a name ends in, counted from 0 (default: variable "+shardVariable+")")
	o.history.bind(f)
	o.bindLog(f)
	return a.configurable(cmd, &o.config)
}

func (a *app) serve(ctx context.Context, o *serveOptions) error {
	log := a.logger(o.logging)
	shard, err := a.shard(o.shard)
	if err != nil {
		return err
	}
	if o.interval < monitor.MinInterval {
		return usage("--interval %s: want at least %s", o.interval, monitor.MinInterval)
	}
	if d := monitor.Detail(o.detail); !slices.Contains(monitor.Details(), d) {
		return usage("--metrics.detail %q: want %s or %s", d, monitor.DetailEndpoint, monitor.DetailRegion)
	}
	if o.Scheme != "https" && o.Scheme != "http" {
		return usage("--scheme %q: serve probes over one scheme, https or http", o.Scheme)
	}
	if err := a.webConfigFits(o.webConfig); err != nil {
		return err
	}
	defer headroom.Keep(headroom.Bounds{Least: limit.GarbageLeast, Most: limit.GarbageMost, Time: limit.GarbageTime, Small: limit.GarbageSmall})()
	o.machine, _ = os.Hostname() // without one, there is one name less
	hosts, err := webport.NewHosts(o.machine, o.allowed, "--web.allowed-host")
	if err != nil {
		return usage("%w", err)
	}
	// The port is bound before anything is started or said.
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return usage("--web.listen-address %s: %s; name another address", o.listen, bindProblem(err))
	}
	defer listener.Close() //nolint:errcheck // the server closes it
	env := a.environment()
	env.Stays = true
	s, err := a.openIn(o.Options, env)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // the process ends
	if err := o.FitsFamily(s.Targets()); err != nil {
		return fail(err)
	}
	if s.Unshown != nil {
		log.Warn("commands that show a finding need the sandbox's authority, and name no file with it", "err", s.Unshown)
	}
	shared := shareDescriptors(openFiles(), min(o.Concurrency, len(s.Endpoints)), o.ConnectionsPerHost, sandboxed(s))
	if c := shared.complaint(min(o.Concurrency, len(s.Endpoints))); c != "" {
		a.say("%s", c)
	}
	if o.pusher, err = a.newPusher(ctx, o, listener.Addr().String(), log); err != nil {
		return err
	}
	remembered, endHistory, err := o.history.open(a.now, log)
	if err != nil {
		return err
	}
	defer endHistory(o.within / 5)
	m, err := begun(a, func() (*monitor.Monitor, error) { return a.newMonitor(o, s, shard, remembered, log) })
	switch {
	case errors.Is(err, files.ErrEnded):
		return err
	case err != nil:
		return usage("%w", err)
	}
	selected := len(s.Endpoints)
	if selected == 0 {
		return usage("nothing was selected: the flags name no common endpoint")
	}
	a.mentionIdleFaults(s, s.Endpoints)
	s.Forget()
	headroom.Release()
	return a.serveMonitor(ctx, o, m, webport.Listen(listener, shared.web), hosts, log, selected)
}

// webConfigFits says what is wrong with a file of --web.config.file; empty: there is none.
func (a *app) webConfigFits(path string) error {
	if path == "" {
		return nil
	}
	// The port reads it with every connection, and nobody could tell that to stop.
	err := files.Lasting(path, limit.ConfigBytes)
	if err == nil {
		err = a.files.Within(func(context.Context) error { return web.Validate(path) })
	}
	if err != nil {
		return usage("--web.config.file %s: %s", path, prose.OneLine(err.Error()))
	}
	return nil
}

// bindProblem says in a few words why an address cannot be bound.
func bindProblem(err error) string {
	switch {
	case errno.Is(err, syscall.EADDRINUSE):
		return "the port is in use"
	case errno.Is(err, syscall.EACCES):
		return "no permission to use the port"
	case errno.Is(err, syscall.EADDRNOTAVAIL):
		return "this machine has no such address"
	}
	return strings.TrimPrefix(err.Error(), "listen tcp: ")
}
