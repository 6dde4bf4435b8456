package main

import (
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealth(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch user, password, _ := r.BasicAuth(); {
		case r.URL.Path == "/-/ready":
			http.Error(w, "not ready: waiting", http.StatusServiceUnavailable)
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/-/healthy", http.StatusFound)
		case r.URL.Path == "/nosuch":
			http.NotFound(w, r)
		case r.URL.Path == "/slow":
			<-r.Context().Done()
		case r.URL.Path == "/secret" && (user != "ops" || password != "p"):
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
		default:
			_, _ = w.Write([]byte("healthy\nand more\x1b[2J\n"))
		}
	})
	plain, secure := httptest.NewServer(handler), httptest.NewUnstartedServer(handler)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer plain.Close()
	defer secure.Close()
	ca := write(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})))
	password := write(t, "password", "p\n")
	closed := httptest.NewServer(handler)
	closed.Close()
	for name, tt := range map[string]struct {
		args []string
		code int
		says string
	}{
		"well":              {[]string{plain.URL}, 0, plain.URL + "/-/healthy: 200 healthy\n"},
		"with TLS":          {[]string{secure.URL, "--ca-file", ca}, 0, "200 healthy"},
		"untrusted":         {[]string{secure.URL}, 1, "not well: tls: "},
		"not ready":         {[]string{plain.URL + "/-/ready"}, 1, "not well: 503 not ready: waiting\n"},
		"moved":             {[]string{plain.URL + "/moved"}, 1, "not well: 302 "},
		"silent":            {[]string{plain.URL + "/slow", "--timeout", "20ms"}, 1, "no answer within 20ms"},
		"nobody":            {[]string{closed.URL}, 1, "connection refused"},
		"a password":        {[]string{plain.URL + "/secret", "--user", "ops", "--password-file", password}, 0, "200 healthy"},
		"without it":        {[]string{plain.URL + "/secret"}, 1, "401 Unauthorized"},
		"no URL":            {[]string{"prober"}, 2, ""},
		"no scheme":         {[]string{"127.0.0.1:19115"}, 2, ""},
		"not there":         {[]string{plain.URL + "/nosuch"}, 1, "not well: 404 page not found\n"},
		"two":               {[]string{plain.URL, plain.URL}, 2, ""},
		"half a password":   {[]string{plain.URL, "--user", "ops"}, 2, ""},
		"user in the URL":   {[]string{"http://ops:canary@127.0.0.1/"}, 2, ""},
		"no such authority": {[]string{secure.URL, "--ca-file", password}, 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := runApp(t, nil, append([]string{"health"}, tt.args...)...)
			if got.code != tt.code || !strings.Contains(got.stdout, tt.says) || tt.code < 2 && strings.Count(got.stdout, "\n") != 1 {
				t.Errorf("exit code %d, want %d; %q, want %q; %s", got.code, tt.code, got.stdout, tt.says, got.stderr)
			}
			if about := got.stderr; strings.Contains(about, "URL \"") && !strings.Contains(about, "want http or https and a host, as "+defaultHealth) {
				t.Errorf("%s does not say what is wanted", about)
			}
			if strings.ContainsAny(got.stdout, "\x1b") || strings.Contains(got.stderr, "canary") {
				t.Errorf("hidden characters or a secret in %q %q", got.stdout, got.stderr)
			}
		})
	}
}
