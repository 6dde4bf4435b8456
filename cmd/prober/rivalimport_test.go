package main

import (
	"bufio"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/needs"
	"prober/probe/certs/certstest"
)

// imported is a module of blackbox_exporter with a target, which both programs probe.
type imported struct {
	name, module, target string
	differs              string // why the two say different things; empty: they say the same
}

// importedCases are good and broken targets of every kind that is carried over. P, S and T stand for a
// server of plain HTTP, one of HTTPS and ones that say something over TCP; D is a DNS server.
func importedCases() []imported {
	return []imported{
		{"a page", `{prober: http}`, "P/ok", ""},
		{"no page", `{prober: http}`, "P/404", ""},
		{"a server that fails", `{prober: http}`, "P/500", ""},
		{"status 404 wanted", `{prober: http, http: {valid_status_codes: [404]}}`, "P/404", ""},
		{"status 404 wanted, and a page", `{prober: http, http: {valid_status_codes: [404]}}`, "P/ok", ""},
		{"one of two statuses", `{prober: http, http: {valid_status_codes: [200, 204]}}`, "P/204", ""},
		{"a redirect", `{prober: http}`, "P/redirect", ""},
		{"a redirect that is not followed", `{prober: http, http: {follow_redirects: false}}`, "P/redirect", ""},
		{"a redirect that is wanted", `{prober: http, http: {follow_redirects: false, valid_status_codes: [302]}}`, "P/redirect", ""},
		{"redirects in a circle", `{prober: http}`, "P/circle", ""},
		{"a redirect to no page", `{prober: http}`, "P/lost", ""},
		{"a body that matches", `{prober: http, http: {fail_if_body_not_matches_regexp: ["status.*ok"]}}`, "P/ok", ""},
		{"a body that does not", `{prober: http, http: {fail_if_body_not_matches_regexp: ["^up$"]}}`, "P/ok", ""},
		{"a body that must not match", `{prober: http, http: {fail_if_body_matches_regexp: ["ok"]}}`, "P/ok", ""},
		{"a body without what must not be", `{prober: http, http: {fail_if_body_matches_regexp: ["down"]}}`, "P/ok", ""},
		{"a field that matches", `{prober: http, http: {fail_if_header_not_matches: [{header: X-Version, regexp: "^2"}]}}`, "P/ok", ""},
		{"a field that does not", `{prober: http, http: {fail_if_header_not_matches: [{header: X-Version, regexp: "^3"}]}}`, "P/ok", ""},
		{"a field that is missing", `{prober: http, http: {fail_if_header_not_matches: [{header: X-None, regexp: "."}]}}`, "P/ok", ""},
		{"a field that may be missing", `{prober: http, http: {fail_if_header_not_matches: [{header: X-None, regexp: ".", allow_missing: true}]}}`, "P/ok", ""},
		{"a field that must not match", `{prober: http, http: {fail_if_header_matches: [{header: X-Version, regexp: "^2"}]}}`, "P/ok", ""},
		{"a field that does not match what it must not", `{prober: http, http: {fail_if_header_matches: [{header: X-Version, regexp: "^3"}]}}`, "P/ok", ""},
		{"a missing field that must not match", `{prober: http, http: {fail_if_header_matches: [{header: X-None, regexp: "x"}]}}`, "P/ok", ""},
		{"a field that may be missing and must not match", `{prober: http, http: {fail_if_header_matches: [{header: X-None, regexp: "x", allow_missing: true}]}}`, "P/ok", ""},
		{"POST", `{prober: http, http: {method: POST, body: ping}}`, "P/post", ""},
		{"POST of another body", `{prober: http, http: {method: POST, body: pong}}`, "P/post", ""},
		{"GET where POST is served", `{prober: http}`, "P/post", ""},
		{"HEAD", `{prober: http, http: {method: HEAD}}`, "P/ok", ""},
		{"a field of the request", `{prober: http, http: {headers: {X-Tenant: blue}}}`, "P/tenant", ""},
		{"without the field", `{prober: http}`, "P/tenant", ""},
		{"another Host", `{prober: http, http: {headers: {Host: blue.example.com}}}`, "P/host", ""},
		{"a password", `{prober: http, http: {basic_auth: {username: probe, password: sesame}}}`, "P/login", ""},
		{"no password", `{prober: http}`, "P/login", ""},
		{"a token", `{prober: http, http: {bearer_token: sesame}}`, "P/token", ""},
		{"TLS", `{prober: http, http: {tls_config: {ca_file: CA}}}`, "S/ok", ""},
		{"TLS with an authority that nobody trusts", `{prober: http}`, "S/ok", ""},
		{"the same, unverified", `{prober: http, http: {tls_config: {insecure_skip_verify: true}}}`, "S/ok", "certificates are always verified here"},
		{"TLS where none is wanted", `{prober: http, http: {fail_if_ssl: true, tls_config: {ca_file: CA}}}`, "S/ok", "the URL says what is spoken, and a list cannot want otherwise"},
		{"plain HTTP where TLS is wanted", `{prober: http, http: {fail_if_not_ssl: true}}`, "P/ok", "the URL says what is spoken, and a list cannot want otherwise"},
		{"a handshake", `{prober: tcp, tcp: {tls: true, tls_config: {ca_file: CA}}}`, "S", ""},
		{"a handshake for another name", `{prober: tcp, tcp: {tls: true, tls_config: {ca_file: CA, server_name: other.test}}}`, "S", ""},
		{"a connection", `{prober: tcp}`, "T:ssh", ""},
		{"nobody listens", `{prober: tcp}`, "127.0.0.1:1", ""},
		{"a banner", `{prober: tcp, tcp: {query_response: [{expect: "^SSH-2.0-"}]}}`, "T:ssh", ""},
		{"another banner", `{prober: tcp, tcp: {query_response: [{expect: "^220"}]}}`, "T:ssh", ""},
		{"question and answer", `{prober: tcp, tcp: {query_response: [{send: PING}, {expect: "^PONG"}]}}`, "T:ping", ""},
		{"a question without answer", `{prober: tcp, tcp: {query_response: [{send: NOOP}, {expect: "^PONG"}]}}`, "T:ping", ""},
		{"a name", `{prober: dns, dns: {query_name: good.example.com, query_type: A}}`, "D", ""},
		{"no such name", `{prober: dns, dns: {query_name: bad.example.com, query_type: A}}`, "D", ""},
		{"no such name, as is wanted", `{prober: dns, dns: {query_name: bad.example.com, query_type: A, valid_rcodes: [NXDOMAIN]}}`, "D", ""},
		{"a name with other records", `{prober: dns, dns: {query_name: good.example.com, query_type: A, validate_answer_rrs: {fail_if_not_matches_regexp: ["198.51.100"]}}}`, "D", "a list has the records themselves, as dns.records, and no regular expressions of them"},
		{"HTTP/1.1 alone", `{prober: http, http: {valid_http_versions: ["HTTP/1.1"]}}`, "P/ok", ""},
		{"HTTP/2 alone, of a server without", `{prober: http, http: {valid_http_versions: ["HTTP/2.0"]}}`, "P/ok", "HTTP/1.1 is what is spoken, and is no fault"},
		{"HTTP/2 alone, of a server that has it", `{prober: http, http: {valid_http_versions: ["HTTP/2.0"], tls_config: {ca_file: CA}}}`, "S/ok", ""},
		{"TLS where it is wanted", `{prober: http, http: {fail_if_not_ssl: true, tls_config: {ca_file: CA}}}`, "S/ok", ""},
		{"plain HTTP where no TLS is wanted", `{prober: http, http: {fail_if_ssl: true}}`, "P/ok", ""},
		{"two fields, one of them wrong", `{prober: http, http: {fail_if_header_not_matches: [{header: X-Version, regexp: "^2"}, {header: Content-Type, regexp: html}]}}`, "P/ok", ""},
		{"a field by another case", `{prober: http, http: {fail_if_header_not_matches: [{header: x-version, regexp: "^2"}]}}`, "P/ok", ""},
		{"a field of two values, one of which fits", `{prober: http, http: {fail_if_header_not_matches: [{header: X-Many, regexp: "^b"}]}}`, "P/ok", ""},
		{"a field of two values, one of which must not be", `{prober: http, http: {fail_if_header_matches: [{header: X-Many, regexp: "^b"}]}}`, "P/ok", ""},
		{"two bodies wanted, one of them there", `{prober: http, http: {fail_if_body_not_matches_regexp: ["status", "down"]}}`, "P/ok", ""},
		{"a password from a file", `{prober: http, http: {basic_auth: {username: probe, password_file: FILE}}}`, "P/login", ""},
		{"a token from a file", `{prober: http, http: {bearer_token_file: FILE}}`, "P/token", ""},
		{"a token as credentials", `{prober: http, http: {authorization: {credentials: sesame}}}`, "P/token", ""},
		{"another user", `{prober: http, http: {basic_auth: {username: another, password: sesame}}}`, "P/login", ""},
		{"gzip that is asked for", `{prober: http, http: {compression: gzip, headers: {Accept-Encoding: gzip}, fail_if_body_not_matches_regexp: ["status.*ok"]}}`, "P/gzip", ""},
		{"gzip that nobody asked for", `{prober: http, http: {fail_if_body_not_matches_regexp: ["status.*ok"]}}`, "P/gzip", "a body is looked at without its content codings"},
		{"a body above the bound", `{prober: http, http: {body_size_limit: 5B}}`, "P/ok", "a bound on what is read is the program's own; max_bytes says what is healthy"},
		{"a proxy that nobody is", `{prober: http, http: {proxy_url: "http://127.0.0.1:1"}}`, "P/ok", "no proxy is used: what is measured is the endpoint"},
		{"IPv4 preferred", `{prober: http, http: {preferred_ip_protocol: ip4}}`, "P/ok", ""},
		{"a handshake that is not verified", `{prober: tcp, tcp: {tls: true, tls_config: {insecure_skip_verify: true}}}`, "S", "certificates are always verified here"},
		{"at least TLS 1.2", `{prober: http, http: {tls_config: {ca_file: CA, min_version: TLS12}}}`, "S/ok", ""},
		{"a request for another name", `{prober: http, http: {tls_config: {ca_file: CA, server_name: other.test}}}`, "S/ok", ""},
		{"a handshake of a server that has none", `{prober: tcp, tcp: {tls: true}}`, "T:ssh", ""},
		{"a banner in the middle", `{prober: tcp, tcp: {query_response: [{expect: "test"}]}}`, "T:ssh", ""},
		{"STARTTLS of a server that has none", `{prober: tcp, tcp: {query_response: [{expect: "^SSH"}, {starttls: true}]}}`, "T:ssh", "a list has the first bytes alone"},
		{"a name over TCP, of a server that has UDP alone", `{prober: dns, dns: {query_name: good.example.com, query_type: A, transport_protocol: tcp}}`, "D", "it is asked over UDP, and over TCP where the answer does not fit"},
		{"a name without recursion", `{prober: dns, dns: {query_name: good.example.com, query_type: A, recursion_desired: false}}`, "D", ""},
		{"one of two response codes", `{prober: dns, dns: {query_name: good.example.com, query_type: A, valid_rcodes: [NXDOMAIN, NOERROR]}}`, "D", "a list expects one response code, the first"},
		{"a record that matches", `{prober: dns, dns: {query_name: good.example.com, query_type: A, validate_answer_rrs: {fail_if_not_matches_regexp: ["192.0.2.1"]}}}`, "D", ""},
		{"a body by another case", `{prober: http, http: {fail_if_body_not_matches_regexp: ["(?i)STATUS.*OK"]}}`, "P/ok", ""},
		{"a body in another case", `{prober: http, http: {fail_if_body_not_matches_regexp: ["STATUS"]}}`, "P/ok", ""},
		{"a body of several lines, across them", `{prober: http, http: {fail_if_body_not_matches_regexp: ["(?s)first.*last"]}}`, "P/lines", ""},
		{"a body of several lines, within one", `{prober: http, http: {fail_if_body_not_matches_regexp: ["first.*last"]}}`, "P/lines", ""},
		{"the beginning of a later line", `{prober: http, http: {fail_if_body_not_matches_regexp: ["(?m)^last$"]}}`, "P/lines", ""},
		{"a body of no bytes", `{prober: http, http: {valid_status_codes: [204], fail_if_body_not_matches_regexp: ["^$"]}}`, "P/204", ""},
		{"the body of HEAD", `{prober: http, http: {method: HEAD, fail_if_body_not_matches_regexp: ["ok"]}}`, "P/ok", ""},
		{"PUT with a body", `{prober: http, http: {method: PUT, body: "a=b&c=%20d", headers: {Content-Type: application/x-www-form-urlencoded}}}`, "P/put", ""},
		{"DELETE", `{prober: http, http: {method: DELETE, valid_status_codes: [200, 202, 204]}}`, "P/delete", ""},
		{"OPTIONS", `{prober: http, http: {method: OPTIONS, valid_status_codes: [204]}}`, "P/204", ""},
		{"GET with a body", `{prober: http, http: {method: GET, body: ping}}`, "P/body", "a list sends no body by GET"},
		{"a User-Agent of its own", `{prober: http, http: {headers: {User-Agent: "Mozilla/5.0 (probe)"}}}`, "P/agent", ""},
		{"fields of the request in other letters", `{prober: http, http: {headers: {x-tenant: blue, accept: "application/json;q=0.9"}}}`, "P/tenant", ""},
		{"a query", `{prober: http}`, "P/query?a=1&b=%C3%A9&c", ""},
		{"a status that is a mistake, as is wanted", `{prober: http, http: {valid_status_codes: [401, 403]}}`, "P/login", ""},
		{"a redirect by status 303, which is wanted and followed", `{prober: http, http: {valid_status_codes: [303]}}`, "P/hops/1", ""},
		{"ten redirects", `{prober: http}`, "P/hops/10", ""},
		{"eleven redirects", `{prober: http}`, "P/hops/11", ""},
		{"a redirect that wants its cookie", `{prober: http}`, "P/cookie", ""},
		{"a POST that is redirected by 307", `{prober: http, http: {method: POST, body: ping}}`, "P/again", ""},
		{"a POST that is redirected by 302", `{prober: http, http: {method: POST, body: ping}}`, "P/redirect", ""},
		{"a redirect from TLS to plain HTTP", `{prober: http, http: {tls_config: {ca_file: CA}}}`, "S/plain", ""},
		{"a redirect to a body that does not match", `{prober: http, http: {fail_if_body_not_matches_regexp: ["^up$"]}}`, "P/redirect", ""},
		{"a reply that takes longer than the timeout", `{prober: http, timeout: 200ms}`, "P/slow", ""},
		{"a page behind 1 MiB", `{prober: http, http: {fail_if_body_not_matches_regexp: ["the end$"]}}`, "P/big", "1 MiB of a body are looked at: what depends on the rest is unknown"},
		{"plain HTTP to a port of TLS", `{prober: http}`, "W/ok", ""},
		{"TLS to a port of plain HTTP", `{prober: http}`, "V/ok", ""},
		{"a certificate of one's own that is asked for", `{prober: http, http: {tls_config: {ca_file: CA, cert_file: CERT, key_file: KEY}}}`, "M/ok", ""},
		{"no certificate, where one is asked for", `{prober: http, http: {tls_config: {ca_file: CA}}}`, "M/ok", ""},
		{"a handshake with a certificate of one's own", `{prober: tcp, tcp: {tls: true, tls_config: {ca_file: CA, cert_file: CERT, key_file: KEY}}}`, "M", ""},
		{"at least TLS 1.3, of a server that has 1.2", `{prober: http, http: {tls_config: {ca_file: CA, min_version: TLS13}}}`, "O/ok", "every version is offered; limits.tls_version says which the server may accept"},
		{"a certificate that has ended", `{prober: http, http: {tls_config: {ca_file: OLD}}}`, "E/ok", ""},
		{"a name of this machine, over IPv4", `{prober: tcp, tcp: {preferred_ip_protocol: ip4}}`, "L:ssh", ""},
		{"a greeting, and a question", `{prober: tcp, tcp: {query_response: [{expect: "^220"}, {send: "EHLO probe"}, {expect: "^250"}]}}`, "T:mail", ""},
		{"a question before the greeting is read", `{prober: tcp, tcp: {query_response: [{send: "EHLO probe"}, {expect: "^250"}]}}`, "T:mail", "the first bytes that come are looked at, and no later line"},
		{"a banner by another case", `{prober: tcp, tcp: {query_response: [{expect: "(?i)^ssh-2"}]}}`, "T:ssh", ""},
		{"one banner or another", `{prober: tcp, tcp: {query_response: [{expect: "^(SSH|220)"}]}}`, "T:ssh", ""},
		{"a name in other letters, with its dot", `{prober: dns, dns: {query_name: GOOD.example.COM., query_type: A}}`, "D", ""},
		{"mail servers", `{prober: dns, dns: {query_name: good.example.com, query_type: MX}}`, "D", ""},
		{"a type that is none of the name's", `{prober: dns, dns: {query_name: good.example.com, query_type: SRV}}`, "D", ""},
		{"no such name, by another code", `{prober: dns, dns: {query_name: bad.example.com, query_type: A, valid_rcodes: [REFUSED]}}`, "D", ""},
		{"a record that must not be", `{prober: dns, dns: {query_name: good.example.com, query_type: A, validate_answer_rrs: {fail_if_matches_regexp: ["192.0.2"]}}}`, "D", "a list has the records themselves, as dns.records, and no regular expressions of them"},
		{"no authority, where some is wanted", `{prober: dns, dns: {query_name: good.example.com, query_type: A, validate_authority_rrs: {fail_if_not_matches_regexp: ["ns"]}}}`, "D", "a list has the records themselves, as dns.records, and no regular expressions of them"},
	}
}

// Targets of every kind are imported, and probed on the same servers by this program and by Debian's
// blackbox_exporter: success is the same, or the difference has its reason. docs/imported-beside-blackbox.md
// is the table.
func TestImportedBesideBlackbox(t *testing.T) {
	needs.Patience(t, "probes some 120 targets twice")
	binary := needs.Program(t, "prometheus-blackbox-exporter")
	cases := importedCases()
	config, targets := importedFiles(t, cases)
	rival := startRival(t, binary, config)
	list := runApp(t, nil, "endpoints", "import", config, "--targets", targets)
	if list.code != 0 || strings.Contains(list.stdout+list.stderr, "sesame") {
		t.Fatalf("exit code %d\n%s%s", list.code, list.stdout, list.stderr)
	}
	secrets := map[string]string{}
	for _, m := range regexp.MustCompile(`variable (PROBER_\w+)`).FindAllStringSubmatch(list.stderr, -1) {
		secrets[m[1]] = "sesame"
	}
	r := runApp(t, secrets, "check", "--endpoints", write(t, "mine.yaml", list.stdout), "--allow-private", "--output", "json", "--timeout", "2s")
	var seen []struct {
		Outcome, Phase, Reason, Detail string
	}
	if err := json.Unmarshal([]byte(r.stdout), &seen); err != nil || len(seen) != len(cases) {
		t.Fatalf("%d of %d: %v\n%s", len(seen), len(cases), err, r.stderr)
	}
	var page strings.Builder
	page.WriteString(`# Imported lists beside blackbox_exporter

Modules of blackbox_exporter, each with a target, as Debian's blackbox_exporter probes them and as the list does that "prober endpoints import" makes of them, on
the same servers. Written by ` + "`PROBER_REQUIRE_TOOLS=1 go test ./cmd/prober -run ImportedBesideBlackbox -update`" + `.

| target | module | blackbox_exporter | prober | why they differ |
|---|---|---|---|---|
`)
	for i, c := range cases {
		theirs := rival.success(t, fmt.Sprintf("m%02d", i), importedTargets(t, targets)[i])
		ours := seen[i].Outcome == "ok" || seen[i].Outcome == "degraded"
		if (theirs == ours) != (c.differs == "") {
			t.Errorf("%s: blackbox_exporter says %v, and here it is %+v; want a difference: %q", c.name, theirs, seen[i], c.differs)
		}
		said := seen[i].Outcome
		if seen[i].Reason != "" {
			said += ", " + seen[i].Phase + "/" + seen[i].Reason
		}
		fmt.Fprintf(&page, "| %s | `%s` | %s | %s | %s |\n", c.name, strings.ReplaceAll(c.module, "|", `\|`), map[bool]string{true: "success", false: "failure"}[theirs], said, c.differs)
	}
	golden(t, filepath.Join("..", "..", "docs", "imported-beside-blackbox.md"), []byte(page.String()))
}

// importedFiles starts the servers and writes the configuration and the targets.
func importedFiles(t *testing.T, cases []imported) (config, targets string) {
	t.Helper()
	plain := httptest.NewServer(http.HandlerFunc(importedServer))
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/plain" {
			http.Redirect(w, r, plain.URL+"/ok", http.StatusFound)
			return
		}
		importedServer(w, r)
	})
	t.Cleanup(plain.Close)
	secure := httptest.NewUnstartedServer(handler)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	secure.EnableHTTP2 = true
	secure.StartTLS()
	t.Cleanup(secure.Close)
	ca := write(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})))
	ssh := talking(t, func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-test\r\n") })
	ping := talking(t, func(c net.Conn) {
		if line, _ := bufio.NewReader(c).ReadString('\n'); strings.TrimSpace(line) == "PING" {
			_, _ = io.WriteString(c, "PONG\n")
		} else {
			_, _ = io.WriteString(c, "ERR\n")
		}
	})
	mail := talking(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "220 mail.test ESMTP\r\n")
		if line, _ := bufio.NewReader(c).ReadString('\n'); strings.HasPrefix(line, "EHLO") {
			_, _ = io.WriteString(c, "250 mail.test\r\n")
		}
	})
	other := func(config *tls.Config) *httptest.Server {
		s := httptest.NewUnstartedServer(handler)
		s.Config.ErrorLog, s.TLS = log.New(io.Discard, "", 0), config
		s.StartTLS()
		t.Cleanup(s.Close)
		return s
	}
	mutual := other(&tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12})
	older := other(&tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12})
	ended := certstest.New("127.0.0.1", nil, certstest.Authority, certstest.Valid(time.Unix(0, 0), time.Unix(1e9, 0)), func(c *x509.Certificate) {
		c.IPAddresses, c.ExtKeyUsage = []net.IP{net.IPv4(127, 0, 0, 1)}, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		c.KeyUsage |= x509.KeyUsageDigitalSignature
	})
	expired := other(&tls.Config{Certificates: []tls.Certificate{certstest.Served(ended)}, MinVersion: tls.VersionTLS12})
	old := write(t, "old.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ended.Cert.Raw})))
	client := certstest.New("probe", nil)
	der, err := x509.MarshalPKCS8PrivateKey(client.Key)
	if err != nil {
		t.Fatal(err)
	}
	certificate := write(t, "probe.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: client.Cert.Raw})))
	key := write(t, "probe.key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	password := write(t, "password", "sesame\n")
	where := strings.NewReplacer(
		"P/", plain.URL+"/", "S/", secure.URL+"/", "M/", mutual.URL+"/", "O/", older.URL+"/", "E/", expired.URL+"/",
		"W/", strings.Replace(secure.URL, "https", "http", 1)+"/", "V/", strings.Replace(plain.URL, "http", "https", 1)+"/",
		"T:ssh", ssh, "T:ping", ping, "T:mail", mail, "L:ssh", strings.Replace(ssh, "127.0.0.1", "localhost", 1),
	)
	var modules strings.Builder
	modules.WriteString("modules:\n")
	type group struct {
		Targets []string          `json:"targets"`
		Labels  map[string]string `json:"labels"`
	}
	var groups []group
	for i, c := range cases {
		target := where.Replace(c.target)
		switch c.target {
		case "S":
			target = strings.TrimPrefix(secure.URL, "https://")
		case "M":
			target = strings.TrimPrefix(mutual.URL, "https://")
		case "D":
			target = answeringNames(t)
		}
		name := fmt.Sprintf("m%02d", i)
		fmt.Fprintf(&modules, "  %s: %s\n", name, strings.NewReplacer("CA}", ca+"}", "CA,", ca+",", "OLD", old, "CERT", certificate, "KEY", key, "FILE", password).Replace(c.module))
		groups = append(groups, group{[]string{target}, map[string]string{"module": name}})
	}
	text, err := json.Marshal(groups)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "blackbox.yml", modules.String()), write(t, "targets.json", string(text))
}

// importedTargets are the targets in a file, in their order.
func importedTargets(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var groups []struct{ Targets []string }
	if err := json.Unmarshal(text, &groups); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, g := range groups {
		out = append(out, g.Targets...)
	}
	return out
}

func importedServer(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	user, password, _ := r.BasicAuth()
	lead := map[string]string{"/redirect": "/ok", "/circle": "/circle", "/lost": "/404"}[r.URL.Path]
	status, text := http.StatusOK, `{"status": "ok"}`
	_, failed := r.Cookie("met")
	switch path := r.URL.Path; {
	case path == "/hops/0", path == "/cookie" && failed == nil:
	case strings.HasPrefix(path, "/hops/"):
		n, _ := strconv.Atoi(path[len("/hops/"):])
		http.Redirect(w, r, strconv.Itoa(n-1), http.StatusSeeOther)
		return
	case path == "/cookie":
		http.SetCookie(w, &http.Cookie{Name: "met", Value: "1"})
		http.Redirect(w, r, "/cookie", http.StatusFound)
		return
	case path == "/again":
		http.Redirect(w, r, "/post", http.StatusTemporaryRedirect)
		return
	case path == "/lines":
		text = "first\nsecond\nlast\n"
	case path == "/big":
		text = strings.Repeat("x", 2<<20) + "the end"
	case path == "/slow":
		<-r.Context().Done()
		return
	case path == "/put" && (r.Method != http.MethodPut || string(body) != "a=b&c=%20d"), path == "/delete" && r.Method != http.MethodDelete,
		path == "/body" && string(body) != "ping", path == "/agent" && r.UserAgent() != "Mozilla/5.0 (probe)", path == "/query" && r.URL.RawQuery != "a=1&b=%C3%A9&c":
		status = http.StatusBadRequest
	case lead != "":
		http.Redirect(w, r, lead, http.StatusFound)
		return
	case path == "/204":
		status = http.StatusNoContent
	case path == "/500":
		status = http.StatusInternalServerError
	case path == "/post" && r.Method != http.MethodPost:
		status = http.StatusMethodNotAllowed
	case path == "/post" && string(body) != "ping", path == "/tenant" && r.Header.Get("X-Tenant") != "blue", path == "/host" && r.Host != "blue.example.com":
		status = http.StatusBadRequest
	case path == "/login" && (user != "probe" || password != "sesame"), path == "/token" && r.Header.Get("Authorization") != "Bearer sesame":
		status = http.StatusUnauthorized
	case path == "/404":
		status = http.StatusNotFound
	}
	w.Header().Set("X-Version", "2.1")
	w.Header()["X-Many"] = []string{"a", "b"}
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/gzip" {
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.WriteHeader(status)
	if r.URL.Path == "/gzip" {
		packed := gzip.NewWriter(w)
		_, _ = io.WriteString(packed, `{"status": "ok"}`)
		_ = packed.Close()
		return
	}
	if status == http.StatusOK {
		_, _ = io.WriteString(w, text)
	}
}

// talking is a server that says something over each connection, and waits until the other side hangs up.
func talking(t *testing.T, say func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				say(c)
				_, _ = io.Copy(io.Discard, c)
			}()
		}
	}()
	return l.Addr().String()
}

// answeringNames is a DNS server that knows good.example.com.
func answeringNames(t *testing.T) string {
	t.Helper()
	l, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			b := make([]byte, 1500)
			n, from, err := l.ReadFrom(b)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(b[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.RecursionAvailable, m.Additionals, m.RCode = true, true, nil, dnsmessage.RCodeNameError
			if strings.EqualFold(q.Name.String(), "good.example.com.") {
				m.RCode = dnsmessage.RCodeSuccess
				body := map[dnsmessage.Type]dnsmessage.ResourceBody{
					dnsmessage.TypeA: &dnsmessage.AResource{A: [4]byte{192, 0, 2, 1}}, dnsmessage.TypeMX: &dnsmessage.MXResource{Pref: 10, MX: q.Name},
				}[q.Type]
				if body != nil {
					m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60}, Body: body}}
				}
			}
			if reply, err := m.Pack(); err == nil {
				_, _ = l.WriteTo(reply, from)
			}
		}
	}()
	return l.LocalAddr().String()
}

// rival is a blackbox_exporter that runs.
type rival struct{ url string }

// startRival starts blackbox_exporter, which logs where it listens.
func startRival(t *testing.T, binary, config string) rival {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, "--config.file="+filepath.Clean(config), "--web.listen-address=127.0.0.1:0")
	return rival{"http://" + needs.Started(t, cmd, regexp.MustCompile(`[aA]ddress=(127\.0\.0\.1:[0-9]+)`))[1]}
}

// success is what it makes of a target.
func (r rival) success(t *testing.T, module, target string) bool {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+"/probe?"+url.Values{"module": {module}, "target": {target}}.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Prometheus-Scrape-Timeout-Seconds", "3")
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	m := regexp.MustCompile(`(?m)^probe_success ([01])$`).FindSubmatch(text)
	if err != nil || m == nil {
		t.Fatalf("%s: %v\n%s", target, err, text)
	}
	return string(m[1]) == "1"
}
