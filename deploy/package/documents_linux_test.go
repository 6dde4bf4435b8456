package packages

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The documents of a package lead to what is in the package: whoever is called reads them on the machine that has them.
func documentsLead(t *testing.T, r root) {
	t.Helper()
	const folder = "/usr/share/doc/prober"
	link, links := regexp.MustCompile(`\]\(([^)\s]+)\)`), 0
	err := filepath.WalkDir(r.path(folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".md" {
			return err
		}
		inside := strings.TrimPrefix(path, r.path(folder))
		for _, m := range link.FindAllStringSubmatch(r.read(t, folder+inside), -1) {
			u, err := url.Parse(m[1])
			if err != nil || u.Scheme != "" || u.Path == "" {
				continue // which the documents' own test looks at
			}
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), filepath.FromSlash(u.Path))); err != nil {
				t.Errorf("%s leads to %s, which the package does not have", inside, m[1])
			}
		}
		return nil
	})
	if err != nil || links < 50 {
		t.Errorf("%d links: %v", links, err)
	}
	for _, named := range []string{"alerts.yml", "state.yml", "windows.yml", "alertmanager.yml", "prober.tmpl"} { // in code, which is no link
		if _, err := os.Stat(r.path(folder + "/deploy/prometheus/" + named)); err != nil {
			t.Error(err)
		}
	}
}
