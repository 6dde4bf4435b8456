package run

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prober/report"
)

// ruled is a list that says how its endpoint is reached, and rules of its product.
const ruled = `
products:
  - id: shop
    rules:
      schemes: {id: shop/schemes, served: [https], refused: [http]}
      tls:
        - {id: shop/ssl2, version: SSLv2, expect: refused}
        - {id: shop/ssl3, version: SSLv3, expect: refused}
        - {id: shop/old, version: TLS1.0, expect: refused}
        - {id: shop/dated, version: TLS1.1, expect: refused, from: "2026-11-20T00:00:00Z", regions: [%s]}
        - {id: shop/new, version: TLS1.2, expect: required}
      methods: {id: shop/methods, served: [GET, POST, PUT], refused: [DELETE]}
      size_limits: [{id: shop/size, method: POST, bytes: 4096}]
      encoding: {id: shop/encoding, charset: UTF-8}
endpoints: [%s]
`

// listFile writes a list.
func listFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "mine.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// own is a server on loopback, and what a run needs to reach it.
func own(t *testing.T, h http.Handler, least uint16) (url string, args []string) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.TLS = &tls.Config{MinVersion: least, CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}}
	s.StartTLS()
	t.Cleanup(s.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return s.URL, []string{"-allow-private", "-ca-file", ca}
}

// brokenBy are the requirements of the report that broke, by whatever endpoint.
func brokenBy(r *report.Report) []string {
	var ids []string
	for _, res := range r.Results {
		if res.Outcome == report.Fail && !slices.Contains(ids, res.Requirement) {
			ids = append(ids, res.Requirement)
		}
	}
	slices.Sort(ids)
	return ids
}

// What is wrong at a server of a list of somebody's own breaks the requirement that is about it, by the
// rules that the list states; and nothing is broken where nothing is wrong.
func TestOwnFaultsByRequirement(t *testing.T) {
	t.Parallel()
	faults := map[string]string{
		"clean":                       "",
		"nxdomain":                    "SHOP-DNS-01 SHOP-PROTO-01",
		"servfail_aaaa":               "SHOP-DNS-02",
		"nxdomain_second_resolver":    "SHOP-DNS-04",
		"cname_too_long_twenty":       "SHOP-DNS-05",
		"ttl_of_a_week":               "SHOP-DNS-06",
		"bogon":                       "SHOP-DNS-07 SHOP-PROTO-01",
		"version_accepted_sslv2":      "SHOP-TLS-01",
		"version_accepted":            "SHOP-TLS-02",
		"version_accepted_tls10":      "SHOP-TLS-03 SHOP-TLS-04",
		"tls11_served":                "SHOP-TLS-04",
		"version_missing":             "SHOP-TLS-03 SHOP-TLS-04 SHOP-TLS-05",
		"cert_expired":                "SHOP-PROTO-01 SHOP-TLS-07 SHOP-TLS-10",
		"weak_key":                    "SHOP-TLS-08",
		"cert_runs_out":               "SHOP-TLS-10",
		"versions_differ":             "SHOP-TLS-11",
		"connect_refused_one_address": "SHOP-TLS-12",
		"plain_http_served":           "SHOP-PROTO-02",
		"bad_length":                  "SHOP-PROTO-01 SHOP-PROTO-03",
		"verify_bad_status":           "SHOP-PROTO-01",
		"slow":                        "SHOP-PROTO-35",
		"cert_ends_soon":              "SHOP-TLS-30",
		"version_low":                 "SHOP-TLS-04 SHOP-TLS-31",
	}
	limits := map[string]string{"clean": "{total: 1m, certificate_days: 30, tls_version: TLS1.2}", "slow": "{request: 300ms}", "cert_ends_soon": "{certificate_days: 30}", "version_low": "{tls_version: TLS1.2}"}
	var endpoints []string
	var args []string
	for fault := range faults {
		endpoints = append(endpoints, fmt.Sprintf("{id: %s, host: %s.example.com, region: eu, check: {limits: %s}}",
			fault, strings.ReplaceAll(fault, "_", "-"), cmp.Or(limits[fault], "{}")))
		if fault != "clean" {
			args = append(args, "-fault", fault+"="+fault)
		}
	}
	file := listFile(t, fmt.Sprintf(ruled, "eu", strings.Join(endpoints, ", ")))
	for _, before := range []bool{false, true} {
		if before { // the day from which the list refuses TLS 1.1
			args = append(args, "-as-of", "2026-11-19", "-requirement", "SHOP-TLS-04")
		}
		r, _ := judged(t, append(args, "-endpoints", file)...)
		broken := map[string][]string{}
		for _, res := range r.Results {
			if res.Outcome == report.Fail {
				broken[res.Endpoint] = append(broken[res.Endpoint], res.Requirement)
			}
		}
		for fault, want := range faults {
			slices.Sort(broken[fault])
			if before {
				want = ""
			}
			if got := strings.Join(broken[fault], " "); got != want {
				t.Errorf("%s: broken %q, want %q", fault, got, want)
				for _, res := range r.Results {
					if res.Endpoint == fault && res.Outcome == report.Fail {
						t.Log(res.Requirement, res.Detail)
					}
				}
			}
		}
	}
}

// server is one of somebody's own, which does as its list says unless a case changes that.
func server(change http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch body, _ := io.ReadAll(r.Body); {
		case r.URL.RequestURI() != "/healthz?full=1": // only the path that the list says is well
			w.WriteHeader(http.StatusNotFound)
		case len(body) > 4096:
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		case change != nil:
			change(w, r)
		case r.Method == http.MethodDelete:
			w.WriteHeader(http.StatusMethodNotAllowed)
		default:
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"status": "ok, 好"}`)
		}
	})
}

// The same with plain servers on loopback, which the path and the port of a URL lead to.
func TestOwnFaultsOfRealServers(t *testing.T) {
	said := func(contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodDelete {
				w.WriteHeader(http.StatusMethodNotAllowed)
				return
			}
			w.Header().Set("Content-Type", contentType)
			_, _ = io.WriteString(w, body)
		}
	}
	status := func(method string, status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			switch r.Method {
			case method:
				w.WriteHeader(status)
			case http.MethodDelete:
				w.WriteHeader(http.StatusMethodNotAllowed)
			}
		}
	}
	for name, c := range map[string]struct {
		change http.HandlerFunc
		want   string
	}{
		"nothing":                {nil, ""},
		"another status":         {status(http.MethodGet, http.StatusTeapot), "SHOP-PROTO-01"},
		"GET is not served":      {status(http.MethodGet, http.StatusMethodNotAllowed), "SHOP-PROTO-01 SHOP-PROTO-04"},
		"POST is not served":     {status(http.MethodPost, http.StatusNotImplemented), "SHOP-PROTO-05"},
		"PUT is not served":      {status(http.MethodPut, http.StatusMethodNotAllowed), "SHOP-PROTO-32"},
		"DELETE is served":       {status(http.MethodDelete, http.StatusNoContent), "SHOP-PROTO-10"},
		"POST asks for a login":  {status(http.MethodPost, http.StatusUnauthorized), ""},
		"JSON that is cut":       {said("application/json", `{"status": "ok`), "SHOP-PROTO-31"},
		"text that is not UTF-8": {said("text/plain", "caf\xe9"), "SHOP-CHARSET-01 SHOP-PROTO-01"},
		"text labelled as GBK":   {said("text/html; charset=gbk", "hello"), "SHOP-CHARSET-02"},
		"a byte order mark":      {said("application/problem+json", "\ufeff{}"), "SHOP-CHARSET-02"},
		"an image":               {said("image/png", "\x89PNG\r\n"), ""},
		"sizes are not taken": {func(w http.ResponseWriter, r *http.Request) {
			if r.ContentLength >= 4096 {
				w.WriteHeader(http.StatusRequestEntityTooLarge)
			} else if r.Method == http.MethodDelete {
				w.WriteHeader(http.StatusMethodNotAllowed)
			}
		}, "SHOP-PROTO-33"},
	} {
		t.Run(name, func(t *testing.T) {
			url, args := own(t, server(c.change), tls.VersionTLS12)
			file := listFile(t, fmt.Sprintf(ruled, "default", fmt.Sprintf("%q", url+"/healthz?full=1")))
			r, err := Conformance(context.Background(), options(t, append(args, "-endpoints", file)...), environment(&bytes.Buffer{}))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(brokenBy(r), " "); got != c.want {
				t.Errorf("broken %q, want %q", got, c.want)
				for _, res := range r.Results {
					if res.Outcome == report.Fail {
						t.Log(res.Requirement, res.Detail)
					}
				}
			}
		})
	}
}

// Where a list states nothing, the standards alone are judged by, as SHOULD: the smallest list is one
// line, and the source of what it states is that line.
func TestOwnListOfOneLine(t *testing.T) {
	url, args := own(t, server(nil), tls.VersionTLS10)
	file := listFile(t, fmt.Sprintf("endpoints: [%q]", url+"/healthz?full=1"))
	r, err := Conformance(context.Background(), options(t, append(args, "-endpoints", file)...), environment(&bytes.Buffer{}))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(brokenBy(r), " "); got != "MINE-TLS-03 MINE-TLS-04" {
		t.Errorf("broken %q", got)
	}
	for _, q := range r.Requirements {
		switch q.ID {
		case "MINE-TLS-03":
			if q.Level != report.Should || q.Source != "RFC 8996" {
				t.Errorf("%+v", q)
			}
		case "MINE-PROTO-01":
			if q.Level != report.Must || q.Source != "own list" || q.Section != "mine.yaml:1" {
				t.Errorf("%+v", q)
			}
		case "MINE-PROTO-02", "MINE-DNS-01":
			t.Errorf("%s is judged, of an address that the list has for HTTPS alone", q.ID)
		}
	}
}

// An endpoint of another kind than http is judged by what its kind is probed for, and sent no request.
func TestOwnKinds(t *testing.T) {
	requests := 0
	url, args := own(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests++ }), tls.VersionTLS12)
	at := strings.TrimPrefix(url, "https://")
	file := listFile(t, fmt.Sprintf("endpoints: [%q, %q, {id: silent, url: %q, tcp: {expect: hello}}, {id: gone, url: %q}]",
		"tls://"+at, "tcp://"+at, "tcp://"+at, "tcp://127.0.0.1:1"))
	r, err := Conformance(context.Background(), options(t, append(args, "-endpoints", file, "-timeout", "500ms")...), environment(&bytes.Buffer{}))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(failures(r, report.Fail), ", "); got != "silent MINE-PROTO-34, gone MINE-PROTO-34" || requests > 0 {
		t.Errorf("broken %s, %d requests", got, requests)
	}
	judged := map[string]int{}
	for _, res := range r.Results {
		judged[res.Endpoint]++
	}
	if len(judged) != 4 || judged["silent"] != 1 {
		t.Errorf("%v", judged)
	}
}
