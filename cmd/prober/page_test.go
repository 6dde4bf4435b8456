package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestPageSaysWhatItWants(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{nil, "--prometheus URL is missing"},
		{[]string{"--prometheus", "localhost:9090"}, `--prometheus "localhost:9090": want http or https and a host`},
		{[]string{"--prometheus", "http://reader:secret@localhost"}, "give it with --user and --password-file"},
		{[]string{"--prometheus", "http://localhost/?query=up"}, "no more than what stands before /api/v1"},
		{[]string{"--prometheus", "http://[::1"}, "cannot be parsed"},
		{[]string{"--prometheus", "http://localhost", "--user", "x"}, "--user and --password-file need each other"},
		{[]string{"--prometheus", "http://localhost", "--web.listen-address", "127.0.0.1:none"}, "--web.listen-address 127.0.0.1:none"},
		{[]string{"--prometheus", "http://localhost", "--web.config.file", "/nowhere"}, "--web.config.file /nowhere"},
	} {
		r := runApp(t, nil, append([]string{"page"}, tt.args...)...)
		if r.code != 2 || !strings.Contains(r.stderr, tt.want) || strings.Contains(r.stderr, "secret") {
			t.Errorf("%q: %d %s, want %q", tt.args, r.code, r.stderr, tt.want)
		}
	}
}

// A server that is not there is told in words, and what is asked for is asked of it alone.
func TestPageWithoutAServer(t *testing.T) {
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	paths := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case paths <- r.URL.Path:
		default:
		}
		http.Error(w, "closed for today", http.StatusServiceUnavailable)
	}))
	defer server.Close()
	address, end := servedBy(t, (*app).pageCommand, time.Second/2, nil, "--prometheus", server.URL+"/prefix/")
	if path := <-paths; path != "/prefix/api/v1/query" {
		t.Errorf("asked for %s", path)
	}
	for !strings.Contains(asked(t, address, "/-/ready"), "503: closed for today") {
		if t.Context().Err() != nil {
			t.Fatal("it is not said that nothing can be told")
		}
	}
	if text := asked(t, address, "/"); !strings.Contains(text, "The Prometheus server") {
		t.Error(text)
	}
	if _, err := end(); err != nil {
		t.Error(err)
	}
}
