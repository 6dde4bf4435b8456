package monitor

import (
	"cmp"
	"context"
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"prober/catalog"
	"prober/limit"
	"prober/probe"
	"prober/probe/reason"
)

const (
	// adhocTimeout bounds an ad-hoc probe when the scraper does not say how long it waits;
	// it is blackbox_exporter's own.
	adhocTimeout = 120 * time.Second
	// scrapeOffset is how much earlier than the scraper gives up an answer is on its way;
	// it is blackbox_exporter's default, too.
	scrapeOffset = 500 * time.Millisecond
)

// probeHandler probes one endpoint now and answers in blackbox_exporter's terms. The result is not
// counted anywhere else.
//
// Only endpoints of the list can be probed: whoever can reach this page must not be able to send
// requests to addresses of their choice. Those who ask for the same endpoint at the same time share
// one probe, which begins after they asked: the places of its host are left to the schedule's own.
func (m *Monitor) probeHandler() http.Handler {
	places := make(chan struct{}, min(m.config.Concurrency, limit.WebProbes))
	probes := newBatches[aimed, probe.Observation](0)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if len(query) > limit.WebParameters {
			say(w, http.StatusBadRequest, "more than %d parameters", limit.WebParameters)
			return
		}
		module, err := moduleNamed(query.Get("module"))
		target, unlisted := m.adhocTarget(query.Get("target"))
		timeout, unread := scrapeTimeoutOf(r)
		if err := cmp.Or(err, unlisted, unread); err != nil {
			say(w, http.StatusBadRequest, "%v", err)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(timeout + limit.WebWriteTime))
		o, release, err := probes.do(ctx, aimed{target.Endpoint.ID, schemeOf(&target)}, func(ctx context.Context) (probe.Observation, error) {
			select {
			case places <- struct{}{}:
				defer func() { <-places }()
			default:
				return probe.Observation{}, errBusy
			}
			return m.safely(ctx, target), nil
		})
		release()
		if err != nil {
			busy(w)
			return
		}
		normalize(&o)
		if ctx.Err() != nil && o.Outcome != reason.OK {
			// The scraper's time was up: by its own measure, the endpoint failed.
			o.Outcome = reason.Fail
		}
		registry := prometheus.NewRegistry()
		registry.MustRegister(collector(func(out chan<- prometheus.Metric) { module.show(&o, out) }))
		promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true}).ServeHTTP(w, r)
	})
}

// aimed is what an ad-hoc probe is aimed at.
type aimed struct {
	id     string
	scheme catalog.Scheme
}

// scrapeTimeoutOf is the time the scraper grants, which Prometheus sends as a header.
func scrapeTimeoutOf(r *http.Request) (time.Duration, error) {
	header := r.Header.Get("X-Prometheus-Scrape-Timeout-Seconds")
	if header == "" {
		return adhocTimeout, nil
	}
	seconds, err := strconv.ParseFloat(header, 64)
	if err != nil || !(seconds > 0) || math.IsInf(seconds, 0) {
		return 0, errors.New("X-Prometheus-Scrape-Timeout-Seconds is no number of seconds")
	}
	granted := time.Duration(min(seconds, adhocTimeout.Seconds()) * float64(time.Second))
	if granted > scrapeOffset {
		granted -= scrapeOffset
	}
	return granted, nil
}

// adhocTarget finds the endpoint that a target parameter names: by its id, by its host,
// or by a URL of that host. The errors do not repeat the parameter, which may hold
// anything.
func (m *Monitor) adhocTarget(name string) (probe.Target, error) {
	if name == "" {
		return probe.Target{}, errors.New("the target parameter is missing")
	}
	l := m.list.Load()
	if e := l.byID[name]; e != nil {
		return e.currentTarget(), nil
	}
	host, port, scheme := name, "", catalog.Scheme("")
	if strings.Contains(name, "://") {
		u, err := url.Parse(name)
		if err != nil {
			return probe.Target{}, errors.New("the target is not a URL that can be read")
		}
		scheme = catalog.Scheme(strings.ToLower(u.Scheme))
		if scheme != catalog.HTTPS && scheme != catalog.HTTP {
			return probe.Target{}, errors.New("the target's scheme is neither https nor http")
		}
		if u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/" {
			return probe.Target{}, errors.New("the target may be the URL of a host, without user, path or query")
		}
		host, port = u.Hostname(), u.Port()
	} else if h, p, found := strings.Cut(name, ":"); found {
		host, port = h, p
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, e := range l.endpoints {
		t := e.currentTarget()
		if t.Endpoint.Host != host {
			continue
		}
		if scheme != "" {
			t.Scheme = scheme
		}
		if port != "" && port != strconv.Itoa(int(t.Endpoint.Port(schemeOf(&t)))) {
			return probe.Target{}, errors.New("the target's port is not the one that is listed")
		}
		return t, nil
	}
	return probe.Target{}, errors.New("the target is not in the list; /api/v1/endpoints shows what is")
}
