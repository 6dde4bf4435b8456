package prometheus

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"prober/needs"
)

// What alerts say is so: of a certificate that has ended since somebody saw it, of one endpoint, and of an endpoint that fails for
// another reason than some while ago, which has been counted once.
func TestAlertsSayWhatIsSo(t *testing.T) {
	folder := t.TempDir()
	const e = `product="p",region="r",network="n",host="h",lifecycle="active"`
	text := strings.ReplaceAll(`
rule_files: [alerts.yml]
evaluation_interval: 30s
tests:
  - interval: 1m
    input_series:
      - {series: 'endpoint:certificate_left:seconds{EP}', values: '1800x60 -2400x60'}
      - {series: 'endpoint:certificate_life:seconds{EP}', values: '7776000x120'}
      - {series: 'endpoint:certificate_left_per_life:ratio{EP}', values: '0.0002x60 -0.0003x60'}
    alert_rule_test:
      - eval_time: 30m
        alertname: ProberCertificateEnds
        exp_alerts:
          - exp_labels: {severity: critical, product: p, region: r, network: n, host: h, lifecycle: active}
            exp_annotations:
              summary: The certificate of h ends in 30m 0s
              description: A certificate on the verified path of h (p, r, n) ends; the endpoint will be down then.
              runbook_url: docs/runbooks/certificates.md#probercertificateends
      - eval_time: 100m
        alertname: ProberCertificateEnds
        exp_alerts:
          - exp_labels: {severity: critical, product: p, region: r, network: n, host: h, lifecycle: active}
            exp_annotations:
              summary: The certificate of h has ended
              description: A certificate on the verified path that h (p, r, n) showed last ended 40m 0s ago, and no handshake has shown another since.
              runbook_url: docs/runbooks/certificates.md#probercertificateends
      - eval_time: 100m
        alertname: ProberCertificateNotRenewed
        exp_alerts:
          - exp_labels: {severity: warning, product: p, region: r, network: n, host: h, lifecycle: active}
            exp_annotations:
              summary: The certificate of h was not renewed in time
              description: Nothing of the life of a certificate on the verified path of h (p, r, n) is left.
              runbook_url: docs/runbooks/certificates.md#probercertificatenotrenewed
  - interval: 1m
    input_series:
      - {series: 'prober_endpoints_stale{job="j",instance="i"}', values: '1x20 2x20'}
    alert_rule_test:
      - eval_time: 15m
        alertname: ProberStale
        exp_alerts:
          - exp_labels: {severity: warning, job: j, instance: i}
            exp_annotations:
              summary: 1 endpoint has no fresh result from i
              description: Its last result is older than three intervals.
              runbook_url: docs/runbooks/prober.md#proberstale
      - eval_time: 35m
        alertname: ProberStale
        exp_alerts:
          - exp_labels: {severity: warning, job: j, instance: i}
            exp_annotations:
              summary: 2 endpoints have no fresh result from i
              description: Their last result is older than three intervals.
              runbook_url: docs/runbooks/prober.md#proberstale
  - interval: 1m
    input_series:
      - {series: 'endpoint:up:quorum{EP}', values: '1x20 0x40'}
      - {series: 'endpoint:bad_since:timestamp{EP}', values: '_x21 1260x40'}
      - {series: 'endpoint_failures_total{EP,phase="connect",reason="refused"}', values: '5x60'}
      - {series: 'endpoint_failures_total{EP,phase="tls",reason="reset"}', values: '_x20 1x40'}
    alert_rule_test:
      - eval_time: 25m
        alertname: ProberEndpointDown
        exp_alerts:
          - exp_labels: {severity: critical, product: p, region: r, network: n, host: h, lifecycle: active}
            exp_annotations:
              summary: h (p, r, n) is down
              description: "h fails. It has been in trouble since 1970-01-01 00:21:00 +0000 UTC.  "
              runbook_url: docs/runbooks/down.md#proberendpointdown
  - interval: 1m
    input_series:
      - {series: 'product_region:failures_per_probe:ratio_rate1h{product="p",region="r",network="n"}', values: '0.25x60'}
      - {series: 'product_region:failures_per_probe:ratio_rate5m{product="p",region="r",network="n"}', values: '0.25x60'}
      - {series: 'product_region:probes_failed:increase1h{product="p",region="r",network="n"}', values: '15x60'}
      - {series: 'prober:objective:ratio', values: '0.995x60'}
      - {series: 'endpoint:probes_failed:increase1h{product="p",region="r",network="n",host="h",port="8443",lifecycle="active"}', values: '13x60'}
      - {series: 'endpoint:probes_failed:increase1h{product="p",region="r",network="n",host="g",lifecycle="active"}', values: '2x60'}
      - {series: 'endpoint_failures_total{product="p",region="r",network="n",host="h",lifecycle="active",phase="tls",reason="reset"}', values: '0+1x60'}
      - {series: 'endpoint_failures_total{product="p",region="r",network="n",host="h",lifecycle="active",phase="connect",reason="refused"}', values: '500x60'}
    alert_rule_test:
      - eval_time: 30m
        alertname: ProberErrorBudgetBurnFast
        exp_alerts:
          - exp_labels: {severity: critical, product: p, region: r, network: n}
            exp_annotations:
              summary: p in r (n) fails often
              description: >-
                25% of its probes failed, which spends the error budget of 30 days within days. What failed most within the hour is h:8443.
                The most frequent reason is tls/reset: "prober explain tls/reset" says what it means and whose fault it usually is.
                The status page of a prober has both under "What fails now and then", while they do.
              runbook_url: docs/runbooks/budget.md#probererrorbudgetburnfast
  - interval: 1m
    input_series:
      - {series: 'endpoint:degraded_per_probe:ratio_rate10m{EP}', values: '1x60'}
      - {series: 'endpoint_degradations_total{EP,phase="headers",reason="bare_lf"}', values: '0+1x60'}
      - {series: 'endpoint_degradations_total{EP,phase="tls",reason="staple_invalid"}', values: '900x60'}
    alert_rule_test:
      - eval_time: 45m
        alertname: ProberEndpointDegraded
        exp_alerts:
          - exp_labels: {severity: warning, product: p, region: r, network: n, host: h, lifecycle: active}
            exp_annotations:
              summary: h (p, r, n) is degraded
              description: >-
                It answers, with a defect in most replies. The most frequent reason is headers/bare_lf: "prober explain headers/bare_lf" says what it means and whose fault it usually is.
              runbook_url: docs/runbooks/quality.md#proberendpointdegraded
  - interval: 1m
    input_series:
      - {series: 'up{job="j",instance="i",vantage="v"}', values: '1x30'}
      - {series: 'prober_build_info{job="j",instance="i",vantage="v"}', values: '1x30'}
      - {series: 'prober:heard:count{vantage="v"}', values: '3x5 1x30'}
      - {series: 'prober_shards{job="j",instance="i",vantage="v"}', values: '3x30'}
    alert_rule_test:
      - eval_time: 20m
        alertname: ProberAbsent
        exp_alerts:
          - exp_labels: {severity: critical, vantage: v}
            exp_annotations:
              summary: A prober is absent, vantage v
              description: "Its endpoints are not watched from there. Of 3 probers that share the list fewer are heard."
              runbook_url: docs/runbooks/prober.md#proberabsent
  - interval: 1m
    input_series:
      - {series: 'product:outage:bool{product="p"}', values: '1x30'}
      - {series: 'product:endpoints_down:count{product="p"}', values: '12345x30'}
      - {series: 'product:endpoints_known:count{product="p"}', values: '13001x30'}
      - {series: 'endpoint_probes_total{EP,vantage="v",outcome="unknown"}', values: '0+1x30'}
    alert_rule_test:
      - eval_time: 20m
        alertname: ProberProductDown
        exp_alerts:
          - exp_labels: {severity: critical, product: p}
            exp_annotations:
              summary: p is down as a whole
              description: "12345 of 13001 endpoints of p that could be judged are down, in several regions.  "
              runbook_url: docs/runbooks/down.md#proberproductdown
      - eval_time: 20m
        alertname: ProberEndpointUnknown
        exp_alerts:
          - exp_labels: {severity: warning, product: p, region: r, network: n, host: h, lifecycle: active, vantage: v}
            exp_annotations:
              summary: From v nothing is known of h (p, r, n)
              description: Of its probes within half an hour there none could tell whether it is up; endpoint_unknown_total has the reason, which lies with the prober.
              runbook_url: docs/runbooks/prober.md#proberendpointunknown
`, "EP", e)
	rules, err := Files.ReadFile("alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"alerts.yml": string(rules), "test.yml": text} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, promtool := range needs.Promtools(t) {
		cmd := exec.Command(promtool, "test", "rules", "test.yml")
		cmd.Dir = folder
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", promtool, err, out)
		}
	}
}
