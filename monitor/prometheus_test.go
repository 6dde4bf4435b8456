package monitor

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"prober/needs"
)

// query asks a Prometheus server and returns the first value of the answer.
func query(server, expr string) (string, error) {
	r, err := http.Get(server + "/api/v1/query?query=" + url.QueryEscape(expr))
	if err != nil {
		return "", err
	}
	defer func() { _ = r.Body.Close() }()
	var answer struct {
		Data struct {
			Result []struct {
				Value [2]any `json:"value"`
			} `json:"result"`
		} `json:"data"`
	}
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		return "", err
	}
	if len(answer.Data.Result) == 0 {
		return "", nil
	}
	return fmt.Sprint(answer.Data.Result[0].Value[1]), nil
}

// A real Prometheus scrapes a Monitor, in the text and in the protobuf format, and answers
// questions about it.
func TestPrometheusScrapes(t *testing.T) {
	needs.Patience(t, "takes seconds of a Prometheus")
	binary := needs.Program(t, "prometheus")
	for _, native := range []bool{false, true} {
		t.Run(fmt.Sprintf("native histograms %v", native), func(t *testing.T) {
			t.Parallel() // a server takes five seconds to look for its targets
			target := httptest.NewServer(scene(t, func(c *Config) { c.ClassicHistograms = !native }).Handler())
			t.Cleanup(target.Close)
			server := startPrometheus(t, binary, strings.TrimPrefix(target.URL, "http://"), native)
			questions := map[string]string{
				`count(endpoint_up)`: "4",
				`endpoint_up{product="ecs",region="cn-beijing",host="ecs.cn-beijing.example.com"}`: "0",
				`endpoint_failures_total{reason="cert_expired",phase="tls"}`:                       "3",
				`count(endpoint_info{lifecycle!="active"})`:                                        "1",
				`endpoint_phase_failures_total{lifecycle="active",phase="tls"} > 0`:                "3",
				`count(endpoint_phase_failures_total == 0)`:                                        "40",
				`probe_success{instance="kms"}`:                                                    "1",
				`probe_http_duration_seconds{phase="connect"}`:                                     "0.011",
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
				server.await(t, q, want)
			}
		})
	}
}

// startPrometheus starts a server that scrapes the target.
func startPrometheus(t *testing.T, binary, target string, native bool) scraper {
	t.Helper()
	text := fmt.Sprintf(`
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
- job_name: prober
  static_configs: [{targets: [%q]}]
- job_name: blackbox
  metrics_path: /probe
  params: {module: [api], target: [kms/cn-hangzhou/public]}
  static_configs: [{targets: [%q], labels: {instance: kms}}]
`, target, target)
	if native {
		return startPrometheusWith(t, binary, text, "--enable-feature=native-histograms")
	}
	return startPrometheusWith(t, binary, text)
}

// startPrometheusWith starts a server with a configuration.
func startPrometheusWith(t *testing.T, binary, text string, flags ...string) scraper {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "prometheus.yml")
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"--config.file=" + config, "--storage.tsdb.path=" + filepath.Join(dir, "data"), "--web.listen-address=127.0.0.1:0", "--log.level=info"}
	cmd := exec.Command(binary, append(args, flags...)...)
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	var said []string
	for lines := bufio.NewScanner(log); lines.Scan(); {
		said = append(said, lines.Text())
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			go func() { // keep the pipe empty
				for lines.Scan() {
					continue
				}
			}()
			return scraper("http://" + m[1])
		}
	}
	t.Fatalf("prometheus does not start:\n%s", strings.Join(said, "\n"))
	return ""
}

// listening finds the port that Prometheus took in what it logs.
var listening = regexp.MustCompile(`Listening on.*address=(127\.0\.0\.1:[1-9][0-9]*)`)

// scraper is the URL of a Prometheus server.
type scraper string

// await asks until the answer is the wanted one: a scrape that the machine was too busy for is
// made up for by the next.
func (p scraper) await(t *testing.T, expr, want string) {
	t.Helper()
	deadline := time.After(time.Minute)
	poll := time.NewTicker(100 * time.Millisecond)
	defer poll.Stop()
	for {
		got, err := query(string(p), expr)
		if err == nil && got == want {
			return
		}
		select {
		case <-deadline:
			t.Errorf("%s = %q, %v; want %q", expr, got, err, want)
			return
		case <-poll.C:
		}
	}
}
