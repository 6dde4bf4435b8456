package monitor

import (
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"prober/limit"
	"prober/monitor/serving"
	"prober/probe/reason"
)

// Pages serves the pages of a source that tells of what others have probed: those of [Monitor.Handler], without what
// only a prober itself has. ready says why it has nothing to tell yet; nil: it has.
//
//	/                        status page, also /?product=P&region=R&network=N&state=S&text=T
//	/endpoints/{id}          page of one endpoint, also /endpoints/{id}?span=S
//	/api/v1/endpoints        JSON: every endpoint, and /api/v1/endpoints/{id}: one
//	/-/healthy               200 while the process serves
//	/-/ready                 200 when there is something to tell, else 503 and why
func Pages(s Source, log *slog.Logger, ready func() error) http.Handler {
	w, now := &site{s, log}, s.Now
	pages := serving.NewShared(serving.NewShelf(limit.WebRendered), now)
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", w.pageHandler(pages))
	mux.Handle("GET /endpoints/{id...}", w.afarPageHandler(pages))
	w.assets(mux)
	mux.HandleFunc("GET /api/v1/endpoints", func(rw http.ResponseWriter, r *http.Request) {
		pages.Serve(rw, r, serving.JSON("/api/v1/endpoints", func() any { return w.Statuses() }))
	})
	mux.HandleFunc("GET /api/v1/endpoints/{id...}", func(rw http.ResponseWriter, r *http.Request) {
		s, known := w.Status(r.PathValue("id"))
		if !known {
			noEndpoint(rw)
			return
		}
		pages.Serve(rw, r, serving.JSON("/api/v1/endpoints/"+s.ID, func() any { return s }))
	})
	mux.HandleFunc("GET /-/healthy", func(rw http.ResponseWriter, _ *http.Request) { serving.Say(rw, http.StatusOK, "healthy") })
	mux.HandleFunc("GET /-/ready", func(rw http.ResponseWriter, _ *http.Request) {
		if err := ready(); err != nil {
			serving.Say(rw, http.StatusServiceUnavailable, "not ready: %v", err)
			return
		}
		serving.Say(rw, http.StatusOK, "ready")
	})
	return serving.Headers(mux)
}

// assets serves what pages are drawn with.
func (w *site) assets(mux *http.ServeMux) {
	mux.Handle("GET /style.css", file("text/css; charset=utf-8", slices.Concat(pageCSS, endpointCSS)))
	mux.Handle("GET /page.js", file("text/javascript; charset=utf-8", pageJS))
	serveIcons(mux)
}

// afarPageHandler serves the pages of endpoints that others have probed.
func (w *site) afarPageHandler(pages *serving.Shared) http.Handler {
	templates := template.Must(pageTemplate().New("endpoint").Parse(endpointHTML))
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		s, known := w.Status(r.PathValue("id"))
		if !known {
			noEndpoint(rw)
			return
		}
		l, err := newLook(r.URL.Query())
		if err != nil {
			serving.Say(rw, http.StatusBadRequest, "%v", err)
			return
		}
		l.before, l.incident = 0, 0         // a prober has these
		past := w.Past(s.ID, l.span.length) // asked for before the rendering, for which all others wait
		root := strings.Repeat("../", strings.Count(r.URL.EscapedPath(), "/")-1)
		pages.Serve(rw, r, serving.Text(root+"endpoints/"+s.ID+l.Link(), "text/html; charset=utf-8", func(out io.Writer) error {
			return templates.Execute(out, w.endpointPage(s, past, root, l, episodes{}))
		}))
	})
}

// Because gives a status its reason, and what follows from that.
func (s *Status) Because(r reason.Reason) { s.reason, s.Words, s.Blame = r, r.Words(), r.Blame() }

// Took is how long the last probe took, for people.
func (v VantageStatus) Took() string {
	if v.LastProbe.IsZero() {
		return ""
	}
	return inMillis(v.Seconds)
}
