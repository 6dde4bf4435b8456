package proof

import (
	"testing"

	"prober/needs"
)

// An outage that is no clean one calls once: of an endpoint that is up for half a minute and down for the next, and of one
// that is down while the prober is restarted. The end of it is told once, too.
func TestUnsteadyOutagesAreOneMessage(t *testing.T) {
	t.Parallel()
	needs.Patience(t, "takes minutes of a Prometheus, an Alertmanager and a prober")
	scene := StartScene(t)
	const restarted, unsteady = "ecs/eu-west-1/public", "kms/cn-heyuan/public"
	whole := t // what is started again is not to end with a part of the test
	for _, o := range []struct {
		name string
		is   func(t *testing.T)
	}{
		{"down while the prober is restarted", func(t *testing.T) {
			before := len(scene.Receiver.All())
			scene.Cloud.Break(t, "connect_refused", restarted)
			scene.Called(t, before, "ProberEndpointDown")
			scene.Server.pass(t, 5)
			scene.Prober.Restart(whole)
			scene.Server.pass(t, 20)
		}},
		{"up and down", func(t *testing.T) {
			for range 20 { // minutes in earnest
				scene.Cloud.Break(t, "connect_refused", unsteady)
				scene.Server.pass(t, 1)
				scene.Cloud.Mend(t)
				scene.Server.pass(t, 1)
			}
		}},
	} {
		t.Run(o.name, func(t *testing.T) {
			all := scene.Told(t, func() { o.is(t) })
			ends := len(all) - len(Calls(all))
			if calls := Calls(all); len(calls) != 1 || calls[0].To != "on-call" || ends != 1 {
				t.Errorf("%d messages call somebody, and %d tell an end, want one each", len(calls), ends)
			}
		})
	}
}
