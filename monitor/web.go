package monitor

import (
	"context"
	"net/http"

	"prober/limit"
	"prober/monitor/exposition"
	"prober/monitor/page"
	"prober/monitor/phrase"
	"prober/monitor/serving"
	"prober/prose"
)

// Handler serves the status page, the metrics, the JSON and the health checks. What probes at the request of others is
// not its own: see package blackbox; nil leaves it out.
//
//	/                        status page, also /?product=P&region=R&network=N&state=S&text=T
//	/endpoints/{id}          page of one endpoint, also /endpoints/{id}?span=S&incident=N
//	/badges/{id}/{kind}.svg  badge: state, uptime or latency; /badges/state.svg?product=P: of many
//	/incidents.atom          feed of incidents, also ?endpoint=ID
//	/metrics                 Prometheus metrics
//	/probe?target=T&module=M blackbox_exporter's metrics of a probe made now; its log with debug=true
//	/api/v1/endpoints        JSON: every endpoint
//	/api/v1/prober           JSON: whether the prober keeps its times, and its list up to date
//	/api/v1/endpoints/{id}   JSON: one endpoint with its last results
//	/api/v1/history/{id}     JSON: availability, results and latency of one endpoint over time
//	/api/v1/incidents        JSON: incidents, and /api/v1/incidents/{number}: one with its evidence
//	/api/v1/openapi.json     the description of all this JSON
//	/-/healthy               200 while the process serves
//	/-/ready                 200 when every endpoint has a first result, else 503 and why
//	/-/reload                POST or PUT: read the list anew, when that is enabled
//
// Pages and JSON may be a second old, and a crowd that asks for them is told to come back; the
// metrics are never older than the request, and they and the checks of health are always answered.
// Authentication, TLS and the bound on connections are the business of the server in front of it.
func (m *Monitor) Handler(probing http.Handler) http.Handler {
	mux := http.NewServeMux()
	shared := serving.NewShelf(limit.WebRendered)
	pages := serving.NewShared(shared, m.config.Now)
	mux.Handle("GET /metrics", exposition.NewScrapes(shared, m.config.Now, m.parts))
	page.Routes(mux, live{m}, pages, m.config.Logger)
	page.Health(mux, m.Ready)
	if probing != nil {
		mux.Handle("GET /probe", probing)
	}
	mux.HandleFunc("GET /api/v1/prober", func(w http.ResponseWriter, r *http.Request) {
		pages.Serve(w, r, serving.JSON("/api/v1/prober", func() any { return m.Self() }))
	})
	mux.HandleFunc("GET /api/v1/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(openAPI)
	})
	reload := http.NewCrossOriginProtection().Handler(m.reloadHandler())
	mux.Handle("POST /-/reload", reload)
	mux.Handle("PUT /-/reload", reload)
	return serving.Headers(mux)
}

// Vital says which requests of [Monitor.Handler] must be answered however many others there are:
// those of the machines that watch this prober.
func Vital(path string) bool {
	return path == "/metrics" || path == "/-/healthy" || path == "/-/ready"
}

// reloadHandler reloads the list. Those who ask at the same time share one reload, which began
// after they asked.
func (m *Monitor) reloadHandler() http.Handler {
	reloads := serving.NewBatches[struct{}, int](limit.WebFresh)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !m.config.EnableLifecycle {
			serving.Say(w, http.StatusForbidden, "reloading over HTTP is switched off; start with --web.enable-lifecycle, or send SIGHUP")
			return
		}
		n, release, err := reloads.Do(r.Context(), struct{}{}, func(context.Context) (int, error) {
			err := m.Reload()
			return len(m.list.Load().endpoints), err
		})
		release()
		if err != nil {
			serving.Say(w, http.StatusInternalServerError, "reload failed: %s", phrase.Clean(prose.NoUserinfo(err.Error())))
			return
		}
		serving.Say(w, http.StatusOK, "reloaded: %s", prose.Plural(n, "endpoint"))
	})
}
