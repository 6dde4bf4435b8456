package prometheus

import (
	"fmt"
	"strings"
	"testing"

	"prober/needs"
)

// Histograms begin anew when a prober is restarted, and counters go on: means and rates take the one for a reset, and are
// what they were.
func TestMeansOutliveARestart(t *testing.T) {
	needs.Patience(t, "takes a second of promtool")
	var series strings.Builder
	for name, values := range map[string]string{
		"endpoint_probe_duration_seconds_sum":    "5+2x20 1+2x30",
		"endpoint_probe_duration_seconds_count":  "5+1x20 1+1x30",
		`endpoint_probes_total{,outcome="ok"}`:   "5+1x51",
		`endpoint_probes_total{,outcome="fail"}`: "0x51",
		"endpoint_up":                            "1x51",
	} {
		name, more, _ := strings.Cut(strings.TrimSuffix(name, "}"), "{")
		fmt.Fprintf(&series, "      - {series: '%s{%s%s}', values: '%s'}\n", name, e, more, values)
	}
	promtoolTests(t, "1m", "  - interval: 1m\n    input_series:\n"+series.String()+`    promql_expr_test:
      - {expr: 'sum(round(endpoint:probe_duration_seconds:mean5m, 0.1))', eval_time: 18m, exp_samples: [{labels: '{}', value: 2}]}
      - {expr: 'sum(round(endpoint:probe_duration_seconds:mean5m, 0.5))', eval_time: 23m, exp_samples: [{labels: '{}', value: 2}]}
      - {expr: 'sum(round(endpoint:probe_duration_seconds:mean5m, 0.1))', eval_time: 30m, exp_samples: [{labels: '{}', value: 2}]}
`)
}

// What an alert tells that lasts is told through a restart of the prober that sees it: told as ended and begun again, it would be three
// messages, of which one is not so.
func TestAlertsOutliveARestart(t *testing.T) {
	needs.Patience(t, "takes a second of promtool")
	const cut = "x39 stale _x3 " // a restart of four minutes, after forty
	var series strings.Builder
	add := func(name, values string) {
		fmt.Fprintf(&series, "      - {series: '%s', values: '%s'}\n", name, values)
	}
	for i, left := range []string{"86400", "864000"} { // seconds after the beginning of time: one ends, one does so soon
		add(fmt.Sprintf(`endpoint_certificate_path_not_after_timestamp_seconds{product="p%d",lifecycle="active"}`, i), left+cut+left+"x20")
		add(fmt.Sprintf(`endpoint_certificate_path_not_before_timestamp_seconds{product="p%d",lifecycle="active"}`, i), "-7776000"+cut+"-7776000x20")
	}
	for vantage, up := range map[string]string{"x": "1x64", "y": "0" + cut + "0x20"} {
		add(fmt.Sprintf(`endpoint_up{%s,vantage=%q}`, e, vantage), up)
		add(fmt.Sprintf(`endpoint_probes_total{%s,outcome="ok",vantage=%q}`, e, vantage), strings.ReplaceAll(up, "0x", "9x"))
	}
	var asks strings.Builder
	for _, at := range []string{"39m", "42m", "50m"} {
		for _, alert := range []string{"ProberCertificateEnds", "ProberCertificateEndsSoon", "ProberCertificateNotRenewed", "ProberEndpointPartlyDown"} {
			n := 1
			if alert == "ProberCertificateEndsSoon" || alert == "ProberCertificateNotRenewed" {
				n = 2 // which routes tell once
			}
			fmt.Fprintf(&asks, "      - {expr: 'count(ALERTS{alertname=\"%s\",alertstate=\"firing\"})', eval_time: %s, exp_samples: [{labels: '{}', value: %d}]}\n", alert, at, n)
		}
	}
	promtoolTests(t, "1m", "  - interval: 1m\n    input_series:\n"+series.String()+"    promql_expr_test:\n"+asks.String())
}
