package blackbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"prober/catalog"
	"prober/limit"
	"prober/monitor"
	"prober/monitor/serving"
	"prober/probe"
	"prober/probe/reason"
)

// scrapeOffset is how much earlier than the scraper gives up an answer is on its way; it is
// blackbox_exporter's default.
const scrapeOffset = 500 * time.Millisecond

// asker probes, for whoever asks, what a monitor has in its list.
type asker struct{ m *monitor.Monitor }

// New probes one endpoint now and answers in blackbox_exporter's terms. The result is not
// counted anywhere else, and a failure is not looked at again before it is told.
//
// Only endpoints of the list can be probed: whoever can reach this page must not be able to send
// requests to addresses of their choice. Those who ask for the same of the same endpoint at the same
// time share one probe, which begins after they asked: the places of its host are left to the
// schedule's own.
func New(m *monitor.Monitor) http.Handler {
	a := &asker{m}
	places := make(chan struct{}, min(m.Config().Concurrency, limit.WebProbes))
	probes := serving.NewBatches[aimed, hops](0)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		module, target, timeout, err := a.request(r)
		if err != nil {
			serving.Say(w, http.StatusBadRequest, "%v", err)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(timeout + limit.WebWriteTime))
		h, release, err := probes.Do(ctx, aimed{module, target.Endpoint.ID, target.Scheme}, func(ctx context.Context) (hops, error) {
			select {
			case places <- struct{}{}:
				defer func() { <-places }()
			default:
				return hops{}, serving.ErrBusy
			}
			return a.follow(ctx, target), nil
		})
		release()
		if err != nil {
			serving.Busy(w)
			return
		}
		h.all = slices.Clone(h.all) // others are shown them too
		if o := h.last(); errors.Is(ctx.Err(), context.DeadlineExceeded) && o.Reason == reason.ProberCanceled {
			// The scraper's time was up: by its own measure, the endpoint failed. One that was cut short
			// because this prober stops says nothing of it.
			o.Outcome = reason.Fail
		}
		registry := prometheus.NewRegistry()
		registry.MustRegister(prometheus.CollectorFunc(func(out chan<- prometheus.Metric) { module.show(&h, out) }))
		if r.URL.Query().Get("debug") == "true" {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_ = a.explain(w, module, &h, timeout, registry) // nobody left to tell
			return
		}
		promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true}).ServeHTTP(w, r)
	})
}

// aimed is what an ad-hoc probe is aimed at.
type aimed struct {
	module moduleName
	id     string
	scheme catalog.Scheme
}

// request reads what is asked of /probe.
func (a *asker) request(r *http.Request) (module moduleName, target probe.Target, timeout time.Duration, err error) {
	query := r.URL.Query()
	if len(query) > limit.WebParameters {
		return "", target, 0, fmt.Errorf("more than %d parameters", limit.WebParameters)
	}
	if module, err = moduleNamed(query.Get("module")); err != nil {
		return "", target, 0, err
	}
	if target, err = a.target(query.Get("target"), module); err != nil {
		return "", target, 0, err
	}
	if name := query.Get("hostname"); name != "" && !strings.EqualFold(name, target.Endpoint.Host) {
		return "", target, 0, errors.New("the hostname is another one than the target's: an endpoint is asked under its own name")
	}
	timeout, err = scrapeTimeoutOf(r)
	return module, target, timeout, err
}

// scrapeTimeoutOf is the time the scraper grants, which Prometheus sends as a header.
func scrapeTimeoutOf(r *http.Request) (time.Duration, error) {
	header := r.Header.Get("X-Prometheus-Scrape-Timeout-Seconds")
	if header == "" {
		return limit.WebProbeTime, nil
	}
	seconds, err := strconv.ParseFloat(header, 64)
	if err != nil || !(seconds > 0) || math.IsInf(seconds, 0) {
		return 0, errors.New("X-Prometheus-Scrape-Timeout-Seconds is no number of seconds")
	}
	granted := time.Duration(min(seconds, limit.WebProbeTime.Seconds()) * float64(time.Second))
	if granted > scrapeOffset {
		granted -= scrapeOffset
	}
	return granted, nil
}

// target finds the endpoint that a target parameter names, by its id, by its host, or by a URL of
// that host, and aims at it what the module asks. The errors do not repeat the parameter, which may
// hold anything.
func (a *asker) target(name string, module moduleName) (probe.Target, error) {
	if name == "" {
		return probe.Target{}, errors.New("the target parameter is missing")
	}
	if t, listed := a.m.Target(name); listed {
		return module.aim(t)
	}
	u := &url.URL{Host: name}
	if strings.Contains(name, "://") {
		var err error
		if u, err = url.Parse(name); err != nil {
			return probe.Target{}, errors.New("the target is not a URL that can be read")
		}
		u.Scheme = strings.ToLower(u.Scheme)
		if u.Scheme != "https" && u.Scheme != "http" {
			return probe.Target{}, errors.New("the target's scheme is neither https nor http")
		}
	} else if host, _, more := strings.Cut(name, "/"); more && a.hasHost(host) { // else it is meant to be an id
		if u, _ = url.Parse("//" + name); u == nil {
			return probe.Target{}, errBeyondHost
		}
	}
	if u.User != nil || u.Fragment != "" {
		return probe.Target{}, errBeyondHost
	}
	if u.Scheme == "" && module == moduleHTTP {
		u.Scheme = "http" // as blackbox_exporter takes a host without one
	}
	path := u.RequestURI()
	if u.Path == "" && u.RawQuery == "" {
		path = "/"
	}
	t, err := a.listedAt(catalog.Scheme(u.Scheme), u.Hostname(), u.Port(), path)
	switch {
	case errors.Is(err, errBeyondHost):
		return probe.Target{}, err
	case err != nil:
		return probe.Target{}, fmt.Errorf("the target is not in the list: %w; /api/v1/endpoints shows what is", err)
	}
	return module.aim(t)
}

// errBeyondHost says that a target names more than a host, and nothing that is listed: what is asked of a host its list says.
var errBeyondHost = errors.New("the target may be an id of the list, or a host or the URL of one, without user, and with the path and query of the list or none")

// hasHost says whether an endpoint of the list is at a host.
func (a *asker) hasHost(host string) bool {
	for t := range a.m.Targets() {
		if t.Endpoint.Host == strings.ToLower(host) {
			return true
		}
	}
	return false
}

// listedAt finds the endpoint of a host that is served at a port; without a port, at the one that is
// listed. Without a scheme the port tells it, and without both it is the endpoint's own. Of several it is the one whose path was
// asked for; "/" is asked for of any.
func (a *asker) listedAt(scheme catalog.Scheme, host, port, path string) (found probe.Target, err error) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	err = errors.New("there is no such host")
	for t := range a.m.Targets() {
		if t.Endpoint.Host != host {
			continue
		}
		schemes := []catalog.Scheme{scheme}
		if scheme == "" {
			schemes = []catalog.Scheme{t.Scheme, catalog.HTTPS, catalog.HTTP}
		}
		at := slices.IndexFunc(schemes, func(s catalog.Scheme) bool { return port == "" || port == strconv.Itoa(int(t.Endpoint.Port(s))) })
		switch {
		case at < 0:
			if !errors.Is(err, errBeyondHost) && err != nil {
				err = errors.New("the host is, and not with this port")
			}
			continue
		case cmp.Or(t.Path, "/") == path:
			t.Scheme = schemes[at]
			return t, nil
		case path == "/" && err != nil:
			found, err = t, nil
			found.Scheme = schemes[at]
		case path != "/":
			err = errBeyondHost
		}
	}
	return found, err
}
