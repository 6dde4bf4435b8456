package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/session"
)

// renamed writes several hosts into a file, one of them under another name.
func renamed(t *testing.T, file, name string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(severalHosts, "api-3", name)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A reload that fails says so to whoever asked for it, in the log, in a metric and in the JSON; the
// old list is probed on. In the sandbox, too, one that does not fail is probed.
func TestServeReloads(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "several.json")
	renamed(t, file, "api-3")
	address, end := served(t, "--sandbox", "--endpoints", file, "--web.enable-lifecycle")
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	ask := func(method, path string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		reply, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		body, err := io.ReadAll(reply.Body)
		if err != nil {
			t.Fatal(err)
		}
		return reply.StatusCode, string(body)
	}
	listed := func(id string) bool {
		status, _ := ask("GET", "/api/v1/endpoints/"+id)
		return status == http.StatusOK
	}
	renamed(t, file, "api-4")
	if status, body := ask("POST", "/-/reload"); status != 200 || body != "reloaded: 3 endpoints\n" || listed("shop/eu/public/api-3") || !listed("shop/eu/public/api-4") {
		t.Errorf("a good list: %d %s", status, body)
	}
	renamed(t, file, "api_ 5")
	if status, body := ask("POST", "/-/reload"); status != 500 || !strings.HasPrefix(body, "reload failed: "+file+":9: ") || !listed("shop/eu/public/api-4") {
		t.Errorf("a bad list: %d %s", status, body)
	}
	if _, text := ask("GET", "/metrics"); !strings.Contains(text, "\nprober_config_last_reload_successful 0\n") {
		t.Error("the metric does not say that the reload failed")
	}
	var self struct{ Reload struct{ Error string } }
	if _, text := ask("GET", "/api/v1/prober"); json.Unmarshal([]byte(text), &self) != nil || !strings.HasPrefix(self.Reload.Error, file+":9: ") {
		t.Errorf("the JSON does not say that the reload failed: %s", text)
	}
	if said, err := end(); err != nil || !strings.Contains(said, `level=ERROR msg="reload failed, the old list stays"`) {
		t.Errorf("%v\n%s", err, said)
	}
}

// An address that --family leaves unprobed is no better in a list that is read again than in the first: the old list is probed on.
func TestReloadKeepsTheFamily(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	file := filepath.Join(t.TempDir(), "l.yaml")
	put := func(endpoint string) {
		t.Helper()
		if err := os.WriteFile(file, []byte("endpoints: ["+endpoint+"]\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("{id: one, url: '" + server.URL + "'}")
	address, end := served(t, "--endpoints", file, "--allow-private", "--family", "4", "--web.enable-lifecycle")
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	for _, step := range []struct {
		endpoint string
		status   int
		body     string
	}{
		{"{id: two, url: 'http://[::1]'}", 500, "reload failed: --family 4: two is probed at ::1, which is of the other family; leave out the flag, or the endpoint\n"},
		{"{id: three, url: 'http://three.example', addresses: ['2001:db8::1']}", 500, "reload failed: --family 4: three is probed at 2001:db8::1, which is of the other family; leave out the flag, or the endpoint\n"},
		{"{id: four, url: 'http://[::1]', family: 6}", 200, "reloaded: 1 endpoint\n"}, // which the list has over the flag
		{"{id: five, url: '" + server.URL + "'}", 200, "reloaded: 1 endpoint\n"},
	} {
		put(step.endpoint)
		resp, err := http.Post("http://"+address+"/-/reload", "", nil) //nolint:noctx // of this process
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != step.status || string(body) != step.body {
			t.Errorf("%s: %d %q, %v; want %d %q", step.endpoint, resp.StatusCode, body, err, step.status, step.body)
		}
	}
	if said, err := end(); err != nil || strings.Count(said, "reload failed, the old list stays") != 2 {
		t.Errorf("%v\n%s", err, said)
	}
}

// A standing sandbox serves the list that its file holds now, and tells where.
func TestSandboxReloads(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "several.json")
	renamed(t, file, "api-3")
	var said bytes.Buffer
	a := &app{out: io.Discard, err: &said, getenv: func(string) string { return "" }, now: time.Now}
	o := session.Defaults()
	o.Sandbox, o.Endpoints = true, session.Lists{file}
	c, err := session.Choose(o, a.environment())
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, step := range []struct {
		name, dir, says string
		listed          string // the last endpoint afterwards
	}{
		{"api-4", dir, "prober: reloaded: 3 endpoints; " + filepath.Join(dir, "endpoints.json") + " has their ports\n", "api-4"},
		{"api_ 5", dir, "prober: reload failed, the old list is still served: " + file + ":9: ", "api-4"},
		{"api-6", "", "prober: reloaded: 3 endpoints\n", "api-6"},
		{"api-7", filepath.Join(file, "no"), "prober: reloaded: 3 endpoints, which " + filepath.Join(file, "no") + " does not tell: ", "api-7"},
	} {
		renamed(t, file, step.name)
		said.Reset()
		a.reloadSandbox(s, step.dir)
		if !strings.HasPrefix(said.String(), step.says) {
			t.Errorf("%s: said %q, want %q", step.name, said.String(), step.says)
		}
		if e := s.Sandbox.Endpoints(); len(e) != 3 || e[2].ID != "shop/eu/public/"+step.listed {
			t.Errorf("%s: %+v are served", step.name, e)
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, "endpoints.json")); err != nil || !strings.Contains(string(data), `public/api-4"`) || !strings.Contains(string(data), `"ports": {"https": `) {
		t.Errorf("%v: the file says\n%s", err, data)
	}
}
