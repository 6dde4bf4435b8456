package run

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"prober/report/render"
	"prober/session"
)

// What was asked for and is not judged is said on stderr, a line each; what was not asked for
// is not.
func TestAbsent(t *testing.T) {
	rerun := filepath.Join(t.TempDir(), "report.json")
	r, _ := judged(t, "-product", "kms", "-region", "cn-hangzhou", "-group", "tls", "-fault", "kms/cn-hangzhou/public=version_accepted")
	if err := render.WriteFile(rerun, r, render.JSON); err != nil {
		t.Fatal(err)
	}
	const beside = " has no endpoint in cn-hangzhou: nothing of it was judged"
	for _, c := range []struct {
		args []string
		want []string
	}{
		{nil, nil},
		{[]string{"-network", "vpc"}, nil},
		{[]string{"-product", "kms", "-region", "cn-hangzhou"}, nil},
		{[]string{"-product", "kms", "-product", "gaap,gaap", "-region", "cn-hangzhou"}, []string{"gaap" + beside}},
		{[]string{"-region", "cn-hangzhou"}, []string{"ecs" + beside, "gaap" + beside}},
		{[]string{"-product", "kms,gaap", "-network", "vpc"}, []string{"gaap has no vpc endpoint: nothing of it was judged"}},
		{[]string{"-product", "ecs", "-region", "cn-hangzhou,cn-shanghai"}, []string{"nothing is judged: ecs has no endpoint in cn-hangzhou or cn-shanghai"}},
		{[]string{"-product", "kms", "-requirement", "ECS-DNS-01"}, []string{"nothing is judged: no requirement of the selected endpoints matches req: containsAny {ECS-DNS-01}"}},
		{[]string{"-product", "ecs", "-rerun-failed", rerun}, []string{"nothing is judged: nothing of what failed in " + rerun + " is in the selection"}},
	} {
		var talk bytes.Buffer
		if _, _, err := List(options(t, append([]string{"-sandbox"}, c.args...)...), environment(&talk)); err != nil {
			t.Fatal(err)
		}
		want := ""
		for _, w := range c.want {
			want += "prober: note: " + w + "\n"
		}
		if got := talk.String(); got != want {
			t.Errorf("%v: %q, want %q", c.args, got, want)
		}
	}
}

// A fault that nobody would see is refused; a pattern that matches others too is not.
func TestIdleFaultRefused(t *testing.T) {
	const fault = "kms/cn-beijing/public=charset"
	var usage *session.UsageError
	_, _, err := List(options(t, "-sandbox", "-region", "cn-hangzhou", "-fault", fault), environment(&bytes.Buffer{}))
	if !errors.As(err, &usage) || !strings.Contains(err.Error(), "--fault "+fault+": none of its endpoints is selected") {
		t.Errorf("%v, want a usage error that names the fault", err)
	}
	if _, _, err := List(options(t, "-sandbox", "-region", "cn-hangzhou", "-fault", "*=charset"), environment(&bytes.Buffer{})); err != nil {
		t.Errorf("a pattern: %v", err)
	}
}

// The report says which state of its source a requirement was read from.
func TestRevision(t *testing.T) {
	t.Parallel()
	r, _ := judged(t, "-product", "kms", "-region", "cn-hangzhou")
	n := 0
	for _, q := range r.Requirements {
		if q.Revision != "" {
			n++
		}
	}
	if n == 0 {
		t.Error("no requirement has a revision")
	}
}
