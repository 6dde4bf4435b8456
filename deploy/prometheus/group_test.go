package prometheus

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// group writes one group of the alerts into a file of its own: where more than a day is evaluated, all of them would take long.
func group(t *testing.T, name string) (path string) {
	t.Helper()
	text, err := Files.ReadFile("alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	const begin = "\n  - name: "
	_, rules, found := strings.Cut(string(text), begin+name+"\n")
	if !found {
		t.Fatalf("alerts.yml has no group %s", name)
	}
	rules, _, _ = strings.Cut(rules, begin)
	path = filepath.Join(t.TempDir(), name+".yml")
	if err := os.WriteFile(path, []byte("groups:"+begin+name+"\n"+rules+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
