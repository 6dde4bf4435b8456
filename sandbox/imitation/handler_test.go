package imitation

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"prober/catalog"
	"prober/cloudapi"
	"prober/needs"
)

// maxBody is how much of a body the handler reads: above the largest documented limit,
// so that the API gets to refuse what is too large.
const maxBody = 12 << 20

// ServeHTTP serves the API by net/http, for clients that bring their own connection. The
// scheme is https exactly if the connection is TLS.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "reading the body failed", http.StatusBadRequest)
		return
	}
	req := Request{
		Scheme: catalog.HTTPS, Method: r.Method, Host: r.Host, Path: r.URL.Path, Query: r.URL.RawQuery,
		Header: r.Header, Body: body,
	}
	if r.TLS == nil {
		req.Scheme = catalog.HTTP
	}
	reply := a.Serve(req)
	for _, f := range reply.Header {
		w.Header().Add(f.Name, f.Value)
	}
	w.WriteHeader(reply.Status)
	_, _ = w.Write(reply.Body) // the client may be gone; there is nobody to tell
}

// curl asks the server, trusting its certificate, and returns the body.
func curl(t *testing.T, server *httptest.Server, args ...string) []byte {
	t.Helper()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(ca, block, 0o600); err != nil {
		t.Fatal(err)
	}
	args = append([]string{"-sS", "--noproxy", "*", "--max-time", "20", "--cacert", ca}, args...)
	out, err := exec.Command(needs.Program(t, "curl"), args...).Output()
	if err != nil {
		t.Fatalf("curl %v: %v", args, err)
	}
	return out
}

// TestCurl asks with a client of other people, which encodes form and query by itself.
func TestCurl(t *testing.T) {
	ecsServer := httptest.NewTLSServer(newAPI(t, ecs()))
	defer ecsServer.Close()
	body := curl(t, ecsServer, ecsServer.URL+"/?Action=DescribeRegions&Version=2014-05-26&Format=JSON")
	got, err := cloudapi.ReadAlibaba("", body)
	if err != nil || got.Code != "MissingParameter" || got.HostID != "127.0.0.1" {
		t.Errorf("%v: %s", err, body)
	}

	call := describeRegions()
	call.Params = map[string][]string{"Note": {"华北1（青岛） ~*é😀 +"}}
	var args []string
	for name, values := range call.SignedValues("POST", goodKey(), now(), "n") {
		args = append(args, "--data-urlencode", name+"="+values[0])
	}
	body = curl(t, ecsServer, append(args, ecsServer.URL+"/")...)
	if got, err := cloudapi.ReadAlibaba("", body); err != nil || got.IsError {
		t.Errorf("%v: %s", err, body)
	}

	gaapServer := httptest.NewTLSServer(newAPI(t, gaap()))
	defer gaapServer.Close()
	signed, _ := accessRegions().SignedTC3(gaapHost, tencentKey(), now())
	args = []string{"-H", "Host: " + gaapHost, "--data-binary", string(signed.Body)}
	for _, f := range signed.Header {
		args = append(args, "-H", f.Name+": "+f.Value)
	}
	body = curl(t, gaapServer, append(args, gaapServer.URL+"/")...)
	if got, err := cloudapi.ReadTencent(body); err != nil || got.IsError || !strings.Contains(string(body), "中国大陆-华北") {
		t.Errorf("%v: %s", err, body)
	}
}

func TestHandlerScheme(t *testing.T) {
	w := httptest.NewRecorder()
	newAPI(t, gaap()).ServeHTTP(w, httptest.NewRequest("GET", "http://"+gaapHost+"/", nil))
	if w.Code != 403 || w.Header().Get("Content-Type") != "text/html" {
		t.Errorf("plain HTTP: status %d, %v", w.Code, w.Header())
	}
	w = httptest.NewRecorder()
	newAPI(t, gaap()).ServeHTTP(w, httptest.NewRequest("POST", "https://"+gaapHost+"/", strings.NewReader(strings.Repeat("x", maxBody+1))))
	if w.Code != 400 {
		t.Errorf("endless body: status %d", w.Code)
	}
}
