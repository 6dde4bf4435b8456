package catalog

import (
	"maps"
	"time"
)

// Limits are bounds beyond which an endpoint that works is degraded. A zero bound is none.
type Limits struct {
	Total   Duration `json:"total,omitempty"` // of the probe of an address, its name's lookup included
	Resolve Duration `json:"resolve,omitempty"`
	Connect Duration `json:"connect,omitempty"`
	TLS     Duration `json:"tls,omitempty"`
	Request Duration `json:"request,omitempty"` // until the first byte of the reply
	Headers Duration `json:"headers,omitempty"`
	Body    Duration `json:"body,omitempty"`
	// CertificateDays are those for which the certificate, and those above it, are good at least.
	CertificateDays uint16 `json:"certificate_days,omitempty"`
	// TLSVersion is the lowest that the server may accept.
	TLSVersion TLSVersion `json:"tls_version,omitempty"`
}

// Times are the bounds on times that are set, by the names of their fields.
func (l *Limits) Times() map[string]time.Duration {
	all := map[string]time.Duration{
		"total": time.Duration(l.Total), "resolve": time.Duration(l.Resolve), "connect": time.Duration(l.Connect), "tls": time.Duration(l.TLS),
		"request": time.Duration(l.Request), "headers": time.Duration(l.Headers), "body": time.Duration(l.Body),
	}
	maps.DeleteFunc(all, func(_ string, d time.Duration) bool { return d == 0 })
	return all
}
