package serving_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"prober/monitor/serving"
)

func Example() {
	shared := serving.NewShared(serving.NewShelf(1<<20), time.Now)
	rendered := 0
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shared.Serve(w, r, serving.Text("/", "text/plain", func(out io.Writer) error {
			rendered++
			_, err := io.WriteString(out, "how things are")
			return err
		}))
	})
	for range 3 {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		fmt.Println(w.Body)
	}
	fmt.Println("rendered", rendered)
	// Output:
	// how things are
	// how things are
	// how things are
	// rendered 1
}
