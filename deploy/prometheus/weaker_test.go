package prometheus

import (
	"fmt"
	"strings"
	"testing"

	"prober/needs"
)

// Of old versions of TLS the oldest alone is shown: an endpoint is weaker than yesterday where that is older than it was, and not where one
// that was older is gone.
func TestWeakerIsWhatIsOlderThanYesterday(t *testing.T) {
	needs.Patience(t, "takes seconds of promtool")
	tests := []struct {
		before, now string
		weaker      bool
	}{
		{"TLS1.2", "TLS1.1", true},
		{"TLS1.1", "TLS1.0", true},
		{"TLS1.0", "SSLv3", true},
		{"SSLv3", "SSLv2", true},
		{"TLS1.2", "SSLv2", true},
		{"TLS1.0", "TLS1.1", false},
		{"SSLv3", "TLS1.0", false},
		{"SSLv2", "SSLv3", false},
		{"SSLv2", "TLS1.2", false},
		{"TLS1.0", "", false}, // nothing is known of now
		{"", "TLS1.0", false}, // nothing is known of a day ago
	}
	var series, asks strings.Builder
	for i, tt := range tests {
		for _, s := range [][2]string{{tt.before, "0.5x300 stale"}, {tt.now, "_x300 1x60"}} {
			if s[0] != "" {
				fmt.Fprintf(&series, "      - {series: 'endpoint_tls_version_accepted{product=\"p%d\",lifecycle=\"active\",version=%q}', values: '%s'}\n", i, s[0], s[1])
			}
		}
		fmt.Fprintf(&asks, "      - {expr: 'count(ALERTS{product=\"p%d\",alertstate=\"firing\"})', eval_time: 1600m", i)
		if tt.weaker {
			asks.WriteString(", exp_samples: [{labels: '{}', value: 1}]")
		}
		asks.WriteString("}\n")
	}
	promtoolTests(t, "5m", "  - interval: 5m\n    input_series:\n"+series.String()+"    promql_expr_test:\n"+asks.String()+`
  - interval: 5m
    input_series:
      - {series: 'endpoint_tls_version_accepted{product="p",region="r",network="n",host="h",lifecycle="active",version="TLS1.3"}', values: '0.5x300 0.25x60'}
    alert_rule_test:
      - eval_time: 1600m
        alertname: ProberTLSRegression
        exp_alerts:
          - exp_labels: {severity: warning, product: p, region: r, network: n, host: h, version: TLS1.3}
            exp_annotations:
              summary: TLS of h (p, r, n) is weaker than yesterday
              description: "TLS1.3 is accepted at a smaller share of the addresses than a day ago. "
              runbook_url: docs/runbooks/quality.md#probertlsregression
`, group(t, "prober-quality"))
}
