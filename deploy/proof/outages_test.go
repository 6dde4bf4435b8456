package proof

import (
	"fmt"
	"slices"
	"testing"

	"prober/needs"
)

// An outage is one message to whom it concerns, and no other comes while it lasts and after it has ended.
func TestOneOutageIsOneMessage(t *testing.T) {
	t.Parallel()
	needs.Patience(t, "takes minutes of a Prometheus, an Alertmanager and a prober")
	scene := StartScene(t)
	outages := []struct {
		name, fault string
		endpoints   []string
		kill        bool
		to, alert   string
		about       map[string][]string // values of labels over all alerts of the message
	}{
		{
			name: "three endpoints", fault: "connect_refused",
			endpoints: []string{"kms/cn-heyuan/public", "ecs/eu-west-1/public", "gaap/ap-guangzhou/public"},
			to:        "on-call", alert: "ProberEndpointDown",
			about: map[string][]string{"product": {"ecs", "gaap", "kms"}, "region": {"ap-guangzhou", "cn-heyuan", "eu-west-1"}},
		},
		{
			name: "a region", fault: "tls_eof",
			endpoints: []string{"kms/us-east-1/public", "kms/us-east-1/vpc", "ecs/us-east-1/public"},
			to:        "on-call", alert: "ProberRegionDown", about: map[string][]string{"region": {"us-east-1"}},
		},
		{
			name: "a product", fault: "server_error",
			endpoints: []string{
				"kms/us-east-1/public", "kms/us-east-1/vpc", "kms/cn-heyuan/public", "kms/cn-heyuan/vpc",
				"kms/eu-west-1/public", "kms/eu-west-1/vpc",
			},
			to: "on-call", alert: "ProberProductDown", about: map[string][]string{"product": {"kms"}},
		},
		{
			name: "the resolver", fault: "resolver_unavailable_servfail", endpoints: []string{"ecs/eu-west-1/public"},
			to: "working-hours", alert: "ProberVantageOffline", about: map[string][]string{"reason": {"resolver"}},
		},
		{
			name: "the prober's own network", fault: "vantage_offline_reset", endpoints: []string{"ecs/eu-west-1/public"},
			to: "working-hours", alert: "ProberVantageOffline", about: map[string][]string{"reason": {"reset"}},
		},
		{
			name: "a certificate that ends", fault: "cert_runs_out", endpoints: []string{"ecs/cn-heyuan/public"},
			to: "working-hours", alert: "ProberCertificateEndsSoon", about: map[string][]string{"product": {"ecs"}, "region": {"cn-heyuan"}},
		},
		{name: "a prober that is killed", kill: true, to: "on-call", alert: "ProberAbsent", about: map[string][]string{"job": {"prober"}}},
	}
	for _, o := range outages {
		t.Run(o.name, func(t *testing.T) {
			breaks := func() {
				before := len(scene.Receiver.All())
				if o.kill {
					scene.Prober.Kill()
				} else {
					scene.Cloud.Break(t, o.fault, o.endpoints...)
				}
				scene.Called(t, before, o.alert)
				scene.Server.pass(t, 20) // two group intervals of the routes
			}
			var all []Message
			if o.kill { // for good
				before := len(scene.Receiver.All())
				breaks()
				all = scene.Receiver.All()[before:]
			} else {
				all = scene.Told(t, breaks)
			}
			if got := lines(all); !slices.Equal(got, []string{o.to + " " + o.alert}) {
				t.Fatalf("told: %q, want %s of %s once", got, o.to, o.alert)
			}
			for label, want := range o.about {
				if got := Calls(all)[0].about(label); !slices.Equal(got, want) {
					t.Errorf("the message is about %s %v, want %v", label, got, want)
				}
			}
		})
	}
}

// await waits until an expression has a value.
func (p *Prometheus) await(t testing.TB, what, expr string, want float64) {
	t.Helper()
	Until(t, what, func() string {
		samples, err := p.Query(expr)
		if err != nil || len(samples) != 1 || samples[0].Value != want {
			return fmt.Sprint(expr, " is ", samples, err)
		}
		return ""
	})
}

// pass waits until so many seconds have passed by the server's clock, in each of which rules are evaluated.
func (p *Prometheus) pass(t testing.TB, seconds float64) {
	t.Helper()
	now := func() float64 {
		samples, err := p.Query("time()")
		if err != nil || len(samples) != 1 {
			t.Fatal(samples, err)
		}
		return samples[0].Value
	}
	start := now()
	Until(t, "time to pass", func() string {
		if passed := now() - start; passed < seconds {
			return fmt.Sprint(passed, " s")
		}
		return ""
	})
}
