package blackbox_test

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"prober/monitor"
	"prober/monitor/blackbox"
	"prober/monitor/fixture"
	"prober/probe"
)

func Example() {
	m, err := monitor.New(monitor.Config{
		Prober: fixture.ProberFunc(fixture.AllOK), Targets: []probe.Target{fixture.One()}, // a real one is a probe.Prober
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	blackbox.New(m).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/probe?target=ecs.example.com", nil))
	for lines := bufio.NewScanner(w.Body); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "probe_success") {
			fmt.Println(lines.Text())
		}
	}
	// Output: probe_success 1
}
