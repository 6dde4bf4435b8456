package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"prober/probe/reason"
	"prober/sandbox"
)

// manage makes one request to the management API and returns status and body.
func manage(t testing.TB, s *sandbox.Sandbox, method, path, body string, header ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, s.Management()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		} else {
			req.Header.Set(header[i], header[i+1])
		}
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	reply, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode, string(text)
}

func TestManagement(t *testing.T) {
	s := start(t, sandbox.Config{})
	const path, id = "/endpoints/kms/cn-beijing/public/fault", "kms/cn-beijing/public"
	for _, step := range []struct {
		method, path, body string
		status             int
		says               string
		fault              string // of the endpoint afterwards
	}{
		{"GET", path, "", 200, `"fault": ""`, ""},
		{"PUT", path, `{"fault": "nxdomain"}`, 200, `"fault": "nxdomain"`, "nxdomain"},
		{"GET", path, "", 200, `"fault": "nxdomain"`, "nxdomain"},
		{"POST", path, "cert_expired\n", 200, `"fault": "cert_expired"`, "cert_expired"},
		{"PUT", path, `{"fault": "cert_expird"}`, 400, `did you mean \"cert_expired\"`, "cert_expired"},
		{"PUT", path, `{"fautl": "nxdomain"}`, 400, `unknown field`, "cert_expired"},
		{"PUT", path, `{}`, 400, `fault: missing`, "cert_expired"},
		{"PUT", path, "", 400, `it is empty`, "cert_expired"},
		{"PUT", path, `{"fault": ""}`, 200, `"fault": ""`, ""},
		{"PUT", path, `{"fault": "cert_expired"}`, 200, `"fault": "cert_expired"`, "cert_expired"},
		{"PUT", path, `{`, 400, `reading the request`, "cert_expired"},
		{"PUT", path, strings.Repeat("x", 5000), 400, `too large`, "cert_expired"},
		{"DELETE", path, "", 200, `"fault": ""`, ""},
		{"DELETE", path, "", 200, `"fault": ""`, ""},
		{"PUT", "/endpoints/kms/cn-bejing/public/fault", "nxdomain", 404, `no endpoint has the id`, ""},
		{"GET", "/endpoints/kms/nowhere/public/fault", "", 404, `no endpoint has the id`, ""},
		{"DELETE", "/endpoints/kms/nowhere/public/fault", "", 404, `no endpoint has the id`, ""},
		{"PATCH", path, "nxdomain", 405, "", ""},
		{"PUT", path, "nxdomain", 200, "", "nxdomain"},
		{"POST", "/reset", "", 200, "", ""},
		{"GET", "/endpoints", "", 200, `"id": "kms/cn-beijing/public"`, ""},
		{"GET", "/nothing", "", 404, "", ""},
	} {
		status, text := manage(t, s, step.method, step.path, step.body)
		if status != step.status || !strings.Contains(text, step.says) {
			t.Errorf("%s %s %.40q: %d %s", step.method, step.path, step.body, status, text)
		}
		if got := s.Fault(id); got != step.fault {
			t.Errorf("%s %s %.40q: the fault is %q, want %q", step.method, step.path, step.body, got, step.fault)
		}
	}
}

func TestManagementListsFaults(t *testing.T) {
	s := start(t, sandbox.Config{})
	for path, want := range map[string][]sandbox.Fault{"/faults": slices.Concat(sandbox.Faults(embedded(t)), sandbox.Outages(embedded(t))), "/variants": sandbox.Variants(embedded(t))} {
		_, text := manage(t, s, "GET", path, "")
		var got []struct {
			Name, Phase, Reason, Description string
			Products                         []string
		}
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) {
			t.Fatalf("%s: %d, want %d", path, len(got), len(want))
		}
		for i, f := range want {
			if got[i].Name != f.Name || got[i].Phase != f.Phase.String() || got[i].Reason != f.Reason.Word() || got[i].Description == "" {
				t.Errorf("%s: %+v, want %+v", path, got[i], f)
			}
		}
	}
}

// TestManagementIsNotForWebPages: a page that a browser shows must not reach the API, not
// even under a name that leads to 127.0.0.1.
func TestManagementIsNotForWebPages(t *testing.T) {
	s := start(t, sandbox.Config{})
	for _, header := range [][]string{{"Origin", "http://evil.test"}, {"Host", "evil.test:80"}, {"Host", "192.0.2.1:80"}, {"Host", "localhost:99999"}, {"Host", "localhost:x"}} {
		if status, text := manage(t, s, "POST", "/reset", "", header...); status != 403 {
			t.Errorf("%v: %d %s", header, status, text)
		}
	}
	if status, _ := manage(t, s, "GET", "/faults", "", "Host", "localhost:1234"); status != 200 {
		t.Errorf("localhost: %d", status)
	}
}

func TestRequestsAreKept(t *testing.T) {
	s := start(t, sandbox.Config{})
	e, _ := s.Catalog().Endpoint("ecs/default/public")
	key := s.Credentials().Alibaba
	(&witness{s: s, e: e, query: "?Action=DescribeRegions&AccessKeyId=" + key.ID + "&Signature=c2VjcmV0"}).look()
	if err := s.SetFault(e.ID, "tls_eof"); err != nil {
		t.Fatal(err)
	}
	(&witness{s: s, e: e}).look()
	var phases []reason.Phase
	for _, r := range s.Requests() {
		if r.Endpoint == e.ID {
			phases = append(phases, r.Phase)
		}
	}
	want := []reason.Phase{reason.Resolve, reason.Resolve, reason.Headers, reason.Resolve, reason.Resolve, reason.TLS}
	if len(phases) != len(want) {
		t.Fatalf("phases %v, want %v", phases, want)
	}
	for i := range want {
		if phases[i] != want[i] {
			t.Errorf("phases %v, want %v", phases, want)
			break
		}
	}
	list := s.Requests()
	if list[0].Question != "A udp" || list[1].Question != "AAAA udp" || list[0].Host != e.Host {
		t.Errorf("DNS: %+v, %+v", list[0], list[1])
	}
	r := list[2]
	if r.ServerName != e.Host || r.Method != "GET" || r.Host != e.Host || r.Status != 400 && r.Status != 404 ||
		len(r.Versions) != 4 || r.Versions[0] != "TLS1.3" || r.ALPN[0] != "http/1.1" || r.HelloBytes < 100 ||
		r.Scheme != "https" || !r.Local.Addr().IsLoopback() || r.Local.Port() != e.Port("https") {
		t.Errorf("%+v", r)
	}
	if strings.Contains(r.Target, key.ID) || strings.Contains(r.Target, "c2VjcmV0") || !strings.Contains(r.Target, "Action=DescribeRegions") {
		t.Errorf("target %q", r.Target)
	}
	_, text := manage(t, s, "GET", "/requests?endpoint="+e.ID, "")
	var over []sandbox.Request
	if err := json.Unmarshal([]byte(text), &over); err != nil || len(over) != len(want) {
		t.Errorf("over HTTP: %d requests, %v", len(over), err)
	}
	if _, text := manage(t, s, "GET", "/requests?endpoint=kms/cn-beijing/public", ""); strings.TrimSpace(text) != "[]" {
		t.Errorf("of another endpoint: %s", text)
	}
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
	if got := s.Requests(); len(got) != 0 {
		t.Errorf("after Reset: %d requests", len(got))
	}
}

// TestKeepAliveRequestsAreKeptEach: two requests over one connection are two entries.
func TestKeepAliveRequestsAreKeptEach(t *testing.T) {
	s := start(t, sandbox.Config{})
	e, _ := s.Catalog().Endpoint("ecs/default/public")
	tlsClient := client(s)
	for _, body := range []string{"", "Text=1"} {
		req, err := http.NewRequest("POST", "https://"+e.Host+"/", bytes.NewReader([]byte(body)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "secret")
		reply, err := tlsClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, reply.Body)
		_ = reply.Body.Close()
	}
	tlsClient.CloseIdleConnections()
	var got []sandbox.Request
	for _, r := range s.Requests() {
		if r.Scheme == "https" {
			got = append(got, r)
		}
	}
	if len(got) != 2 || got[0].Remote != got[1].Remote || got[0].BodyBytes != 0 || got[1].BodyBytes != 6 {
		t.Fatalf("%+v", got)
	}
	for _, r := range got {
		if r.Header.Get("Authorization") != "(redacted)" || r.Phase != reason.Headers {
			t.Errorf("%+v", r)
		}
	}
}
