package monitor

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"prober/monitor/fixture"
	"prober/needs"
)

// A real Prometheus scrapes a Monitor, in the text and in the protobuf format, and answers
// questions about it.
func TestPrometheusScrapes(t *testing.T) {
	needs.Patience(t, "takes seconds of a Prometheus")
	binary := needs.Program(t, "prometheus")
	for _, native := range []bool{false, true} {
		t.Run(fmt.Sprintf("native histograms %v", native), func(t *testing.T) {
			t.Parallel() // a server takes five seconds to look for its targets
			target := httptest.NewServer(scene(t, func(c *Config) { c.ClassicHistograms = !native }).Handler(nil))
			t.Cleanup(target.Close)
			server := startPrometheus(t, binary, strings.TrimPrefix(target.URL, "http://"), native)
			questions := map[string]string{
				`count(endpoint_up)`: "4",
				`endpoint_up{product="ecs",region="cn-beijing",host="ecs.cn-beijing.example.com"}`: "0",
				`endpoint_failures_total{reason="cert_expired",phase="tls"}`:                       "3",
				`count(endpoint_info{lifecycle!="active"})`:                                        "1",
				`endpoint_phase_failures_total{lifecycle="active",phase="tls"} > 0`:                "3",
				`count(endpoint_phase_failures_total == 0)`:                                        "40",
				// Nine in ten connections took 11 ms: between 10 and 25 in classic buckets, and
				// within 9 % in native ones.
				`histogram_quantile(0.9, endpoint_phase_duration_seconds_bucket{phase="connect",host="ecs.cn-hangzhou.example.com"}) < bool 0.025`: "1",
			}
			if native {
				for q := range questions {
					if strings.Contains(q, "_bucket") {
						delete(questions, q)
					}
				}
				questions[`abs(histogram_quantile(0.9, endpoint_phase_duration_seconds{phase="connect",host="ecs.cn-hangzhou.example.com"}) - 0.011) < bool 0.001`] = "1"
				questions[`histogram_count(endpoint_probe_duration_seconds{host="ecs.cn-hangzhou.example.com"})`] = "5"
			}
			for q, want := range questions {
				server.Await(t, q, want)
			}
		})
	}
}

// startPrometheus starts a server that scrapes the target.
func startPrometheus(t *testing.T, binary, target string, native bool) fixture.Prometheus {
	t.Helper()
	text := fmt.Sprintf(`
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
- job_name: prober
  static_configs: [{targets: [%q]}]
`, target)
	if native {
		return fixture.StartPrometheus(t, binary, text, "--enable-feature=native-histograms")
	}
	return fixture.StartPrometheus(t, binary, text)
}
