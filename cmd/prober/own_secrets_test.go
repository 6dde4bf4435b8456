package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// No output of a command holds what a list says by env: and file:, though the endpoint repeats it in each place
// that somebody quotes.
func TestSecretsOfListsNeverAppear(t *testing.T) {
	const token, key, password, body = "canary-t0ken/+1", "canary-k3y\"<2>", "canary-p4ssword", "canary b0dy & more"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		said := r.Header.Get("Authorization") + " " + r.Header.Get("X-Key") + " " + string(sent) + " " + r.URL.RequestURI() + " " + r.URL.Query().Get("key")
		for _, field := range []string{"X-Echo", "Location", "Server", "Content-Type"} {
			w.Header().Set(field, said)
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintf(w, `{"a":%q} %s %s %s`, said, said, url.QueryEscape(said), base64.StdEncoding.EncodeToString([]byte(r.Header.Get("X-Key"))))
	}))
	defer server.Close()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"password": password + "\n",
		"body":     body,
		"l.yaml": `
products:
  - id: l
    check:
      request: {headers: {X-Key: env:CANARY_KEY}}
      expect: {status: 200, content_type: a/b, headers: [{name: X-Echo, absent: true}], body: {contains: nothing, not_contains: '"a"'}, json: [{path: $.a, equals: 1}]}
      redirects: 2
endpoints:
  - {id: bearer, url: "` + server.URL + `/a", check: {request: {bearer: env:CANARY_TOKEN, body: {file: body}}}}
  - {id: basic, url: "` + server.URL + `/b", check: {request: {basic: {user: me, password: file:password}, body: {text: file:body}}}}
  - {id: query, url: "` + server.URL + `/c", check: {request: {query: {key: env:CANARY_KEY, t: env:CANARY_TOKEN}, body: {json: {a: env:CANARY_KEY, b: [file:password]}}}}}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := map[string]string{"CANARY_TOKEN": token, "CANARY_KEY": key}
	secrets := []string{token, key, password, body, base64.StdEncoding.EncodeToString([]byte("me:" + password))}
	clean := func(what, text string) {
		t.Helper()
		for _, s := range secrets {
			for _, form := range []string{s, url.QueryEscape(s), strings.ReplaceAll(s, `"`, `\"`), base64.StdEncoding.EncodeToString([]byte(s))} {
				if at := strings.Index(text, form); at >= 0 {
					t.Errorf("%s shows %q: %s", what, form, text[max(0, at-80):min(len(text), at+80)])
				}
			}
		}
	}
	list := filepath.Join(dir, "l.yaml")
	for _, args := range [][]string{
		{"check", "--endpoints", list, "--allow-private"},
		{"check", "--endpoints", list, "--allow-private", "--output", "json"},
		{"endpoints", "validate", list},
		{"conformance", "--endpoints", list, "--allow-private", "--report-dir", filepath.Join(dir, "out"), "--output", "json"},
	} {
		r := runApp(t, env, args...)
		if args[0] == "check" && !strings.Contains(r.stdout, "unexpected_status") {
			t.Errorf("%v: %s %s", args, r.stdout, r.stderr)
		}
		clean(strings.Join(args, " "), r.stdout+r.stderr)
	}
	reports, err := filepath.Glob(filepath.Join(dir, "out", "*"))
	if err != nil || len(reports) == 0 {
		t.Errorf("no report: %v", err)
	}
	for _, file := range reports {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		clean(file, string(text))
	}
	address, end := servedWith(t, env, "--endpoints", list, "--allow-private", "--interval", "1s")
	for _, path := range []string{"/api/v1/endpoints/bearer", "/api/v1/endpoints/basic", "/api/v1/endpoints/query", "/incidents.atom"} {
		for !strings.Contains(get(t, address, path), "unexpected_status") {
			<-time.After(20 * time.Millisecond)
		}
	}
	for _, path := range []string{"/metrics", "/", "/api/v1/endpoints", "/api/v1/incidents", "/endpoints/bearer", "/endpoints/basic", "/endpoints/query", "/incidents.atom", "/api/v1/endpoints/bearer", "/api/v1/endpoints/query", "/probe?target=query&debug=true", "/probe?target=bearer", "/probe?target=basic&debug=true"} {
		text := get(t, address, path)
		if !strings.Contains(text, "unexpected_status") && path != "/probe?target=bearer" { // which has no reasons
			t.Errorf("%s does not tell what is wrong: %s", path, text)
		}
		clean(path, text)
	}
	log, _ := end()
	clean("the log", log)
	missing := runApp(t, nil, "check", "--endpoints", list)
	if missing.code != 2 || !strings.Contains(missing.stderr, "endpoint bearer: check.request.bearer: the variable CANARY_TOKEN is not set, or empty") {
		t.Errorf("exit code %d: %s", missing.code, missing.stderr)
	}
}

// get returns the body of a page of serve.
func get(t *testing.T, address, path string) string {
	t.Helper()
	resp, err := http.Get("http://" + address + path) //nolint:noctx // of this process
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
