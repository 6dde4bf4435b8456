package proof

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"prober/needs"
)

// A Release is a Prometheus server that the proof is made with.
type Release struct {
	Name   string
	Path   func(testing.TB) string
	Flags  []string
	Native string // lines of a scrape job that ask for native histograms
}

// Releases are the current one, which this module builds, and the old one of Debian 12. Both read native
// histograms, each when told in its own way.
func Releases() []Release {
	return []Release{
		{
			Name: "current", Path: func(t testing.TB) string { return goTool(t, "prometheus") },
			Native: "scrape_native_histograms: true",
		},
		{
			Name: "2.42", Path: func(t testing.TB) string { return needs.Program(t, "prometheus") },
			Flags: []string{"--enable-feature=native-histograms"},
		},
	}
}

// A Prometheus is a running server.
type Prometheus struct {
	URL     string
	program *program
	start   func(testing.TB) *program
}

// Restart ends the server and starts it again, with what it has stored.
func (p *Prometheus) Restart(t testing.TB) {
	t.Helper()
	p.program.end()
	p.program = p.start(t)
}

// Setup is what a server is to do.
type Setup struct {
	Probers      []*Prober
	Labels       map[string]string // of all targets, such as vantage
	Native       bool              // read native histograms
	Jobs         string            // further scrape jobs, in YAML
	Alertmanager string            // host and port; empty: none
}

// StartPrometheus starts a server that scrapes probers and evaluates the rules, [Scaled].
func StartPrometheus(t testing.TB, r Release, s Setup) *Prometheus {
	t.Helper()
	dir, address := t.TempDir(), needs.FreeAddress(t)
	var b strings.Builder
	fmt.Fprintf(&b, "global: {scrape_interval: %s, scrape_timeout: %[1]s, evaluation_interval: %s}\nrule_files:\n", scrape, evaluation)
	for _, path := range writeScaled(t, dir) {
		fmt.Fprintf(&b, "  - %s\n", path)
	}
	if s.Alertmanager != "" {
		fmt.Fprintf(&b, "alerting: {alertmanagers: [{static_configs: [{targets: [%q]}]}]}\n", s.Alertmanager)
	}
	b.WriteString("scrape_configs:\n  - job_name: prober\n")
	var flags []string
	if s.Native {
		flags = r.Flags
		if r.Native != "" {
			fmt.Fprintf(&b, "    %s\n", r.Native)
		}
	}
	targets, labels := []string{}, s.Labels
	for _, p := range s.Probers {
		targets = append(targets, p.Address)
	}
	if labels == nil {
		labels = map[string]string{}
	}
	list, _ := json.Marshal([]any{map[string]any{"targets": targets, "labels": labels}}) // strings alone
	fmt.Fprintf(&b, "    static_configs: %s\n%s", list, s.Jobs)
	args := []string{
		"--config.file=" + write(t, dir, "prometheus.yml", b.String()), "--storage.tsdb.path=" + dir + "/data",
		"--web.listen-address=" + address,
	}
	server := &Prometheus{URL: "http://" + address, start: func(t testing.TB) *program {
		t.Helper()
		started := run(t, "prometheus-"+r.Name, r.Path(t), append(args, flags...)...)
		started.answers(t, "http://"+address+"/-/ready")
		return started
	}}
	server.program = server.start(t)
	return server
}

// A Sample is one series of an answer, at one time.
type Sample struct {
	Labels map[string]string
	Value  float64 // of a native histogram: its count
}

// Query asks for the value of an expression now. An expression that the server does not take is an error.
func (p *Prometheus) Query(expr string) ([]Sample, error) {
	var answer struct {
		Type   string          `json:"resultType"`
		Result json.RawMessage `json:"result"`
	}
	if err := p.get("query?query="+url.QueryEscape(expr), &answer); err != nil {
		return nil, fmt.Errorf("query %s: %w", expr, err)
	}
	if answer.Type == "scalar" {
		var pair [2]any
		if err := json.Unmarshal(answer.Result, &pair); err != nil {
			return nil, err
		}
		v, err := number(pair[1])
		return []Sample{{Value: v}}, err
	}
	var series []struct {
		Metric    map[string]string `json:"metric"`
		Value     [2]any            `json:"value"`
		Histogram []any             `json:"histogram"`
	}
	if err := json.Unmarshal(answer.Result, &series); err != nil {
		return nil, err
	}
	var samples []Sample
	for _, s := range series {
		value := s.Value[1]
		if len(s.Histogram) == 2 {
			value = s.Histogram[1].(map[string]any)["count"]
		}
		v, err := number(value)
		if err != nil {
			return nil, fmt.Errorf("query %s: %w", expr, err)
		}
		samples = append(samples, Sample{s.Metric, v})
	}
	return samples, nil
}

func number(v any) (float64, error) { return strconv.ParseFloat(fmt.Sprint(v), 64) }

// Rule is a rule as the server runs it.
type Rule struct {
	Name  string `json:"name"`
	Query string `json:"query"`
	Type  string `json:"type"` // recording or alerting
	State string `json:"state"`
	Error string `json:"lastError"`
}

// Rules are those that the server runs.
func (p *Prometheus) Rules() (list []Rule, err error) {
	var answer struct {
		Groups []struct {
			Rules []Rule `json:"rules"`
		} `json:"groups"`
	}
	err = p.get("rules", &answer)
	for _, g := range answer.Groups {
		list = append(list, g.Rules...)
	}
	return list, err
}

// Alert is one that is pending or firing.
type Alert struct {
	Labels map[string]string `json:"labels"`
	State  string            `json:"state"`
}

// Alerts are all that are pending or firing.
func (p *Prometheus) Alerts() ([]Alert, error) {
	var answer struct {
		Alerts []Alert `json:"alerts"`
	}
	err := p.get("alerts", &answer)
	return answer.Alerts, err
}

func (p *Prometheus) get(path string, into any) error {
	r, err := http.Get(p.URL + "/api/v1/" + path)
	if err != nil {
		return err
	}
	defer func() { _ = r.Body.Close() }()
	answer := struct {
		Error string `json:"error"`
		Data  any    `json:"data"`
	}{Data: into}
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		return err
	}
	if answer.Error != "" {
		return fmt.Errorf("%s: %s", r.Status, answer.Error)
	}
	return nil
}
