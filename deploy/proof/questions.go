package proof

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Question is what a dashboard or an alert for blackbox_exporter asks.
type Question struct {
	For   string // whom it is for
	Alert string // its name, where it is an alert's
	Expr  string // asked of every job at once
	Loose bool   // a time that was measured, of which only that it is there can be the same
	Empty bool   // nothing of what is asked about is there
}

// Questions are such as the dashboards and the collections of alerts that people have ask, in words of this project's own.
func Questions() []Question {
	const fleet, site, alert = "overview", "one website", "alert"
	return []Question{
		{For: fleet, Expr: `probe_success`},
		{For: fleet, Expr: `max_over_time(probe_success[1m])`},
		{For: fleet, Expr: `avg by (job) (probe_success)`},
		{For: fleet, Expr: `count by (job) (probe_success == 0)`},
		{For: fleet, Expr: `sum by (job) (probe_http_ssl) / count by (job) (probe_http_ssl)`},
		{For: fleet, Expr: `avg by (job) (probe_duration_seconds)`, Loose: true},
		{For: fleet, Expr: `avg by (job, phase) (probe_http_duration_seconds)`, Loose: true},
		{For: fleet, Expr: `group by (job, instance) (probe_success)`},
		{For: fleet, Expr: `count by (job, version) (probe_tls_version_info)`},
		{For: site, Expr: `avg_over_time(probe_success[30d])`},
		{For: site, Expr: `probe_duration_seconds`, Loose: true},
		{For: site, Expr: `avg_over_time(probe_http_duration_seconds[5m])`, Loose: true},
		{For: site, Expr: `probe_dns_lookup_time_seconds`, Loose: true},
		{For: site, Expr: `probe_http_status_code`},
		{For: site, Expr: `probe_http_version`},
		{For: site, Expr: `probe_http_ssl`},
		{For: site, Expr: `probe_http_redirects`},
		{For: site, Expr: `probe_ip_protocol`},
		{For: site, Expr: `probe_failed_due_to_regex`},
		{For: site, Expr: `probe_tls_version_info`},
		{For: site, Expr: `floor((probe_ssl_earliest_cert_expiry - time()) / 86400)`},
		{For: site, Expr: `probe_icmp_duration_seconds`, Empty: true},
		{For: alert, Alert: "SiteFails", Expr: `probe_success == 0`},
		{For: alert, Alert: "SiteFailedOften", Expr: `avg_over_time(probe_success[30d]) * 100 < 99.9`},
		{For: alert, Alert: "SiteSlow", Expr: `avg_over_time(probe_duration_seconds[1m]) > 1`, Loose: true},
		{For: alert, Alert: "SiteSlowInHTTP", Expr: `sum by (job, instance) (avg_over_time(probe_http_duration_seconds[1m])) > 1`, Loose: true},
		{For: alert, Alert: "SiteStatus", Expr: `probe_http_status_code <= 199 or probe_http_status_code >= 400`},
		{For: alert, Alert: "CertificateEndsIn21Days", Expr: `probe_ssl_earliest_cert_expiry - time() < 21 * 86400`, Loose: true},
		{For: alert, Alert: "CertificateEndsIn20Days", Expr: `0 <= round((last_over_time(probe_ssl_earliest_cert_expiry[10m]) - time()) / 86400, 0.1) < 20`, Loose: true},
		{For: alert, Alert: "CertificateEndsIn3Days", Expr: `0 <= round((last_over_time(probe_ssl_earliest_cert_expiry[10m]) - time()) / 86400, 0.1) < 3`, Loose: true, Empty: true},
		{For: alert, Alert: "CertificateEnded", Expr: `round((last_over_time(probe_ssl_earliest_cert_expiry[10m]) - time()) / 86400, 0.1) < 0`, Loose: true},
		{For: alert, Alert: "PingSlow", Expr: `avg_over_time(probe_icmp_duration_seconds[1m]) > 1`, Empty: true},
		{For: alert, Alert: "ReloadFailed", Expr: `blackbox_exporter_config_last_reload_successful != 1`, Empty: true},
	}
}

// alertRules are the questions of alerts as rules. They wait for nothing: how long something has to last is the same for both.
func alertRules() string {
	var b strings.Builder
	b.WriteString("groups:\n  - name: sites\n    rules:\n")
	for _, q := range Questions() {
		if q.Alert != "" {
			fmt.Fprintf(&b, "      - {alert: %s, expr: '%s'}\n", q.Alert, q.Expr)
		}
	}
	return b.String()
}

// firing asks which of the alert's rules fire; the others are asked as they are.
func (q Question) firing() string {
	return fmt.Sprintf("ALERTS{alertname=%q,alertstate=\"firing\"}", q.Alert)
}

// A contrast is one way in which two answers to a question differ.
type contrast struct {
	expr, at string // at is the instance; empty: the answer is about all of them
	how      how
}

// how two answers differ.
type how string

const (
	onlyTheirs how = "only blackbox_exporter's answer has it"
	onlyOurs   how = "only prober's answer has it"
	otherValue how = "another value"
)

// contrasts compares two answers to a question, by what labels say besides the job.
func contrasts(q Question, ours, theirs map[string]float64) map[contrast]string {
	found := map[contrast]string{}
	add := func(labels string, h how, said string) {
		_, at, _ := strings.Cut(" "+labels, " instance=")
		at, _, _ = strings.Cut(at, " ")
		found[contrast{q.Expr, at, h}] += said + ";"
	}
	for _, labels := range slices.Sorted(maps.Keys(ours)) {
		switch theirValue, both := theirs[labels]; {
		case !both:
			add(labels, onlyOurs, fmt.Sprint(labels, " ", ours[labels]))
		case !q.Loose && ours[labels] != theirValue:
			add(labels, otherValue, fmt.Sprint(labels, " ", ours[labels], ", ", theirValue))
		}
	}
	for _, labels := range slices.Sorted(maps.Keys(theirs)) {
		if _, both := ours[labels]; !both {
			add(labels, onlyTheirs, fmt.Sprint(labels, " ", theirs[labels]))
		}
	}
	return found
}

// A difference is one that is meant to be, with its reason.
type difference struct {
	of   []string // what questions ask about
	at   []string // instances
	hows []how
	why  string
}

func (d difference) covers(c contrast) bool {
	about := func(metric string) bool { return strings.Contains(c.expr, metric) }
	return slices.ContainsFunc(d.of, about) && slices.Contains(d.at, c.at) && slices.Contains(d.hows, c.how)
}

// differences are all that are meant to be; nothing else may differ.
func differences() []difference {
	handshakes := []string{
		"tls-1.0-alone", "client-certificate-wanted", "certificate-expired", "certificate-of-another-host", "certificate-self-signed",
		"certificate-without-its-issuer", "no-answer", "closed-after-the-request", "closed-within-the-header",
	}
	return []difference{
		{
			of: []string{"probe_tls_version_info", "probe_ssl_earliest_cert_expiry"}, at: append(handshakes, "tls-beyond-the-means-of-go"), hows: []how{onlyOurs},
			why: "what a handshake showed is shown although it, or what came after it, failed: an alert on a certificate does not fall silent on the day that the certificate expires",
		},
		{
			of: []string{"sum by (job, instance) (avg_over_time(probe_http_duration_seconds"}, at: []string{"no-connection", "no-handshake", "no-answer"}, hows: []how{onlyOurs},
			why: "a phase that fails has the time that it took; the alert on probe_duration_seconds fires for both",
		},
		{
			of: []string{"probe_success", "probe_http_status_code", "probe_http_version", "probe_http_ssl"}, at: []string{"tls-1.0-alone"}, hows: []how{otherValue, onlyTheirs},
			why: "this program speaks TLS 1.0 and 1.1, and says of a server that has nothing newer that it is degraded: it works. blackbox_exporter speaks them where a module says so",
		},
		{
			of: []string{"probe_success", "probe_http_status_code"}, at: []string{"tls-beyond-the-means-of-go"}, hows: []how{onlyTheirs},
			why: "a server that Go's TLS cannot speak to, and others can, is neither a success nor a failure: nobody is called for it. `up == 1 unless probe_success` finds it",
		},
		{
			of: []string{"probe_http_status_code", "probe_http_version", "probe_http_ssl"}, at: []string{"closed-within-the-header"}, hows: []how{otherValue, onlyTheirs},
			why: "of a reply that cannot be used, what could be read is shown; the alert on probe_success fires for both",
		},
		{
			of: []string{"by (job)", "by (job, version)"}, at: []string{""}, hows: []how{otherValue, onlyOurs},
			why: "sums over all websites: each of the differences above in one number",
		},
	}
}
