package monitor

import (
	"bytes"
	"cmp"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"

	"prober/catalog"
	"prober/needs"
	"prober/probe"
	"prober/probe/reason"
)

// expose renders everything in the text format.
func expose(t testing.TB, g prometheus.Gatherer) string {
	t.Helper()
	families, err := g.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&b, f); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// scene is a Monitor over a few endpoints in every state.
func scene(t testing.TB, change func(*Config)) *Monitor {
	t.Helper()
	list := []probe.Target{
		target("ecs/cn-hangzhou/public", "ecs.cn-hangzhou.example.com"),
		target("ecs/cn-beijing/public", "ecs.cn-beijing.example.com"),
		target("kms/cn-hangzhou/public", "kms.cn-hangzhou.example.com"),
		target("kms/cn-hangzhou/vpc", "kms-vpc.cn-hangzhou.example.com"),
		target("kms/us-west-1/public", "kms.us-west-1.example.com"),
		target("kms/old/public", "kms.old.example.com"),
	}
	list[4].Scheme = catalog.HTTP
	list[5].Endpoint.Lifecycle = catalog.Closed
	m, clock := monitorOf(t, list, func(c *Config) {
		c.RegionName = func(e catalog.Endpoint) string {
			return map[string]string{"cn-hangzhou": "China (Hangzhou) 华东1", "cn-beijing": "China (Beijing)"}[e.Region]
		}
		if change != nil {
			change(c)
		}
	})
	at := epoch
	for i := range 5 {
		at = epoch.Add(time.Duration(i) * time.Minute)
		feed(t, m, withVersions(okObservation(list[0], at)))
		if i < 2 {
			feed(t, m, okObservation(list[1], at))
		} else {
			feed(t, m, badObservation(list[1], at, reason.TLSCertExpired))
		}
		feed(t, m, badObservation(list[2], at, reason.HeadersBareLF))
		feed(t, m, badObservation(list[3], at, reason.ProberPrivateNetwork))
		feed(t, m, badObservation(list[5], at, reason.ResolveNXDomain))
	}
	clock.Advance(at.Add(30 * time.Second).Sub(epoch))
	return m
}

func TestExposition(t *testing.T) {
	for _, detail := range []Detail{DetailEndpoint, DetailRegion} {
		t.Run(string(detail), func(t *testing.T) {
			m := scene(t, func(c *Config) { c.Detail = detail })
			text := expose(t, m)
			golden(t, "metrics-"+string(detail)+".txt", []byte(text))
			// Gatherers sort, and refuse what a registry would: a label twice, two series with
			// the same labels, text that is not UTF-8.
			if err := testutil.GatherAndCompare(prometheus.Gatherers{m}, strings.NewReader(text)); err != nil {
				t.Error(err)
			}
			problems, err := testutil.GatherAndLint(m)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range problems {
				t.Errorf("%s: %s", p.Metric, p.Text)
			}
		})
	}
}

func TestPromtoolFindsNothing(t *testing.T) {
	promtools := needs.Promtools(t)
	for _, detail := range []Detail{DetailEndpoint, DetailRegion} {
		text := expose(t, scene(t, func(c *Config) { c.Detail = detail }))
		for _, promtool := range promtools {
			cmd := exec.Command(promtool, "check", "metrics")
			cmd.Stdin = strings.NewReader(text)
			if out, err := cmd.CombinedOutput(); err != nil || len(out) != 0 {
				t.Errorf("detail %s: %s check metrics: %v\n%s", detail, promtool, err, out)
			}
		}
	}
}

func TestNothingFromTheWireBecomesALabel(t *testing.T) {
	const canary = "CANARY-4711"
	x := testTarget()
	for _, detail := range []Detail{DetailEndpoint, DetailRegion} {
		m, _ := monitorOf(t, []probe.Target{x}, func(c *Config) { c.Detail = detail })
		o := withVersions(badObservation(x, epoch, reason.TLSCertHostname))
		o.Detail, o.Reproduce = canary, canary
		a := &o.Addresses[0]
		a.Detail, a.Reproduce = canary, canary
		a.TLS.Cipher, a.TLS.ALPN, a.TLS.Version = canary, canary, canary
		a.HTTP = &probe.HTTPFacts{Proto: canary, ContentType: canary, API: &probe.APIFacts{Code: canary, RequestID: canary, Message: canary}}
		for i := range a.TLS.Certificates {
			c := &a.TLS.Certificates[i]
			c.Subject, c.Issuer, c.SHA256, c.DNSNames, c.Key, c.SignatureAlgorithm = canary, canary, canary, []string{canary}, canary, canary
		}
		o.Endpoint.Host = canary // even if a prober gave back another endpoint
		feed(t, m, o)
		if strings.Contains(expose(t, m), canary) {
			t.Errorf("detail %s: text of an observation is in the metrics", detail)
		}
	}
}

func TestAHostThatIsNotUTF8DoesNotBreakTheScrape(t *testing.T) {
	x := target("ecs/a/public", "caf\xe9.example.com")
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	feed(t, m, okObservation(x, epoch))
	if _, err := (prometheus.Gatherers{m}).Gather(); err != nil {
		t.Error(err)
	}
}

func TestUpIsAbsentWhileUnknown(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	for _, step := range []struct {
		reason reason.Reason
		want   string
	}{
		{reason.None, "1"}, {reason.ProberRateLimited, ""}, {reason.ConnectReset, "0"}, {reason.HeadersBareLF, "1"},
	} {
		o := okObservation(x, epoch)
		if step.reason != reason.None {
			o = badObservation(x, epoch, step.reason)
		}
		feed(t, m, o)
		got := ""
		for line := range strings.Lines(expose(t, m)) {
			if strings.HasPrefix(line, "endpoint_up{") {
				got = strings.TrimSpace(line[strings.LastIndex(line, " "):])
			}
		}
		if got != step.want {
			t.Errorf("after %v: endpoint_up %q, want %q", step.reason, got, step.want)
		}
	}
}

// A server that scrapes for the first time can tell a counter that begins from one that has
// been counting.
func TestCountersSaySinceWhenTheyCount(t *testing.T) {
	m, clock := monitorOf(t, targets(1), nil)
	clock.Advance(time.Hour)
	if err := m.Apply(targets(2)); err != nil {
		t.Fatal(err)
	}
	for _, x := range targets(2) {
		feed(t, m, okObservation(x, clock.Now()))
		feed(t, m, badObservation(x, clock.Now(), reason.TLSCertExpired))
	}
	families, err := m.Gather()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range families {
		for _, x := range f.Metric {
			created := cmp.Or(x.GetCounter().GetCreatedTimestamp(), x.GetHistogram().GetCreatedTimestamp())
			want := epoch
			if x.Label != nil && x.Label[0].GetValue() == "kms-1.example.com" {
				want = epoch.Add(time.Hour)
			}
			if x.Gauge != nil {
				continue
			}
			if seen++; !created.AsTime().Equal(want) {
				t.Errorf("%s%v counts since %v, want %v", f.GetName(), x.Label, created.AsTime(), want)
			}
		}
	}
	if seen < 2*(4+7+7+1)+3 {
		t.Errorf("only %d counters and histograms", seen)
	}
}

func TestACancelledProbeIsNotCounted(t *testing.T) {
	x := testTarget()
	m, _ := monitorOf(t, []probe.Target{x}, nil)
	before := expose(t, m)
	feed(t, m, badObservation(x, epoch, reason.ProberCanceled))
	if after := expose(t, m); after != before {
		t.Errorf("the metrics changed:\n%s", after)
	}
}

func TestOtherMetricsAreShownBesides(t *testing.T) {
	m := scene(t, func(c *Config) {
		c.Collectors = []prometheus.Collector{collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})}
	})
	families, err := m.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range families {
		names = append(names, f.GetName())
	}
	if !slices.IsSorted(names) {
		t.Errorf("not sorted: %v", names)
	}
	for _, want := range []string{"endpoint_up", "go_goroutines", "process_cpu_seconds_total", "prober_build_info"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestOtherMetricsThatFailOrClashAreReported(t *testing.T) {
	broken := errors.New("broken")
	m := scene(t, func(c *Config) {
		c.Collectors = []prometheus.Collector{prometheus.CollectorFunc(func(out chan<- prometheus.Metric) {
			out <- prometheus.NewInvalidMetric(prometheus.NewDesc("other", "Not ours.", nil, nil), broken)
		})}
	})
	if families, err := m.Gather(); err == nil || !strings.Contains(err.Error(), "broken") || len(families) == 0 {
		t.Errorf("%d families, %v; want our own and the error", len(families), err)
	}
	other := prometheus.NewGauge(prometheus.GaugeOpts{Name: "endpoint_up", Help: "Not ours."})
	_, err := New(Config{Prober: proberFunc(allOK), Targets: targets(1), Collectors: []prometheus.Collector{other, other}})
	if err == nil || !strings.Contains(err.Error(), "duplicate") {
		t.Errorf("the same metrics twice: %v", err)
	}
	m = scene(t, func(c *Config) { c.Collectors = []prometheus.Collector{other} })
	if _, err := m.Gather(); err == nil || !strings.Contains(err.Error(), "endpoint_up") {
		t.Errorf("a clash of names: %v", err)
	}
}
