package monitor

import (
	"errors"
	"html"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

func TestApplyKeepsWhatStaysTheSame(t *testing.T) {
	changes := []struct {
		name   string
		change func(*probe.Target)
		kept   bool
	}{
		{"nothing", func(*probe.Target) {}, true},
		{"note", func(x *probe.Target) { x.Endpoint.Note = "moved soon" }, true},
		{"lifecycle", func(x *probe.Target) { x.Endpoint.Lifecycle = catalog.Closed }, true},
		{"rules", func(x *probe.Target) { x.Product.Rules.TLS = []catalog.TLSRule{{}} }, true},
		{"default scheme named", func(x *probe.Target) { x.Scheme = catalog.HTTPS }, true},
		{"default port named", func(x *probe.Target) { x.Endpoint.Ports = &catalog.Ports{HTTPS: 443} }, true},
		{"host", func(x *probe.Target) { x.Endpoint.Host = "other.example.com" }, false},
		{"port", func(x *probe.Target) { x.Endpoint.Ports = &catalog.Ports{HTTPS: 8443} }, false},
		{"scheme", func(x *probe.Target) { x.Scheme = catalog.HTTP }, false},
		{"region", func(x *probe.Target) { x.Endpoint.Region = "elsewhere" }, false},
	}
	for _, tt := range changes {
		t.Run(tt.name, func(t *testing.T) {
			x := testTarget()
			m, clock := monitorOf(t, []probe.Target{x}, nil)
			feed(t, m, okObservation(x, epoch))
			clock.Advance(time.Hour)
			tt.change(&x)
			if err := m.Apply([]probe.Target{x}); err != nil {
				t.Fatal(err)
			}
			s, _ := m.Status(testID)
			if s.Probed != tt.kept || s.Lifecycle != x.Endpoint.Lifecycle {
				t.Errorf("probed, lifecycle = %v, %v, want %v, %v", s.Probed, s.Lifecycle, tt.kept, x.Endpoint.Lifecycle)
			}
			if want := epoch; tt.kept && !s.Counted.Equal(want) {
				t.Errorf("counted since %v, want %v", s.Counted, want)
			}
		})
	}
}

func TestARemovedEndpointLeavesNoSeries(t *testing.T) {
	list := targets(4)
	for _, detail := range []Detail{DetailEndpoint, DetailRegion} {
		m, _ := monitorOf(t, list, func(c *Config) { c.Detail = detail })
		for _, x := range list {
			feed(t, m, okObservation(x, epoch))
		}
		if err := m.Apply(list[:3]); err != nil {
			t.Fatal(err)
		}
		if text := expose(t, m); strings.Contains(text, list[3].Endpoint.Host) {
			t.Errorf("detail %s: the removed endpoint still has series", detail)
		}
	}
}

func TestApplyRefusesWhatWouldClash(t *testing.T) {
	a, b := target("ecs/a/public", "a.example.com"), target("ecs/b/public", "b.example.com")
	tests := []struct {
		name string
		list func() []probe.Target
		err  string
	}{
		{"an id twice", func() []probe.Target { return []probe.Target{a, b, a} }, `endpoint "ecs/a/public" is listed twice`},
		{"no id", func() []probe.Target { return []probe.Target{a, {Endpoint: catalog.Endpoint{Host: "h"}}} }, `target 1 (host "h") has no endpoint id`},
		{"no host", func() []probe.Target { c := b; c.Endpoint.Host = ""; return []probe.Target{c} }, `endpoint "ecs/b/public" has no host`},
		{"an odd lifecycle", func() []probe.Target { c := b; c.Endpoint.Lifecycle = "new"; return []probe.Target{c} }, `endpoint "ecs/b/public" has the unknown lifecycle "new"`},
		{"an odd scheme", func() []probe.Target { c := b; c.Scheme = "ftp"; return []probe.Target{c} }, `endpoint "ecs/b/public" has the unknown scheme "ftp"`},
		{"the same labels", func() []probe.Target {
			c, d := a, a
			c.Endpoint.ID, d.Endpoint.ID = "ecs/a/public/other", "other" // whose names are the same
			return []probe.Target{c, d}
		}, `endpoints "ecs/a/public/other" and "other" have the same`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, _ := monitorOf(t, []probe.Target{a}, nil)
			err := m.Apply(tt.list())
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
			if len(m.Statuses()) != 1 {
				t.Error("the old list is gone")
			}
		})
	}
}

func TestDetailFollowsTheLengthOfTheList(t *testing.T) {
	m, _ := monitorOf(t, targets(detailLimit), nil)
	e := m.list.Load().endpoints[0]
	own := e.tally
	if m.list.Load().detail != DetailEndpoint || own.shared {
		t.Error("a short list is not shown per endpoint")
	}
	if err := m.Apply(targets(detailLimit + 1)); err != nil {
		t.Fatal(err)
	}
	if l := m.list.Load(); l.detail != DetailRegion || len(l.groups) == 0 || !l.byID[e.id].tally.shared {
		t.Error("a long list is not shown by region")
	}
	group := m.list.Load().byID[e.id].tally
	if err := m.Apply(targets(detailLimit + 2)); err != nil {
		t.Fatal(err)
	}
	if m.list.Load().byID[e.id].tally != group {
		t.Error("a reload lost what a group had counted")
	}
	if err := m.Apply(targets(10)); err != nil {
		t.Fatal(err)
	}
	if l := m.list.Load(); l.detail != DetailEndpoint || l.endpoints[0].tally.shared {
		t.Error("a list that became short again is not shown per endpoint")
	}
}

func TestTheShardTakesItsPart(t *testing.T) {
	list := targets(100)
	sum := 0
	for i := 1; i <= 3; i++ {
		m, _ := monitorOf(t, list, func(c *Config) { c.Shard = Shard{i, 3} })
		sum += len(m.Statuses())
		if !strings.Contains(expose(t, m), "\nprober_shards 3") {
			t.Errorf("shard %d of 3 does not say how many there are", i)
		}
	}
	if sum != 100 {
		t.Errorf("three shards have %d of 100 endpoints", sum)
	}
}

func TestReload(t *testing.T) {
	var next []probe.Target
	var failure error
	m, clock := monitorOf(t, targets(2), func(c *Config) {
		c.Load = func() ([]probe.Target, error) { return next, failure }
	})
	clock.Advance(time.Minute)
	next, failure = targets(5), nil
	if err := m.Reload(); err != nil || len(m.Statuses()) != 5 {
		t.Fatalf("reload: %v, %d endpoints", err, len(m.Statuses()))
	}
	clock.Advance(time.Minute)
	failure = errors.Join(errors.New("endpoints.json:3: no"), errors.New("endpoints.json:4: did you mean \"url\"?"))
	if err := m.Reload(); err == nil || len(m.Statuses()) != 5 {
		t.Fatalf("a list that cannot be read: %v, %d endpoints", err, len(m.Statuses()))
	}
	const refused = `endpoints.json:3: no; endpoints.json:4: did you mean "url"?`
	if r := m.Self().Reload; r.Successful || r.Error != refused || !r.LastFailure.Equal(clock.Now()) || !r.LastSuccess.Equal(clock.Now().Add(-time.Minute)) {
		t.Errorf("the JSON says %+v", r)
	}
	page := html.UnescapeString(get(t, m, "/").Body.String())
	if !strings.Contains(page, "The last reload was refused") || !strings.Contains(page, "Mend this and reload: "+refused+"</p>") {
		t.Error("the page does not say that the reload failed, and why")
	}
	text := expose(t, m)
	for _, want := range []string{
		"\nprober_config_last_reload_successful 0\n",
		"\nprober_config_last_reload_success_timestamp_seconds 1.77235206e+09\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	next, failure = append(targets(2), targets(1)...), nil
	if err := m.Reload(); err == nil || !strings.Contains(err.Error(), "listed twice") {
		t.Errorf("a list that is not valid: %v", err)
	}
	next = targets(1)
	if err := m.Reload(); err != nil || !strings.Contains(expose(t, m), "\nprober_config_last_reload_successful 1\n") {
		t.Errorf("mended: %v", err)
	}
	if r := m.Self().Reload; !r.Successful || r.Error != "" || !r.LastFailure.IsZero() {
		t.Errorf("mended: %+v", r)
	}
	bare, _ := monitorOf(t, targets(1), nil)
	if err := bare.Reload(); !errors.Is(err, ErrNoReload) {
		t.Errorf("without Load: %v", err)
	}
}

func TestAResultOfARemovedEndpointDoesNotCount(t *testing.T) {
	list := targets(2)
	called := 0
	m, _ := monitorOf(t, list, func(c *Config) {
		c.Detail = DetailRegion
		c.OnResult = func(probe.Observation) { called++ }
	})
	gone := m.list.Load().byID[list[1].Endpoint.ID]
	if err := m.Apply(list[:1]); err != nil {
		t.Fatal(err)
	}
	m.record(gone, ptr(badObservation(list[1], epoch, reason.ConnectRefused)), m.elapsed())
	if called != 0 || strings.Contains(expose(t, m), "endpoint_failures_total") {
		t.Error("it was counted")
	}
}

func TestConfigIsChecked(t *testing.T) {
	ok := proberFunc(allOK)
	tests := []struct {
		config Config
		err    string
	}{
		{Config{}, "no prober"},
		{Config{Prober: ok, Interval: time.Millisecond}, "interval 1ms is below 100ms"},
		{Config{Prober: ok, Interval: -1}, "is below"},
		{Config{Prober: ok, Concurrency: -1}, "concurrency -1"},
		{Config{Prober: ok, Grace: -1}, "grace"},
		{Config{Prober: ok, Detail: "much"}, `unknown detail "much"`},
		{Config{Prober: ok, Shard: Shard{4, 3}}, "part 4 is not between 1 and 3"},
		{Config{Prober: ok, Targets: []probe.Target{{}}}, "has no endpoint id"},
	}
	for _, tt := range tests {
		if _, err := New(tt.config); err == nil || !strings.Contains(err.Error(), tt.err) {
			t.Errorf("New(%+v): %v, want %q", tt.config, err, tt.err)
		}
	}
	if _, err := New(Config{Prober: ok}); err != nil {
		t.Errorf("the zero values of all but the prober: %v", err)
	}
}

// A reload may come while Run is about to begin.
func TestApplyBeforeRunHasBegun(t *testing.T) {
	m, _ := monitorOf(t, targets(1), nil)
	m.running.Store(true)
	defer m.running.Store(false)
	if err := m.Apply(targets(3)); err != nil || len(m.schedule.early) != 2 {
		t.Errorf("%d early turns: %v", len(m.schedule.early), err)
	}
}
