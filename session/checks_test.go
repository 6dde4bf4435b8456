package session_test

import (
	"errors"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	endpoints "prober"
	"prober/probe/reason"
	"prober/sandbox"
	"prober/session"
)

// healthList says of each endpoint something that can be broken.
const healthList = `
products: [{id: shop, check: {limits: {request: 2s, certificate_days: 30, tls_version: TLS1.2}}}]
endpoints:
  - {id: a, url: https://a.shop.example/health, check: {expect: {status: [2xx, 304], content_type: application/json, headers: [{name: X-Version, matches: '^[2-9]\.\d+$'}, {name: Server, absent: true}], json: [{path: $.status, equals: ok}, {path: '$.list[1].n', matches: '\d{3}'}, {path: /a~1b, equals: {c: [1]}}]}}}
  - {id: b, url: https://b.shop.example/, check: {expect: {body: {contains: [all is well], matches: '(?i)^all', not_contains: error, max_bytes: 1000}, status: 200}, redirects: 2, request: {bearer: env:TOKEN}}}
  - {id: c, url: https://c.shop.example/, check: {expect: {body: {not_matches: 'pan+ic'}, json: [{path: $.errors, absent: true}, {path: '$'}]}}}
  - {id: plain, url: https://plain.shop.example/}
`

// Every expectation holds in a clean sandbox, and each is broken by the fault that is made for it.
func TestChecksInTheSandbox(t *testing.T) {
	file := filepath.Join(folder(t, map[string]string{"shop.yaml": healthList}), "shop.yaml")
	s := open(t, "-endpoints", file, "-sandbox")
	targets := s.Targets()
	for _, target := range targets {
		if o := s.Prober.Probe(t.Context(), target); o.Outcome != reason.OK && o.Reason != reason.VerifySlow {
			t.Errorf("%s is clean, and %s %s: %s", target.Endpoint.ID, o.Outcome, o.Reason, o.Detail)
		}
	}
	at := map[string]string{
		"unexpected_status": "a b", "header_mismatch": "a", "content_type_mismatch": "a", "body_mismatch": "b c", "body_size": "b", "json_mismatch": "a c", "json_mismatch_page": "a c",
		"redirect_too_many": "b", "redirect_refused": "b", "slow": "a", "cert_ends_soon": "c", "version_low": "b",
	}
	for _, f := range sandbox.Faults(s.Catalog) {
		for _, id := range strings.Fields(at[f.Name]) {
			if err := s.Sandbox.SetFault(id, f.Name); err != nil {
				t.Fatal(err)
			}
			for _, target := range targets {
				if target.Endpoint.ID != id {
					continue
				}
				target.TLSVersions = f.Needs == sandbox.NeedVersions
				o := s.Prober.Probe(t.Context(), target)
				if o.Reason != f.Reason || o.Outcome != f.Reason.Outcome() || o.Reproduce == "" {
					t.Errorf("%s at %s: %s %s: %s; %s", f.Name, id, o.Outcome, o.Reason, o.Detail, o.Reproduce)
				}
			}
			if err := s.Sandbox.ClearFault(id); err != nil {
				t.Fatal(err)
			}
		}
		delete(at, f.Name)
	}
	if len(at) > 0 {
		t.Errorf("no fault is called %v", at)
	}
	if err := s.Sandbox.SetFault("plain", "json_mismatch"); err == nil || err.Error() != `fault "json_mismatch" cannot be put on plain: its check lacks members of JSON that are expected` {
		t.Error(err)
	}
}

// chooseWith is choose in a process that has variables.
func chooseWith(t *testing.T, variables map[string]string, args ...string) *session.Choice {
	t.Helper()
	var o session.Options
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	o.Bind(fs)
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	c, err := session.Choose(o, session.Environment{
		Embedded: endpoints.Endpoints(), ResolvConf: filepath.Join(t.TempDir(), "none"), Elapsed: unstalled, Getenv: func(name string) string { return variables[name] },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What a check names is read when the session is opened, and again at a reload. What is missing is an error
// of whoever gave the list.
func TestSecretsAreReadAgain(t *testing.T) {
	var got atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got.Store(r.Header.Get("Authorization") + " " + r.Header.Get("X-Key") + " " + string(body))
	}))
	defer server.Close()
	dir := folder(t, map[string]string{
		"l.yaml": "endpoints: [{url: '" + server.URL + "', check: {request: {bearer: file:token, headers: {X-Key: env:KEY}, body: {file: body.txt}}}}]",
	})
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	variables := map[string]string{}
	c := chooseWith(t, variables, "-endpoints", filepath.Join(dir, "l.yaml"), "-allow-private")
	var usage *session.UsageError
	_, err := c.Open()
	id := c.Endpoints[0].ID
	at := filepath.Join(dir, "l.yaml") + ":1: endpoint " + id
	if want := at + ": check.request.headers.X-Key: the variable KEY is not set, or empty\n" +
		at + ": check.request.bearer: there is no file " + filepath.Join(dir, "token") + "\n" +
		at + ": check.request.body.file: there is no file " + filepath.Join(dir, "body.txt"); err == nil || err.Error() != want || !errors.As(err, &usage) {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	variables["KEY"] = "one-key"
	write("token", "one-token\n\n")
	write("body.txt", "one body\n")
	s, err := c.Open()
	if err != nil {
		t.Fatal(err)
	}
	probe := func(want string) {
		t.Helper()
		if o := s.Prober.Probe(t.Context(), s.Targets()[0]); o.Outcome != reason.OK || got.Load() != want {
			t.Errorf("%s %s: %q, want %q", o.Outcome, o.Detail, got.Load(), want)
		}
	}
	probe("Bearer one-token one-key one body\n")
	write("token", "two-token")
	targets, _, err := s.Reload(nil)
	if err != nil {
		t.Fatal(err)
	}
	if o := s.Prober.Probe(t.Context(), targets[0]); o.Outcome != reason.OK || got.Load() != "Bearer two-token one-key one body\n" {
		t.Errorf("%s: %q", o.Detail, got.Load())
	}
	write("token", "")
	if _, _, err = s.Reload(nil); err == nil || !strings.HasSuffix(err.Error(), "the file "+filepath.Join(dir, "token")+" is empty") {
		t.Errorf("%v", err)
	}
	write("token", strings.Repeat("x", 16<<10+1))
	if _, _, err = s.Reload(nil); err == nil || !strings.Contains(err.Error(), "check.request.bearer: ") {
		t.Errorf("%v", err)
	}
}
