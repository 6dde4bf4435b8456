package page_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"prober/monitor/page"
	"prober/monitor/view"
	"prober/probe/reason"
)

// one is a source that knows one endpoint.
type one struct{ known view.Status }

func (o one) Now() time.Time          { return time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC) }
func (o one) Statuses() []view.Status { return []view.Status{o.known} }
func (o one) Standing() view.Standing {
	return view.Standing{Now: o.Now(), Created: o.Now(), Interval: time.Minute, Speaker: "somebody"}
}
func (o one) Status(id string) (view.Status, bool)            { return o.known, id == o.known.ID }
func (o one) Results([]string) map[string][]view.ResultStatus { return nil }
func (o one) ProductName(string) string                       { return "Shop" }
func (o one) Past(string, time.Duration) view.Past            { return view.Past{} }

func ExamplePages() {
	s := view.Status{ID: "shop/eu/public", Product: "shop", Region: "eu", Lifecycle: "active", Probed: true, Outcome: reason.Fail}
	s.Because(reason.ConnectRefused)
	h := page.Pages(one{s}, slog.New(slog.DiscardHandler), func() error { return nil })
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	_, title, _ := strings.Cut(w.Body.String(), "<h1")
	_, title, _ = strings.Cut(title, "</span>")
	title, _, _ = strings.Cut(title, "</h1>")
	fmt.Println(strings.TrimSpace(title))
	// Output:
	// 1 of 1 active endpoint is down: shop/eu/public (connect/refused)
}
