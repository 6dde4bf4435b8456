package run

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	endpoints "prober"
	"prober/report"
	"prober/report/render"
	"prober/session"
	"prober/suites/kms"
)

// options parses flags of the conformance command. A test that does not say how long answers may
// take is not about that, and they get a minute: a busy machine is no silent server.
func options(t *testing.T, args ...string) *ConformanceOptions {
	t.Helper()
	o := &ConformanceOptions{}
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	o.BindConformance(fs)
	if err := fs.Parse(append([]string{"-timeout", "1m"}, args...)); err != nil {
		t.Fatal(err)
	}
	return o
}

// environment is that of a process without variables. The clock stands before the dated rules.
func environment(talk *bytes.Buffer) Environment {
	start, first := time.Now(), time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	return Environment{
		Environment: session.Environment{
			Embedded: endpoints.Endpoints(), Now: func() time.Time { return first.Add(time.Since(start)) }, Elapsed: func() time.Duration { return 0 },
		},
		Talk: talk, Tool: report.Tool{Name: "prober", Version: "test"},
	}
}

// judged runs the suites on the sandbox and judges the report.
func judged(t *testing.T, args ...string) (*report.Report, report.Verdict) {
	t.Helper()
	r, v, _ := judgedBy(t, report.Policy{}, args...)
	return r, v
}

// judgedBy is judged with a policy; it also returns what was said on stderr after the first line.
func judgedBy(t *testing.T, p report.Policy, args ...string) (*report.Report, report.Verdict, string) {
	t.Helper()
	var talk bytes.Buffer
	r, err := Conformance(context.Background(), options(t, append([]string{"-sandbox"}, args...)...), environment(&talk))
	if err != nil {
		t.Fatal(err)
	}
	v, err := r.Judge(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Validate(); err != nil {
		t.Error(err)
	}
	said, found := strings.CutPrefix(talk.String(), "prober: judging conformance against the sandbox\n")
	if !found {
		t.Errorf("stderr begins with %q, and not with where the run is", said)
	}
	return r, v, said
}

// failures lists what broke, as "endpoint requirement".
func failures(r *report.Report, outcome report.Outcome) []string {
	var out []string
	for _, res := range r.Results {
		if res.Outcome == outcome {
			out = append(out, res.Endpoint+" "+res.Requirement)
		}
	}
	return out
}

// A clean sandbox keeps every requirement, and what was planned is what was judged, once.
func TestConformanceOfACleanSandbox(t *testing.T) {
	t.Parallel()
	o := options(t, "-sandbox", "-region", "cn-hangzhou", "-region", "ap-singapore", "-region", "default")
	specs, _, err := List(o, environment(&bytes.Buffer{}))
	if err != nil {
		t.Fatal(err)
	}
	r, v := judged(t, "-region", "cn-hangzhou", "-region", "ap-singapore", "-region", "default")
	if v.ExitCode != report.ExitPass {
		t.Errorf("%s: %v", v.Text, failures(r, report.Fail))
	}
	planned := map[string]int{}
	for _, s := range specs {
		planned[s.Endpoint.ID+" "+s.Requirement.ID]++
	}
	for _, res := range r.Results {
		planned[res.Endpoint+" "+res.Requirement]--
		if len(res.Evidence) == 0 && res.Outcome == report.Pass {
			t.Errorf("%s at %s passes without evidence", res.Requirement, res.Endpoint)
		}
		if len(res.Evidence) > 0 && res.Duration <= 0 {
			t.Errorf("%s at %s took no time", res.Requirement, res.Endpoint)
		}
	}
	for pair, n := range planned {
		if n != 0 {
			t.Errorf("%s: planned and judged differ by %d", pair, n)
		}
	}
}

// A fault breaks the requirement that it is made for, and the failure says how to see it.
func TestConformanceOfAFault(t *testing.T) {
	t.Parallel()
	r, v := judged(t, "-region", "cn-hangzhou", "-fault", "kms/cn-hangzhou/public=version_accepted")
	if v.ExitCode != report.ExitFail {
		t.Errorf("exit code %d: %s", v.ExitCode, v.Text)
	}
	got := failures(r, report.Fail)
	if len(got) != 1 || got[0] != "kms/cn-hangzhou/public KMS-TLS-02" {
		t.Errorf("broken: %v, want KMS-TLS-02 at kms/cn-hangzhou/public alone", got)
	}
	for _, res := range r.Results {
		if res.Outcome == report.Fail && (res.Reproduce == "" || !strings.Contains(res.Detail, "SSLv3")) {
			t.Errorf("failure %+v does not say what was seen, or how to see it", res)
		}
	}
}

// --as-of moves the judge and nothing else: what is served today breaks a rule of tomorrow.
func TestConformanceAsOf(t *testing.T) {
	t.Parallel()
	args := []string{"-product", "gaap", "-region", "ap-singapore", "-group", "tls"}
	if _, v := judged(t, args...); v.ExitCode != report.ExitPass {
		t.Errorf("today: %s", v.Text)
	}
	r, v := judged(t, append(args, "-as-of", "2026-12-02")...)
	if v.ExitCode != report.ExitFail {
		t.Errorf("as of the day after: %s", v.Text)
	}
	want := []string{"gaap/ap-singapore/public GAAP-TLS-03", "gaap/ap-singapore/public GAAP-TLS-04"}
	if got := failures(r, report.Fail); strings.Join(got, ";") != strings.Join(want, ";") {
		t.Errorf("broken: %v, want %v", got, want)
	}
}

// What failed is judged again, and nothing else. Without failures there is nothing to judge again, which is no failure.
func TestRerunFailed(t *testing.T) {
	t.Parallel()
	r, _ := judged(t, "-region", "cn-hangzhou", "-fault", "kms/cn-hangzhou/public=cert_expired")
	failed := len(failures(r, report.Fail)) + len(failures(r, report.Inconclusive))
	file := filepath.Join(t.TempDir(), "report.json")
	if err := render.WriteFile(file, r, render.JSON); err != nil {
		t.Fatal(err)
	}
	again, v := judged(t, "-rerun-failed", file)
	if len(again.Results) != failed || failed == 0 {
		t.Errorf("%d results, want the %d that failed", len(again.Results), failed)
	}
	if v.ExitCode != report.ExitPass {
		t.Errorf("without the fault: %s", v.Text)
	}
	if err := render.WriteFile(file, again, render.JSON); err != nil {
		t.Fatal(err)
	}
	var none *NothingFailedError
	_, _, err := List(options(t, "-sandbox", "-rerun-failed", file), environment(&bytes.Buffer{}))
	if !errors.As(err, &none) || err.Error() != file+" has no failures: nothing to judge again" {
		t.Errorf("of a report without failures: %v", err)
	}
}

// What is wrong with a label filter is said in one plain line.
func TestLabelFilterError(t *testing.T) {
	for filter, want := range map[string]string{
		"level:MUST && && x": `--label-filter "level:MUST && && x": Operator '&&' missing left hand operand.`,
		"a\n&&":              `--label-filter "a\n&&": Unexpected EOF.`,
	} {
		_, _, err := List(options(t, "-sandbox", "-label-filter", filter), environment(&bytes.Buffer{}))
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", filter, err, want)
		}
	}
}

func TestFilter(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want func(group, level, id string) bool
	}{
		{"group", []string{"-group", "dns"}, func(g, _, _ string) bool { return g == "dns" }},
		{"level", []string{"-level", "must"}, func(_, l, _ string) bool { return l == "MUST" }},
		{"requirement", []string{"-requirement", "KMS-TLS-02"}, func(_, _, id string) bool { return id == "KMS-TLS-02" }},
		{"labels", []string{"-label-filter", "group:tls && level:MUST"}, func(g, l, _ string) bool { return g == "tls" && l == "MUST" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			all, _, err := List(options(t, "-sandbox"), environment(&bytes.Buffer{}))
			if err != nil {
				t.Fatal(err)
			}
			wanted := 0
			for _, s := range all {
				if c.want(s.Requirement.Group(), string(s.Requirement.Level), s.Requirement.ID) {
					wanted++
				}
			}
			got, _, err := List(options(t, append([]string{"-sandbox"}, c.args...)...), environment(&bytes.Buffer{}))
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != wanted || wanted == 0 || wanted == len(all) {
				t.Errorf("%d specs, want %d of %d", len(got), wanted, len(all))
			}
		})
	}
}

// Words that nothing has are errors of the user's that name them.
func TestFilterRefuses(t *testing.T) {
	for _, args := range [][]string{
		{"-group", "udp"},
		{"-level", "maybe"},
		{"-requirement", "KMS-TLS-99"},
		{"-label-filter", "a &&"},
		{"-rerun-failed", "none.json"},
		{"-region", "cn-nowhere"},
		{"-as-of", "tomorrow"},
		{"-retries", "-1"},
		{"-fault", "chareset"},
	} {
		_, _, err := List(options(t, append([]string{"-sandbox"}, args...)...), environment(&bytes.Buffer{}))
		var usage *session.UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), strings.Fields(args[1])[0]) {
			t.Errorf("%v: %v, want a usage error that names it", args, err)
		}
	}
}

// The surveys ask as many questions at once as the prober makes connections.
func TestAtOnce(t *testing.T) {
	for _, want := range []int{4, 9} {
		o := options(t, "-sandbox", "-connections-per-host", strconv.Itoa(want))
		choice, plan, err := o.choose(environment(&bytes.Buffer{}).Environment)
		if err != nil || plan.AtOnce != want || choice.Config.ConnectionsPerHost != want {
			t.Errorf("%v, want %d", err, want)
		}
	}
}

// Under Ginkgo it must be said where to run when anything is selected.
func TestSaysWhere(t *testing.T) {
	for _, c := range []struct {
		args    []string
		sandbox bool
		wrong   bool
	}{
		{nil, true, false},
		{[]string{"-sandbox", "-region", "cn-hangzhou"}, true, false},
		{[]string{"-live", "-region", "cn-hangzhou"}, false, false},
		{[]string{"-region", "cn-hangzhou"}, false, true},
		{[]string{"-resolver", "127.0.0.1"}, false, true},
		{[]string{"-world", "public=127.0.0.0/24"}, false, true},
		{[]string{"-live", "-sandbox"}, false, true},
		{[]string{"--", "-live"}, false, true},
		{[]string{"-sandbox", "live"}, true, true},
	} {
		fs := flag.NewFlagSet("", flag.ContinueOnError)
		o := Bind(fs, "KMS", kms.Suite())
		if err := fs.Parse(c.args); err != nil {
			t.Fatal(err)
		}
		err := o.resolve()
		if (err != nil) != c.wrong || err == nil && o.Sandbox != c.sandbox {
			t.Errorf("%v: sandbox %v, error %v", c.args, o.Sandbox, err)
		}
	}
}
