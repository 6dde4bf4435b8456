package main

import (
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/reason"
	"prober/report"
)

// broken is an endpoint that breaks one field of what its list expects.
type broken struct {
	says   string // of the endpoint in the list; URLs are as in [brokenServers]
	reason string
	detail string // a pattern of all of it
}

// brokenExpectations has an endpoint for each field with which a list says what healthy means.
func brokenExpectations() map[string]broken {
	expect := func(what string) string { return `url: "P/", check: {expect: {` + what + `}}` }
	q := regexp.QuoteMeta
	return map[string]broken{
		"expect.status":              {expect("status: 204"), "unexpected_status", q("status 200 OK, expected 204")},
		"expect.content_type":        {expect("content_type: text/html"), "content_type_mismatch", q(`Content-Type is "application/json", expected text/html`)},
		"expect.headers.equals":      {expect(`headers: [{name: X-Version, equals: "3"}]`), "header_mismatch", q(`X-Version is "2", expected "3"`)},
		"expect.headers.matches":     {expect(`headers: [{name: X-Version, matches: "^3"}]`), "header_mismatch", q(`X-Version is "2", expected a match of "^3"`)},
		"expect.headers.not_matches": {expect(`headers: [{name: X-Version, not_matches: "2"}]`), "header_mismatch", q(`X-Version is "2", expected no match of "2"`)},
		"expect.headers.absent":      {expect(`headers: [{name: X-Version, absent: true}]`), "header_mismatch", q(`field X-Version is there: "2", expected none`)},
		"expect.body.contains":       {expect("body: {contains: up}"), "body_mismatch", q(`the body does not contain "up": it is "{\"status\":\"ok\"}"`)},
		"expect.body.not_contains":   {expect("body: {not_contains: ok}"), "body_mismatch", q(`the body contains "ok", which it must not: at byte 11 of it, "{\"status\":\"ok\"}"`)},
		"expect.body.matches":        {expect("body: {matches: ^up}"), "body_mismatch", q(`the body does not match "^up": it is "{\"status\":\"ok\"}"`)},
		"expect.body.not_matches":    {expect("body: {not_matches: o.}"), "body_mismatch", q(`the body matches "o.", which it must not: at byte 11 of it, "{\"status\":\"ok\"}"`)},
		"expect.body.max_bytes":      {expect("body: {max_bytes: 3}"), "body_size", q("the body has 15 bytes, expected are 3 at most")},
		"expect.json.equals":         {expect("json: [{path: $.status, equals: up}]"), "json_mismatch", q(`$.status is "ok", expected "up"`)},
		"expect.json.matches":        {expect("json: [{path: $.status, matches: ^up}]"), "json_mismatch", q(`$.status is "ok", expected a match of "^up"`)},
		"expect.json.absent":         {expect("json: [{path: $.status, absent: true}]"), "json_mismatch", q(`$.status is there: "ok", expected nothing`)},
		"redirects.follow":           {`url: "P/circle", check: {redirects: 1}`, "redirect", "behind a redirect, at http://127.0.0.1:[0-9]+/circle: status 302 to \"/circle\"; expected are a redirect at most"},
		"limits.total":               {`url: "P/", check: {limits: {total: 1ns}}`, "slow", "the whole probe took .*s, expected are 1ns at most"},
		"limits.certificate_days":    {`url: "S/", check: {limits: {certificate_days: 65535}}`, "cert_ends_soon", `the certificate of .* ends at .*, in [0-9.]+ days, expected are 65535 at least`},
		"limits.tls_version":         {`url: "S/", check: {limits: {tls_version: TLS1.3}}`, "version_low", q("accepts TLS1.2, expected is TLS1.3 or later")},
		"tcp.expect":                 {`url: "tcp://T", tcp: {expect: "220 "}`, "unexpected_bytes", `"SSH-2.0-test.*" came, where "220 " is expected`},
		"dns.rcode":                  {`host: 127.0.0.1, kind: dns, ports: {dns: DPORT}, dns: {name: bad.example.com, rcode: SERVFAIL}`, "unexpected_rcode", "127.0.0.1:[0-9]+ answered NXDOMAIN for bad.example.com A, where SERVFAIL is expected"},
		"dns.records":                {`host: 127.0.0.1, kind: dns, ports: {dns: DPORT}, dns: {name: good.example.com, records: [192.0.2.9]}`, "unexpected_records", "127.0.0.1:[0-9]+ answered good.example.com A without 192.0.2.9, with 192.0.2.1, unlike what is expected"},
	}
}

// Each field with which a list says what healthy means has an endpoint that breaks it, but for those that only
// say what is looked at, and the times of phases, which are judged as the total time is.
func TestEveryExpectationIsBroken(t *testing.T) {
	rows := brokenExpectations()
	aside := []string{"expect.headers.name", "expect.json.path", "limits.resolve", "limits.connect", "limits.tls", "limits.request", "limits.headers", "limits.body", "tcp.send", "dns.name", "dns.type"}
	for _, name := range aside {
		rows[name] = broken{}
	}
	for prefix, of := range map[string]reflect.Type{
		"expect": reflect.TypeFor[catalog.Expect](), "redirects": reflect.TypeFor[catalog.Redirects](), "limits": reflect.TypeFor[catalog.Limits](),
		"tcp": reflect.TypeFor[catalog.TCPTalk](), "dns": reflect.TypeFor[catalog.DNSQuestion](),
	} {
		for _, name := range fieldNames(of, prefix) {
			if _, has := rows[name]; !has {
				t.Errorf("%s has no endpoint that breaks it", name)
			}
			delete(rows, name)
		}
	}
	for name := range rows {
		t.Errorf("%s is no field of a list", name)
	}
}

// fieldNames are the names in a list of the fields of a type, and of those within them.
func fieldNames(of reflect.Type, prefix string) []string {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct {
		return []string{prefix}
	}
	var out []string
	for f := range of.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous {
			out = append(out, fieldNames(f.Type, prefix)...)
		} else if f.IsExported() {
			out = append(out, fieldNames(f.Type, prefix+"."+name)...)
		}
	}
	return out
}

// One broken expectation has the same reason and the same words in check, serve and conformance.
func TestBrokenExpectationsThroughEachDoor(t *testing.T) {
	where, ca := brokenServers(t)
	rows := brokenExpectations()
	list := "endpoints:\n"
	for name, row := range rows {
		list += fmt.Sprintf("  - {id: %s, %s}\n", name, where.Replace(row.says))
	}
	file := write(t, "mine.yaml", list)
	args := []string{"--endpoints", file, "--allow-private", "--ca-file", ca}

	type told struct{ reason, detail string }
	doors := map[string]map[string]told{"check": {}, "serve": {}, "conformance": {}}
	r := runApp(t, nil, append([]string{"check", "--output", "json"}, args...)...)
	var observed []struct {
		Endpoint              struct{ ID string }
		Phase, Reason, Detail string
	}
	if err := json.Unmarshal([]byte(r.stdout), &observed); err != nil {
		t.Fatalf("%v: %s", err, r.stderr)
	}
	for _, o := range observed {
		doors["check"][o.Endpoint.ID] = told{o.Phase + "/" + o.Reason, o.Detail}
	}
	judged := &report.Report{}
	r = runApp(t, nil, append([]string{"conformance", "--output", "json"}, args...)...)
	if err := json.Unmarshal([]byte(r.stdout), judged); err != nil {
		t.Fatalf("%v: %s", err, r.stderr)
	}
	about := regexp.MustCompile("-(PROTO-01|PROTO-02|PROTO-34|PROTO-35|TLS-30|TLS-31)$")
	for _, result := range judged.Results {
		if result.Reason != reason.None && about.MatchString(result.Requirement) {
			_, detail, _ := strings.Cut(result.Got, ": ")
			doors["conformance"][result.Endpoint] = told{result.Reason.String(), detail}
		}
	}
	address, end := served(t, append([]string{"--interval", "1s"}, args...)...)
	for name := range rows {
		var one struct{ Phase, Reason, Detail string }
		for one.Reason == "" {
			text := get(t, address, "/api/v1/endpoints/"+name)
			if err := json.Unmarshal([]byte(text), &one); err != nil {
				t.Fatalf("%v: %s", err, text)
			}
			if one.Reason == "" {
				<-time.After(20 * time.Millisecond)
			}
		}
		doors["serve"][name] = told{one.Phase + "/" + one.Reason, one.Detail}
	}
	_, _ = end()
	for name, row := range rows {
		want := regexp.MustCompile("^" + row.detail + "$")
		for door, all := range doors {
			if got := all[name]; !strings.HasSuffix(got.reason, "/"+row.reason) || !want.MatchString(got.detail) {
				t.Errorf("%s: %s tells %s: %s\nwant %s: %s", name, door, got.reason, got.detail, row.reason, want)
			}
		}
	}
}

// What is well is decided: names that no resolver is asked for leave nothing open.
func TestConformanceOfNamesNobodyLooksUp(t *testing.T) {
	where, ca := brokenServers(t)
	plain, secure := where.Replace("P/"), where.Replace("S/")
	list := "endpoints:\n" +
		"  - {id: here, url: \"" + strings.Replace(plain, "127.0.0.1", "localhost", 1) + "\"}\n" +
		"  - {id: given, url: \"" + strings.Replace(secure, "127.0.0.1", "example.com", 1) + "\", addresses: [127.0.0.1]}\n"
	r := runApp(t, nil, "conformance", "--endpoints", write(t, "mine.yaml", list), "--allow-private", "--ca-file", ca)
	if r.code != 0 || strings.Contains(r.stdout, "inconclusive") {
		t.Errorf("exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
}

// brokenServers are servers on loopback, and what stands for them in URLs: P plain HTTP, S TLS 1.2, T one that
// greets, D one of DNS.
func brokenServers(t *testing.T) (where *strings.Replacer, ca string) {
	t.Helper()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/circle" {
			http.Redirect(w, r, "/circle", http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Version", "2")
		_, _ = io.WriteString(w, `{"status":"ok"}`)
	})
	plain := httptest.NewServer(handler)
	t.Cleanup(plain.Close)
	secure := httptest.NewUnstartedServer(handler)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.TLS = &tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12}
	secure.StartTLS()
	t.Cleanup(secure.Close)
	ca = write(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})))
	greeting := talking(t, func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-test\r\n") })
	return strings.NewReplacer("P/", plain.URL+"/", "S/", secure.URL+"/", "//T", "//"+greeting, "DPORT", answeringNames(t)[len("127.0.0.1:"):]), ca
}
