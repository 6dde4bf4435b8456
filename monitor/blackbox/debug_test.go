package blackbox

import (
	"context"
	"strings"
	"testing"

	"prober/catalog"
	"prober/monitor"
	"prober/probe"
	"prober/probe/reason"
)

// What debug=true shows: the log, the command, the metrics and the module; nothing that a terminal obeys.
func TestAdhocDebug(t *testing.T) {
	x := testTarget()
	expired := badObservation(x, epoch, reason.TLSCertExpired)
	expired.Reproduce = "openssl s_client -connect 192.0.2.1:443"
	found := reason.TLSCertExpired.Found("ended yesterday \x1b[2J\nprobe_success 1")
	expired.Addresses[0].Findings = []reason.Finding{found}
	for name, o := range map[string]probe.Observation{
		"ok": okObservation(x, epoch), "expired": expired, "nxdomain": badObservation(x, epoch, reason.ResolveNXDomain),
		"private": badObservation(x, epoch, reason.ProberPrivateNetwork),
	} {
		m := monitorOf(t, []probe.Target{x}, func(c *monitor.Config) {
			c.Prober = proberFunc(func(context.Context, probe.Target) probe.Observation { return o })
		})
		w := get(t, m, "/probe?debug=true&target="+testID)
		if kind := w.Header().Get("Content-Type"); kind != "text/plain; charset=utf-8" || strings.Contains(w.Body.String(), "\x1b") {
			t.Errorf("%s: %s\n%q", name, kind, w.Body)
		}
		golden(t, "debug-"+name+".txt", w.Body.Bytes())
	}
}

// A status of 4xx that is as it should be is not shown, since an alert fires at it.
func TestWhereTheStatusIsShown(t *testing.T) {
	for _, tt := range []struct {
		style  catalog.APIStyle
		scheme catalog.Scheme
		signed bool
		shown  bool // by api
	}{
		{catalog.StyleNone, catalog.HTTPS, false, true},
		{catalog.StyleTencent3, catalog.HTTPS, false, true},
		{catalog.StyleAlibabaRPC, catalog.HTTPS, false, false},
		{catalog.StyleAlibabaRPC, catalog.HTTPS, true, true},
		{catalog.StyleAlibabaRPC, catalog.HTTP, true, false},
		{catalog.StyleNone, catalog.HTTP, false, false}, // which is refused
	} {
		x := testTarget()
		x.Product.APIStyle, x.Scheme, x.Signed = tt.style, tt.scheme, tt.signed
		x.Product.Rules.Schemes = &catalog.SchemeRule{Refused: []catalog.Scheme{catalog.HTTP}}
		m := monitorOf(t, []probe.Target{x}, nil)
		for module, shown := range map[string]bool{"": tt.shown, "api": tt.shown, "http_2xx": true} {
			body := get(t, m, "/probe?module="+module+"&target="+testID).Body.String()
			if got := valueOf(body, "probe_http_status_code"); (got != "") != shown {
				t.Errorf("%+v with module %q: status %q", tt, module, got)
			}
		}
	}
}

// A target names what to ask: a bare host is plain HTTP to http_2xx, as to blackbox_exporter, and there is no
// handshake with plain HTTP.
func TestModulesReadTargets(t *testing.T) {
	for _, tt := range []struct {
		query string
		code  int
		want  catalog.Scheme
	}{
		{"module=http_2xx&target=ecs.example.com", 200, catalog.HTTP},
		{"module=http_2xx&target=ecs.example.com:80", 200, catalog.HTTP},
		{"module=http_2xx&target=ecs.example.com:443", 400, ""},
		{"module=http_2xx&target=https://ecs.example.com", 200, catalog.HTTPS},
		{"module=http_2xx&target=" + testID, 200, catalog.HTTPS},
		{"module=tcp_connect&target=ecs.example.com:80", 200, catalog.HTTP},
		{"module=tcp_connect&target=ecs.example.com:443", 200, catalog.HTTPS},
		{"module=tls_connect&target=ecs.example.com:443", 200, catalog.HTTPS},
		{"module=tls_connect&target=ecs.example.com:80", 400, ""},
		{"module=tls_connect&target=http://ecs.example.com", 400, ""},
		{"target=" + testID + "&hostname=ECS.example.com", 200, catalog.HTTPS},
		{"target=" + testID + "&hostname=other.example.com", 400, ""},
	} {
		var aimed catalog.Scheme
		m := monitorOf(t, []probe.Target{testTarget()}, func(c *monitor.Config) {
			c.Prober = proberFunc(func(_ context.Context, x probe.Target) probe.Observation {
				aimed = x.Scheme
				return okObservation(x, epoch)
			})
		})
		if w := get(t, m, "/probe?"+tt.query); w.Code != tt.code || aimed != tt.want {
			t.Errorf("%s: %d %q, want %d %q: %s", tt.query, w.Code, aimed, tt.code, tt.want, w.Body)
		}
	}
}

// While this prober's own network is suspected, a failure is nobody's.
func TestAdhocProbesAreExcused(t *testing.T) {
	x := testTarget()
	for why, want := range map[reason.Reason]string{reason.ConnectTimeout: "", reason.VerifyNotAPI: "", reason.TLSWeakKey: "1", reason.ResolveNXDomain: "0"} {
		list := []probe.Target{x}
		for _, provider := range []string{"one", "two", "three"} {
			y := target(provider+"/y/public", provider+".example.com")
			y.Product.Provider = provider
			list = append(list, y)
		}
		m := monitorOf(t, list, func(c *monitor.Config) {
			c.Prober = proberFunc(func(_ context.Context, x probe.Target) probe.Observation { return badObservation(x, epoch, why) })
		})
		for _, silent := range list {
			m.Take(badObservation(silent, epoch, reason.ConnectTimeout))
		}
		if s, _ := m.Status(testID); s.Word != reason.ProberVantageOffline.Word() {
			t.Fatalf("the network is not suspected: %+v", s)
		}
		if got := valueOf(get(t, m, "/probe?target="+testID).Body.String(), "probe_success"); got != want {
			t.Errorf("%v: probe_success %q, want %q", why, got, want)
		}
	}
}
