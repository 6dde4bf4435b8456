package exposition_test

import (
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"time"

	"prober/limit"
	"prober/monitor/exposition"
	"prober/monitor/serving"
)

func Example() {
	depth := exposition.Metric{Name: "pool_depth_meters", Type: exposition.Gauge, Unit: "meters", Help: "How deep the pool is.", Labels: []string{"pool"}}
	parts := func(wanted func(name string) bool, use exposition.Use) iter.Seq2[exposition.Piece, error] {
		return func(yield func(exposition.Piece, error) bool) {
			if !wanted(depth.Name) {
				return
			}
			all := exposition.NewCollected(use)
			all.Begin(depth)
			all.Part(yield, func() {
				exposition.Series{Into: all}.Add(3.8, "deep")
				exposition.Series{Into: all}.Add(0.6, "children's")
			})
		}
	}
	w := httptest.NewRecorder()
	h := exposition.NewScrapes(serving.NewShelf(limit.WebRendered), time.Now, parts)
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	fmt.Print(w.Body)
	// Output:
	// # HELP pool_depth_meters How deep the pool is.
	// # TYPE pool_depth_meters gauge
	// pool_depth_meters{pool="children's"} 0.6
	// pool_depth_meters{pool="deep"} 3.8
}
