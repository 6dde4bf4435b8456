package imitation

import (
	"io"
	"net/http"

	"prober/catalog"
)

// maxBody is how much of a body the handler reads: above the largest documented limit,
// so that the API gets to refuse what is too large.
const maxBody = 12 << 20

// ServeHTTP serves the API by net/http, for clients that bring their own connection. The
// scheme is https exactly if the connection is TLS.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "reading the body failed", http.StatusBadRequest)
		return
	}
	req := Request{
		Scheme: catalog.HTTPS, Method: r.Method, Host: r.Host, Path: r.URL.Path, Query: r.URL.RawQuery,
		Header: r.Header, Body: body,
	}
	if r.TLS == nil {
		req.Scheme = catalog.HTTP
	}
	reply := a.Serve(req)
	for _, f := range reply.Header {
		w.Header().Add(f.Name, f.Value)
	}
	w.WriteHeader(reply.Status)
	_, _ = w.Write(reply.Body) // the client may be gone; there is nobody to tell
}
