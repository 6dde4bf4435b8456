package blackbox

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"prober/monitor/phrase"
	"prober/probe"
	"prober/probe/reason"
	"prober/prose"
)

// explain writes what /probe answers with debug=true, in the parts that blackbox_exporter has: what was
// done and found, the metrics, and what the module asks for. It adds the command lines with which
// anybody can see what was found. What comes from the wire was freed from keys where it was read, and
// is made fit for a terminal here.
func (a *asker) explain(w io.Writer, m moduleName, h *hops, timeout time.Duration, metrics prometheus.Gatherer) error {
	out := prose.Guard(w)
	_, _ = fmt.Fprintln(out, "Logs for the probe:")
	m.log(out, h, timeout)
	if command := a.command(h); command != "" {
		_, _ = fmt.Fprintf(out, "\n\n\nSee it with:\n%s\n", prose.Command(command))
	}
	_, _ = fmt.Fprint(out, "\n\n\nMetrics that would have been returned:\n")
	families, err := metrics.Gather()
	if err != nil {
		_, _ = fmt.Fprintf(out, "gathering the metrics: %v\n", err)
	}
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(out, f); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "\n\n\nModule configuration:\n%s: %s\n", m, m.meaning())
	return err
}

// looker has a command line for what is in order as well; a prober that is one is asked.
type looker interface {
	LookCommand(t probe.Target, addr netip.Addr) string
}

var _ looker = (*probe.Prober)(nil)

// command is a command line that shows what was found, or where nothing was wrong, what is there.
func (a *asker) command(h *hops) string {
	o := h.last()
	if o.Reproduce != "" || o.Outcome != reason.OK || len(o.Addresses) == 0 {
		return o.Reproduce
	}
	l, can := a.m.Config().Prober.(looker)
	if !can {
		return ""
	}
	return l.LookCommand(h.ended, o.Addresses[0].Address)
}

// meaning says in words what the module asks for.
func (m moduleName) meaning() string {
	return map[moduleName]string{
		moduleAPI:  "the endpoint's own check, as the schedule makes it; success is ok or degraded",
		moduleHTTP: "GET /, redirects followed to hosts of the list; success is a final status from 200 to 299",
		moduleTLS:  "a TLS handshake; success is one with a good certificate",
		moduleTCP:  "a TCP connection; success is that it opens",
	}[m]
}

// log writes a line for each step of a probe.
func (m moduleName) log(out io.Writer, h *hops, timeout time.Duration) {
	log := slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey { // each line is of the time of the probe
			return slog.Attr{}
		}
		return a
	}}))
	log.Info("Beginning probe", "module", string(m), "endpoint", h.target.Endpoint.ID, "timeout_seconds", timeout.Seconds(),
		"started", h.first().Started.UTC().Format(time.RFC3339Nano))
	for i := range h.all {
		logHop(log, &h.all[i])
		if redirect := redirecting(&h.all[i]); redirect != nil {
			log.Info("Received redirect", "location", phrase.Clean(redirect.Location), "followed", i < len(h.all)-1)
		}
	}
	o := h.last()
	ended := []any{"outcome", o.Outcome.String(), "duration_seconds", h.took().Seconds()}
	if o.Outcome != reason.OK {
		ended = append(ended, "reason", o.Reason.String(), "blame", o.Reason.Blame().String(), "detail", phrase.Clean(o.Detail))
	}
	switch success, decided := succeeded(o); {
	case !decided:
		log.Warn("Probe could not tell, so that probe_success is absent", ended...)
	case success:
		log.Info("Probe succeeded", ended...)
	default:
		log.Error("Probe failed", ended...)
	}
}

// logHop writes what was found at each address of one endpoint.
func logHop(log *slog.Logger, o *probe.Observation) {
	log = log.With("host", o.Endpoint.Host)
	if o.DNS != nil {
		log.Info("Resolved target address", "addresses", fmt.Sprint(o.DNS.Addresses), "rcode", o.DNS.RCode,
			"resolver", o.DNS.Resolver.String(), "duration_seconds", o.DNS.Duration.Duration().Seconds())
	}
	for i := range o.Addresses {
		a := &o.Addresses[i]
		log := log.With("address", a.Address.String())
		attrs := []any{"scheme", string(o.Scheme), "outcome", a.Outcome.String()}
		for _, phase := range probe.TimedPhases() {
			if d, reached := a.Phases.Took(phase); reached && phase != reason.Resolve {
				attrs = append(attrs, phase.String()+"_seconds", d.Seconds())
			}
		}
		if a.TLS != nil && a.TLS.Version != "" {
			attrs = append(attrs, "tls_version", a.TLS.Version, "cipher", a.TLS.Cipher)
		}
		if a.HTTP != nil {
			attrs = append(attrs, "status_code", a.HTTP.Status)
		}
		log.Info("Probed address", attrs...)
		for _, f := range a.Findings {
			level := slog.LevelWarn
			if f.Reason.Outcome() == reason.Fail {
				level = slog.LevelError
			}
			log.Log(context.Background(), level, "Found", "reason", f.Reason.String(), "blame", f.Reason.Blame().String(), "detail", phrase.Clean(f.Detail))
		}
	}
}
