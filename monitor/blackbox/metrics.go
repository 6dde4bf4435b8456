package blackbox

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"prober/limit"
	"prober/monitor/phrase"
	"prober/monitor/view"
	"prober/plain"
	"prober/probe"
)

// gauges takes gauges in.
type gauges chan<- prometheus.Metric

// set adds a series of the gauge name, documented by help, as blackbox_exporter does.
// labels are names, each with its value behind it.
func (g gauges) set(name, help string, v float64, labels ...string) {
	var names, values []string
	for pair := range slices.Chunk(labels, 2) {
		names, values = append(names, pair[0]), append(values, pair[1])
	}
	desc := prometheus.NewDesc(name, help, names, nil)
	m, err := prometheus.NewConstMetric(desc, prometheus.GaugeValue, v, values...)
	if err != nil {
		m = prometheus.NewInvalidMetric(desc, err)
	}
	g <- m
}

// show renders the hops of a probe with the names, types and meanings of blackbox_exporter, and by its
// rules of what is there when. Where an endpoint has several addresses, the one that stands for it is
// shown.
func (m moduleName) show(h *hops, g gauges) {
	first, last := h.first(), h.last()
	if success, decided := succeeded(last); decided {
		g.set("probe_success", "Displays whether or not the probe was a success", truth(success))
	}
	var lookup time.Duration
	if first.DNS != nil {
		lookup = first.DNS.Duration.Duration()
	}
	g.set("probe_duration_seconds", "Returns how long the probe took to complete in seconds", h.took().Seconds())
	g.set("probe_dns_lookup_time_seconds", "Returns the time taken for probe dns lookup in seconds", lookup.Seconds())
	g.set("probe_failed_due_to_regex", "Indicates if probe failed due to regex", 0)
	g.address(spokesman(first))
	if m == moduleTCP {
		return
	}
	g.tls(spokesman(last))
	if m.http(h.target.Scheme) {
		m.showHTTP(h, g)
	}
}

// spokesman is the address that stands for the endpoint: the first that works if the
// endpoint does, else the first that fails.
func spokesman(o *probe.Observation) *probe.AddressResult {
	for i := range o.Addresses {
		if a := &o.Addresses[i]; view.Up(a.Outcome) == view.Up(o.Outcome) {
			return a
		}
	}
	if len(o.Addresses) == 0 {
		return nil
	}
	return &o.Addresses[0]
}

// address shows nothing but zeros where a name has no address.
func (g gauges) address(a *probe.AddressResult) {
	var protocol, hash float64
	if a != nil {
		ip := a.Address.Unmap()
		protocol = 6
		if ip.Is4() {
			protocol = 4
		}
		sum := fnv.New32a()
		_, _ = sum.Write(ip.AsSlice()) // never fails
		hash = float64(sum.Sum32())
	}
	g.set("probe_ip_protocol", "Specifies whether probe ip protocol is IP4 or IP6", protocol)
	g.set("probe_ip_addr_hash", "Specifies the hash of IP address. It's useful to detect if the IP address changes.", hash)
}

// tls shows what a handshake showed. blackbox_exporter shows it of good ones alone: an alert on the
// expiry of a certificate then goes silent on the day that it is about.
func (g gauges) tls(a *probe.AddressResult) {
	if a == nil || a.TLS == nil {
		return
	}
	if expiry, seen := earliest(a.TLS.Certificates); seen {
		g.set("probe_ssl_earliest_cert_expiry", "Returns last SSL chain expiry in unixtime", float64(expiry.Unix()))
	}
	if v := a.TLS.Version; v != "" {
		g.set("probe_tls_version_info", "Returns the TLS version used or NaN when unknown", 1,
			"version", strings.Replace(v, "TLS", "TLS ", 1))
	}
	if a.TLS.Verified && len(a.TLS.Path) > 0 {
		g.verified(a.TLS)
	}
}

// verified shows the path that was verified: what a label says of a certificate was signed by a
// trusted authority.
func (g gauges) verified(t *probe.TLSFacts) {
	expiry, _ := earliest(t.Path)
	g.set("probe_ssl_last_chain_expiry_timestamp_seconds", "Returns last SSL chain expiry in timestamp", float64(expiry.Unix()))
	leaf := t.Path[0]
	g.set("probe_ssl_last_chain_info", "Contains SSL leaf certificate information", 1,
		"fingerprint_sha256", leaf.SHA256, "issuer", phrase.Clean(leaf.Issuer), "serialnumber", leaf.Serial,
		"subject", phrase.Clean(leaf.Subject), "subjectalternative", plain.Line(strings.Join(leaf.DNSNames, ","), limit.LabelBytes))
}

// earliest is when the first of some certificates ends; false where there is none.
func earliest(certificates []probe.Certificate) (end time.Time, any bool) {
	for i, c := range certificates {
		if i == 0 || c.NotAfter.Before(end) {
			end = c.NotAfter
		}
	}
	return end, len(certificates) > 0
}

// truth is 1 for what is so.
func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// showHTTP shows what HTTP adds. Before a name resolves there is no request, and but one phase.
func (m moduleName) showHTTP(h *hops, g gauges) {
	const durations, durationsHelp = "probe_http_duration_seconds", "Duration of http request by phase, summed over all redirects"
	phases := map[string]time.Duration{"resolve": 0}
	for _, o := range h.all {
		if o.DNS != nil {
			phases["resolve"] += o.DNS.Duration.Duration()
		}
		if a := spokesman(&o); a != nil {
			phases["connect"] += a.Phases.Connect
			phases["tls"] += a.Phases.TLS
			phases["processing"] += a.Phases.Request
			phases["transfer"] += a.Phases.Headers + a.Phases.Body
		}
	}
	for phase, d := range phases {
		g.set(durations, durationsHelp, d.Seconds(), "phase", phase)
	}
	var facts probe.HTTPFacts
	secured := false
	if a := spokesman(h.last()); a != nil {
		if a.HTTP != nil {
			facts = *a.HTTP
			secured = a.TLS != nil
		}
		if a.TLS != nil && a.TLS.Cipher != "" {
			g.set("probe_tls_cipher_info", "Returns the TLS cipher negotiated during handshake", 1, "cipher", a.TLS.Cipher)
		}
	}
	// Where nothing could be told, 0 would be a failure to alerts on what is no good status.
	if _, decided := succeeded(h.last()); m.showsStatus(&h.target) && (decided || facts.Status != 0) {
		g.set("probe_http_status_code", "Response HTTP status code", float64(facts.Status))
	}
	g.set("probe_http_content_length", "Length of http content response", float64(facts.Length))
	g.set("probe_http_uncompressed_body_length", "Length of uncompressed response body", float64(facts.BodyBytes))
	g.set("probe_http_redirects", "The number of redirects", float64(h.redirects()))
	g.set("probe_http_ssl", "Indicates if SSL was used for the final redirect", truth(secured))
	version, _ := strconv.ParseFloat(strings.TrimPrefix(facts.Proto, "HTTP/"), 64) // 0 when there was no reply
	g.set("probe_http_version", "Returns the version of HTTP of the probe response", version)
	if !facts.Modified.IsZero() {
		g.set("probe_http_last_modified_timestamp_seconds", "Returns the Last-Modified HTTP response header in unixtime", float64(facts.Modified.Unix()))
	}
}
