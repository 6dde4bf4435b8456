package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"prober/report/render"
	"prober/sandbox/nameserver"
)

// poisonedWorld is a name server and two servers all of whose texts are planted: names of aliases,
// certificates, fields, bodies and where a redirect leads. It returns a list of it, and its resolver.
func poisonedWorld(t *testing.T) (list, resolver string) {
	t.Helper()
	names, err := nameserver.Start(nameserver.Config{Answer: func(q nameserver.Question) nameserver.Answer {
		asked, alias := dnsmessage.MustNewName(q.Name+"."), dnsmessage.MustNewName(strings.ReplaceAll(planted, ".", "")+".poisoned.test.")
		head := func(n dnsmessage.Name) dnsmessage.ResourceHeader {
			return dnsmessage.ResourceHeader{Name: n, Class: dnsmessage.ClassINET, TTL: 60}
		}
		to := dnsmessage.Resource{Header: head(asked), Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}}
		switch host, _, _ := strings.Cut(q.Name, "."); {
		case !strings.HasSuffix(q.Name, ".poisoned.test") || strings.HasPrefix(host, "prober-"):
			return nameserver.Answer{RCode: dnsmessage.RCodeNameError}
		case q.Asked.Type != dnsmessage.TypeA:
			return nameserver.Answer{}
		case host == "alias":
			to.Header.Name = alias
			return nameserver.Answer{Records: []dnsmessage.Resource{{Header: head(asked), Body: &dnsmessage.CNAMEResource{CNAME: alias}}, to}}
		}
		return nameserver.Answer{Records: []dnsmessage.Resource{to}}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = names.Close() })
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		Subject: pkix.Name{CommonName: planted, Organization: []string{planted}}, DNSNames: []string{"other.test"},
	}
	der, err := x509.CreateCertificate(rand.Reader, made, made, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	answers := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		field := strings.NewReplacer("\r", "", "\n", "").Replace(planted)
		w.Header()["Content-Type"] = []string{"application/json; charset=" + field}
		w.Header()["X-Planted"], w.Header()["Server"] = []string{field}, []string{field}
		switch r.URL.Path {
		case "/moved":
			w.Header()["Location"] = []string{"http://" + field + ".test/" + field}
			w.WriteHeader(http.StatusFound)
		case "/failed":
			w.WriteHeader(http.StatusInternalServerError)
		}
		fmt.Fprintf(w, `{"code": %s, "text": "%s"}`, mustJSON(t, planted), planted)
	})
	var ports []int
	for _, config := range []*tls.Config{nil, {Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
		server := &http.Server{Handler: answers, TLSConfig: config, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
		if config != nil {
			go server.ServeTLS(l, "", "")
		} else {
			go server.Serve(l)
		}
		t.Cleanup(func() { _ = server.Close() })
	}
	return write(t, "list.yaml", fmt.Sprintf(`endpoints:
  - url: https://api.poisoned.test:%[2]d/
  - url: https://alias.poisoned.test:%[2]d/
  - url: http://failed.poisoned.test:%[1]d/failed
  - url: http://moved.poisoned.test:%[1]d/moved
    check: {redirects: 2}
  - url: http://text.poisoned.test:%[1]d/text
    check: {expect: {body: {contains: nothing}, headers: [{name: X-Planted, equals: "2"}], content_type: text/plain}}
  - url: http://json.poisoned.test:%[1]d/json
    check: {expect: {json: [{path: $.code, equals: ok}]}}
`, ports[0], ports[1])), names.Addr().String()
}

// A world that plants its texts wherever it is asked shows none of it as it is, by whatever command, page
// or format, and yet most of these say what was there.
func TestNothingPoisonedIsShown(t *testing.T) {
	t.Parallel()
	list, resolver := poisonedWorld(t)
	dir := t.TempDir()
	reach := []string{"--endpoints", list, "--resolver", resolver, "--allow-private", "--timeout", unhurried.String()}
	texts := map[string]string{}
	commands := [][]string{
		{"check"},
		{"check", "-o", "json"},
		{"check", "--tls-versions"},
		{"doctor"},
		{"doctor", "-o", "json"},
		{"conformance", "--report-dir", filepath.Join(dir, "out"), "--metrics-file", filepath.Join(dir, "m.prom")},
		{"conformance", "-o", "json", "--group", "tls"},
	}
	for _, c := range commands {
		r := runApp(t, nil, append(c, reach...)...)
		texts[strings.Join(c[:min(len(c), 3)], " ")] = r.stdout + r.stderr
	}
	for _, file := range []string{"m.prom", "out/report.json", "out/junit.xml", "out/report.md", "out/report.html"} {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = string(text)
	}
	for _, f := range render.Formats() {
		texts["as "+string(f)] = runApp(t, nil, "report", "render", "--format", string(f), filepath.Join(dir, "out", "report.json")).stdout
	}
	for _, form := range []string{"text", "json"} {
		address, end := served(t, append([]string{"--log.format", form, "--log.level", "debug", "--interval", "1h"}, reach...)...)
		for deadline := time.Now().Add(unhurried); !ready(t, address) && time.Now().Before(deadline); {
			time.Sleep(5 * time.Millisecond)
		}
		for _, path := range []string{
			"/", "/metrics", "/api/v1/endpoints", "/api/v1/incidents", "/api/v1/prober", "/incidents.atom", "/badges/state.svg", "/-/ready",
			"/probe?debug=true&target=https://api.poisoned.test", "/nowhere",
		} {
			texts[path] = fetched(t, "http://"+address+path)
		}
		var all []struct{ ID string }
		if err := json.Unmarshal([]byte(texts["/api/v1/endpoints"]), &all); err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			for _, path := range []string{"/endpoints/", "/api/v1/endpoints/", "/api/v1/history/", "/probe?debug=true&target="} {
				texts[path+e.ID] = fetched(t, "http://"+address+path+e.ID)
			}
		}
		said, err := end()
		if err != nil {
			t.Error(err)
		}
		texts["log in "+form] = said
	}
	told := 0
	for name, text := range texts {
		if found := showsHidden(text); found != "" {
			t.Errorf("%s shows %s", name, found)
		}
		if len(text) == 0 {
			t.Errorf("%s says nothing", name)
		}
		if strings.Contains(text, "[31m") && strings.Contains(text, "txt") {
			told++
		}
	}
	if told < len(texts)/2 {
		t.Errorf("%d of %d tell what was planted, too few for this test to see anything", told, len(texts))
	}
	for line := range strings.Lines(texts["log in json"]) {
		if !json.Valid([]byte(line)) {
			t.Errorf("the log has %q", line)
		}
	}
}

// ready reports whether every endpoint has a result.
func ready(t *testing.T, address string) bool {
	t.Helper()
	reply, err := http.Get("http://" + address + "/-/ready")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	_, _ = io.Copy(io.Discard, reply.Body)
	return reply.StatusCode == http.StatusOK
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		t.Error(err)
	}
	return bytes.TrimSpace(b.Bytes())
}
