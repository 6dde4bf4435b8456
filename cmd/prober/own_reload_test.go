package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"prober/probe/certs/certstest"
)

// shown is what a server was shown last. It repeats the token.
type shown struct {
	mu            sync.Mutex
	client, token string
}

func (s *shown) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.client, s.token = r.TLS.PeerCertificates[0].Subject.CommonName, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = io.WriteString(w, s.token)
}

func (s *shown) last() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.client + ", " + s.token
}

// Secrets, authorities and certificates of a list are those of its files when they were read last: a reload takes over new ones, and one
// that cannot be used leaves all as it was, which is told everywhere in one line. None of them appears, neither old nor new.
func TestReloadOfWhatAListNames(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	put := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	seen := &shown{}
	server := httptest.NewUnstartedServer(seen)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	defer server.Close()
	encode := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	keys := map[string]string{}
	client := func(name string) {
		one, another := certstest.New(name, nil), certstest.New("another", nil)
		for of, e := range map[string]*certstest.Entity{name: one, "another": another} {
			der, err := x509.MarshalPKCS8PrivateKey(e.Key)
			if err != nil {
				t.Fatal(err)
			}
			keys[of] = encode("PRIVATE KEY", der)
		}
		put("client.pem", encode("CERTIFICATE", one.Cert.Raw))
		put("client.key", keys[name])
	}
	authority := encode("CERTIFICATE", server.Certificate().Raw)
	put("ca.pem", authority)
	put("token", "canary-the-first\r\n")
	client("first")
	put("mine.yaml", `endpoints:
  - id: one
    url: `+server.URL+`/
    ca_file: ca.pem
    client_certificate: client.pem
    client_key: client.key
    check: {request: {bearer: file:token}}
`)
	address, end := served(t, "--endpoints", path("mine.yaml"), "--allow-private", "--web.enable-lifecycle")
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	var read []string
	see := func(path string) string {
		text := get(t, address, path)
		read = append(read, text)
		return text
	}
	reload := func() (int, string) {
		resp, err := http.Post("http://"+address+"/-/reload", "", nil) //nolint:noctx // of this process
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, string(body))
		return resp.StatusCode, string(body)
	}
	probed := func(want string) {
		t.Helper()
		if text := see("/probe?target=one&debug=true"); !strings.Contains(text, "verify/server_error") || seen.last() != want {
			t.Errorf("the server was shown %s, want %s\n%s", seen.last(), want, text)
		}
	}
	probed("first, canary-the-first")
	client("second")
	put("token", "canary-the-second\n")
	if status, body := reload(); status != http.StatusOK {
		t.Errorf("%d %s", status, body)
	}
	probed("second, canary-the-second")

	list := path("mine.yaml")
	for name, bad := range map[string]struct {
		file, text string // of it; without a text it is gone
		says       string
	}{
		"another key":        {"client.key", keys["another"], list + ":6: endpoints[0].client_key: " + path("client.key") + ": it is not the key of the certificate in " + path("client.pem")},
		"no key":             {"client.key", "canary-of-a-key", list + ":6: endpoints[0].client_key: " + path("client.key") + ": holds no private key in PEM form that can be used"},
		"a key that is gone": {"client.key", "", list + ":6: endpoints[0].client_key: " + path("client.key") + ": no such file or directory"},
		"no certificate":     {"client.pem", "canary-of-a-certificate", list + ":5: endpoints[0].client_certificate: " + path("client.pem") + ": holds no certificate in PEM form that can be used"},
		"no authority":       {"ca.pem", "canary-of-an-authority", list + ":4: endpoints[0].ca_file: " + path("ca.pem") + ": holds no certificate in PEM form"},
		"authorities gone":   {"ca.pem", "", list + ":4: endpoints[0].ca_file: " + path("ca.pem") + ": no such file or directory"},
		"an empty secret":    {"token", "\r\n", list + ":2: endpoint one: check.request.bearer: the file " + path("token") + " is empty"},
		"a secret gone":      {"token", "", list + ":2: endpoint one: check.request.bearer: there is no file " + path("token")},
		"a secret of lines":  {"token", "canary-of\r\ntwo-lines\r\n", list + ":2: endpoint one: check.request.bearer: file:token holds a character that cannot stand in a header field, such as the end of a line"},
	} {
		before, err := os.ReadFile(path(bad.file))
		if err != nil {
			t.Fatal(err)
		}
		if put(bad.file, bad.text); bad.text == "" {
			if err := os.Remove(path(bad.file)); err != nil {
				t.Fatal(err)
			}
		}
		if status, body := reload(); status != http.StatusInternalServerError || !strings.HasPrefix(body, "reload failed: "+bad.says) || strings.Count(body, "\n") != 1 {
			t.Errorf("%s: %d %s\nwant %s", name, status, body, bad.says)
		}
		if text := see("/metrics"); !strings.Contains(text, "\nprober_config_last_reload_successful 0\n") {
			t.Errorf("%s: the metric does not say it", name)
		}
		probed("second, canary-the-second")
		put(bad.file, string(before))
		if status, body := reload(); status != http.StatusOK {
			t.Errorf("once it is mended: %d %s", status, body)
		}
	}
	if err := os.Remove(path("token")); err != nil {
		t.Fatal(err)
	}
	reload()
	for path, says := range map[string]string{"/api/v1/prober": `"successful":false`, "/": "The last reload was refused"} {
		for text := ""; !strings.Contains(text, says) || !strings.Contains(text, "there is no file"); text = see(path) {
			<-time.After(20 * time.Millisecond) // what is shown may be a second old
		}
	}
	for _, path := range []string{"/endpoints/one", "/api/v1/endpoints/one", "/api/v1/incidents", "/metrics", "/"} {
		see(path)
	}
	said, err := end()
	if err != nil || !strings.Contains(said, `level=ERROR msg="reload failed, the old list stays"`) {
		t.Errorf("%v\n%s", err, said)
	}
	for _, text := range append(read, said) {
		if at := strings.Index(text, "canary"); at >= 0 {
			t.Errorf("a secret is shown: %s", text[max(0, at-100):min(len(text), at+40)])
		}
	}
}
