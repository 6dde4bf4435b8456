package monitor

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"prober/monitor/serving"
	"prober/monitor/view"
	"prober/probe"
)

// ask sends a request to m's handler.
func ask(t testing.TB, m *Monitor, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	for { // on a busy machine one rendering may hold up the next beyond the patience of a client
		w := httptest.NewRecorder()
		m.Handler(nil).ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), serving.ErrBusy.Error()) {
			return w
		}
	}
}

func get(t testing.TB, m *Monitor, path string) *httptest.ResponseRecorder {
	t.Helper()
	return ask(t, m, httptest.NewRequest(http.MethodGet, path, nil))
}

func TestRoutes(t *testing.T) {
	m := scene(t, nil)
	tests := []struct {
		method, path string
		status       int
		contentType  string
		contains     string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8", "<!DOCTYPE html>"},
		{"HEAD", "/", 200, "text/html; charset=utf-8", ""},
		{"GET", "/style.css", 200, "text/css; charset=utf-8", "prefers-color-scheme"},
		{"GET", "/page.js", 200, "text/javascript; charset=utf-8", "use strict"},
		{"GET", "/endpoints/ecs/cn-beijing/public", 200, "text/html; charset=utf-8", "ecs/cn-beijing/public is down"},
		{"GET", "/endpoints/ecs%2Fcn-beijing%2Fpublic", 200, "text/html; charset=utf-8", `href="../style.css"`},
		{"GET", "/endpoints/ecs/cn-beijing/public?span=7d", 200, "text/html; charset=utf-8", `<strong aria-current="true">7 days</strong>`},
		{"GET", "/endpoints/ecs/cn-beijing/public?span=8d", 400, "text/plain; charset=utf-8", "the parameter span is none of 24h, 7d, 30d, 90d"},
		{"GET", "/endpoints/ecs/cn-beijing/public?before=x", 400, "text/plain; charset=utf-8", "the parameter before is no id of an incident"},
		{"GET", "/endpoints/ecs/cn-beijing/public?incident=7", 404, "text/plain; charset=utf-8", "no such incident"},
		{"GET", "/icon/fail.svg", 200, "image/svg+xml", "<svg"},
		{"GET", "/endpoints/ecs/nowhere/public", 404, "text/html; charset=utf-8", "has the id “ecs/nowhere/public”"},
		{"GET", "/endpoints/ecs/nowhere/public", 404, "text/html; charset=utf-8", `<li><a href="../../../endpoints/ecs/cn-beijing/public">`},
		{"GET", "/endpoints/a%22%3E%3Cscript%3E", 404, "text/html; charset=utf-8", "“a&#34;&gt;&lt;script&gt;”"},
		{"GET", "/metrics", 200, "text/plain; version=0.0.4; charset=utf-8; escaping=underscores", "endpoint_up{"},
		{"GET", "/api/v1/endpoints", 200, "application/json", `"id":"ecs/cn-beijing/public"`},
		{"GET", "/api/v1/endpoints/ecs/cn-beijing/public", 200, "application/json", `"reason":"cert_expired"`},
		{"GET", "/api/v1/endpoints/ecs/nowhere/public", 404, "text/plain; charset=utf-8", "no such endpoint"},
		{"GET", "/badges/ecs/cn-beijing/public/state.svg", 200, "image/svg+xml", ">fail</text>"},
		{"GET", "/badges/ecs/cn-beijing/public/uptime.svg?span=30d", 200, "image/svg+xml", ">up 30d</text>"},
		{"GET", "/badges/ecs/cn-beijing/public/latency.svg", 200, "image/svg+xml", ">median 24h</text>"},
		{"GET", "/badges/ecs/cn-beijing/public", 404, "text/plain; charset=utf-8", "no such badge"},
		{"GET", "/badges/state.svg", 200, "image/svg+xml", ">1 of 5 down<"},
		{"GET", "/badges/state.svg?product=kms&region=us-west-1", 200, "image/svg+xml", ">kms us-west-1</text>"},
		{"GET", "/badges/state.svg?product=kmz", 400, "text/plain; charset=utf-8", "names none that is listed"},
		{"GET", "/badges/state.svg?region=nowhere", 404, "text/plain; charset=utf-8", "the parameter region names none that is listed"},
		{"GET", "/badges/state.svg?network=lan", 400, "text/plain; charset=utf-8", "neither public nor vpc"},
		{"GET", "/badges/uptime.svg", 404, "text/plain; charset=utf-8", "no such endpoint"},
		{"GET", "/badges/ecs/cn-beijing/public/uptime.svg?span=1h", 400, "text/plain; charset=utf-8", "the parameter span"},
		{"GET", "/incidents.atom", 200, "application/atom+xml; charset=utf-8", "<title>ecs/cn-beijing/public is down: tls/cert_expired</title>"},
		{"GET", "/incidents.atom?endpoint=ecs/cn-beijing/public", 200, "application/atom+xml; charset=utf-8", "<title>Incidents of ecs/cn-beijing/public</title>"},
		{"GET", "/incidents.atom?endpoint=no", 404, "text/plain; charset=utf-8", "no such endpoint"},
		{"GET", "/api/v1/history/ecs/cn-beijing/public", 200, "application/json", `"window_seconds":86400`},
		{"GET", "/api/v1/history/ecs/nowhere/public", 404, "text/plain; charset=utf-8", "no such endpoint"},
		{"GET", "/api/v1/history/ecs/cn-beijing/public?span=x", 400, "text/plain; charset=utf-8", "the parameter span"},
		{"GET", "/api/v1/incidents?open=true", 200, "application/json", `"endpoint":"ecs/cn-beijing/public"`},
		{"GET", "/api/v1/incidents?endpoint=no", 400, "text/plain; charset=utf-8", "the parameter endpoint names none"},
		{"GET", "/api/v1/incidents?open=x", 400, "text/plain; charset=utf-8", "neither true nor false"},
		{"GET", "/api/v1/incidents?limit=101", 400, "text/plain; charset=utf-8", "no number from 1 to 100"},
		{"GET", "/api/v1/incidents?before=-1", 400, "text/plain; charset=utf-8", "no id of an incident"},
		{"GET", "/api/v1/incidents/7", 404, "text/plain; charset=utf-8", "no such incident"},
		{"GET", "/api/v1/openapi.json", 200, "application/json", `"openapi": "3.1.0"`},
		{"GET", "/-/healthy", 200, "text/plain; charset=utf-8", "healthy"},
		{"GET", "/-/ready", 503, "text/plain; charset=utf-8", "not ready: the schedule is not running"},
		{"POST", "/-/reload", 403, "text/plain; charset=utf-8", "--web.enable-lifecycle"},
		{"PUT", "/-/reload", 403, "text/plain; charset=utf-8", "switched off"},
		{"GET", "/-/reload", 405, "text/plain; charset=utf-8", ""},
		{"POST", "/", 405, "text/plain; charset=utf-8", ""},
		{"GET", "/nowhere", 404, "text/plain; charset=utf-8", ""},
		{"GET", "/debug/pprof/", 404, "text/plain; charset=utf-8", ""},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			w := ask(t, m, httptest.NewRequest(tt.method, tt.path, nil))
			if w.Code != tt.status || w.Header().Get("Content-Type") != tt.contentType {
				t.Errorf("%d %q, want %d %q", w.Code, w.Header().Get("Content-Type"), tt.status, tt.contentType)
			}
			if !strings.Contains(w.Body.String(), tt.contains) {
				t.Errorf("%q is not in %q", tt.contains, w.Body.String())
			}
			if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none';") {
				t.Errorf("content security policy %q", csp)
			}
			if w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Error("no nosniff")
			}
		})
	}
}

func TestReloadOverHTTP(t *testing.T) {
	list, failure := targets(3), error(nil)
	m, _ := monitorOf(t, targets(1), func(c *Config) {
		c.EnableLifecycle = true
		c.Load = func() ([]probe.Target, error) { return list, failure }
	})
	if w := ask(t, m, httptest.NewRequest("POST", "/-/reload", nil)); w.Code != 200 || w.Body.String() != "reloaded: 3 endpoints\n" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	failure = errors.New("endpoints.json:7: unknown field\nand more")
	if w := ask(t, m, httptest.NewRequest("POST", "/-/reload", nil)); w.Code != 500 || w.Body.String() != "reload failed: endpoints.json:7: unknown field and more\n" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	foreign := httptest.NewRequest("POST", "/-/reload", nil)
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	if w := ask(t, m, foreign); w.Code != 403 {
		t.Errorf("a form on another site reloaded: %d", w.Code)
	}
}

func TestStatusJSON(t *testing.T) {
	m := scene(t, nil)
	body := get(t, m, "/api/v1/endpoints/ecs/cn-beijing/public").Body.Bytes()
	var indented strings.Builder
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	enc := json.NewEncoder(&indented)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	golden(t, "status.json", []byte(indented.String()))

	var list []view.Status
	if err := json.Unmarshal(get(t, m, "/api/v1/endpoints").Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 6 || list[0].Results != nil {
		t.Errorf("%d endpoints; results of the first: %v", len(list), list[0].Results)
	}
}
