package monitor

import (
	"strings"
	"testing"

	"prober/catalog"
	"prober/probe"
)

// What is awaited is told by what it is: those that count, the others, or both, and few of them by name.
func TestReadyTellsWhatIsAwaited(t *testing.T) {
	active := []probe.Target{testTarget(), target("kms/cn-hangzhou/public", "kms.example.com")}
	closed := target("kms/cn-beijing/public", "kms-beijing.example.com")
	closed.Endpoint.Lifecycle = catalog.Closed
	doubtful := target("kms/cn-qingdao/public", "kms-qingdao.example.com")
	doubtful.Endpoint.Lifecycle = catalog.Doubtful
	m, _ := monitorOf(t, []probe.Target{active[0], active[1], closed, doubtful}, func(*Config) {})
	m.running.Store(true)
	expect := func(want string) {
		t.Helper()
		if err := m.Ready(); (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), "waiting for the first result of "+want+": ") {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	expect("2 of 2 active endpoints and of 2 of 2 closed or doubtful ones")
	feed(t, m, okObservation(active[0], epoch))
	feed(t, m, okObservation(closed, epoch))
	expect("1 of 2 active endpoints and of 1 of 2 closed or doubtful ones")
	feed(t, m, okObservation(active[1], epoch))
	expect("1 of 2 closed or doubtful endpoints")
	feed(t, m, okObservation(doubtful, epoch))
	expect("")
}
