package main

import (
	"bytes"
	"io"
	"log"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// What was pushed is what a registry has under that name, for both platforms.
func TestPush(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	s := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer s.Close()
	host := strings.TrimPrefix(s.URL, "http://")
	dir, digest := makeImage(t, "-authorities", authority(t), tiny(t, "linux", "amd64"), tiny(t, "linux", "arm64"))
	var out bytes.Buffer
	if err := run([]string{"-push", host + "/acme/prober:1.2.3", "-layout", dir}, &out, io.Discard); err != nil || strings.TrimSpace(out.String()) != digest {
		t.Fatalf("%v: %s is pushed, want %s", err, out.String(), digest)
	}
	ref, err := name.ParseReference(host + "/acme/prober@" + digest)
	if err != nil {
		t.Fatal(err)
	}
	index, err := remote.Index(ref)
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(index); err != nil {
		t.Error(err)
	}
	for to, says := range map[string]string{"prober": "want HOST/NAME:TAG", host + "/Acme/prober:1": "want HOST/NAME:TAG", "127.0.0.1:1/acme/prober:1": "pushing 127.0.0.1:1/acme/prober:1"} {
		if err := run([]string{"-push", to, "-layout", dir}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", to, err, says)
		}
	}
	if err := run([]string{"-push", host + "/acme/prober:1", "-layout", t.TempDir()}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "-layout ") {
		t.Error(err)
	}
}
