package prometheus

import (
	"fmt"
	"strings"
	"testing"

	"prober/needs"
)

// That a prober is absent is told once, and for as long as it is: after a day, when no prober was seen within one, too.
func TestAbsenceIsOneAlert(t *testing.T) {
	needs.Patience(t, "takes seconds of promtool")
	var tests strings.Builder
	for what, series := range map[string][]string{
		"the target does not answer":       {`up{job="prober",instance="p"} 1x10 0x400`, `prober_build_info{job="prober",instance="p"} 1x10 stale`},
		"there is no target any more":      {`prober_build_info{job="prober",instance="p"} 1x10 stale`},
		"one of two shards has no target":  {`up{job="prober",instance="p",vantage="x"} 1x400`, `prober_build_info{job="prober",instance="p",vantage="x"} 1x400`, `prober:heard:count{vantage="x"} 2x10 1x400`, `prober_shards{job="prober",instance="p",vantage="x"} 2x400`},
		"there was none":                   {`up{job="other",instance="o"} 1x400`},
		"one of two does not answer":       {`up{job="pods",instance="p"} 1x10 0x400`, `prober_build_info{job="pods",instance="p"} 1x10 stale`, `up{job="pods",instance="q"} 1x400`, `prober_build_info{job="pods",instance="q"} 1x400`, `up{job="pods",instance="web"} 1x400`},
		"the only vantage does not answer": {`up{job="prober",instance="p",vantage="x"} 1x10 0x400`, `prober_build_info{job="prober",instance="p",vantage="x"} 1x10 stale`},
	} {
		fmt.Fprintf(&tests, "  - name: %s\n    interval: 5m\n    input_series:\n", what)
		for _, s := range series {
			name, values, _ := strings.Cut(s, "} ")
			fmt.Fprintf(&tests, "      - {series: '%s}', values: '%s'}\n", name, values)
		}
		tests.WriteString("    promql_expr_test:\n")
		for _, at := range []string{"2h", "12h", "24h", "24h50m", "25h", "30h"} {
			fmt.Fprintf(&tests, "      - {expr: 'count(ALERTS{alertname=\"ProberAbsent\",alertstate=\"firing\"})', eval_time: %s, exp_samples: [{labels: '{}', value: 1}]}\n", at)
		}
	}
	promtoolTests(t, "10m", tests.String(), group(t, "prober-itself"))
}
