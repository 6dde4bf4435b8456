package board

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/units"
)

// certificateRows bounds how many endpoints the table of certificates shows: those whose certificates end first.
const certificateRows = 100

// old are the protocol versions that RFC 8996 and those before it have deprecated.
const old = `version=~"SSLv2|SSLv3|TLS1\\.0|TLS1\\.1"`

// secured adds the panels on certificates and TLS versions.
func secured(b *builder) *builder {
	left := func(metric string) string {
		return fmt.Sprintf("min by (%s) (%s{%s}) - time()", identity, metric, active+seen)
	}
	const path, leaf = "endpoint_certificate_path_not_after_timestamp_seconds", "endpoint_certificate_not_after_timestamp_seconds"
	return b.
		WithPanel(grid(panel{
			title: "Certificates that end first", width: 14, height: 12,
			about: sentences(fmt.Sprintf("The %d endpoints whose server certificates end first, good or bad: when the server certificate ends, when anything on the verified path to a trusted root ends (empty where none was verified), and whether the certificates led to a trusted root, for this host, when they were last seen.", certificateRows),
				"Before \"now\" is past. Both details have this."),
			quiet: noCertificate,
			queries: []query{
				{"", fmt.Sprintf("bottomk(%d, %s)", certificateRows, left(leaf)), ""},
				{"", fmt.Sprintf("%[1]s and on (%[2]s) bottomk(%[3]d, %[4]s)", left(path), identity, certificateRows, left(leaf)), ""},
				{"", fmt.Sprintf("min by (%[1]s) (endpoint_certificate_verified{%[2]s}) and on (%[1]s) bottomk(%[3]d, %[4]s)", identity, active+seen, certificateRows, left(leaf)), ""},
			},
		}, []column{
			{of: "product", name: "product", width: 90},
			{of: "region", name: "region", width: 130},
			{of: "network", name: "network", width: 80},
			{of: "host", name: "host", links: toEndpoint()},
			{name: "Server certificate", unit: units.DurationSeconds, decimals: none, steps: lifeSteps(), width: 150},
			{name: "Verified path", unit: units.DurationSeconds, decimals: none, steps: lifeSteps(), width: 150},
			{name: "Verified", mappings: yesNo(green, red), width: 80},
		})).
		WithPanel(grid(panel{
			title: "Endpoints by TLS version", width: 10, height: 5,
			about: sentences("How many active endpoints accept TLS 1.3, and how many accept an older version as their oldest one. Versions are looked at about once an hour.", detailed),
			quiet: noVersions,
			queries: []query{
				{"", fmt.Sprintf("count by (product, version) (max by (%s, version) (endpoint_tls_version_accepted{%s}) > 0)", identity, active+seen), ""},
			},
		}, []column{
			{of: "product", name: "Product"},
			{of: "version", name: "Version"},
			{name: "Endpoints", unit: count, decimals: none},
		})).
		WithPanel(grid(panel{
			title: "Endpoints that accept an old TLS version", width: 10, height: 7,
			about: sentences("Active endpoints, some address of which accepts TLS 1.1 or older, and the share of their addresses that do. Some documents want that: docs/requirements.md says which.", detailed),
			quiet: "None is known to",
			queries: []query{
				{"", fmt.Sprintf("max by (%s, version) (endpoint_tls_version_accepted{%s}) > 0", identity, active+seen+","+old), ""},
			},
		}, []column{
			{of: "product", name: "product"},
			{of: "region", name: "region"},
			{of: "network", name: "network"},
			{of: "host", name: "host", links: toEndpoint()},
			{of: "version", name: "Oldest"},
			{name: "Addresses", unit: share, decimals: none},
		}))
}

// lifeSteps colour the time that a certificate has left.
func lifeSteps() []dashboard.Threshold {
	const day = 24.0 * 60 * 60
	return steps(red, 7*day, orange, 21*day, green)
}
