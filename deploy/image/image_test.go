package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// tiny builds a program that does nothing, for a platform.
func tiny(t *testing.T, goos, arch string, env ...string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module tiny\n\ngo 1.26\n", "main.go": "package main\n\nfunc main() {}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", "tiny", ".")
	cmd.Dir, cmd.Env = dir, append(append(os.Environ(), "GOFLAGS=", "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+arch), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return filepath.Join(dir, "tiny")
}

// saying is a program whose build information says something else, of the same length.
func saying(t *testing.T, program, old, now string) string {
	t.Helper()
	text, err := os.ReadFile(program)
	if err != nil || !bytes.Contains(text, []byte(old)) {
		t.Fatalf("%s does not say %s (%v)", program, old, err)
	}
	file := filepath.Join(t.TempDir(), "tiny")
	if err := os.WriteFile(file, bytes.ReplaceAll(text, []byte(old), []byte(now)), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	return file
}

// authority is a file with one authority.
func authority(t *testing.T) string {
	t.Helper()
	_, pem := newServer(t)
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// makeImage runs the command, and returns the folder of the layout and what is printed.
func makeImage(t *testing.T, args ...string) (string, string) {
	t.Helper()
	out := filepath.Join(shortDir(t), "layout")
	var said, log bytes.Buffer
	if err := run(append([]string{"-version", "1.2.3", "-revision", "abc", "-created", "2026-01-02T11:04:05+08:00", "-out", out}, args...), &said, &log); err != nil {
		t.Fatalf("%v\n%s", err, log.Bytes())
	}
	return out, strings.TrimSpace(said.String())
}

// shortDir is a folder for Podman, which takes no layout from a path with capitals and no store from a long one.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "image")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func TestImage(t *testing.T) {
	t.Parallel()
	amd64, arm64, ca := tiny(t, "linux", "amd64"), tiny(t, "linux", "arm64"), authority(t)
	dir, digest := makeImage(t, "-authorities", ca, "-source", "https://git.example.com/prober", amd64, arm64)

	t.Run("two are the same, byte by byte", func(t *testing.T) {
		again, _ := makeImage(t, "-authorities", ca, "-source", "https://git.example.com/prober", amd64, arm64)
		one, two := sums(t, dir), sums(t, again)
		if one != two || strings.Count(one, "\n") < 9 {
			t.Errorf("%s and\n%s", one, two)
		}
	})

	index := indexOf(t, dir)
	if err := validate.Index(index); err != nil {
		t.Error(err)
	}
	if is, err := index.Digest(); err != nil || is.String() != digest {
		t.Errorf("%s was printed for %s (%v)", digest, is, err)
	}
	manifest, err := index.IndexManifest()
	if err != nil || len(manifest.Manifests) != 2 || manifest.Annotations["org.opencontainers.image.version"] != "1.2.3" {
		t.Fatalf("%+v, %v", manifest, err)
	}
	for i, program := range []string{amd64, arm64} {
		of := manifest.Manifests[i]
		t.Run(of.Platform.String(), func(t *testing.T) {
			image, err := index.Image(of.Digest)
			if err != nil {
				t.Fatal(err)
			}
			config, err := image.ConfigFile()
			if err != nil {
				t.Fatal(err)
			}
			if want := []string{"linux/amd64", "linux/arm64"}[i]; of.Platform.String() != want || config.OS+"/"+config.Architecture != want {
				t.Errorf("%s says %s/%s", of.Platform, config.OS, config.Architecture)
			}
			labels, _ := json.Marshal(config.Config.Labels)
			if want := `{"org.opencontainers.image.created":"2026-01-02T03:04:05Z","org.opencontainers.image.description":"Probes API endpoints and tells what is broken, whose fault it is, and how to see it",` +
				`"org.opencontainers.image.licenses":"Apache-2.0","org.opencontainers.image.revision":"abc","org.opencontainers.image.source":"https://git.example.com/prober",` +
				`"org.opencontainers.image.title":"prober","org.opencontainers.image.version":"1.2.3"}`; string(labels) != want {
				t.Errorf("labels %s", labels)
			}
			if c := config.Config; c.User != "65532:65532" || !slices.Equal(c.Entrypoint, []string{"/usr/bin/prober"}) || c.Healthcheck == nil || !slices.Equal(c.Healthcheck.Test, []string{"CMD", "/usr/bin/prober", "health", "http://127.0.0.1:9115/-/healthy"}) {
				t.Errorf("%+v", c)
			}
			holds(t, filesOf(t, image), program)
		})
	}
}

// holds looks at what an image holds: what it is to hold, and nothing that is not its owner's alone to change.
func holds(t *testing.T, files map[string]entry, program string) {
	t.Helper()
	text, err := os.ReadFile(program) //nolint:gosec // made by the test
	if err != nil {
		t.Fatal(err)
	}
	if got := files["usr/bin/prober"]; !bytes.Equal(got.text, text) || got.Mode != 0o755 {
		t.Errorf("the program is another one, or its mode %o", got.Mode)
	}
	if !x509.NewCertPool().AppendCertsFromPEM(files["etc/ssl/certs/ca-certificates.crt"].text) {
		t.Error("there are no authorities")
	}
	if !bytes.HasPrefix(files["usr/share/zoneinfo/Asia/Shanghai"].text, []byte("TZif")) {
		t.Error("there is no time zone of Shanghai")
	}
	var parts struct {
		Metadata struct{ Component struct{ Version string } }
	}
	if err := json.Unmarshal(files["usr/share/doc/prober/sbom.cdx.json"].text, &parts); err != nil || parts.Metadata.Component.Version != "1.2.3" {
		t.Errorf("the list of parts: %v, %+v", err, parts)
	}
	if !bytes.Contains(files["usr/share/doc/prober/THIRD-PARTY.txt"].text, []byte("github.com/spf13/cobra/LICENSE.txt")) {
		t.Error("there are no licences of what the program is linked with")
	}
	for name, f := range files {
		owned := name == "var/lib/prober/"
		switch {
		case f.Uid == nobody != owned, f.Mode&0o022 != 0:
			t.Errorf("%s is of user %d, mode %o", name, f.Uid, f.Mode)
		case f.ModTime.UTC().Format("2006-01-02T15:04:05Z") != "2026-01-02T03:04:05Z":
			t.Errorf("%s is of %s", name, f.ModTime)
		case f.Mode&0o111 != 0 && f.Typeflag == tar.TypeReg && name != "usr/bin/prober":
			t.Errorf("%s is a program", name)
		}
	}
}

type entry struct {
	*tar.Header
	text []byte
}

func filesOf(t *testing.T, image v1.Image) map[string]entry {
	t.Helper()
	all := map[string]entry{}
	layers, err := image.Layers()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		r, err := l.Uncompressed()
		if err != nil {
			t.Fatal(err)
		}
		for tr := tar.NewReader(r); ; {
			h, err := tr.Next()
			if err == io.EOF {
				break
			}
			text, readErr := io.ReadAll(tr)
			if err != nil || readErr != nil {
				t.Fatal(err, readErr)
			}
			all[h.Name] = entry{h, text}
		}
	}
	return all
}

// indexOf is the index that a layout names.
func indexOf(t *testing.T, dir string) v1.ImageIndex {
	t.Helper()
	outer, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := outer.IndexManifest()
	if err != nil || len(manifest.Manifests) != 1 || manifest.Manifests[0].Annotations["org.opencontainers.image.ref.name"] != "prober:1.2.3" {
		t.Fatalf("%+v, %v", manifest, err)
	}
	index, err := outer.ImageIndex(manifest.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	return index
}

// sums are those of all files in a folder.
func sums(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // made by the test
		fmt.Fprintf(&b, "%x %s\n", sha256.Sum256(text), name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What cannot become an image is refused in one line.
func TestRefused(t *testing.T) {
	t.Parallel()
	ca, there := authority(t), t.TempDir()
	amd64 := tiny(t, "linux", "amd64")
	foreign := saying(t, amd64, "GOOS=linux", "GOOS=plan9") // nothing is compiled for a system that only has to be told
	notes := filepath.Join(there, "notes")
	if err := os.WriteFile(notes, []byte("none\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := []string{"-version", "1", "-created", "2026-01-02T03:04:05Z", "-authorities", ca, "-out", filepath.Join(there, "image")}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no version":              {[]string{"-out", "x", amd64}, "-version is missing"},
		"no program":              {good, "PROGRAM for each platform"},
		"no date":                 {[]string{"-version", "1", "-created", "today", "-out", "x", amd64}, `-created "today": want a date`},
		"no program of Go":        {append(slices.Clone(good), notes), "what " + notes + " was built for"},
		"two for one platform":    {append(slices.Clone(good), amd64, tiny(t, "linux", "amd64")), "are both for linux/amd64"},
		"for another system":      {append(slices.Clone(good), foreign), "is for plan9"},
		"a folder that is there":  {append(slices.Clone(good), "-out", there, amd64), "is there already"},
		"no authorities":          {append(slices.Clone(good), "-authorities", notes, amd64), "there is no certificate in it"},
		"a list of many programs": {[]string{"-version", "1", "-sbom", "x", amd64, amd64}, "-sbom takes one PROGRAM"},
	} {
		if err := run(c.args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	if _, err := os.Stat(filepath.Join(there, "image")); err == nil {
		t.Error("half an image was left")
	}
}
