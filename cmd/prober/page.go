package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/prometheus/exporter-toolkit/web"
	"github.com/spf13/cobra"

	"prober/afar"
	"prober/catalog"
	"prober/limit"
	"prober/monitor"
	"prober/monitor/page"
	"prober/webport"
)

// pageOptions are the flags of page.
type pageOptions struct {
	inquiry
	prometheus string
	listen     string
	webConfig  string
	logging
	config configFile
}

func (a *app) pageCommand() *cobra.Command {
	o := &pageOptions{inquiry: inquiry{timeout: limit.AfarTime}}
	cmd := &cobra.Command{
		Use:   "page",
		Short: "Show what many probers have written to a Prometheus on one page",
		Long: `Serves the pages of prober serve, drawn from a Prometheus server that has the metrics of all
probers and evaluates the recording rules of deploy/prometheus (windows.yml and state.yml):

  /                 status page: what is down, for how many vantages
  /endpoints/ID     page of an endpoint: each vantage, uptime, results
  /api/v1/endpoints the state of every endpoint as JSON
  /-/healthy        200 while the process runs
  /-/ready          200 while the server answers and has such records

It probes nothing, and asks that server alone, every ten seconds. While that does not answer, or
its records are old, the page says so and every state is unknown.`,
		Example: `  prober page --prometheus http://127.0.0.1:9090
  prober page --prometheus https://prometheus.example.com/ \
    --user reader --password-file password`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.page(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.prometheus, "prometheus", "", "`URL` of the server, up to what stands before /api/v1")
	f.StringVar(&o.caFile, "ca-file", "", "trust the authorities in this PEM `FILE` instead of the system's")
	f.StringVar(&o.user, "user", "", "`NAME` to give to the server, where it asks for one")
	f.StringVar(&o.passwordFile, "password-file", "", "`FILE` with the password of that name")
	f.StringVar(&o.listen, "web.listen-address", "127.0.0.1:9116", "`ADDRESS` to serve on")
	f.StringVar(&o.webConfig, "web.config.file", "", "`FILE` with TLS and authentication settings, in the format of Prometheus exporters")
	o.bindLog(f)
	return a.configurable(cmd, &o.config)
}

func (a *app) page(ctx context.Context, o *pageOptions) error {
	log := a.logger(o.logging)
	server, err := o.server(a)
	if err != nil {
		return err
	}
	if err := a.webConfigFits(o.webConfig); err != nil {
		return err
	}
	machine, _ := os.Hostname() // without one, there is one name less
	hosts, err := webport.NewHosts(machine, nil, "--web.listen-address")
	if err != nil {
		return usage("%w", err)
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return usage("--web.listen-address %s: %s; name another address", o.listen, bindProblem(err))
	}
	defer listener.Close() //nolint:errcheck // the server closes it
	words := "prober page, version " + builtFrom().Version
	if machine != "" {
		words += " on " + machine
	}
	return a.servePages(ctx, o, afar.New(server, words, a.now), listener, hosts, log)
}

// server is whom to ask, and how.
func (o *pageOptions) server(a *app) (*afar.Server, error) {
	if o.prometheus == "" {
		return nil, usage("--prometheus URL is missing: the server whose recording rules tell of all probers, as http://127.0.0.1:9090")
	}
	u, err := url.Parse(o.prometheus)
	switch {
	case err != nil:
		return nil, usage("--prometheus %q cannot be parsed: want http or https and a host, as http://127.0.0.1:9090", catalog.HideUserinfo(o.prometheus))
	case u.User != nil:
		return nil, usage("--prometheus with user information: give it with --user and --password-file")
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return nil, usage("--prometheus %q: want http or https and a host, as http://127.0.0.1:9090", o.prometheus)
	case u.RawQuery != "" || u.Fragment != "":
		return nil, usage("--prometheus %q: want no more than what stands before /api/v1", o.prometheus)
	}
	asked, err := o.of(a.files, u.String())
	if err != nil {
		return nil, err
	}
	asked.transport.DisableKeepAlives = false
	return &afar.Server{URL: u, Header: asked.Header, Secrets: asked.secrets, Client: asked.client()}, nil
}

// servePages serves until ctx ends.
func (a *app) servePages(ctx context.Context, o *pageOptions, source *afar.Source, listener net.Listener, hosts webport.Hosts, log *slog.Logger) error {
	running, stop := context.WithCancel(ctx)
	defer stop()
	read := make(chan struct{})
	go func() { defer close(read); source.Run(running, log) }()
	server := webport.Server(webport.Config{
		Handler: page.Pages(source, log, source.Ready), Vital: monitor.Vital, Hosts: hosts, ErrorLog: slog.NewLogLogger(webport.Sparing(log.Handler(), a.now), slog.LevelWarn),
	})
	served := make(chan error, 1)
	port := webport.Listen(listener, shareDescriptors(openFiles(), 0, 0, 0).web)
	go func() {
		served <- web.Serve(port, server, &web.FlagConfig{WebConfigFile: &o.webConfig}, slog.New(slog.DiscardHandler))
	}()
	scheme := "http"
	if o.webConfig != "" {
		scheme = "http(s)"
	}
	log.Info("serving", "page", fmt.Sprintf("%s://%s/", scheme, listener.Addr()), "prometheus", o.prometheus)
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if server.Shutdown(last) != nil {
			_ = server.Close()
		}
	}
	log.Info("stopping")
	stop()
	<-read
	if err == nil || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fail(fmt.Errorf("serving: %w", err))
}
