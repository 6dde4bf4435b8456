package run

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prober/report"
	"prober/session"
)

// waiverFile writes a file of waivers.
func waiverFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "waivers.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// waive is a waiver as JSON.
func waive(endpoint, requirement, expires string) string {
	return `{"endpoint": "` + endpoint + `", "requirement": "` + requirement + `", "why": "the old gateway is being replaced", "expires": "` + expires + `"}`
}

// A waiver holds up to and with its last day. After it the failure counts again, and says so;
// a waiver that no failure needs is only mentioned. The clock stands at 2026-11-22.
func TestWaivers(t *testing.T) {
	t.Parallel()
	const (
		detail = "the waiver expired on 2026-11-21: the old gateway is being replaced; "
		broken = "kms/cn-hangzhou/public=version_accepted"
		weak   = "kms/cn-hangzhou/public=weak_key" // breaks a SHOULD
	)
	holds, over := waive("kms/*", "KMS-TLS-02", "2026-11-22"), waive("kms/*", "KMS-TLS-02", "2026-11-21")
	for _, c := range []struct {
		name    string
		args    []string
		waivers string
		policy  report.Policy
		exit    report.ExitCode
		failed  string // as failures returns it, joined by "; "
		waived  string
		detail  string // the failure's begins with it
		talk    string
	}{
		{"on its last day", []string{"-fault", broken}, holds, report.Policy{}, 0, "", "kms/cn-hangzhou/public KMS-TLS-02", "", ""},
		{"a day later", []string{"-fault", broken}, over, report.Policy{}, 1, "kms/cn-hangzhou/public KMS-TLS-02", "", detail, ""},
		{"a day later by --as-of", []string{"-fault", broken, "-as-of", "2026-11-23"}, holds, report.Policy{}, 1, "kms/cn-hangzhou/public KMS-TLS-02", "", "the waiver expired on 2026-11-22: ", ""},
		{"its last day by --as-of", []string{"-fault", broken, "-as-of", "2026-11-21"}, over, report.Policy{}, 0, "", "kms/cn-hangzhou/public KMS-TLS-02", "", ""},
		{"any case", []string{"-fault", broken}, waive("KMS/cn-hangzhou/Public", "kms-tls-02", "2026-11-22"), report.Policy{}, 0, "", "kms/cn-hangzhou/public KMS-TLS-02", "", ""},
		{"a pattern over products", []string{"-fault", broken}, waive("*", "KMS-TLS-02", "2026-11-22"), report.Policy{}, 0, "", "kms/cn-hangzhou/public KMS-TLS-02", "", ""},
		{"an expired one and one that holds", []string{"-fault", broken}, over + "," + holds, report.Policy{}, 0, "", "kms/cn-hangzhou/public KMS-TLS-02", "", "KMS-TLS-02 at kms/*, which expired on 2026-11-21"},
		{"excused by the policy", []string{"-fault", weak}, waive("kms/*", "KMS-TLS-08", "2026-11-21"), report.Policy{FailOn: report.Must}, 0, "kms/cn-hangzhou/public KMS-TLS-08", "", detail, ""},
		{"needed no more", nil, over + "," + waive("ecs/*", "ECS-TLS-02", "2026-11-22"), report.Policy{}, 0, "", "", "", "prober: note: no failure of this run needed the waiver of KMS-TLS-02 at kms/*, which expired on 2026-11-21; nor that of ECS-TLS-02 at ecs/*\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{"-product", "kms", "-region", "cn-hangzhou", "-group", "tls", "-waivers", waiverFile(t, "["+c.waivers+"]")}, c.args...)
			r, v, talk := judgedBy(t, c.policy, args...)
			if v.ExitCode != c.exit || r.Verdict.ExitCode != c.exit {
				t.Errorf("exit code %d, want %d: %s", v.ExitCode, c.exit, v.Text)
			}
			if got := strings.Join(failures(r, report.Fail), "; "); got != c.failed {
				t.Errorf("failed: %q, want %q", got, c.failed)
			}
			if got := strings.Join(failures(r, report.Waived), "; "); got != c.waived {
				t.Errorf("waived: %q, want %q", got, c.waived)
			}
			for _, res := range r.Results {
				if res.Outcome == report.Fail && (!strings.HasPrefix(res.Detail, c.detail) || res.Detail == c.detail) {
					t.Errorf("detail %q, want %q and what was seen", res.Detail, c.detail)
				}
			}
			if got := len(r.Expired); (got == 1) != (c.detail != "") {
				t.Errorf("%d failures have a waiver that is over", got)
			}
			if (c.talk == "") != (talk == "") || !strings.Contains(talk, c.talk) {
				t.Errorf("on stderr %q, want %q", talk, c.talk)
			}
		})
	}
}

// A failure that an earlier run showed counts when its waiver is over.
func TestExpiredWaiverOfAKnownFailure(t *testing.T) {
	t.Parallel()
	args := []string{"-product", "kms", "-region", "cn-hangzhou", "-group", "tls", "-fault", "kms/cn-hangzhou/public=version_accepted"}
	earlier, _ := judged(t, args...)
	policy := report.Policy{OnlyNew: true, Baseline: earlier}
	if _, v, _ := judgedBy(t, policy, args...); v.ExitCode != report.ExitPass {
		t.Fatalf("without a waiver: %s", v.Text)
	}
	if _, v, _ := judgedBy(t, policy, append(args, "-waivers", waiverFile(t, "["+waive("kms/*", "KMS-TLS-02", "2026-11-21")+"]"))...); v.ExitCode != report.ExitFail {
		t.Errorf("with one that expired: %s", v.Text)
	}
}

// What a file of waivers cannot mean is refused, and nothing is started.
func TestWaiversRefused(t *testing.T) {
	for bad, want := range map[string]string{
		``:                          "want a list",
		`{}`:                        "want a list",
		`[] x`:                      "waivers.json: line 1: invalid character 'x' after top-level value",
		`null`:                      "want a list",
		"[\n null]":                 "waivers.json: line 2: [0]: null is no value",
		`[{"endpoint": "kms/*"}]`:   "waiver 1: why",
		waive("kms/*", "A", "2026"): "want a list",
		`[{"endpoint": "kms/*", "requirement": "KMS-TLS-02", "why": " \t ", "expires": "2026-12-01"}]`:                       "waiver 1: why",
		`[{"endpoint": "kms/*", "requirement": "KMS-TLS-02", "why": "w", "expires": "2026-12-01", "by": "me"}]`:              "by",
		"[" + waive("kms/*", "KMS-TLS-99", "2026-12-01") + "]":                                                               "KMS-TLS-99",
		"[" + waive("oss/*", "KMS-TLS-02", "2026-12-01") + "]":                                                               "oss/*",
		`[{"endpoint": "kms/*", "requirement": "KMS-TLS-02", "why": "w", "expires": "2026-12-01", "expires": "2027-12-01"}]`: "[0].expires: given twice",
		`[{"endpoint": "kms/*", "requirement": "KMS-TLS-02", "why": "w", "Expires": "2026-12-01"}]`:                          `unknown field "Expires"`,
		`[{"endpoint": "kms/*", "requirement": "KMS-TLS-02", "why": null, "expires": "2026-12-01"}]`:                         "[0].why: null is no value",
		"[" + waive("kms/*", "KMS-TLS-02", "2026-12-01") + ",\n\n" + waive("kms/*", "KMS-TLS-02", "soon") + "]":              "waivers.json: line 3: waiver 2: expires",
		`[{"requirement": "KMS-TLS-02", "why": "w", "expires": "2026-12-01"}]`:                                               "waiver 1: endpoint or requirement: missing",
		"[" + waive("kms/*", "KMS-TLS-02", "soon") + "]":                                                                     "soon",
		"[" + waive("ecs/default/public", "kms-tls-02", "2026-12-01") + "]":                                                  `KMS-TLS-02 is a requirement of kms, and "ecs/default/public" names endpoints of ecs only`,
	} {
		o := options(t, "-sandbox", "-region", "cn-hangzhou", "-waivers", waiverFile(t, bad))
		var usage *session.UsageError
		_, err := Conformance(context.Background(), o, environment(&bytes.Buffer{}))
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "--waivers") {
			t.Errorf("%s: %v, want a usage error with %q", bad, err, want)
		}
	}
}
