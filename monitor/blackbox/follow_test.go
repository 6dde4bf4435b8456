package blackbox

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"prober/catalog"
	"prober/limit"
	"prober/monitor"
	"prober/probe"
	"prober/probe/reason"
)

// web is a world of servers: what a GET of a URL answers with.
type web map[string]probe.HTTPFacts

// redirectTo is a reply that leads to a URL.
func redirectTo(url string, cookies ...string) probe.HTTPFacts {
	return probe.HTTPFacts{Status: 302, Proto: "HTTP/1.1", Location: url, Next: url, SetCookies: cookies}
}

// probe answers as package probe does where only a 2xx is healthy.
func (w web) probe(asked *[]string) proberFunc {
	return func(_ context.Context, x probe.Target) probe.Observation {
		u := requestURL(&x).String()
		if x.Authority != "" {
			u = strings.Replace(u, x.Endpoint.Host, x.Authority, 1)
		}
		for _, c := range x.Cookies {
			u += " " + c.Name + "=" + c.Value
		}
		*asked = append(*asked, u)
		facts, found := w[u]
		if !found {
			facts = probe.HTTPFacts{Status: 200, Proto: "HTTP/1.1"}
		}
		o := okObservation(x, epoch)
		o.Addresses[0].HTTP = &facts
		if facts.Status == 302 {
			o.Outcome, o.Reason, o.Detail, o.Reproduce = reason.Fail, reason.VerifyRedirect, "status 302", "curl it"
			o.Addresses[0].Outcome, o.Addresses[0].Reason = o.Outcome, o.Reason
		}
		return o
	}
}

func TestRedirects(t *testing.T) {
	const first = "https://ecs.example.com/"
	a, b := testTarget(), target("kms/b/public", "kms.example.com")
	b.Endpoint.Ports = &catalog.Ports{HTTPS: 8443}
	tests := map[string]struct {
		web       web
		asked     []string // after the first
		success   string   // empty: there is none
		redirects string
		says      string
	}{
		"none":              {web{}, nil, "1", "0", "Probe succeeded"},
		"on the host":       {web{first: redirectTo("https://ecs.example.com/login")}, []string{"https://ecs.example.com/login"}, "1", "1", "followed=true"},
		"to plain HTTP":     {web{first: redirectTo("http://ecs.example.com/")}, []string{"http://ecs.example.com/"}, "1", "1", "scheme=http"},
		"to another listed": {web{first: redirectTo("https://kms.example.com:8443/")}, []string{"https://kms.example.com:8443/"}, "1", "1", "host=kms.example.com"},
		"twice": {
			web{first: redirectTo("https://ecs.example.com/a"), "https://ecs.example.com/a": redirectTo("https://ecs.example.com/b")},
			[]string{"https://ecs.example.com/a", "https://ecs.example.com/b"},
			"1", "2", "Probe succeeded",
		},
		"to a failure": {
			web{first: redirectTo("https://ecs.example.com/a"), "https://ecs.example.com/a": redirectTo("ftp://ecs.example.com/")},
			[]string{"https://ecs.example.com/a"},
			"0", "2", "Probe failed",
		},
		"with a cookie": {
			web{first: redirectTo(first, "seen=1; Secure")},
			[]string{first + " seen=1"},
			"1", "1", "Probe succeeded",
		},
		"a cookie for another host": {
			web{first: redirectTo("https://kms.example.com:8443/", "seen=1; Secure")},
			[]string{"https://kms.example.com:8443/"},
			"1", "1", "Probe succeeded",
		},
		"to a foreign host":          {web{first: redirectTo("https://other.example.com/")}, nil, "", "1", "prober/redirect_refused"},
		"to a metadata service":      {web{first: redirectTo("http://169.254.169.254/latest")}, nil, "", "1", "there is no such host"},
		"to this machine":            {web{first: redirectTo("http://localhost:9115/-/reload")}, nil, "", "1", "prober/redirect_refused"},
		"to another port":            {web{first: redirectTo("https://ecs.example.com:22/")}, nil, "", "1", "not with this port"},
		"to a user":                  {web{first: redirectTo("https://a:b@ecs.example.com/")}, nil, "", "1", "it names a user"},
		"to a host that looks alike": {web{first: redirectTo("https://ecs.example.com.evil.example/")}, nil, "", "1", "prober/redirect_refused"},
		"to nothing":                 {web{first: probe.HTTPFacts{Status: 302, Proto: "HTTP/1.1"}}, nil, "0", "0", "verify/redirect"},
		"to another protocol":        {web{first: redirectTo("javascript:alert(1)")}, nil, "0", "1", "verify/redirect"},
		"in a circle": {
			web{first: redirectTo(first)}, slices.Repeat([]string{first}, limit.Redirects), "0", fmt.Sprint(limit.Redirects + 1), "after 10 redirects",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var asked []string
			m := monitorOf(t, []probe.Target{a, b}, func(c *monitor.Config) { c.Prober = tt.web.probe(&asked) })
			body := get(t, m, "/probe?module=http_2xx&debug=true&target="+testID).Body.String()
			if want := append([]string{first}, tt.asked...); !slices.Equal(asked, want) {
				t.Errorf("asked %q, want %q", asked, want)
			}
			success, redirects := valueOf(body, "probe_success"), valueOf(body, "probe_http_redirects")
			if success != tt.success || redirects != tt.redirects || !strings.Contains(body, tt.says) {
				t.Errorf("success %q, redirects %q, want %q, %q and %q in\n%s", success, redirects, tt.success, tt.redirects, tt.says, body)
			}
			asked = nil
			if get(t, m, "/probe?target="+testID); len(asked) != 1 {
				t.Errorf("the endpoint's own check asked %q", asked)
			}
		})
	}
}

// The phases are summed over redirects; what is said of the connection is that of the last one, and the
// address that of the first.
func TestRedirectsAreSummed(t *testing.T) {
	x := testTarget()
	m := monitorOf(t, []probe.Target{x}, func(c *monitor.Config) {
		c.Prober = proberFunc(func(_ context.Context, x probe.Target) probe.Observation {
			o := okObservation(x, epoch)
			if x.Path == "/plain" {
				o.Addresses[0].TLS, o.Addresses[0].Address = nil, netip.MustParseAddr("2001:db8::1")
				return o
			}
			facts := redirectTo("http://ecs.example.com/plain")
			o.Outcome, o.Reason = reason.Fail, reason.VerifyRedirect
			o.Addresses[0].HTTP, o.Addresses[0].Outcome, o.Addresses[0].Reason = &facts, o.Outcome, o.Reason
			return o
		})
	})
	golden(t, "probe-redirect.txt", get(t, m, "/probe?module=http_2xx&target="+testID).Body.Bytes())
}

// A redirect counts only where no address of the endpoint has a better answer.
func TestAnAnswerBeatsARedirect(t *testing.T) {
	x := testTarget()
	var asked []string
	m := monitorOf(t, []probe.Target{x}, func(c *monitor.Config) {
		c.Prober = proberFunc(func(_ context.Context, x probe.Target) probe.Observation {
			o := web{"https://ecs.example.com/": redirectTo("https://other.example.com/")}.probe(&asked)(t.Context(), x)
			o.Outcome = reason.Degraded
			o.Addresses = append(o.Addresses, okObservation(x, epoch).Addresses...)
			return o
		})
	})
	body := get(t, m, "/probe?module=http_2xx&target="+testID).Body.String()
	if len(asked) != 1 || valueOf(body, "probe_success") != "1" || valueOf(body, "probe_http_redirects") != "0" {
		t.Errorf("asked %q:\n%s", asked, body)
	}
}

// What the endpoint's own check followed are redirects too, whether they led to its reply or never ended.
func TestRedirectsOfTheOwnCheck(t *testing.T) {
	for name, tt := range map[string]struct {
		next string
		want int
	}{"led to a reply": {"", 2}, "never ended": {"https://ecs.example.com/again", 3}} {
		o := okObservation(testTarget(), epoch)
		o.Addresses[0].HTTP = &probe.HTTPFacts{Status: 200, Hops: make([]probe.Hop, 2), Next: tt.next}
		if tt.next != "" {
			o.Outcome, o.Addresses[0].Outcome, o.Addresses[0].Reason = reason.Fail, reason.Fail, reason.VerifyRedirect
		}
		h := hops{all: []probe.Observation{o}}
		if got := h.redirects(); got != tt.want {
			t.Errorf("%s: %d redirects, want %d", name, got, tt.want)
		}
	}
}
