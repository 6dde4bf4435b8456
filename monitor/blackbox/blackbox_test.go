package blackbox

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/monitor"
	"prober/monitor/fixture"
	"prober/needs"
	"prober/probe"
	"prober/probe/reason"
)

func TestAdhocTargets(t *testing.T) {
	x := testTarget()
	odd := target("kms/odd/public", "kms.example.com")
	odd.Endpoint.Ports = &catalog.Ports{HTTPS: 8443}
	tests := []struct {
		target string
		scheme catalog.Scheme // empty: refused
		host   string
	}{
		{testID, "https", "ecs.example.com"},
		{"ecs.example.com", "https", "ecs.example.com"},
		{"ECS.Example.COM.", "https", "ecs.example.com"},
		{"ecs.example.com:443", "https", "ecs.example.com"},
		{"https://ecs.example.com", "https", "ecs.example.com"},
		{"https://ecs.example.com/", "https", "ecs.example.com"},
		{"http://ecs.example.com", "http", "ecs.example.com"},
		{"http://ecs.example.com:80/", "http", "ecs.example.com"},
		{"ecs.example.com:80", "http", "ecs.example.com"},
		{"https://kms.example.com:8443", "https", "kms.example.com"},
		{"", "", ""},
		{"https://", "", ""},
		{"169.254.169.254", "", ""},
		{"http://169.254.169.254/latest/meta-data", "", ""},
		{"localhost", "", ""},
		{"other.example.com", "", ""},
		{"ecs.example.com:22", "", ""},
		{"https://ecs.example.com:8443", "", ""},
		{"https://kms.example.com", "https", "kms.example.com"},
		{"https://kms.example.com:443", "", ""},
		{"ftp://ecs.example.com", "", ""},
		{"https://user:secret@ecs.example.com", "", ""},
		{"https://ecs.example.com/path", "", ""},
		{"https://ecs.example.com/?q=secret", "", ""},
		{"https://ecs.example.com@other.example.com", "", ""},
		{"ecs.example.com\x00", "", ""},
		{"://", "", ""},
		{"https://%zz", "", ""},
	}
	for _, tt := range tests {
		var got *probe.Target
		m := monitorOf(t, []probe.Target{x, odd}, func(c *monitor.Config) {
			c.Prober = proberFunc(func(_ context.Context, x probe.Target) probe.Observation {
				got = &x
				return okObservation(x, epoch)
			})
		})
		w := get(t, m, "/probe?target="+url.QueryEscape(tt.target))
		switch {
		case tt.scheme == "" && (w.Code != 400 || got != nil):
			t.Errorf("target %q: %d, probed %v; want 400", tt.target, w.Code, got)
		case tt.scheme == "" && strings.Contains(w.Body.String(), "secret"):
			t.Errorf("target %q is repeated in %q", tt.target, w.Body)
		case tt.scheme != "" && (w.Code != 200 || got == nil || got.Scheme != tt.scheme || got.Endpoint.Host != tt.host):
			t.Errorf("target %q: %d %s, probed %+v", tt.target, w.Code, w.Body, got)
		}
	}
}

// Who names a listed host with more behind it is not told that there is no such host.
func TestATargetWithAPathIsToldSo(t *testing.T) {
	m := monitorOf(t, []probe.Target{testTarget()}, nil)
	for target, want := range map[string]string{
		"ecs.example.com/health": "may be an id of the list, or a host", "https://ecs.example.com/health": "may be an id of the list, or a host",
		"ECS.example.com/?secret": "may be an id of the list, or a host", "ecs/nowhere/public": "there is no such host",
	} {
		w := get(t, m, "/probe?target="+url.QueryEscape(target))
		if w.Code != 400 || !strings.Contains(w.Body.String(), want) || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
}

// TestATargetWithTheListsPath is that of several endpoints of a host which has this path; without one it is the one without, or the first.
func TestATargetWithTheListsPath(t *testing.T) {
	at := func(id, path string) probe.Target {
		x := target(id, "shop.example.com")
		x.Path = path
		return x
	}
	health, query, plain := at("shop/eu/public/health", "/health"), at("shop/eu/public/query", "/status?deep=1&x=%2F"), at("shop/eu/public/plain", "")
	for _, tt := range []struct {
		list         []probe.Target
		target, want string // empty: refused
	}{
		{[]probe.Target{health, query, plain}, "https://shop.example.com/health", health.Endpoint.ID},
		{[]probe.Target{health, query, plain}, "shop.example.com/health", health.Endpoint.ID},
		{[]probe.Target{health, query, plain}, "https://shop.example.com:443/status?deep=1&x=%2F", query.Endpoint.ID},
		{[]probe.Target{health, query, plain}, "https://shop.example.com", plain.Endpoint.ID},
		{[]probe.Target{health, query, plain}, "https://shop.example.com/", plain.Endpoint.ID},
		{[]probe.Target{health, query}, "shop.example.com", health.Endpoint.ID},
		{[]probe.Target{health, query}, "https://shop.example.com/status?deep=2", ""},
		{[]probe.Target{health, query}, "https://shop.example.com/health#top", ""},
		{[]probe.Target{health, query}, "https://u@shop.example.com/health", ""},
		{[]probe.Target{health, query}, "https://shop.example.com:444/health", ""},
		{[]probe.Target{health, query}, "https://shop.example.com//health", ""},
	} {
		m := monitorOf(t, tt.list, nil)
		x, err := (&asker{m}).target(tt.target, moduleAPI)
		if err == nil && x.Endpoint.ID != tt.want || err != nil && tt.want != "" {
			t.Errorf("%s of %d: %q, %v, want %q", tt.target, len(tt.list), x.Endpoint.ID, err, tt.want)
		}
	}
}

func FuzzAdhocTarget(f *testing.F) {
	f.Add("https://ecs.example.com:443/")
	f.Add("ecs.example.com:443")
	m := monitorOf(f, []probe.Target{testTarget()}, nil)
	f.Fuzz(func(t *testing.T, name string) {
		for _, module := range modules() {
			if x, err := (&asker{m}).target(name, module); err == nil && x.Endpoint.ID != testID {
				t.Errorf("%q leads to %+v", name, x)
			}
		}
	})
}

func TestAdhocProbeIsNotCounted(t *testing.T) {
	m := monitorOf(t, []probe.Target{testTarget()}, nil)
	before := shown(t, m)
	if w := get(t, m, "/probe?target="+testID); w.Code != 200 || !strings.Contains(w.Body.String(), "\nprobe_success 1\n") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if shown(t, m) != before {
		t.Error("it changed the metrics")
	}
}

// A success is what the module says, and where nothing could be decided there is none.
func TestModules(t *testing.T) {
	for found, w := range map[reason.Reason]string{
		reason.None: "1", reason.HeadersBareLF: "1", reason.VerifyNotAPI: "0", reason.TLSCertExpired: "0", reason.ConnectRefused: "0",
		reason.ResolveNXDomain: "0", reason.ProberPrivateNetwork: "", reason.ProberVantageNoIPv6: "", reason.ProberRateLimited: "",
		reason.TLSVersionAccepted: "1",
	} {
		var aimed probe.Target
		m := monitorOf(t, []probe.Target{testTarget()}, func(c *monitor.Config) {
			c.Prober = proberFunc(func(_ context.Context, x probe.Target) probe.Observation {
				aimed = x
				if found == reason.None {
					return okObservation(x, epoch)
				}
				return badObservation(x, epoch, found)
			})
		})
		for module, until := range map[string]reason.Phase{"": 0, "api": 0, "http_2xx": 0, "tls_connect": reason.TLS, "tcp_connect": reason.Connect} {
			reply := get(t, m, "/probe?target="+testID+"&module="+module)
			body := reply.Body.String()
			if got := valueOf(body, "probe_success"); got != w {
				t.Errorf("%v with module %q: probe_success %q, want %q", found, module, got, w)
			}
			if strings.Contains(body, "probe_http_") != (until == 0) {
				t.Errorf("module %q: HTTP metrics in\n%s", module, body)
			}
			if strings.Contains(body, "probe_tls_version_info") && module == "tcp_connect" {
				t.Errorf("module %q: TLS metrics in\n%s", module, body)
			}
			if aimed.Until != until || aimed.Only2xx != (module == "http_2xx") || !aimed.Diagnose {
				t.Errorf("module %q: aimed at %+v", module, aimed)
			}
		}
		if w := get(t, m, "/probe?target="+testID+"&module=icmp"); w.Code != 400 || !strings.Contains(w.Body.String(), "api, http_2xx, tls_connect, tcp_connect") {
			t.Errorf("an unknown module: %d %s", w.Code, w.Body)
		}
	}
}

// At an endpoint of another kind than http a module says no more than it has looked at, or that it cannot look.
func TestModulesAtOtherKinds(t *testing.T) {
	for scheme, refused := range map[catalog.Scheme][]string{
		catalog.SchemeTLS: {"http_2xx"}, catalog.SchemeTCP: {"http_2xx", "tls_connect"}, catalog.SchemeDNS: {"http_2xx", "tls_connect", "tcp_connect"}, catalog.HTTP: {"tls_connect"},
	} {
		x := testTarget()
		x.Scheme = scheme
		m := monitorOf(t, []probe.Target{x}, func(c *monitor.Config) {
			c.Prober = proberFunc(func(_ context.Context, x probe.Target) probe.Observation {
				o := okObservation(x, epoch)
				if !scheme.IsHTTP() {
					o.Addresses[0].HTTP = nil
				}
				return o
			})
		})
		for _, module := range []string{"api", "http_2xx", "tls_connect", "tcp_connect"} {
			reply := get(t, m, "/probe?target="+testID+"&module="+module)
			body := reply.Body.String()
			if slices.Contains(refused, module) {
				if reply.Code != 400 || !strings.Contains(body, "over "+scheme.Spoken()+", which "+module+" cannot probe") {
					t.Errorf("%s with module %s: %d %s", scheme, module, reply.Code, body)
				}
				continue
			}
			if http := scheme.IsHTTP() && module != "tcp_connect"; reply.Code != 200 || valueOf(body, "probe_success") != "1" || strings.Contains(body, "probe_http_status_code") != http {
				t.Errorf("%s with module %s: %d, and HTTP metrics wanted: %v, in\n%s", scheme, module, reply.Code, http, body)
			}
		}
	}
}

// valueOf is the value of a series in the text format; empty where there is none.
func valueOf(text, series string) string {
	for line := range strings.Lines(text) {
		if after, ok := strings.CutPrefix(line, series+" "); ok {
			return strings.TrimSpace(after)
		}
	}
	return ""
}

func TestBlackboxMetrics(t *testing.T) {
	x := testTarget()
	plain := okObservation(x, epoch)
	plain.Scheme = catalog.HTTP
	plain.Addresses[0].TLS, plain.Addresses[0].Phases.TLS = nil, 0
	half := okObservation(x, epoch) // the first address fails, the second works
	half.Outcome, half.Reason = reason.Degraded, reason.ConnectRefused
	half.Addresses = append([]probe.AddressResult{badObservation(x, epoch, reason.ConnectRefused).Addresses[0]}, half.Addresses...)
	half.Addresses[1].Address = netip.MustParseAddr("2001:db8::1")
	verified := okObservation(x, epoch)
	verified.Addresses[0].HTTP.Length, verified.Addresses[0].HTTP.Modified = -1, epoch
	facts := verified.Addresses[0].TLS
	facts.Certificates[0].Serial, facts.Certificates[0].DNSNames = "00ab", []string{"a.example.com", "*.example.com"}
	facts.Path = []probe.Certificate{facts.Certificates[0], {Subject: "CN=Another CA", NotAfter: epoch.Add(50 * 24 * time.Hour)}}
	unresolved := badObservation(x, epoch, reason.ProberResolverUnavailable)
	unresolved.Addresses = nil
	for name, o := range map[string]probe.Observation{
		"unresolved": unresolved,
		"ok":         okObservation(x, epoch), "verified": verified, "http": plain, "half": half,
		"expired": badObservation(x, epoch, reason.TLSCertExpired),
		"refused": badObservation(x, epoch, reason.ConnectRefused), "nxdomain": badObservation(x, epoch, reason.ResolveNXDomain),
		"private": badObservation(x, epoch, reason.ProberPrivateNetwork),
	} {
		m := monitorOf(t, []probe.Target{x}, func(c *monitor.Config) {
			c.Prober = proberFunc(func(context.Context, probe.Target) probe.Observation { return o })
		})
		text := get(t, m, "/probe?target="+testID).Body.String()
		golden(t, "probe-"+name+".txt", []byte(text))
	}
}

func TestPromtoolAcceptsBlackboxMetrics(t *testing.T) {
	promtools := needs.Promtools(t)
	text := get(t, monitorOf(t, []probe.Target{testTarget()}, nil), "/probe?target="+testID).Body.String()
	for _, promtool := range promtools {
		cmd := exec.Command(promtool, "check", "metrics")
		cmd.Stdin = strings.NewReader(text)
		if out, err := cmd.CombinedOutput(); err != nil || len(out) != 0 {
			t.Errorf("%s check metrics: %v\n%s", promtool, err, out)
		}
	}
}

func TestTheScrapersPatienceIsKept(t *testing.T) {
	tests := []struct {
		header string
		want   time.Duration // 0: refused
	}{
		{"", 120 * time.Second},
		{"10", 9500 * time.Millisecond},
		{"0.4", 400 * time.Millisecond},
		{"1e9", 119500 * time.Millisecond},
		{"0", 0},
		{"-1", 0},
		{"NaN", 0},
		{"+Inf", 0},
		{"soon", 0},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			m := bubbled(t, []probe.Target{testTarget()}, func(ctx context.Context, x probe.Target) probe.Observation {
				<-ctx.Done()
				return probe.Observation{Endpoint: x.Endpoint, Outcome: reason.Unknown, Reason: reason.ProberCanceled}
			}, nil)
			r := httptest.NewRequest("GET", "/probe?target="+testID, nil)
			if tt.header != "" {
				r.Header.Set("X-Prometheus-Scrape-Timeout-Seconds", tt.header)
			}
			began := time.Now()
			w := ask(t, m, r)
			if took := time.Since(began); took != tt.want || (w.Code == 200) != (tt.want > 0) {
				t.Errorf("header %q: %d after %v, want %v", tt.header, w.Code, took, tt.want)
			}
			if w.Code == 200 && !strings.Contains(w.Body.String(), "\nprobe_success 0\n") {
				t.Errorf("header %q: the time was up, and that is no failure in\n%s", tt.header, w.Body)
			}
		})
	}
}

func TestAnAdhocProbeThatTheProberCutsShortIsNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := bubbled(t, []probe.Target{testTarget()}, func(ctx context.Context, x probe.Target) probe.Observation {
			<-ctx.Done()
			return probe.Observation{Endpoint: x.Endpoint, Outcome: reason.Unknown, Reason: reason.ProberCanceled}
		}, nil)
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		w := ask(t, m, httptest.NewRequestWithContext(ctx, "GET", "/probe?target="+testID, nil))
		if strings.Contains(w.Body.String(), "\nprobe_success ") || !strings.Contains(w.Body.String(), "\nprobe_duration_seconds ") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

func TestAdhocParametersAreBounded(t *testing.T) {
	m := monitorOf(t, []probe.Target{testTarget()}, nil)
	path := "/probe?target=" + testID
	for i := range limit.WebParameters {
		if w := get(t, m, path); w.Code != 200 {
			t.Errorf("%d parameters: %d", i+1, w.Code)
		}
		path += fmt.Sprintf("&p%d=1", i)
	}
	if w := get(t, m, path); w.Code != 400 || !strings.Contains(w.Body.String(), "more than 16 parameters") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAdhocProbesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := targets(5)
		m := bubbled(t, list, func(_ context.Context, x probe.Target) probe.Observation {
			time.Sleep(time.Second)
			return okObservation(x, time.Now())
		}, func(c *monitor.Config) { c.Concurrency = 3 })
		var paths []string
		for _, x := range list {
			paths = append(paths, "/probe?target="+x.Endpoint.ID)
		}
		if counts := fixture.Askers(New(m), paths...); counts[200] != 3 || counts[503] != 2 {
			t.Errorf("codes = %v, want three 200 and two 503", counts)
		}
	})
}

// However many ask for one endpoint, it is probed once at a time, and each is shown a probe that
// began after they asked.
func TestAdhocProbesOfOneEndpointAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		running, probes := 0, 0
		m := bubbled(t, []probe.Target{testTarget()}, func(_ context.Context, x probe.Target) probe.Observation {
			running++
			probes++
			if running > 1 {
				t.Error("two at once")
			}
			time.Sleep(time.Second)
			running--
			return okObservation(x, time.Now())
		}, nil)
		h := New(m)
		first := make(chan int)
		go func() { first <- fixture.Askers(h, "/probe?target="+testID)[200] }()
		synctest.Wait() // it is under way
		paths := slices.Repeat([]string{"/probe?module=api&target=" + testID}, 50)
		if counts := fixture.Askers(h, paths...); counts[200] != 50 {
			t.Errorf("codes = %v", counts)
		}
		if <-first; probes != 2 {
			t.Errorf("%d probes, want the one under way and one for all others", probes)
		}
	})
}

func TestAnAdhocProbeThatPanicsIsNoSuccess(t *testing.T) {
	m := monitorOf(t, []probe.Target{testTarget()}, func(c *monitor.Config) {
		c.Prober = proberFunc(func(context.Context, probe.Target) probe.Observation { panic("a bug") })
	})
	w := get(t, m, "/probe?target="+testID)
	if w.Code != 200 || strings.Contains(w.Body.String(), "probe_success ") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
