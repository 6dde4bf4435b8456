package session_test

import (
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe/certs/certstest"
)

// What a list says of how its endpoints are probed is in their targets; a file that cannot be used is an error
// with its line, and no secret is in it.
func TestOwnSettings(t *testing.T) {
	dir := folder(t, map[string]string{
		"good.yaml": "products: [{id: shop, interval: 5m}]\nendpoints:\n- https://a.example\n- {url: \"tcp://b.example:25\", timeout: 2s}\n- tls://c.example\n",
		"ca.yaml":   "endpoints:\n- url: https://a.example\n  ca_file: missing.pem\n",
		"text.yaml": "endpoints:\n- url: https://a.example\n  ca_file: text.pem\n",
		"key.yaml":  "endpoints:\n- url: https://a.example\n  client_certificate: text.pem\n  client_key: text.pem\n",
		"text.pem":  "canary-of-a-key",
	})
	c, err := choose(t, "-endpoints", filepath.Join(dir, "good.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	targets := c.Targets()
	a, b := targets[0], targets[1]
	if a.Own.Interval != 5*time.Minute || a.Scheme != catalog.HTTPS || b.Own.Timeout != 2*time.Second || b.Own.Interval != 5*time.Minute ||
		b.Scheme != catalog.SchemeTCP || targets[2].Scheme != catalog.SchemeTLS || targets[2].Own == b.Own {
		t.Errorf("%+v\n%+v", a.Own, b.Own)
	}
	for name, want := range map[string]string{
		"ca":   `ca.yaml:3: endpoints[0].ca_file: ` + dir + `/missing.pem: no such file or directory`,
		"text": `text.yaml:3: endpoints[0].ca_file: ` + dir + `/text.pem: holds no certificate in PEM form`,
		"key":  `key.yaml:3: endpoints[0].client_certificate: ` + dir + `/text.pem: holds no certificate in PEM form that can be used`,
	} {
		_, err := choose(t, "-endpoints", filepath.Join(dir, name+".yaml"))
		if err == nil || err.Error() != filepath.Join(dir, want[:strings.Index(want, ":")])+want[strings.Index(want, ":"):] || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A reload reads the files of a list again, and one that is gone leaves what there was.
func TestReloadOfOwnFiles(t *testing.T) {
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certstest.NewPKI().Root.Cert.Raw})
	dir := folder(t, map[string]string{"mine.yaml": "endpoints:\n- url: https://a.example\n  ca_file: ca.pem\n", "ca.pem": string(root)})
	s := open(t, "-endpoints", filepath.Join(dir, "mine.yaml"))
	before := s.Targets()[0].Own.Roots
	targets, _, err := s.Reload(nil)
	if err != nil || targets[0].Own.Roots == before || !targets[0].Own.Roots.Equal(before) {
		t.Errorf("%v, or the file was not read again", err)
	}
	if err := os.Remove(filepath.Join(dir, "ca.pem")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Reload(nil); err == nil || !strings.Contains(err.Error(), "mine.yaml:3: endpoints[0].ca_file: ") {
		t.Errorf("%v", err)
	}
}
