package proof

import (
	"fmt"
	"testing"

	"prober/needs"
)

// An outage that is no clean one calls once: of an endpoint that is up for half a minute and down for the next, and of one
// that is down while the prober is restarted. The end of it is told once, too.
func TestUnsteadyOutagesAreOneMessage(t *testing.T) {
	needs.Patience(t, "takes minutes of a Prometheus, an Alertmanager and a prober")
	binary := Built(t)
	cloud := StartCloud(t, binary)
	prober := StartProber(t, binary, cloud, some()...)
	receiver := &Receiver{}
	server := StartPrometheus(t, Releases()[0], Setup{Probers: []*Prober{prober}, Native: true, Alertmanager: StartAlertmanager(t, receiver)})
	server.await(t, "a result of every endpoint", "count(endpoint:up:quorum == 1)", 12)
	const restarted, unsteady = "ecs/eu-west-1/public", "kms/cn-heyuan/public"
	whole := t // what is started again is not to end with a part of the test
	for _, o := range []struct {
		name string
		is   func(t *testing.T)
	}{
		{"down while the prober is restarted", func(t *testing.T) {
			cloud.Break(t, "connect_refused", restarted)
			Until(t, "a message", func() string {
				if len(Calls(receiver.All())) == 0 {
					return "none"
				}
				return ""
			})
			server.pass(t, 5)
			prober.Restart(whole)
			server.pass(t, 20)
		}},
		{"up and down", func(t *testing.T) {
			for range 20 { // minutes in earnest
				cloud.Break(t, "connect_refused", unsteady)
				server.pass(t, 1)
				cloud.Mend(t)
				server.pass(t, 1)
			}
		}},
	} {
		t.Run(o.name, func(t *testing.T) {
			before := len(receiver.All())
			o.is(t)
			cloud.Mend(t)
			ended := func() string {
				alerts, err := server.Alerts()
				if err != nil || len(alerts) > 0 {
					return fmt.Sprint(alerts, err)
				}
				return ""
			}
			Until(t, "an end of all alerts", ended)
			resolved := 0
			Until(t, "a message that it has ended", func() string {
				resolved = 0
				for _, m := range receiver.All()[before:] {
					if m.Status == "resolved" {
						resolved++
					}
				}
				if resolved == 0 {
					return "none"
				}
				return ""
			})
			server.pass(t, 20) // two group intervals of the routes
			all := receiver.All()[before:]
			for _, m := range all {
				t.Log(m)
			}
			ends := len(all) - len(Calls(all))
			if calls := Calls(all); len(calls) != 1 || calls[0].To != "on-call" || ends != 1 {
				t.Errorf("%d messages call somebody, and %d tell an end, want one each", len(calls), ends)
			}
		})
	}
}
