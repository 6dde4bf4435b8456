package main

import (
	"encoding/json"
	"encoding/xml"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prober/report"
)

// A run writes its reports, and two of them can be compared and rendered.
func TestConformance(t *testing.T) {
	t.Parallel()
	const fault = "kms/cn-hangzhou/public=cert_expired"
	clean, broken := filepath.Join(t.TempDir(), "clean"), filepath.Join(t.TempDir(), "broken")
	metrics := filepath.Join(t.TempDir(), "prober.prom")
	expired := write(t, "waivers.json", `[{"endpoint": "kms/*", "requirement": "KMS-TLS-08", "why": "a gateway is being replaced", "expires": "2020-01-01"}]`)
	const weak = "kms/cn-hangzhou/public=weak_key"
	for _, c := range []struct {
		name string
		args []string
		want report.ExitCode
		says string // on stdout
	}{
		{"clean", []string{"--report-dir", clean, "--metrics-file", metrics}, report.ExitPass, "pass: nothing failed"},
		{"broken", []string{"--report-dir", broken, "--fault", fault}, report.ExitFail, "KMS-TLS-07"},
		{"new against a baseline", []string{"--fault", fault, "--baseline", filepath.Join(clean, "report.json"), "--only-new"}, report.ExitFail, "newly"},
		{"known by a baseline", []string{"--group", "tls", "--requirement", "KMS-TLS-07", "--fault", fault, "--baseline", filepath.Join(broken, "report.json"), "--only-new"}, report.ExitPass, "still broken: 1 since "},
		{"SHOULD excused", []string{"--group", "tls", "--fault", "kms/cn-hangzhou/public=weak_key", "--fail-on", "must"}, report.ExitPass, "KMS-TLS-08"},
		{"an expired waiver", []string{"--group", "tls", "--waivers", expired, "--fault", weak}, report.ExitFail, "the waiver expired on 2020-01-01: a gateway is being replaced"},
		{"an expired waiver of what is excused", []string{"--group", "tls", "--waivers", expired, "--fault", weak, "--fail-on", "must"}, report.ExitFail, "the waiver expired on 2020-01-01"},
		{"an expired waiver of nothing", []string{"--group", "tls", "--waivers", expired}, report.ExitPass, "pass: nothing failed"},
		{"nothing selected", []string{"--label-filter", "level:MUST && level:SHOULD"}, report.ExitUndecided, "nothing was selected"},
		{"nothing to judge again", []string{"--rerun-failed", filepath.Join(clean, "report.json")}, report.ExitPass, ""},
		{"nothing to list again", []string{"--rerun-failed", filepath.Join(clean, "report.json"), "--list"}, report.ExitPass, ""},
		{"bad level", []string{"--fail-on", "could"}, report.ExitUsage, ""},
		{"only new without a baseline", []string{"--only-new"}, report.ExitUsage, ""},
		{"since the last run, without a folder", []string{"--since-last"}, report.ExitUsage, ""},
		{"since the last run, and a baseline", []string{"--since-last", "--report-dir", clean, "--baseline", filepath.Join(clean, "report.json")}, report.ExitUsage, ""},
		{"missing baseline", []string{"--baseline", "none.json"}, report.ExitUsage, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := runApp(t, nil, append([]string{"conformance", "--sandbox", "--product", "kms", "--region", "cn-hangzhou"}, c.args...)...)
			if r.code != int(c.want) || !strings.Contains(r.stdout, c.says) {
				t.Errorf("exit code %d, want %d with %q on stdout\n%s%s", r.code, c.want, c.says, r.stdout, r.stderr)
			}
			if c.want == report.ExitUsage && (r.stdout != "" || strings.Count(r.stderr, "\n") != 1) {
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
	if compare.code != int(report.ExitFail) || !strings.Contains(compare.stdout, "KMS-TLS-07") {
		t.Errorf("compare: exit code %d, %s", compare.code, compare.stdout)
	}
	if back := runApp(t, nil, "report", "compare", filepath.Join(broken, "report.json"), filepath.Join(clean, "report.json")); back.code != 0 {
		t.Errorf("compare the other way: exit code %d, %s", back.code, back.stdout)
	}
	for _, format := range []string{"json", "junit", "markdown", "issue", "codequality", "html", "annotations", "badge", "prometheus"} {
		r := runApp(t, nil, "report", "render", filepath.Join(broken, "report.json"), "--format", format)
		if r.code != 0 || r.stdout == "" {
			t.Errorf("render as %s: exit code %d, %d bytes, %s", format, r.code, len(r.stdout), r.stderr)
		}
	}
}

// The report, and the metrics, say where the prober stood if that has a name.
func TestVantage(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Zürich, rack 3", strings.Repeat("ü", 63)} {
		dir := t.TempDir()
		metrics := filepath.Join(dir, "prober.prom")
		args := []string{"conformance", "--sandbox", "--requirement", "KMS-TLS-02", "--region", "cn-hangzhou", "--report-dir", dir, "--metrics-file", metrics}
		if name != "" {
			args = append(args, "--vantage", name)
		}
		if r := runApp(t, nil, args...); r.code != 0 {
			t.Fatal(r)
		}
		var written struct {
			Environment map[string]any `json:"environment"`
		}
		text, err := os.ReadFile(filepath.Join(dir, "report.json"))
		if err == nil {
			err = json.Unmarshal(text, &written)
		}
		got, filled := written.Environment["vantage"]
		if err != nil || filled != (name != "") || filled && got != name {
			t.Errorf("%q: report.json says %v, %v", name, got, err)
		}
		if text, err := os.ReadFile(metrics); err != nil || strings.Contains(string(text), `vantage="`+name+`"`) != filled {
			t.Errorf("%q: %v, or not in the metrics:\n%s", name, err, text)
		}
	}
}

// A report without failures leaves nothing to judge again, which is said and is no failure.
func TestRerunOfACleanReport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "report.json")
	args := []string{"conformance", "--sandbox", "--product", "kms", "--region", "cn-hangzhou", "--requirement", "KMS-TLS-02"}
	if r := runApp(t, nil, append(args, "--report-dir", dir)...); r.code != 0 {
		t.Fatal(r)
	}
	r := runApp(t, nil, append(args, "--rerun-failed", file)...)
	if want := "prober: " + file + " has no failures: nothing to judge again\n"; r.code != 0 || r.stderr != want || r.stdout != "" {
		t.Errorf("exit code %d, %q, %q, want %q on stderr alone", r.code, r.stdout, r.stderr, want)
	}
}

// A verdict is not lost on files that cannot be written: it is printed, and 1 stays 1.
func TestVerdictOutlivesItsFiles(t *testing.T) {
	t.Parallel()
	args := []string{"conformance", "--sandbox", "--product", "kms", "--region", "cn-hangzhou", "--requirement", "KMS-TLS-02"}
	for _, c := range []struct {
		fault string
		want  report.ExitCode
		says  string
	}{
		{"kms/cn-hangzhou/public=version_accepted", report.ExitFail, "fail: 1 broken requirement"},
		{"kms/cn-hangzhou/public=charset", report.ExitUndecided, "pass: nothing failed"},
	} {
		dir := t.TempDir() // is fine, but one of the files is not
		if err := os.Mkdir(filepath.Join(dir, "junit.xml"), 0o750); err != nil {
			t.Fatal(err)
		}
		r := runApp(t, nil, append(args, "--fault", c.fault, "--report-dir", dir)...)
		if r.code != int(c.want) || !strings.Contains(r.stdout, c.says) || !strings.Contains(r.stderr, "prober: error: writing") {
			t.Errorf("exit code %d, want %d with %q\n%s%s", r.code, c.want, c.says, r.stdout, r.stderr)
		}
		if _, err := os.Stat(filepath.Join(dir, "report.json")); err != nil {
			t.Error("the files that can be written are not")
		}
	}
}

// --list in JSON holds what the table shows.
func TestListAsJSON(t *testing.T) {
	t.Parallel()
	r := runApp(t, nil, "conformance", "--product", "kms", "--region", "cn-hangzhou", "--requirement", "KMS-TLS-02", "--list", "-o", "json")
	var list []map[string]string
	if err := json.Unmarshal([]byte(r.stdout), &list); err != nil || r.code != 0 {
		t.Fatalf("exit code %d, %v: %s", r.code, err, r.stdout)
	}
	want := map[string]string{"endpoint": "kms/cn-hangzhou/public", "requirement": "KMS-TLS-02", "level": "MUST", "group": "tls", "spec": "refuses SSLv3"}
	if len(list) != 2 || !maps.Equal(list[0], want) {
		t.Errorf("%v, want two, the first %v", list, want)
	}
	if r := runApp(t, nil, "conformance", "--label-filter", "none", "--list", "-o", "json"); r.stdout != "[]\n" {
		t.Errorf("an empty list: %q", r.stdout)
	}
}

// --list reads the waivers as a run does: what is wrong with them is told, and what they are for is marked.
func TestListWithWaivers(t *testing.T) {
	t.Parallel()
	list := func(waivers string, args ...string) result {
		return runApp(t, nil, append([]string{"conformance", "--product", "kms", "--region", "cn-hangzhou", "--requirement", "KMS-TLS-02,KMS-TLS-03", "--list", "--as-of", "2026-11-22", "--waivers", waivers}, args...)...)
	}
	if r := list(filepath.Join(t.TempDir(), "none.json")); r.code != 2 || r.stdout != "" || !strings.Contains(r.stderr, "--waivers: ") {
		t.Errorf("without a file: exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	if r := list(write(t, "bad.json", "{}")); r.code != 2 || r.stdout != "" || !strings.Contains(r.stderr, "bad.json: line 1: want a list of") {
		t.Errorf("no waivers: exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	const of = `{"why": "a gateway is replaced", "endpoint": "kms/cn-hangzhou/public", "requirement": "KMS-TLS-0`
	good := write(t, "good.json", `[`+of+`2", "expires": "2026-11-22"}, `+of+`3", "expires": "2026-11-21"}]`)
	r := list(good)
	marked := map[string]int{}
	for line := range strings.Lines(r.stdout) {
		fields := strings.Fields(line)
		_, mark, _ := strings.Cut(strings.TrimSpace(line), " (waive")
		marked[fields[1]+" "+mark]++
	}
	if r.code != 0 || marked["KMS-TLS-02 d until 2026-11-22)"] != 1 || marked["KMS-TLS-03 r expired on 2026-11-21)"] != 1 || marked["KMS-TLS-02 "] != 1 || marked["KMS-TLS-03 "] != 1 {
		t.Errorf("exit code %d, %v\n%s%s", r.code, marked, r.stdout, r.stderr)
	}
	if r := list(good, "-o", "json"); r.code != 0 || strings.Count(r.stdout, `"waiver": "waived until 2026-11-22"`) != 1 {
		t.Errorf("exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
}

// --list refuses what a run refuses for --family, in the same words.
func TestListFitsTheFamily(t *testing.T) {
	t.Parallel()
	file := write(t, "l.yaml", "endpoints: [{id: one, url: 'https://[::1]'}]")
	args := []string{"conformance", "--endpoints", file, "--allow-private", "--family", "4"}
	run, list := runApp(t, nil, args...), runApp(t, nil, append(args, "--list")...)
	if run.code != 2 || list.code != 2 || list.stdout != "" || list.stderr != run.stderr || !strings.Contains(list.stderr, "--family 4: one is probed at ::1") {
		t.Errorf("exit code %d\n%s%s\nthat of a run is %d\n%s", list.code, list.stdout, list.stderr, run.code, run.stderr)
	}
}

// The durations of the results are in the files, and those of a run are its own.
func TestDurations(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	runApp(t, nil, "conformance", "--sandbox", "--product", "kms", "--region", "cn-hangzhou", "--group", "tls", "--report-dir", dir)
	text, err := os.ReadFile(filepath.Join(dir, "junit.xml"))
	if err != nil {
		t.Fatal(err)
	}
	var run struct {
		Time float64 `xml:"time,attr"`
		Case []struct {
			Name string  `xml:"name,attr"`
			Time float64 `xml:"time,attr"`
		} `xml:"testsuite>testcase"`
	}
	if err := xml.Unmarshal(text, &run); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, c := range run.Case {
		if sum += c.Time; c.Time == 0 {
			t.Errorf("%s took no time", c.Name)
		}
	}
	if len(run.Case) == 0 || math.Abs(sum-run.Time) > 1e-4 { // they are written in microseconds
		t.Errorf("%d results took %f s, and the run %f s", len(run.Case), sum, run.Time)
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

// A folder that keeps the report of the run before is all that is needed to hear of each failure once.
func TestSinceLast(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const fault = "kms/cn-hangzhou/public=version_accepted"
	for _, c := range []struct {
		name, fault, says, stderr string
		want                      report.ExitCode
	}{
		{"the first run", "", "pass: nothing failed", "", report.ExitPass},
		{"a new failure", fault, "fail: 1 broken requirement", "", report.ExitFail},
		{"the same again", fault, "pass: still broken: 1 since ", "", report.ExitPass},
		{"damage", fault, "fail: 1 broken requirement", "all that fails counts as new", report.ExitFail},
		{"mended", "", "1 fixed", "", report.ExitPass},
	} {
		args := []string{"conformance", "--sandbox", "--product", "kms", "--region", "cn-hangzhou", "--requirement", "KMS-TLS-02", "--report-dir", dir, "--since-last"}
		if c.fault != "" {
			args = append(args, "--fault", c.fault)
		}
		if c.name == "damage" {
			if err := os.WriteFile(filepath.Join(dir, "report.json"), []byte("{"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if r := runApp(t, nil, args...); r.code != int(c.want) || !strings.Contains(r.stdout, c.says) || !strings.Contains(r.stderr, c.stderr) {
			t.Errorf("%s: exit code %d, want %d with %q\n%s%s", c.name, r.code, c.want, c.says, r.stdout, r.stderr)
		}
	}
}
