package monitor

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// module is one way to ask /probe, named as in blackbox_exporter's example.yml.
type module struct {
	name string
	// reaches is the phase that must have been passed for success.
	reaches reason.Phase
}

// modules are the known ones; the first is the default.
func modules() []module {
	return []module{
		{"http_2xx", reason.Verify},     // the endpoint's regular probe; success is ok or degraded
		{"tls_connect", reason.TLS},     // success is a handshake with a good certificate
		{"tcp_connect", reason.Connect}, // success is a connection
	}
}

// moduleNamed returns the module with a name; without one, the first.
func moduleNamed(name string) (module, error) {
	var names []string
	for _, m := range modules() {
		if name == "" || m.name == name {
			return m, nil
		}
		names = append(names, m.name)
	}
	return module{}, fmt.Errorf("unknown module; known are %s", strings.Join(names, ", "))
}

// succeeded says whether the probe was a success in this module; decided is false when
// the probe could not tell, in which case probe_success is left out: blackbox_exporter
// has no word for that, and a 0 would blame the endpoint for the prober's trouble.
func (m module) succeeded(o *probe.Observation) (success, decided bool) {
	switch {
	case up(o.Outcome):
		return true, true
	case o.Outcome == reason.Fail:
		phase := o.Reason.Phase()
		return phase > m.reaches && phase < reason.Prober, true
	}
	return false, false
}

// gauges takes gauges in.
type gauges chan<- prometheus.Metric

// set adds a series of the gauge name, documented by help, as blackbox_exporter does.
// label, if any, is a name and a value.
func (g gauges) set(name, help string, v float64, label ...string) {
	desc := prometheus.NewDesc(name, help, label[:len(label)/2], nil)
	m, err := prometheus.NewConstMetric(desc, prometheus.GaugeValue, v, label[len(label)/2:]...)
	if err != nil {
		m = prometheus.NewInvalidMetric(desc, err)
	}
	g <- m
}

// show renders o with the names, types and meanings of blackbox_exporter's HTTP prober.
// Where an endpoint has several addresses, the one that stands for it is shown.
func (m module) show(o *probe.Observation, g gauges) {
	if success, decided := m.succeeded(o); decided {
		g.set("probe_success", "Displays whether or not the probe was a success", number(success))
	}
	g.set("probe_duration_seconds", "Returns how long the probe took to complete in seconds", o.Duration.Duration().Seconds())
	if o.DNS != nil {
		g.set("probe_dns_lookup_time_seconds", "Returns the time taken for probe dns lookup in seconds", o.DNS.Duration.Duration().Seconds())
	}
	g.set("probe_failed_due_to_regex", "Indicates if probe failed due to regex", 0)
	a := spokesman(o)
	if a != nil {
		g.address(a)
	}
	if m.reaches != reason.Connect {
		g.tls(a)
	}
	if m.reaches == reason.Verify {
		g.http(o, a)
	}
}

// spokesman is the address that stands for the endpoint: the first that works if the
// endpoint does, else the first that fails.
func spokesman(o *probe.Observation) *probe.AddressResult {
	for i := range o.Addresses {
		if a := &o.Addresses[i]; up(a.Outcome) == up(o.Outcome) {
			return a
		}
	}
	if len(o.Addresses) == 0 {
		return nil
	}
	return &o.Addresses[0]
}

func (g gauges) address(a *probe.AddressResult) {
	ip := a.Address.Unmap()
	protocol := 6.0
	if ip.Is4() {
		protocol = 4
	}
	hash := fnv.New32a()
	_, _ = hash.Write(ip.AsSlice()) // never fails
	g.set("probe_ip_protocol", "Specifies whether probe ip protocol is IP4 or IP6", protocol)
	g.set("probe_ip_addr_hash", "Specifies the hash of IP address. It's useful to detect if the IP address changes.", float64(hash.Sum32()))
}

func (g gauges) tls(a *probe.AddressResult) {
	if a == nil || a.TLS == nil {
		return
	}
	if cert, seen := certificateOf(&probe.Observation{Addresses: []probe.AddressResult{*a}}); seen {
		g.set("probe_ssl_earliest_cert_expiry", "Returns last SSL chain expiry in unixtime", float64(cert.ChainNotAfter.Unix()))
	}
	if v := a.TLS.Version; v != "" {
		g.set("probe_tls_version_info", "Returns the TLS version used or NaN when unknown", 1,
			"version", strings.Replace(v, "TLS", "TLS ", 1))
	}
}

func (g gauges) http(o *probe.Observation, a *probe.AddressResult) {
	const durations, durationsHelp = "probe_http_duration_seconds", "Duration of http request by phase, summed over all redirects"
	var p probe.Phases
	facts := probe.HTTPFacts{BodyBytes: -1}
	if a != nil {
		p = a.Phases
		if a.HTTP != nil {
			facts = *a.HTTP
		}
		if a.TLS != nil && a.TLS.Cipher != "" {
			g.set("probe_tls_cipher_info", "Returns the TLS cipher negotiated during handshake", 1, "cipher", a.TLS.Cipher)
		}
	}
	for phase, d := range map[string]time.Duration{
		"connect": p.Connect, "processing": p.Request, "resolve": p.Resolve, "tls": p.TLS, "transfer": p.Headers + p.Body,
	} {
		g.set(durations, durationsHelp, d.Seconds(), "phase", phase)
	}
	g.set("probe_http_status_code", "Response HTTP status code", float64(facts.Status))
	g.set("probe_http_content_length", "Length of http content response", float64(facts.BodyBytes))
	g.set("probe_http_uncompressed_body_length", "Length of uncompressed response body", float64(max(facts.BodyBytes, 0)))
	g.set("probe_http_redirects", "The number of redirects", 0)
	g.set("probe_http_ssl", "Indicates if SSL was used for the final redirect",
		number(o.Scheme == catalog.HTTPS && a != nil && a.TLS != nil && a.HTTP != nil))
	version, _ := strconv.ParseFloat(strings.TrimPrefix(facts.Proto, "HTTP/"), 64) // 0 when there was no reply
	g.set("probe_http_version", "Returns the version of HTTP of the probe response", version)
}
