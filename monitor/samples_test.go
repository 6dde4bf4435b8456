package monitor

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/limit"
	"prober/monitor/view"
	"prober/probe"
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

// part is one thing that decides which samples an endpoint has, and all that it may be.
type part map[string]func(*endpoint)

// parts are all of them: what has been seen of a certificate, how the endpoint is, what was counted.
func parts() []part {
	at, nothing := time.Hour, func(*endpoint) {}
	certificate := func(c view.CertificateStatus) func(*endpoint) {
		return func(e *endpoint) {
			c.Seen, c.NotAfter, c.ChainNotAfter = epoch, epoch.Add(at), epoch.Add(at)
			e.cert.keep(c)
		}
	}
	path := func(left, life time.Duration) func(*endpoint) {
		return certificate(view.CertificateStatus{PathNotAfter: epoch.Add(left), PathNotBefore: epoch.Add(left - life), NotBefore: epoch.Add(at), Verified: true})
	}
	last := func(o reason.Outcome, started time.Time) func(*endpoint) {
		return func(e *endpoint) {
			e.last = summary{started: started, outcome: o}
			for i := range limit.Addresses {
				e.last.addresses = append(e.last.addresses, view.AddressStatus{Address: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), Outcome: o})
			}
		}
	}
	reasons := func(all ...reason.Reason) func(*endpoint) {
		return func(e *endpoint) {
			for _, r := range all {
				e.tally.count(r.Outcome(), r, 1)
			}
		}
	}
	versions := func(v view.Votes) func(*endpoint) {
		return func(e *endpoint) {
			for i := range e.versions {
				e.versions[i] = v
			}
		}
	}
	const day = 24 * time.Hour
	return []part{
		{
			"no certificate": nothing, "one without a path": certificate(view.CertificateStatus{NotBefore: epoch}),
			"one that has not begun": certificate(view.CertificateStatus{NotBefore: epoch.Add(at)}),
			"a young one":            path(80*day, 90*day), "an old one": path(20*day, 90*day), "a short one": path(5*day, 6*day), "a path of no length": path(0, 0),
		},
		{"not in maintenance": nothing, "in maintenance": func(e *endpoint) {
			e.target.like = &probe.Target{Own: &probe.Own{Maintenance: catalog.CalendarOf([]catalog.Window{{From: new(epoch.Add(-at)), To: new(epoch.Add(at))}})}}
		}},
		{
			"not probed": nothing, "ok": last(reason.OK, epoch), "degraded": last(reason.Degraded, epoch), "failed": last(reason.Fail, epoch),
			"unknown": last(reason.Unknown, epoch), "stale": last(reason.Fail, epoch.Add(-at)),
		},
		{
			"no reason": nothing, "reasons that fail": reasons(reason.ConnectRefused, reason.TLSReset, reason.VerifyServerError),
			"unknown reasons": reasons(reason.ProberLimit, reason.ProberVantageOffline, reason.ProberStalled), "reasons of each kind": reasons(reason.ConnectRefused, reason.HeadersBareLF, reason.ProberLimit),
		},
		{"no versions": nothing, "all are accepted": versions(view.Votes{Accepted: 1}), "none is": versions(view.Votes{Rejected: 1})},
		{"no latencies": nothing, "some": func(e *endpoint) { e.tally.observe(new(okObservation(testTarget(), epoch))) }},
	}
}

// combinations are all of what the parts may be together.
func combinations(parts []part) (names []string, all [][]func(*endpoint)) {
	names, all = []string{""}, [][]func(*endpoint){nil}
	for _, p := range parts {
		var longer []string
		var more [][]func(*endpoint)
		for i := range all {
			for _, name := range slices.Sorted(maps.Keys(p)) {
				longer, more = append(longer, names[i]+", "+name), append(more, append(slices.Clone(all[i]), p[name]))
			}
		}
		names, all = longer, more
	}
	return names, all
}

// TestSamplesOfAnEndpoint bounds them in whatever way an endpoint is, was and is looked at: each way has an endpoint of its own.
func TestSamplesOfAnEndpoint(t *testing.T) {
	names, ways := combinations(parts())
	for _, tt := range []struct {
		detail Detail
		most   int
	}{{DetailEndpoint, limit.EndpointSamples}, {DetailRegion, limit.RegionSamples}} {
		list := targets(len(ways))
		m, _ := monitorOf(t, list, func(c *Config) { c.Detail = tt.detail })
		called, addresses := map[string]string{}, 0
		for i, way := range ways {
			e := m.list.Load().byID[list[i].Endpoint.ID]
			called[list[i].Endpoint.Host] = names[i]
			for _, set := range way {
				set(e)
			}
			if e.last.outcome != reason.Unknown {
				addresses += len(e.last.addresses)
			}
		}
		text := expose(t, m)
		most := 0
		for host, n := range samplesOf(text) {
			if most = max(most, n); n > tt.most {
				t.Errorf("detail %s: %d samples, want at most %d%s", tt.detail, n, tt.most, called[host])
			}
			delete(called, host)
		}
		if most != tt.most {
			t.Errorf("detail %s: at most %d samples, where %d are allowed for", tt.detail, most, tt.most)
		}
		if len(called) > 0 {
			t.Errorf("detail %s: %d endpoints have none", tt.detail, len(called))
		}
		if n := strings.Count(text, "\nendpoint_address_up{"); tt.detail == DetailEndpoint && n != addresses || tt.detail == DetailRegion && n > 0 {
			t.Errorf("detail %s: %d samples of addresses, want %d", tt.detail, n, addresses)
		}
		for _, x := range metrics() { // one that no way shows is not counted here
			if _, shown := x.labels(m.list.Load()); shown && x.ofProber == nil && !strings.Contains(text, "\n"+x.Name) {
				t.Errorf("detail %s: no way in which an endpoint may be shows %s", tt.detail, x.Name)
			}
		}
	}
}

// TestAddressesShown: of many, as many as are shown.
func TestAddressesShown(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	o := okObservation(x, epoch)
	for i := range 2 * limit.Addresses {
		a := o.Addresses[0]
		a.Address = netip.AddrFrom4([4]byte{192, 0, 2, byte(i + 2)})
		o.Addresses = append(o.Addresses, a)
	}
	feed(t, m, o)
	if n := strings.Count(expose(t, m), "\nendpoint_address_up{"); n != limit.Addresses {
		t.Errorf("%d samples of addresses, want %d", n, limit.Addresses)
	}
}

// TestLivesThatAreAsked: whoever asks for an end by days leaves out certificates with a short life, and has to see how short it is
// for as long as so many days are left. Late in any life its length is seen.
func TestLivesThatAreAsked(t *testing.T) {
	const day = 24 * time.Hour
	for _, life := range []time.Duration{time.Hour, day, 6 * day, 20 * day, 41 * day, 90 * day, 398 * day, 3650 * day} {
		for share := 0.0; share <= 1; share += 0.01 {
			left := time.Duration(share * float64(life))
			c := view.CertificateStatus{Seen: epoch, PathNotAfter: epoch.Add(left), PathNotBefore: epoch.Add(left - life)}
			asked := life < 42*day || share < 0.5
			if shown := ageing(&c); asked && !shown {
				t.Errorf("with %v left of %v its beginning is not shown", left, life)
			} else if shown && !asked && left >= 42*day {
				t.Errorf("with %v left of %v its beginning is shown", left, life)
			}
		}
	}
	if ageing(&view.CertificateStatus{Seen: epoch}) {
		t.Error("without a path its beginning is shown")
	}
}

// What an endpoint that is well shows is what a long list is made of: the built-in one, of 85 with
// 1.7 addresses each and the metrics of the process, stays within 3,900 samples, early and late in the lives of certificates.
func TestSamplesOfAnEndpointThatIsWell(t *testing.T) {
	const day = 24 * time.Hour
	for _, age := range []time.Duration{day, 80 * day} {
		x := testTarget()
		m, _ := monitorOf(t, []probe.Target{x}, nil)
		o := withVersions(okObservation(x, epoch))
		for _, certificates := range [][]probe.Certificate{o.Addresses[0].TLS.Certificates, o.Addresses[0].TLS.Path} {
			for i := range certificates {
				certificates[i].NotBefore, certificates[i].NotAfter = epoch.Add(-age), epoch.Add(90*day-age)
			}
		}
		feed(t, m, o)
		text := expose(t, m)
		if n := samplesOf(text)[x.Endpoint.Host]; n != 43 {
			t.Errorf("at the age of %v %d samples, want 43:\n%s", age, n, text)
		}
		for name, late := range map[string]bool{"endpoint_addresses": false, "endpoint_certificate_path_not_before_timestamp_seconds": true} {
			if shown := strings.Contains(text, "\n"+name+"{"); shown != (late == (age > 45*day)) {
				t.Errorf("at the age of %v: %s is shown: %t", age, name, shown)
			}
		}
		if n := strings.Count(text, "\nendpoint_address_up{"); n != len(o.Addresses) {
			t.Errorf("%d of %d addresses are shown", n, len(o.Addresses))
		}
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
	rest := []reason.Reason{reason.ConnectTimeout, reason.TLSReset, reason.ConnectReset} // without the path of a certificate
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
	feed(t, m, badObservation(x, epoch, reason.RequestEOF)) // which sees the certificate, late in its life
	if shown(reason.RequestEOF) != "1" || shown(reason.ConnectRefused) != "" {
		t.Errorf("beside the beginning of a certificate the last two reasons have the counts %q and %q, want 1 and none", shown(reason.RequestEOF), shown(reason.ConnectRefused))
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
