package main

import (
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"prober/catalog"
	"prober/sandbox/nameserver"
)

// What a list is begun with is valid, says what was seen, and check finds it ok; what cannot be reached
// is in it all the same, and said.
func TestNewList(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusFound)
			return
		}
		if status := map[string]int{"/gone": http.StatusGone, "/login": http.StatusUnauthorized, "/down": http.StatusServiceUnavailable, "/often": http.StatusTooManyRequests}[r.URL.Path]; status != 0 {
			w.WriteHeader(status)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"status": "ok"}`)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	s.StartTLS()
	defer s.Close()
	ca := write(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})))
	link := s.URL + "/healthz?full=1"
	made := runApp(t, nil, "endpoints", "new", link, link, s.URL+"/old", s.URL+"/gone", "--allow-private", "--ca-file", ca)
	if made.code != 0 || made.stderr != "" {
		t.Fatalf("exit code %d\n%s", made.code, made.stderr)
	}
	for _, want := range []string{
		`# Status 200 in [0-9.]+m?s, application/json, 16 bytes, from 127\.0\.0\.1\.`, `# It leads to /new, and is healthy so`,
		`# Status 410 in `, `check: \{expect: \{status: 410\}\}`, `# It accepts TLS1\.2, TLS1\.3\.`, `# Its certificate ends on 20[0-9-]+\.`, `\n  - url: "` + regexp.QuoteMeta(link) + `"\n`,
	} {
		if !regexp.MustCompile(want).MatchString(made.stdout) {
			t.Errorf("no %s in\n%s", want, made.stdout)
		}
	}
	rules := regexp.MustCompile(`(?m)^# (products:|  - id: own|    rules:|      tls:|        - .*)$`).ReplaceAllString(made.stdout, "$1")
	if rules == made.stdout {
		t.Errorf("no rules in\n%s", made.stdout)
	}
	for _, list := range []string{made.stdout, rules} {
		file := write(t, "mine.yaml", list)
		if r := runApp(t, nil, "endpoints", "validate", file); r.code != 0 || !strings.Contains(r.stdout, "3 endpoints") {
			t.Errorf("%s%s", r.stdout, r.stderr)
		}
		if r := runApp(t, nil, "check", "--endpoints", file, "--allow-private", "--ca-file", ca, "--tls-versions"); r.code != 0 {
			t.Errorf("%s%s", r.stdout, r.stderr)
		}
	}
	made = runApp(t, nil, "endpoints", "new", s.URL+"/login", s.URL+"/down", s.URL+"/often", "--allow-private", "--ca-file", ca)
	if !strings.Contains(made.stdout, "# It wants credentials: with check: {request: {basic: ") || strings.Count(made.stdout, "expect: {status") != 1 || !strings.Contains(made.stdout, "status: 401") {
		t.Errorf("what asks for credentials, fails and has enough:\n%s", made.stdout)
	}
	s.TLS.ClientAuth = tls.RequireAnyClientCert
	made = runApp(t, nil, "endpoints", "new", link, "--allow-private", "--ca-file", ca)
	if !strings.Contains(made.stdout, "client_certificate: FILE") && !regexp.MustCompile(`# .*: prober/stalled: .*\(certificate required\)`).MatchString(made.stdout) || strings.Contains(made.stdout, "expect") {
		t.Errorf("what wants a certificate:\n%s", made.stdout)
	}
	s.TLS.ClientAuth = tls.NoClientCert
	stranger := runApp(t, nil, "endpoints", "new", link, "--allow-private")
	if !strings.Contains(stranger.stderr, link+" gave no reply: tls/cert_") || !strings.Contains(stranger.stdout, "# No reply: tls/cert_") || strings.Contains(stranger.stdout+stranger.stderr, "eached") {
		t.Errorf("a certificate that nobody trusts:\n%s%s", stranger.stdout, stranger.stderr)
	}
	refused := runApp(t, nil, "endpoints", "new", link)
	if !strings.Contains(refused.stderr, "are probed with --allow-private\n") {
		t.Errorf("a private address: %s", refused.stderr)
	}
	s.Close()
	dead := runApp(t, nil, "endpoints", "new", link, "--allow-private", "--ca-file", ca)
	if dead.code != 0 || !strings.Contains(dead.stderr, link+" could not be reached: connect/refused") || !strings.Contains(dead.stdout, "# Not reached: connect/refused") {
		t.Errorf("exit code %d\n%s%s", dead.code, dead.stdout, dead.stderr)
	}
	if r := runApp(t, nil, "endpoints", "validate", write(t, "mine.yaml", dead.stdout)); r.code != 0 {
		t.Errorf("%s%s", r.stdout, r.stderr)
	}
}

// A list of another kind than HTTP names what was given.
func TestNewListOfOtherKinds(t *testing.T) {
	t.Parallel()
	for _, link := range []string{"tcp://127.0.0.1:1", "tls://127.0.0.1:1"} {
		r := runApp(t, nil, "endpoints", "new", link, "--allow-private")
		if _, err := catalog.DecodeList("mine.yaml", []byte(r.stdout)); r.code != 0 || err != nil || !strings.Contains(r.stdout, `  - url: "`+link+`"`) {
			t.Errorf("%s: exit code %d, %v\n%s%s", link, r.code, err, r.stdout, r.stderr)
		}
	}
}

// What was reached is not said not to be, of any kind.
func TestNewListSaysWhatOtherKindsGave(t *testing.T) {
	t.Parallel()
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	names, err := nameserver.Start(nameserver.Config{
		At: netip.MustParseAddrPort("127.0.0.1:0"), Answer: func(q nameserver.Question) nameserver.Answer {
			return nameserver.Written("example.com", "A", "NOERROR", []string{"192.0.2.1"})(q, nameserver.Host{Name: "example.com"})
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer names.Close()
	at := s.Listener.Addr().String()
	ca := write(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})))
	for link, want := range map[string]string{
		"tcp://" + at: "# A connection in ",
		"tls://" + at: "# A handshake in ",
		"dns://" + names.Addr().String() + "/example.com": "# An answer in ",
	} {
		r := runApp(t, nil, "endpoints", "new", link, "--allow-private", "--ca-file", ca)
		if r.code != 0 || r.stderr != "" || !strings.Contains(r.stdout, want) || strings.Contains(r.stdout, "Not reached") {
			t.Errorf("%s: exit code %d\n%s%s", link, r.code, r.stderr, r.stdout)
		}
		if strings.HasPrefix(link, "tls:") && (!strings.Contains(r.stdout, "# It accepts ") || !strings.Contains(r.stdout, "# Its certificate ends on ")) {
			t.Errorf("%s: nothing of TLS in\n%s", link, r.stdout)
		}
	}
}

// What is no URL, and more of them than are probed, is refused.
func TestNewListRefuses(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"endpoints new takes the URLs to list, as https://api.example.com/healthz":         nil,
		"endpoints new takes 100 URLs at most, got 101":                                    strings.Fields(strings.Repeat("https://a.example.com ", 101)),
		`URL "ftp://a.example.com": want https or http (tls, tcp and dns are other kinds)`: {"ftp://a.example.com"},
		"URL with user information: leave out what stands before the @":                    {"https://u:hunter2@a.example.com"},
	} {
		r := runApp(t, nil, append([]string{"endpoints", "new"}, args...)...)
		if r.code != 2 || !strings.Contains(r.stderr, want) || strings.Contains(r.stderr, "hunter2") || r.stdout != "" {
			t.Errorf("exit code %d: %s", r.code, r.stderr)
		}
	}
}

// A configuration of blackbox_exporter becomes a list, and what that cannot say goes to stderr.
func TestImportList(t *testing.T) {
	t.Parallel()
	config := write(t, "blackbox.yml", "modules:\n  web: {prober: http, http: {proxy_url: 'http://u:hunter2@proxy'}}\n")
	targets := write(t, "targets.json", `[{"targets": ["https://a.example.com/"], "labels": {"module": "web"}}]`)
	r := runApp(t, nil, "endpoints", "import", config, "--targets", targets)
	if r.code != 0 || r.stderr != config+":2: modules.web.http.proxy_url: not carried over: no proxy is used: what is measured is the endpoint\n" {
		t.Errorf("exit code %d: %s", r.code, r.stderr)
	}
	if v := runApp(t, nil, "endpoints", "validate", write(t, "mine.yaml", r.stdout)); v.code != 0 || !strings.Contains(v.stdout, "1 endpoint,") {
		t.Errorf("%s%s\n%s", v.stdout, v.stderr, r.stdout)
	}
	if r := runApp(t, nil, "endpoints", "import", config, "--targets", "nowhere.yml"); r.code != 2 || !strings.Contains(r.stderr, "--targets: ") {
		t.Errorf("exit code %d: %s", r.code, r.stderr)
	}
}

// What healthy means is said once, in the list: check and conformance find it broken by the same reason,
// say the same of it, and show it by the same command.
func TestExpectationsAreRequirements(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"status": "down"}`)
	}))
	defer s.Close()
	for expect, reason := range map[string]string{
		`status: 204`:                               "unexpected_status",
		`body: {contains: "\"ok\""}`:                "body_mismatch",
		`headers: [{name: X-Version, equals: "2"}]`: "header_mismatch",
		`json: [{path: "$.status", equals: "up"}]`:  "json_mismatch",
		`content_type: text/html`:                   "content_type_mismatch",
	} {
		file := write(t, "mine.yaml", "endpoints: [{id: api, url: \""+s.URL+"/healthz\", check: {expect: {"+expect+"}}}]")
		var checked []struct {
			Reason    string
			Addresses []struct{ Detail, Reproduce string }
		}
		c := runApp(t, nil, "check", "--endpoints", file, "--allow-private", "--output", "json")
		if err := json.Unmarshal([]byte(c.stdout), &checked); err != nil || c.code != 1 || len(checked) != 1 || len(checked[0].Addresses) != 1 {
			t.Fatalf("%s: exit code %d, %v\n%s%s", expect, c.code, err, c.stdout, c.stderr)
		}
		var judged struct {
			Results []struct{ Requirement, Outcome, Reason, Detail, Reproduce string }
		}
		r := runApp(t, nil, "conformance", "--endpoints", file, "--allow-private", "--output", "json")
		if err := json.Unmarshal([]byte(r.stdout), &judged); err != nil || r.code != 1 {
			t.Fatalf("%s: exit code %d, %v\n%s", expect, r.code, err, r.stderr)
		}
		broken := 0
		for _, res := range judged.Results {
			if res.Outcome != "fail" {
				continue
			}
			broken++
			one := checked[0].Addresses[0]
			if res.Requirement != "MINE-PROTO-02" || res.Reason != "verify/"+checked[0].Reason || !strings.Contains(res.Detail, one.Detail) || res.Reproduce != one.Reproduce {
				t.Errorf("%s: check says %+v, and conformance %+v", expect, checked[0], res)
			}
		}
		if broken != 1 || checked[0].Reason != reason {
			t.Errorf("%s: %d broken, by %s", expect, broken, checked[0].Reason)
		}
	}
}
