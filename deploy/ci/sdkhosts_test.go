package ci

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prober/needs"
)

// The notice about the vendors' SDKs is never a failure.
func TestSDKHosts(t *testing.T) {
	t.Parallel()
	program := builtProgram(t)
	needs.Program(t, "curl")
	tables := map[string]string{"/same": `"ecs.cn-hangzhou.aliyuncs.com"`, "/new": `{"x": "ecs.xx-new-1.aliyuncs.com"}`, "/not": "no host | <b>"}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tables[r.URL.Path] == "" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = w.Write([]byte(tables[r.URL.Path]))
	}))
	defer server.Close()
	for path, c := range map[string]struct{ says, summary string }{
		"/same": {"No host is new or gone", ""},
		"/new":  {"::notice title=prober::1 hosts are new or gone", "| new | ecs | ecs.xx-new-1.aliyuncs.com |"},
		"/not":  {"No host is new or gone", ""},
		"/none": {"::notice title=prober::the table one cannot be fetched", ""},
	} {
		dir := t.TempDir()
		put(t, filepath.Join(dir, "tables.json"), fmt.Sprintf(`{"sources": [{"id": "one", "file": "%s%s"}]}`, server.URL, path))
		put(t, filepath.Join(dir, "summary"), "")
		script, err := filepath.Abs("steps/sdk-hosts")
		if err != nil {
			t.Fatal(err)
		}
		code, said := shell(t, dir, "bash '"+script+"'", "PROGRAM="+program, "TABLES="+filepath.Join(dir, "tables.json"), "RUNNER_TEMP="+dir, "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary"))
		summary := get(t, filepath.Join(dir, "summary"))
		if code != 0 || !strings.Contains(said, c.says) || !strings.Contains(summary, c.summary) || (summary == "") != (c.summary == "") {
			t.Errorf("%s: exit code %d\n%s\n%s", path, code, said, summary)
		}
	}
	if _, err := os.Stat(filepath.Join(root(t), "sdkhosts", "hosts.json")); err != nil {
		t.Error(err)
	}
}
