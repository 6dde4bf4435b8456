package monitor

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/view"
	"prober/probe"
	"prober/probe/hello"
	"prober/probe/reason"
)

// samplesOf counts the samples of a text by host, without those of addresses.
func samplesOf(text string) map[string]int {
	counts := map[string]int{}
	for line := range strings.Lines(text) {
		_, host, found := strings.Cut(line, `host="`)
		if !found || line[0] == '#' || strings.Contains(line, `address="`) {
			continue
		}
		host, _, _ = strings.Cut(host, `"`)
		counts[host]++
	}
	return counts
}

// everything lets an endpoint show all that it can: every phase, version and reason, and whatever
// a certificate may be.
func everything(t *testing.T, m *Monitor, x probe.Target) {
	t.Helper()
	all := func(o probe.Observation) probe.Observation {
		o = withVersions(o)
		for i := range o.Addresses {
			if o.Addresses[i].TLS == nil || o.Addresses[i].TLS.Versions == nil {
				continue
			}
			for v := range o.Addresses[i].TLS.Versions {
				o.Addresses[i].TLS.Versions[v].Verdict = hello.Accepted
			}
		}
		return o
	}
	for _, r := range reason.All() {
		if r == reason.ProberCanceled {
			continue
		}
		o := badObservation(x, epoch, r)
		feed(t, m, o)
	}
	o := all(okObservation(x, epoch))
	for i := range 2 * limit.Addresses {
		a := o.Addresses[0]
		a.Address = netip.AddrFrom4([4]byte{192, 0, 2, byte(i + 2)})
		o.Addresses = append(o.Addresses, a)
	}
	o.Addresses[0].TLS.Certificates[0].NotBefore = epoch.Add(1) // and a path is verified, which cannot be
	feed(t, m, o)
}

func TestSamplesOfAnEndpoint(t *testing.T) {
	for _, tt := range []struct {
		detail Detail
		most   int
	}{{DetailEndpoint, limit.EndpointSamples}, {DetailRegion, limit.RegionSamples}} {
		list := targets(20)
		m, _ := monitorOf(t, list, func(c *Config) { c.Detail = tt.detail })
		for _, x := range list {
			everything(t, m, x)
		}
		text := expose(t, m)
		counts := samplesOf(text)
		for host, n := range counts {
			if n > tt.most || n < tt.most-2 {
				t.Errorf("detail %s: %s has %d samples, want at most %d, and not far below", tt.detail, host, n, tt.most)
			}
		}
		if len(counts) != len(list) {
			t.Errorf("detail %s: %d hosts have samples, want %d", tt.detail, len(counts), len(list))
		}
		addresses := strings.Count(text, "\nendpoint_address_up{")
		if want := map[Detail]int{DetailEndpoint: limit.Addresses * len(list)}[tt.detail]; addresses != want {
			t.Errorf("detail %s: %d samples of addresses, want %d", tt.detail, addresses, want)
		}
	}
}

// What an endpoint that is well shows is what a long list is made of: the built-in one, of 85 with
// 1.7 addresses each and the metrics of the process, stays within 3,900 samples.
func TestSamplesOfAnEndpointThatIsWell(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	before := strings.Count(expose(t, m), "\n") // its lines begin with #, too
	feed(t, m, withVersions(okObservation(x, epoch)))
	text := expose(t, m)
	if n := samplesOf(text)[x.Endpoint.Host]; n != 44 {
		t.Errorf("%d samples, want 44:\n%s", n, text)
	}
	if before == 0 {
		t.Error("nothing was shown before the first result")
	}
}

// Without classic buckets a histogram is three lines; with them it has theirs.
func TestClassicHistograms(t *testing.T) {
	x := testTarget()
	for _, classic := range []bool{false, true} {
		m, _ := monitorOf(t, []probe.Target{x}, func(c *Config) { c.ClassicHistograms = classic })
		feed(t, m, okObservation(x, epoch))
		want := 1
		if classic {
			want += len(phaseBounds)
		}
		text := expose(t, m)
		for _, p := range probe.TimedPhases() {
			var lines int
			for line := range strings.Lines(text) {
				if strings.HasPrefix(line, "endpoint_phase_duration_seconds_bucket{") && strings.Contains(line, fmt.Sprintf("phase=%q", p)) {
					lines++
				}
			}
			if lines != want {
				t.Errorf("classic %v: %d buckets of %v, want %d", classic, lines, p, want)
			}
		}
	}
}

// increase() sees the first failure only of a counter that was there before it.
func TestCountersAreBornAtZero(t *testing.T) {
	for _, detail := range []Detail{DetailEndpoint, DetailRegion} {
		x := testTarget()
		m, _ := monitorOf(t, []probe.Target{x}, func(c *Config) { c.Detail = detail })
		text := expose(t, m)
		for p := reason.Resolve; p <= reason.Verify; p++ {
			if n := seriesWith(text, "endpoint_phase_failures_total", fmt.Sprintf("phase=%q", p), `lifecycle="active"`); n != "0" {
				t.Errorf("detail %s: failures in phase %v are %q, want 0", detail, p, n)
			}
		}
		for o := range view.NumOutcomes {
			if n := seriesWith(text, "endpoint_probes_total", fmt.Sprintf("outcome=%q", reason.Outcome(o)), `lifecycle="active"`); n != "0" {
				t.Errorf("detail %s: probes that came out %v are %q, want 0", detail, reason.Outcome(o), n)
			}
		}
		feed(t, m, badObservation(x, epoch, reason.ConnectRefused))
		feed(t, m, badObservation(x, epoch, reason.HeadersBareLF)) // degraded
		feed(t, m, badObservation(x, epoch, reason.ProberRateLimited))
		text = expose(t, m)
		for p, want := range map[reason.Phase]string{reason.Connect: "1", reason.Headers: "0", reason.Resolve: "0"} {
			if n := seriesWith(text, "endpoint_phase_failures_total", fmt.Sprintf("phase=%q", p)); n != want {
				t.Errorf("detail %s: failures in phase %v are %q, want %s", detail, p, n, want)
			}
		}
	}
}

// seriesWith returns the value of the first series of a metric with these labels, or "".
func seriesWith(text, name string, labels ...string) string {
next:
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, name+"{") {
			continue
		}
		for _, l := range labels {
			if !strings.Contains(line, l) {
				continue next
			}
		}
		return strings.TrimSpace(line[strings.LastIndex(line, " "):])
	}
	return ""
}

// The reason that came last is always shown; one that gave way comes back with its count.
func TestReasonsThatGaveWayComeBack(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	shown := func(r reason.Reason) string {
		return seriesWith(expose(t, m), "endpoint_failures_total", fmt.Sprintf("phase=%q,", r.Phase()), fmt.Sprintf("reason=%q", r.Word()))
	}
	rest := []reason.Reason{reason.ConnectTimeout, reason.TLSReset, reason.RequestEOF, reason.ConnectReset}
	feed(t, m, badObservation(x, epoch, reason.ConnectRefused))
	for i, r := range rest {
		feed(t, m, badObservation(x, epoch, r))
		if shown(r) != "1" {
			t.Errorf("%v is not shown", r)
		}
		if want := map[bool]string{true: "1"}[i < limit.EndpointReasons-1]; shown(reason.ConnectRefused) != want {
			t.Errorf("after %v: the first reason has the count %q, want %q", r, shown(reason.ConnectRefused), want)
		}
	}
	feed(t, m, badObservation(x, epoch, reason.ConnectRefused))
	if shown(reason.ConnectRefused) != "2" {
		t.Errorf("the first reason came back with the count %q, want 2", shown(reason.ConnectRefused))
	}
}

func TestVersionsShown(t *testing.T) {
	is := func(accepted string) (votes versionVotes) {
		for v := range catalog.TLSVersions() {
			votes[v] = [2]view.Votes{{Rejected: 1}, {Accepted: 1}}[accepted[v]-'0']
		}
		return votes
	}
	for _, tt := range []struct{ name, accepted, want string }{
		{"current ones", "000011", "[TLS1.2 TLS1.3]"},
		{"one is missing", "000010", "[TLS1.2 TLS1.3]"},
		{"only the newest", "000001", "[TLS1.2 TLS1.3]"},
		{"an old one", "000111", "[TLS1.1 TLS1.3]"},
		{"several old ones", "011111", "[SSLv3 TLS1.3]"},
	} {
		e := endpoint{versions: is(tt.accepted)}
		var got []catalog.TLSVersion
		for _, v := range e.shownVersions() {
			got = append(got, catalog.TLSVersions()[v])
		}
		if fmt.Sprint(got) != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, got, tt.want)
		}
	}
	if shown := (&endpoint{}).shownVersions(); len(shown) != 0 {
		t.Errorf("without a table: %v", shown)
	}
}

// A list may have several endpoints of one host: each metric is told apart, and those that have a
// host of their own are as they were.
func TestLabelsTellEndpointsApart(t *testing.T) {
	on := func(id, host string, port uint16, scheme catalog.Scheme) probe.Target {
		x := target(id, host)
		x.Endpoint.Ports, x.Scheme = &catalog.Ports{HTTPS: port, HTTP: port}, scheme
		return x
	}
	for _, tt := range []struct {
		name string
		list []probe.Target
		want []string // of endpoint_info
	}{
		{"hosts of their own", []probe.Target{on("shop/eu/public", "a.example", 443, catalog.HTTPS), on("shop/eu/public/b", "b.example", 8443, catalog.HTTPS)}, []string{
			`host="a.example",id="shop/eu/public",lifecycle="active",network="public",product="shop",region="eu",scheme="https"`,
			`host="b.example",id="shop/eu/public/b",lifecycle="active",network="public",product="shop",region="eu",scheme="https"`,
		}},
		{"ports", []probe.Target{on("shop/eu/public", "a.example", 443, catalog.HTTPS), on("shop/eu/public/b", "a.example", 8443, catalog.HTTPS), on("shop/eu/public/c", "c.example", 443, catalog.HTTPS)}, []string{
			`host="a.example",id="shop/eu/public",lifecycle="active",network="public",port="443",product="shop",region="eu",scheme="https"`,
			`host="a.example",id="shop/eu/public/b",lifecycle="active",network="public",port="8443",product="shop",region="eu",scheme="https"`,
			`host="c.example",id="shop/eu/public/c",lifecycle="active",network="public",product="shop",region="eu",scheme="https"`,
		}},
		{"schemes", []probe.Target{on("shop/eu/public", "a.example", 80, catalog.HTTPS), on("shop/eu/public/b", "a.example", 80, catalog.HTTP)}, []string{
			`host="a.example",id="shop/eu/public/b",lifecycle="active",network="public",product="shop",region="eu",scheme="http"`,
			`host="a.example",id="shop/eu/public",lifecycle="active",network="public",product="shop",region="eu",scheme="https"`,
		}},
		{"names", []probe.Target{on("shop/eu/public", "a.example", 80, catalog.HTTP), on("shop/eu/public/b", "a.example", 80, catalog.HTTP)}, []string{
			`host="a.example",id="shop/eu/public/b",lifecycle="active",name="b",network="public",product="shop",region="eu",scheme="http"`,
			`host="a.example",id="shop/eu/public",lifecycle="active",network="public",product="shop",region="eu",scheme="http"`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, _ := monitorOf(t, tt.list, nil)
			for _, x := range tt.list {
				feed(t, m, withVersions(okObservation(x, epoch)))
			}
			text := expose(t, m) // fails if two series have the same labels
			for _, want := range tt.want {
				if !strings.Contains(text, "\nendpoint_info{"+want+"} 1\n") {
					t.Errorf("no endpoint_info{%s} in\n%s", want, text)
				}
			}
			if ups := strings.Count(text, "\nendpoint_up{"); ups != len(tt.list) {
				t.Errorf("%d series of endpoint_up, want %d", ups, len(tt.list))
			}
		})
	}
}
