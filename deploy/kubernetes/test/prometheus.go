package test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	core "k8s.io/api/core/v1"

	"prober/needs"
)

// Operated is a Prometheus whose configuration and rules the operator made of what lies in the cluster.
type Operated struct{ URL string }

// StartOperated starts the operator, awaits the configuration of the Prometheus that is asked for, with probers in it, and
// starts a Prometheus with that.
func StartOperated(t testing.TB, c *Cluster, programs, prometheus, namespace string) *Operated {
	t.Helper()
	c.apply(t, "/apis/monitoring.coreos.com/v1/namespaces/"+namespace+"/prometheuses/p", fmt.Appendf(nil, `{"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus", "metadata": {"name": "p"}, "spec": {
 "podMonitorSelector": {}, "ruleSelector": {}, "apiserverConfig": {"host": %q, "tlsConfig": {"caFile": %q, "certFile": %q, "keyFile": %q}}}}`, c.URL, c.CA, c.Cert, c.Key))
	start(t, exec.Command(filepath.Join(programs, "operator"), "--apiserver", c.URL, "--ca-file", c.CA, "--cert-file", c.Cert, "--key-file", c.Key, "--namespaces", namespace, "--web.listen-address", needs.FreeAddress(t), "--web.enable-tls=false"))
	dir := t.TempDir()
	path := filepath.Join(dir, "prometheus.yml")
	base := "/api/v1/namespaces/" + namespace
	until(t, "the configuration that the operator makes", func() string {
		var made core.Secret
		if err := c.do(http.MethodGet, base+"/secrets/prometheus-p", "", nil, &made); err != nil {
			return err.Error()
		}
		packed, err := gzip.NewReader(bytes.NewReader(made.Data["prometheus.yaml.gz"]))
		if err != nil {
			return err.Error()
		}
		text, err := io.ReadAll(packed)
		if err != nil {
			return err.Error()
		}
		var rules core.ConfigMapList
		if err := c.do(http.MethodGet, base+"/configmaps?labelSelector=prometheus-name%3Dp", "", nil, &rules); err != nil {
			return err.Error()
		}
		if !strings.Contains(string(text), "podMonitor/"+namespace+"/prober/0") || len(rules.Items) == 0 {
			return "it does not scrape the probers yet, or has no rules"
		}
		// Where the operator mounts the rules of its pods is where they lie here, and what its reloader puts in for a pod is put in.
		// Without that no target is of this shard, and nothing is scraped.
		here := strings.NewReplacer("/etc/prometheus/rules/", dir+"/rules/", "$(SHARD)", "0", "$(POD_NAME)", "prometheus-p-0")
		write(t, path, []byte(here.Replace(string(text))))
		count := 0
		for _, m := range rules.Items {
			for name, rule := range m.Data {
				count++
				write(t, filepath.Join(dir, "rules", m.Name, name), []byte(rule))
			}
		}
		if count < 3 {
			return fmt.Sprintf("%d files of rules", count)
		}
		return ""
	})
	address := needs.FreeAddress(t)
	start(t, exec.Command(prometheus, "--config.file", path, "--storage.tsdb.path", filepath.Join(dir, "data"), "--web.listen-address", address))
	p := &Operated{URL: "http://" + address}
	until(t, "Prometheus", func() string {
		if status, body, err := get(p.URL + "/-/ready"); err != nil || status != http.StatusOK {
			return fmt.Sprint(status, string(body), err)
		}
		return ""
	})
	if text, err := os.ReadFile(path); err == nil && !strings.Contains(string(text), "scrape_native_histograms: true") {
		t.Errorf("no native histograms are scraped:\n%s", text)
	}
	return p
}

// sample is one series of an answer.
type sample struct {
	Labels map[string]string
	Value  float64
}

// query asks for the value of an expression now.
func (p *Operated) query(expr string) ([]sample, error) {
	_, body, err := get(p.URL + "/api/v1/query?query=" + url.QueryEscape(expr))
	if err != nil {
		return nil, err
	}
	var answer struct {
		Error string `json:"error"`
		Data  struct {
			Result []struct {
				Metric map[string]string `json:"metric"`
				Value  [2]any            `json:"value"`
			} `json:"result"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	if answer.Error != "" {
		return nil, fmt.Errorf("%s: %s", expr, answer.Error)
	}
	var list []sample
	for _, r := range answer.Data.Result {
		v, err := strconv.ParseFloat(fmt.Sprint(r.Value[1]), 64)
		if err != nil {
			return nil, err
		}
		list = append(list, sample{r.Metric, v})
	}
	return list, nil
}

// await waits until an expression has one value, and that.
func (p *Operated) await(t testing.TB, what, expr string, want float64) {
	t.Helper()
	until(t, what, func() string {
		got, err := p.query(expr)
		if err != nil || len(got) != 1 || got[0].Value != want {
			return fmt.Sprintf("%s: %v %v, want %v", expr, got, err, want)
		}
		return ""
	})
}
