package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A run writes its reports, and two of them can be compared and rendered.
func TestConformance(t *testing.T) {
	t.Parallel()
	const fault = "kms/cn-hangzhou/public=cert_expired"
	clean, broken := filepath.Join(t.TempDir(), "clean"), filepath.Join(t.TempDir(), "broken")
	metrics := filepath.Join(t.TempDir(), "prober.prom")
	expired := write(t, "waivers.json", `[{"endpoint": "kms/*", "requirement": "KMS-TLS-02", "why": "a gateway is being replaced", "expires": "2020-01-01"}]`)
	for _, c := range []struct {
		name string
		args []string
		want exitCode
		says string // on stdout
	}{
		{"clean", []string{"--report-dir", clean, "--metrics-file", metrics}, exitOK, "pass: nothing failed"},
		{"broken", []string{"--report-dir", broken, "--fault", fault}, exitFailed, "KMS-TLS-07"},
		{"new against a baseline", []string{"--fault", fault, "--baseline", filepath.Join(clean, "report.json"), "--only-new"}, exitFailed, "newly"},
		{"known by a baseline", []string{"--group", "tls", "--requirement", "KMS-TLS-07", "--fault", fault, "--baseline", filepath.Join(broken, "report.json"), "--only-new"}, exitOK, "known before"},
		{"SHOULD excused", []string{"--group", "tls", "--fault", "kms/cn-hangzhou/public=weak_key", "--fail-on", "must"}, exitOK, "KMS-TLS-08"},
		{"an expired waiver", []string{"--waivers", expired}, exitFailed, ""},
		{"nothing selected", []string{"--label-filter", "level:MUST && level:SHOULD"}, exitUndecided, "nothing was selected"},
		{"bad level", []string{"--fail-on", "could"}, exitUsage, ""},
		{"only new without a baseline", []string{"--only-new"}, exitUsage, ""},
		{"missing baseline", []string{"--baseline", "none.json"}, exitUsage, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := runApp(t, nil, append([]string{"conformance", "--sandbox", "--product", "kms", "--region", "cn-hangzhou"}, c.args...)...)
			if r.code != int(c.want) || !strings.Contains(r.stdout, c.says) {
				t.Errorf("exit code %d, want %d with %q on stdout\n%s%s", r.code, c.want, c.says, r.stdout, r.stderr)
			}
			if c.want == exitUsage && (r.stdout != "" || strings.Count(r.stderr, "\n") != 1) {
				t.Errorf("stdout %q, stderr %q: want one line on stderr", r.stdout, r.stderr)
			}
		})
	}
	for _, file := range []string{
		filepath.Join(clean, "report.json"), filepath.Join(clean, "junit.xml"), filepath.Join(clean, "report.md"), filepath.Join(clean, "report.html"), metrics,
	} {
		if info, err := os.Stat(file); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", file, err)
		}
	}
	compare := runApp(t, nil, "report", "compare", filepath.Join(clean, "report.json"), filepath.Join(broken, "report.json"))
	if compare.code != int(exitFailed) || !strings.Contains(compare.stdout, "KMS-TLS-07") {
		t.Errorf("compare: exit code %d, %s", compare.code, compare.stdout)
	}
	if back := runApp(t, nil, "report", "compare", filepath.Join(broken, "report.json"), filepath.Join(clean, "report.json")); back.code != 0 {
		t.Errorf("compare the other way: exit code %d, %s", back.code, back.stdout)
	}
	for _, format := range []string{"json", "junit", "markdown", "html", "annotations", "badge", "prometheus"} {
		r := runApp(t, nil, "report", "render", filepath.Join(broken, "report.json"), "--format", format)
		if r.code != 0 || r.stdout == "" {
			t.Errorf("render as %s: exit code %d, %d bytes, %s", format, r.code, len(r.stdout), r.stderr)
		}
	}
}

// explain knows reasons and requirements.
func TestExplain(t *testing.T) {
	for name, says := range map[string]string{"cert_expired": "tls/cert_expired", "kms-tls-02": `"expect": "refused"`, "ECS-DNS-01": "also      ", "": "resolve/nxdomain"} {
		args := []string{"explain"}
		if name != "" {
			args = append(args, name)
		}
		if r := runApp(t, nil, args...); r.code != 0 || !strings.Contains(r.stdout, says) {
			t.Errorf("explain %s: exit code %d, %q", name, r.code, r.stdout)
		}
	}
}
