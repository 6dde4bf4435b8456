package main

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"prober/report"
)

// What a first run of real services sees is told, and the next run tells only what is otherwise. A
// standing sandbox, reached as any server is, stands for the services.
func TestSeenForTheFirstTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var cloud sandboxJSON
	if err := json.Unmarshal([]byte(standingSandbox(t, "}\n", "--dir", filepath.Join(dir, "cloud"), "--output", "json")), &cloud); err != nil {
		t.Fatal(err)
	}
	reach := []string{"--ca-file", cloud.CAFile, "--allow-private", "--timeout", unhurried.String(), "--resolver", cloud.Resolvers[0].String(), "--endpoints", cloud.EndpointsFile}
	only := []string{"--product", "gaap", "--region", "eu-moscow", "--region", "ap-seoul", "--group", "tls"}
	judge := func(name string, more ...string) (string, string) {
		t.Helper()
		out := filepath.Join(dir, name)
		r := runApp(t, nil, append(append(append([]string{"conformance", "--report-dir", out}, reach...), only...), more...)...)
		if r.code != 0 && r.code != 1 {
			t.Fatalf("%s: exit code %d\n%s%s", name, r.code, r.stdout, r.stderr)
		}
		return r.stdout, filepath.Join(out, "report.json")
	}
	first, before := judge("first")
	for _, want := range []string{
		`seen for the first time, which no document tells:\n`,
		`\n    gaap +TLS1.3 +accepted +at gaap/ap-seoul/public, gaap/eu-moscow/public\n`,
		`\n    gaap +AAAA +there are records +at gaap/ap-seoul/public, gaap/eu-moscow/public\n`,
		`\n    gaap +doubtful endpoint +answers +at gaap/eu-moscow/public\n`,
	} {
		if !regexp.MustCompile(want).MatchString(first) {
			t.Errorf("no %q in\n%s", want, first)
		}
	}
	if again, _ := judge("again", "--baseline", before); strings.Contains(again, "for the first time") {
		t.Errorf("the second run tells again:\n%s", again)
	}

	// Something changes that is a failure too: it is told as both.
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, cloud.Management+"/endpoints/gaap/ap-seoul/public/fault", strings.NewReader("version_missing"))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil || resp.Body.Close() != nil || resp.StatusCode >= 300 {
		t.Fatal(err, resp)
	}
	_, after := judge("after")
	compare := runApp(t, nil, "report", "compare", before, after)
	if want := `\n    gaap +TLS1.2 +rejected \(before: accepted\) +at gaap/ap-seoul/public\n`; compare.code != 1 || !regexp.MustCompile(want).MatchString(compare.stdout) {
		t.Errorf("exit code %d\n%s", compare.code, compare.stdout)
	}
	var c report.Comparison
	r := runApp(t, nil, "report", "compare", before, after, "-o", "json")
	if err := json.Unmarshal([]byte(r.stdout), &c); err != nil || len(c.Seen) != 1 || c.Seen[0] != (report.Sight{Product: "gaap", Endpoint: "gaap/ap-seoul/public", About: "TLS1.2", Was: "accepted", Is: "rejected"}) {
		t.Errorf("%v: %+v", err, c.Seen)
	}
}
