package monitor

import (
	_ "embed"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	// maxScrapes bounds the scrapes of /metrics that are served at once.
	maxScrapes = 8
	// scrapeTimeout bounds each of them.
	scrapeTimeout = 30 * time.Second
)

//go:embed page.css
var pageCSS []byte

// Handler serves the status page, the metrics, the JSON and the health checks:
//
//	/                        status page, also /?product=P&state=S
//	/metrics                 Prometheus metrics
//	/probe?target=T&module=M blackbox_exporter's metrics of a probe made now
//	/api/v1/endpoints        JSON: every endpoint
//	/api/v1/endpoints/{id}   JSON: one endpoint with its last results
//	/-/healthy               200 while the process serves
//	/-/ready                 200 when every endpoint has a first result, else 503 and why
//	/-/reload                POST or PUT: read the list anew, when that is enabled
//
// Authentication and TLS are the business of the server in front of it.
func (m *Monitor) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m, promhttp.HandlerOpts{
		ErrorHandling:       promhttp.HTTPErrorOnError,
		MaxRequestsInFlight: maxScrapes,
		Timeout:             scrapeTimeout,
		EnableOpenMetrics:   true,
		CoalesceGather:      true,
	}))
	mux.Handle("GET /{$}", m.pageHandler())
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(pageCSS)
	})
	mux.HandleFunc("GET /probe", m.serveProbe)
	mux.HandleFunc("GET /api/v1/endpoints", func(w http.ResponseWriter, _ *http.Request) { sayJSON(w, m.Statuses()) })
	mux.HandleFunc("GET /api/v1/endpoints/{id...}", m.serveStatus)
	mux.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "healthy") })
	mux.HandleFunc("GET /-/ready", m.serveReady)
	reload := http.NewCrossOriginProtection().Handler(http.HandlerFunc(m.serveReload))
	mux.Handle("POST /-/reload", reload)
	mux.Handle("PUT /-/reload", reload)
	return guarded(mux)
}

func (m *Monitor) serveStatus(w http.ResponseWriter, r *http.Request) {
	s, ok := m.Status(r.PathValue("id"))
	if !ok {
		say(w, http.StatusNotFound, "no such endpoint; /api/v1/endpoints lists them")
		return
	}
	sayJSON(w, s)
}

func (m *Monitor) serveReady(w http.ResponseWriter, _ *http.Request) {
	if err := m.Ready(); err != nil {
		say(w, http.StatusServiceUnavailable, "not ready: %v", err)
		return
	}
	say(w, http.StatusOK, "ready")
}

func (m *Monitor) serveReload(w http.ResponseWriter, _ *http.Request) {
	if !m.config.EnableLifecycle {
		say(w, http.StatusForbidden, "reloading over HTTP is switched off; start with --web.enable-lifecycle, or send SIGHUP")
		return
	}
	if err := m.Reload(); err != nil {
		say(w, http.StatusInternalServerError, "reload failed: %s", clean(err.Error()))
		return
	}
	say(w, http.StatusOK, "reloaded: %d endpoints", len(m.list.Load().endpoints))
}
