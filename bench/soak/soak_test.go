package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

// A short run keeps the promises that a long one is made for.
func TestShortRun(t *testing.T) {
	if os.Getenv("PROBER_REQUIRE_TOOLS") == "" {
		t.Skip("takes half a minute; PROBER_REQUIRE_TOOLS=1 runs it")
	}
	t.Chdir("..")
	var out bytes.Buffer
	broken, err := run(t.Context(), []string{"-for", "24s", "-endpoints", "100", "-clients", "16", "-interval", "6s"}, &out)
	if err != nil || len(broken) > 0 {
		t.Errorf("%v %v\n%s", err, broken, &out)
	}
}

func TestJudge(t *testing.T) {
	o := options{megabytes: 200}
	flat := func(megabytes, descriptors int) (all []sample) {
		for i := range 12 {
			all = append(all, sample{at: time.Duration(i) * time.Second, megabytes: megabytes, descriptors: descriptors})
		}
		return all
	}
	growing := flat(50, 40)
	growing[11].descriptors = 500
	for name, tt := range map[string]struct {
		all            []sample
		failed, probes int
		want           string
	}{
		"well":      {flat(50, 40), 0, 100, ""},
		"a failure": {flat(50, 40), 1, 100, "1 failures"},
		"no probe":  {flat(50, 40), 0, 0, "nothing was probed"},
		"large":     {flat(300, 40), 0, 100, "300 MB"},
		"a leak":    {growing, 0, 100, "descriptors grew from 40 to 500"},
	} {
		if got := strings.Join(judge(o, tt.all, tt.failed, tt.probes), "; "); !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestFailures(t *testing.T) {
	const text = `# HELP endpoint_failures_total x
endpoint_failures_total{product="kms",host="a.test",phase="tls"} 2
endpoint_failures_total{product="kms",host="bad.test",phase="tls"} 9
endpoint_probes_total{product="kms",host="a.test"} 40
endpoint_probes_total{product="kms",host="b.test"} 2
`
	if failed, probes := failures(text, map[string]bool{"a.test": true, "b.test": true}); failed != 2 || probes != 42 {
		t.Errorf("%d failures of %d probes", failed, probes)
	}
}
