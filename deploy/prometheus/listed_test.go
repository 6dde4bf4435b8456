package prometheus

import (
	"testing"

	"prober/needs"
)

// An endpoint that a vantage has no more, which goes on, has left its list, and is missed nowhere; one whose prober is silent is missed
// for an hour.
func TestWhatLeavesTheListIsNotMissed(t *testing.T) {
	needs.Patience(t, "takes a second of promtool")
	promtoolTests(t, "30s", `  - interval: 30s
    input_series:
      - {series: 'prober_build_info{instance="1",vantage="x"}', values: '1x300'}
      - {series: 'prober_build_info{instance="1",vantage="y"}', values: '1x300'}
      - {series: 'prober_build_info{instance="1",vantage="z"}', values: '1x300'}
      - {series: 'prober_build_info{instance="2",vantage="z"}', values: '1x20 stale'}
      - {series: 'endpoint_probes_total{host="of x alone",vantage="x",outcome="ok"}', values: '1x20 stale'}
      - {series: 'endpoint_probes_total{host="of x and y",vantage="x",outcome="ok"}', values: '1x20 stale'}
      - {series: 'endpoint_probes_total{host="of x and y",vantage="y",outcome="ok"}', values: '1x300'}
      - {series: 'endpoint_probes_total{host="of a shard",vantage="z",outcome="ok"}', values: '1x20 stale'}
    promql_expr_test:
      - expr: sum by (host) (endpoint:vantages_listed:count)
        eval_time: 9m
        exp_samples: [{labels: '{host="of x alone"}', value: 1}, {labels: '{host="of x and y"}', value: 2}, {labels: '{host="of a shard"}', value: 1}]
      - expr: sum by (host) (endpoint:vantages_listed:count)
        eval_time: 12m
        exp_samples: [{labels: '{host="of x and y"}', value: 1}, {labels: '{host="of a shard"}', value: 1}]
      - expr: sum by (host) (endpoint:state:code)
        eval_time: 12m
        exp_samples: [{labels: '{host="of x and y"}', value: 1}, {labels: '{host="of a shard"}', value: 1}]
      - expr: sum by (host) (endpoint:vantages_listed:count)
        eval_time: 90m
        exp_samples: [{labels: '{host="of x and y"}', value: 1}]
`, "state.yml")
}
