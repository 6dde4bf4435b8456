package proof

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"prober/monitor/fixture"
	"prober/needs"
)

// A Website is one that both programs are asked about.
type Website struct {
	Name  string
	Plain bool   // over plain HTTP
	Check string // of the list, in YAML; empty: any 2xx or 3xx
	Fault string // or variant of the sandbox; empty: none
}

// Websites are good ones and broken ones. The name of each is the label instance of what is found out of it.
func Websites() []Website {
	return []Website{
		{Name: "well"},
		{Name: "well-over-plain-http", Plain: true},
		{Name: "well-in-chunks", Fault: "chunked_reply"},
		{Name: "well-at-its-pace", Fault: "slow_within_budget"},
		{Name: "tls-1.2-alone", Fault: "tls12_only"},
		{Name: "tls-1.0-alone", Fault: "version_old"},
		{Name: "port-closed", Fault: "connect_refused"},
		{Name: "port-closed-over-plain-http", Plain: true, Fault: "connect_refused"},
		{Name: "no-connection", Fault: "connect_timeout"},
		{Name: "no-handshake", Fault: "tls_timeout"},
		{Name: "handshake-reset", Fault: "tls_reset"},
		{Name: "handshake-refused", Fault: "alert_handshake_failure"},
		{Name: "plain-text-in-place-of-tls", Fault: "plaintext"},
		{Name: "client-certificate-wanted", Fault: "client_cert_required_tls12"},
		{Name: "certificate-ends-soon", Fault: "cert_runs_out"},
		{Name: "certificate-expired", Fault: "cert_expired"},
		{Name: "certificate-of-another-host", Fault: "cert_hostname"},
		{Name: "certificate-self-signed", Fault: "cert_self_signed"},
		{Name: "certificate-without-its-issuer", Fault: "cert_incomplete_chain"},
		{Name: "well-but-slow", Check: "{limits: {total: 1200ms}}", Fault: "slow"},
		{Name: "no-answer", Fault: "request_timeout"},
		{Name: "closed-after-the-request", Fault: "request_eof"},
		{Name: "closed-within-the-header", Fault: "headers_eof"},
		{Name: "answer-cut-off", Fault: "body_truncated"},
		{Name: "not-found", Fault: "verify_bad_status_not_found"},
		{Name: "forbidden", Fault: "verify_bad_status"},
		{Name: "tls-beyond-the-means-of-go", Fault: "tls_unsupported"},
		{Name: "redirected-without-end", Check: "{redirects: 10}", Fault: "redirect_too_many"},
	}
}

// host is the name that the website is asked under.
func (w Website) host() string { return w.Name + ".shop.example" }

func (w Website) scheme() string {
	if w.Plain {
		return "http"
	}
	return "https"
}

// job is a scrape job: whom it asks, and in which module.
type job struct{ name, module, address string }

// jobs are those of prober, by module.
func jobs(address string) []job {
	return []job{{"prober", "http_2xx", address}, {"prober-api", "api", address}}
}

// theirJob is that of blackbox_exporter.
const theirJob = "blackbox"

// StartRivals starts the websites, the prober, Debian's blackbox_exporter, and a Prometheus that asks both about every
// website, each in its job, and evaluates rules.
func StartRivals(t *testing.T, r Release, rules string) *Prometheus {
	t.Helper()
	binary, dir := Built(t), t.TempDir()
	var list strings.Builder
	list.WriteString("endpoints:\n")
	for _, w := range Websites() {
		fmt.Fprintf(&list, "  - {url: '%s://%s/healthz', product: shop, check: %s}\n", w.scheme(), w.host(), cmp.Or(w.Check, "{}"))
	}
	cloud := StartCloud(t, binary, "--endpoints", write(t, dir, "list.yml", list.String()))
	prober := StartProber(t, binary, cloud, "--interval", "1h") // what the schedule finds is not looked at
	modules := fmt.Sprintf("modules: {http_2xx: {prober: http, http: {preferred_ip_protocol: ip4, tls_config: {ca_file: %q}}}}", cloud.CAFile)
	exporter := needs.Started(t, exec.Command(needs.Program(t, "prometheus-blackbox-exporter"),
		"--config.file="+write(t, dir, "blackbox.yml", modules), "--web.listen-address=127.0.0.1:0"),
		regexp.MustCompile(`Listening on.*address=(127\.0\.0\.1:\d+)`))[1]
	places := map[string]Place{}
	for _, p := range cloud.Endpoints {
		places[p.Host] = p
	}
	var ours, theirs []any
	for _, w := range Websites() {
		p := places[w.host()]
		if w.Fault != "" {
			cloud.Break(t, w.Fault, p.ID)
		}
		ours = append(ours, static(w.Name, map[string]string{"__param_target": p.ID}))
		theirs = append(theirs, static(w.Name, map[string]string{
			"__param_target": w.scheme() + "://" + cloud.address(t, p, w.Plain) + "/healthz", "__param_hostname": w.host(),
		}))
	}
	var config strings.Builder
	fmt.Fprintf(&config, "global: {scrape_interval: 10s, scrape_timeout: 8s, evaluation_interval: 1s}\nrule_files: [%q]\nscrape_configs:\n",
		write(t, dir, "rules.yml", rules))
	for _, j := range append(jobs(prober.Address), job{theirJob, "http_2xx", exporter}) {
		targets := ours
		if j.name == theirJob {
			targets = theirs
		}
		text, _ := json.Marshal(targets) // strings alone
		fmt.Fprintf(&config, "  - job_name: %s\n    metrics_path: /probe\n    params: {module: [%s]}\n    static_configs: %s\n"+
			"    relabel_configs: [{target_label: __address__, replacement: %q}]\n", j.name, j.module, text, j.address)
	}
	fmt.Fprintf(&config, "  - job_name: itself\n    static_configs: [{targets: [%q], labels: {by: prober}}, {targets: [%q], labels: {by: blackbox}}]\n",
		prober.Address, exporter)
	return &Prometheus{URL: string(fixture.StartPrometheus(t, r.Path(t), config.String()))}
}

// static is a target with labels.
func static(instance string, labels map[string]string) any {
	labels["instance"] = instance
	return map[string]any{"targets": []string{instance}, "labels": labels}
}

// answersOf are the values of an answer, by job and by what else its labels say.
func answersOf(samples []Sample) map[string]map[string]float64 {
	all := map[string]map[string]float64{}
	for _, s := range samples {
		job, labels := s.Labels["job"], maps.Clone(s.Labels)
		delete(labels, "job")
		for _, name := range []string{"__name__", "alertname", "alertstate"} {
			delete(labels, name)
		}
		var said []string
		for _, name := range slices.Sorted(maps.Keys(labels)) {
			said = append(said, name+"="+labels[name])
		}
		if all[job] == nil {
			all[job] = map[string]float64{}
		}
		all[job][strings.Join(said, " ")] = s.Value
	}
	return all
}
