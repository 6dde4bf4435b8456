package blackbox

import (
	"fmt"
	"strings"

	"prober/catalog"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/reason"
)

// moduleName is a way to ask /probe. All but the first are named, and mean what they mean, as in the
// example configuration of blackbox_exporter.
type moduleName string

// The modules; the first is the default.
const (
	moduleAPI  moduleName = "api"         // the endpoint's own check, as the schedule makes it
	moduleHTTP moduleName = "http_2xx"    // GET /, redirects followed: the last status is a 2xx
	moduleTLS  moduleName = "tls_connect" // a handshake with a good certificate
	moduleTCP  moduleName = "tcp_connect" // a connection
)

func modules() []moduleName { return []moduleName{moduleAPI, moduleHTTP, moduleTLS, moduleTCP} }

// moduleNamed returns the module with a name; without one, the first.
func moduleNamed(name string) (moduleName, error) {
	var names []string
	for _, m := range modules() {
		if name == "" || string(m) == name {
			return m, nil
		}
		names = append(names, string(m))
	}
	return "", fmt.Errorf("unknown module; known are %s", strings.Join(names, ", "))
}

// aim makes of what is listed what this module probes. What is documented of the endpoint's API counts
// in its own check alone.
func (m moduleName) aim(t probe.Target) (probe.Target, error) {
	t.Diagnose = true // as each turn of the schedule
	if m == moduleAPI {
		return t, nil
	}
	if !m.suits(t.Scheme) {
		return t, fmt.Errorf("the target is one over %s, which %s cannot probe; module %s makes its own check", t.Scheme.Spoken(), m, moduleAPI)
	}
	t.Product, t.Signed = catalog.Product{ID: t.Product.ID, Provider: t.Product.Provider, APIStyle: catalog.StyleNone}, false
	t.Check = nil
	switch m {
	case moduleHTTP:
		t.Only2xx = true
	case moduleTLS:
		t.Until = reason.TLS
	case moduleTCP:
		t.Until = reason.Connect
	}
	return t, nil
}

// suits says whether what a module looks at is there over a scheme: a reply, a handshake, a connection.
func (m moduleName) suits(s catalog.Scheme) bool {
	switch m {
	case moduleHTTP:
		return s.IsHTTP()
	case moduleTLS:
		return s.IsTLS()
	case moduleTCP:
		return s != catalog.SchemeDNS
	}
	return true
}

// http says whether the module shows, over a scheme, what blackbox_exporter's HTTP prober shows, and not its TCP prober. Where no
// request is sent there is no status: a community alert fires at a status of 0.
func (m moduleName) http(s catalog.Scheme) bool {
	return (m == moduleAPI || m == moduleHTTP) && s.IsHTTP()
}

// showsStatus says whether the status of the reply is shown. A community alert fires at each status
// from 400 on, and a healthy API refuses an unsigned call with one.
func (m moduleName) showsStatus(t *probe.Target) bool {
	return m == moduleHTTP || m == moduleAPI && !t.ExpectsClientError()
}

// succeeded says whether a probe was a success; decided is false when it could not tell, in which
// case probe_success is left out: blackbox_exporter has no word for that, and a 0 would blame the
// endpoint for the prober's trouble.
func succeeded(o *probe.Observation) (success, decided bool) {
	return view.Up(o.Outcome), o.Outcome != reason.Unknown
}
