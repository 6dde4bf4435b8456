package blackbox

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"prober/goldenfile"
	"prober/monitor"
	"prober/monitor/fixture"
	"prober/probe"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What tests are made of, under the names that they are known by here.
type proberFunc = fixture.ProberFunc

const testID = fixture.ID

var (
	epoch          = fixture.Epoch()
	okObservation  = fixture.OK
	badObservation = fixture.Bad
	target         = fixture.Target
	targets        = fixture.Targets
	testTarget     = fixture.One
)

func golden(t testing.TB, name string, got []byte) {
	t.Helper()
	goldenfile.Compare(t, *update, name, got)
}

// monitorOf makes a Monitor over list whose clock stands still.
func monitorOf(t testing.TB, list []probe.Target, change func(*monitor.Config)) *monitor.Monitor {
	t.Helper()
	c := fixture.NewClock()
	config := monitor.Config{
		Prober: proberFunc(fixture.AllOK), Targets: list, Now: c.Now, Elapsed: func() time.Duration { return c.Now().Sub(epoch) },
	}
	if change != nil {
		change(&config)
	}
	m, err := monitor.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// bubbled makes a Monitor on virtual time.
func bubbled(t *testing.T, list []probe.Target, prober proberFunc, change func(*monitor.Config)) *monitor.Monitor {
	t.Helper()
	config := monitor.Config{Prober: prober, Targets: list}
	if change != nil {
		change(&config)
	}
	m, err := monitor.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// ask sends a request to what probes m's endpoints.
func ask(t testing.TB, m *monitor.Monitor, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	New(m).ServeHTTP(w, r)
	return w
}

func get(t testing.TB, m *monitor.Monitor, path string) *httptest.ResponseRecorder {
	t.Helper()
	return ask(t, m, httptest.NewRequest(http.MethodGet, path, nil))
}

// shown is what the monitor tells of its endpoints.
func shown(t testing.TB, m *monitor.Monitor) string {
	t.Helper()
	text, err := json.Marshal(m.Statuses())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// unstalled is a clock by which the process always ran, however busy the machine is.
func unstalled() time.Duration { return 0 }
