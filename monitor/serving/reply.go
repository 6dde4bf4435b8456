package serving

import (
	"fmt"
	"net/http"

	"prober/prose"
)

// contentPolicy lets the pages load nothing but their own style sheet, script and icon, and the script ask
// nobody else: what an endpoint puts into a certificate or a reply can do nothing even if escaping
// it failed, for nothing else here is served as a script.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// Headers adds the headers that every reply has.
func Headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// Say answers with one line of text.
func Say(w http.ResponseWriter, status int, format string, args ...any) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, prose.Line(fmt.Sprintf(format, args...))) // nobody left to tell
}
