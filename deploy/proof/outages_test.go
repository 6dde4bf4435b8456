package proof

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"prober/needs"
)

// some are flags that select a dozen endpoints of two providers: three products, of which two are in
// the same three regions.
func some() (flags []string) {
	for _, r := range []string{"cn-heyuan", "eu-west-1", "us-east-1", "ap-guangzhou", "ap-shanghai", "ap-beijing"} {
		flags = append(flags, "--region", r)
	}
	return flags
}

// An outage is one message to whom it concerns, and no other comes while it lasts and after it has ended.
func TestOneOutageIsOneMessage(t *testing.T) {
	needs.Patience(t, "takes minutes of a Prometheus, an Alertmanager and a prober")
	binary := Built(t)
	cloud := StartCloud(t, binary)
	prober := StartProber(t, binary, cloud, some()...)
	receiver := &Receiver{}
	server := StartPrometheus(t, Releases()[0], Setup{Probers: []*Prober{prober}, Native: true, Alertmanager: StartAlertmanager(t, receiver)})
	server.await(t, "a result of every endpoint", "count(endpoint:up:quorum == 1)", 12)

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
			before := len(receiver.All())
			if o.kill {
				prober.Kill()
			} else {
				cloud.Break(t, o.fault, o.endpoints...)
			}
			Until(t, "a message", func() string {
				if len(Calls(receiver.All()[before:])) == 0 {
					alerts, err := server.Alerts()
					return fmt.Sprint("none; alerts: ", alerts, err)
				}
				return ""
			})
			server.pass(t, 20) // two group intervals of the routes
			if !o.kill {
				cloud.Mend(t)
				Until(t, "an end of all alerts", func() string {
					alerts, err := server.Alerts()
					if err != nil || len(alerts) > 0 {
						return fmt.Sprint(alerts, err)
					}
					return ""
				})
			}
			all := receiver.All()[before:]
			for _, m := range all {
				t.Log(m)
			}
			calls := Calls(all)
			if len(calls) != 1 {
				t.Errorf("%d messages call somebody, want one", len(calls))
			}
			m := calls[0]
			if m.To != o.to || m.Alert != o.alert {
				t.Errorf("%s is told of %s, want %s of %s", m.To, m.Alert, o.to, o.alert)
			}
			for label, want := range o.about {
				values := map[string]bool{}
				for _, a := range m.Firing() {
					values[a.Labels[label]] = true
				}
				if got := slices.Sorted(maps.Keys(values)); !slices.Equal(got, want) {
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
