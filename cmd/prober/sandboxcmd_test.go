package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"prober/catalog"
)

// standingSandbox runs "prober sandbox" until the test ends, and returns what it prints up to
// a given end.
func standingSandbox(t *testing.T, end string, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	read, write := io.Pipe()
	var errs bytes.Buffer
	a := &app{
		out: write, err: &errs, getenv: func(string) string { return "" }, now: time.Now,
		interrupted: func() os.Signal { return nil },
	}
	ended := make(chan int, 1)
	go func() {
		ended <- a.run(ctx, append([]string{"sandbox"}, args...))
		write.Close()
	}()
	t.Cleanup(func() {
		stop()
		go io.Copy(io.Discard, read)
		if code := <-ended; code != 0 {
			t.Errorf("the sandbox ended with %d: %s", code, errs.String())
		}
	})
	var text strings.Builder
	for buffer := make([]byte, 4096); !strings.Contains(text.String(), end); {
		n, err := read.Read(buffer)
		if err != nil {
			t.Fatalf("%v after %q", err, text.String())
		}
		text.Write(buffer[:n])
	}
	return text.String()
}

// With exactly the flags that a standing sandbox prints, another process sees its faults, and
// dials none of the addresses that they lead to.
func TestStandingSandbox(t *testing.T) {
	t.Parallel()
	text := standingSandbox(t, "}\n", "--dir", t.TempDir(), "--output", "json",
		"--fault", "kms/cn-hangzhou/public=bogon", "--fault", "kms/cn-hangzhou/vpc=not_private", "--fault", "ecs/default/public=bogon")
	var d sandboxJSON
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	if d.KMSKeyID != "alias/sandbox" || !strings.HasPrefix(d.Try, "prober check ") {
		t.Errorf("key %q, try %q", d.KMSKeyID, d.Try)
	}
	try := append(strings.Fields(d.Try)[1:], "--timeout", unhurried.String())
	r := runApp(t, nil, append(try, "--output", "json", "--product", "kms,ecs", "--region", "cn-hangzhou,cn-beijing,default")...)
	var observations []struct {
		seen
		Addresses []struct{ Phases map[string]float64 }
	}
	if err := json.Unmarshal([]byte(r.stdout), &observations); err != nil {
		t.Fatalf("%v: %s", err, r.stderr)
	}
	want := map[string]string{"kms/cn-hangzhou/public": "bogon", "kms/cn-hangzhou/vpc": "not_private", "ecs/default/public": "bogon"}
	if len(observations) != 5 {
		t.Errorf("%d observations, want 5", len(observations))
	}
	for _, o := range observations {
		word := want[o.Endpoint.ID]
		if o.Reason != word || word != "" && o.Phase != "resolve" {
			t.Errorf("%s: %s/%s: %s, want %q", o.Endpoint.ID, o.Phase, o.Reason, o.Detail, word)
		}
		for _, a := range o.Addresses {
			if a.Phases["connect"] > 0 && word != "" {
				t.Errorf("%s: an address that no endpoint may have was dialled", o.Endpoint.ID)
			}
		}
	}
	key := append([]string{"conformance"}, try[1:]...)
	if r := runApp(t, nil, append(key, "--product", "kms", "--region", "cn-beijing")...); r.code != 0 {
		t.Errorf("conformance with the same flags: exit code %d: %s%s", r.code, r.stdout, r.stderr)
	}
}

// The table names the variables for the keys, and shows none.
func TestStandingSandboxTable(t *testing.T) {
	t.Parallel()
	text := standingSandbox(t, "ENDPOINT", "--dir", t.TempDir())
	for _, want := range []string{
		"--world public=127.0.0.0/24", "private=127.1.0.0/16", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "TENCENTCLOUD_SECRET_ID", "alias/sandbox",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the table lacks %q", want)
		}
	}
	if strings.Contains(text, "--allow-private") {
		t.Error("the table permits all private addresses")
	}
}

// An endpoint of another kind than http is served at one port, and is not said to be served at another.
func TestStandingSandboxOfOtherKinds(t *testing.T) {
	t.Parallel()
	list := filepath.Join(t.TempDir(), "kinds.yaml")
	if err := os.WriteFile(list, []byte(`endpoints: ["tls://a.test", "tcp://b.test:5432", "dns://c.test/example.com"]`), 0o600); err != nil {
		t.Fatal(err)
	}
	var d sandboxJSON
	if err := json.Unmarshal([]byte(standingSandbox(t, "}\n", "--output", "json", "--endpoints", list)), &d); err != nil {
		t.Fatal(err)
	}
	kinds := []catalog.Kind{catalog.KindTLS, catalog.KindTCP, catalog.KindDNS}
	if len(d.Endpoints) != len(kinds) {
		t.Fatalf("%d endpoints", len(d.Endpoints))
	}
	for i, e := range d.Endpoints {
		if e.Kind != kinds[i] || e.HTTP.IsValid() || e.HTTPS.Port() < 1024 {
			t.Errorf("%s: kind %q, HTTPS at %s, HTTP at %s", e.ID, e.Kind, e.HTTPS, e.HTTP)
		}
	}
	text := standingSandbox(t, "(dns)", "--endpoints", list)
	if !strings.Contains(text, "(tls)  -") || !strings.Contains(text, "(tcp)  -") || strings.Contains(text, ":80\n") {
		t.Error(text)
	}
}

// What the help of the sandbox says of faults is so.
func TestFaultsOfAStandingSandbox(t *testing.T) {
	t.Parallel()
	help := runApp(t, nil, "sandbox", "--help").stdout
	url, _, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(standingSandbox(t, "ENDPOINT"), "management")), "\n")
	commands := regexp.MustCompile(`(?m)^  curl(?: -X ([A-Z]+))?(?: -d (\S+))? URL(\S+)`).FindAllStringSubmatch(help, -1)
	if len(commands) != 4 {
		t.Fatalf("%d commands in %s", len(commands), help)
	}
	for i, want := range []string{`"cert_expired"`, `"cert_expired"`, `""`, "{}"} {
		c := commands[i]
		request, err := http.NewRequestWithContext(t.Context(), c[1], url+c[3], strings.NewReader(c[2]))
		if err != nil {
			t.Fatal(err)
		}
		reply, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(reply.Body)
		_ = reply.Body.Close()
		if reply.StatusCode != http.StatusOK || !strings.Contains(string(text), want) {
			t.Errorf("%s: %d %s", c[0], reply.StatusCode, text)
		}
	}
}
