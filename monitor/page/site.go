package page

import (
	_ "embed"
	"log/slog"
	"net/http"
	"slices"

	"prober/history"
	"prober/limit"
	"prober/monitor/serving"
	"prober/monitor/view"
)

//go:embed page.css
var pageCSS []byte

//go:embed page.js
var pageJS []byte

// Keeper is a source that probes by itself and keeps a history: it has incidents with their evidence besides.
type Keeper interface {
	view.Source
	// History is what is remembered of the endpoints.
	History() *history.History
	// Listed says whether an endpoint is in the list: of others no page tells.
	Listed(id string) bool
	// Counted says whether an endpoint is one whose failures are to alarm somebody.
	Counted(id string) bool
	// HasRegion says whether some endpoint is of a region.
	HasRegion(region string) bool
	// Recalled is what is remembered of an incident, as far as it holds in this process.
	Recalled(i *history.Incident) *history.Incident
}

// site draws pages.
type site struct {
	view.Source
	keeper Keeper // the same; nil: others have probed
	log    *slog.Logger
}

// Routes adds to mux what is shown of a source that keeps a history.
func Routes(mux *http.ServeMux, k Keeper, pages *serving.Shared, log *slog.Logger) {
	w := &site{k, k, log}
	w.routes(mux, pages)
	w.lookBack(mux, pages)
}

// Pages serves what is shown of a source that tells of what others have probed: as [Routes], without what
// only a prober itself has. ready says why it has nothing to tell yet; nil: it has.
//
//	/                        status page, also /?product=P&region=R&network=N&state=S&text=T
//	/endpoints/{id}          page of one endpoint, also /endpoints/{id}?span=S
//	/api/v1/endpoints        JSON: every endpoint, and /api/v1/endpoints/{id}: one
//	/-/healthy               200 while the process serves
//	/-/ready                 200 when there is something to tell, else 503 and why
func Pages(s view.Source, log *slog.Logger, ready func() error) http.Handler {
	w := &site{s, nil, log}
	mux := http.NewServeMux()
	w.routes(mux, serving.NewShared(serving.NewShelf(limit.WebRendered), s.Now))
	Health(mux, ready)
	return serving.Headers(mux)
}

// Health adds to mux the checks of health: whether the process serves, and whether it is ready.
func Health(mux *http.ServeMux, ready func() error) {
	mux.HandleFunc("GET /-/healthy", func(rw http.ResponseWriter, _ *http.Request) { serving.Say(rw, http.StatusOK, "healthy") })
	mux.HandleFunc("GET /-/ready", func(rw http.ResponseWriter, _ *http.Request) {
		if err := ready(); err != nil {
			serving.Say(rw, http.StatusServiceUnavailable, "not ready: %v", err)
			return
		}
		serving.Say(rw, http.StatusOK, "ready")
	})
}

// routes are those that every source has.
func (w *site) routes(mux *http.ServeMux, pages *serving.Shared) {
	mux.Handle("GET /{$}", w.pageHandler(pages))
	mux.Handle("GET /endpoints/{id...}", w.endpointPages(pages))
	mux.Handle("GET /style.css", file("text/css; charset=utf-8", slices.Concat(pageCSS, endpointCSS)))
	mux.Handle("GET /page.js", file("text/javascript; charset=utf-8", pageJS))
	serveIcons(mux)
	mux.HandleFunc("GET /api/v1/endpoints", func(rw http.ResponseWriter, r *http.Request) {
		pages.Serve(rw, r, serving.JSON("/api/v1/endpoints", func() any { return w.Statuses() }))
	})
	mux.HandleFunc("GET /api/v1/endpoints/{id...}", func(rw http.ResponseWriter, r *http.Request) {
		s, known := w.Status(r.PathValue("id"))
		if !known {
			noEndpoint(rw)
			return
		}
		pages.Serve(rw, r, serving.JSON("/api/v1/endpoints/"+s.ID, func() any {
			if now, still := w.Status(s.ID); still {
				s = now
			}
			return s
		}))
	})
}

// file serves bytes that do not change.
func file(contentType string, text []byte) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", contentType)
		_, _ = rw.Write(text)
	})
}
