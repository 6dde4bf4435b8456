package doctor

import (
	"encoding/pem"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"prober/probe/certs/certstest"
)

// Roots are read from where the variables of crypto/x509 lead, as it does: a file, and all folders.
func TestSystemAuthoritiesByVariables(t *testing.T) {
	if slices.Contains([]string{"darwin", "ios", "windows"}, runtime.GOOS) {
		t.Skip("the system keeps its roots where nobody can count them")
	}
	dir := t.TempDir()
	inPEM := func(name string) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certstest.New(name, nil).Cert.Raw}))
	}
	one := inPEM("One Root")
	for name, text := range map[string]string{
		"file.pem": one + inPEM("Two Root"), "empty/note.txt": "none", "same/a.pem": one, "folder/a.pem": one, "folder/again.pem": one, "folder/b.pem": inPEM("Three Root"),
		"folder/damaged.pem": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, tt := range map[string]struct {
		file, folders string
		source        string
		usable, not   int
	}{
		"a file alone":                 {at("file.pem"), at("empty"), at("file.pem"), 2, 0},
		"a file, and a folder as well": {at("file.pem"), at("folder"), at("file.pem") + ", " + at("folder"), 3, 1},
		"a folder that adds none":      {at("file.pem"), at("same"), at("file.pem"), 2, 0},
		"a folder where no file is":    {at("missing.pem"), at("folder"), at("folder"), 2, 1},
		"several folders":              {at("missing.pem"), strings.Join([]string{at("missing"), at("empty"), at("folder")}, string(filepath.ListSeparator)), at("folder"), 2, 1},
		"none":                         {at("missing.pem"), at("empty"), "the system's", 0, 0},
	} {
		got := SystemAuthorities(func(variable string) string {
			return map[string]string{"SSL_CERT_FILE": tt.file, "SSL_CERT_DIR": tt.folders}[variable]
		})
		if got.Source != tt.source || len(got.Anchors.Usable) != tt.usable || len(got.Anchors.Unusable) != tt.not {
			t.Errorf("%s: %d roots and %d that cannot be used, from %s; want %d and %d from %s", name, len(got.Anchors.Usable), len(got.Anchors.Unusable), got.Source, tt.usable, tt.not, tt.source)
		}
	}
}
