package monitor

import (
	"flag"
	"testing"
	"time"

	"prober/goldenfile"
	"prober/monitor/fixture"
	"prober/probe"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t testing.TB, name string, got []byte) {
	t.Helper()
	goldenfile.Compare(t, *update, name, got)
}

// What tests are made of, under the names that they are known by here.
type (
	clock      = fixture.Clock
	proberFunc = fixture.ProberFunc
)

const testID = fixture.ID

var (
	epoch          = fixture.Epoch()
	allOK          = fixture.AllOK
	okObservation  = fixture.OK
	badObservation = fixture.Bad
	withVersions   = fixture.WithVersions
	target         = fixture.Target
	targets        = fixture.Targets
	testTarget     = fixture.One
)

// monitorOf makes a Monitor over list whose clock stands still until it is turned.
func monitorOf(t testing.TB, list []probe.Target, change func(*Config)) (*Monitor, *clock) {
	t.Helper()
	c := fixture.NewClock()
	config := Config{
		Prober: proberFunc(allOK), Targets: list, Now: c.Now, Elapsed: func() time.Duration { return c.Now().Sub(epoch) },
		Build: BuildInfo{Version: "1.2.3", Revision: "abcdef", GoVersion: "go1.26"},
	}
	if change != nil {
		change(&config)
	}
	m, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return m, c
}

// feed lets m take in a result as if it had probed.
func feed(t testing.TB, m *Monitor, o probe.Observation) {
	t.Helper()
	e := m.list.Load().byID[o.Endpoint.ID]
	if e == nil {
		t.Fatalf("endpoint %q is not in the list", o.Endpoint.ID)
	}
	m.record(e, &o, m.elapsed())
}

// The project's own prober is one that a Monitor takes.
var _ Prober = (*probe.Prober)(nil)
