package proof

import (
	"slices"
	"strings"
	"testing"
	"time"

	"prober/needs"
)

// What happens around an outage, and in its midst, changes neither how often somebody is called nor since when it lasts: and what is
// no outage calls nobody.
func TestWhoeverIsOnCallIsCalledOnce(t *testing.T) {
	t.Parallel()
	needs.Patience(t, "takes minutes of a Prometheus, an Alertmanager and a prober")
	scene := StartScene(t)
	cloud, server, receiver := scene.Cloud, scene.Server, scene.Receiver
	whole := t // what is started again is not to end with a part of the test
	const one, other = "ecs/eu-west-1/public", "kms/cn-heyuan/public"
	const oneOf = `product="ecs",region="eu-west-1"`
	const down, offline = "on-call ProberEndpointDown", "working-hours ProberVantageOffline"
	called := func(t *testing.T, alert string) { // from now on, of what goes on
		t.Helper()
		scene.Called(t, 0, alert)
	}
	since := func(t *testing.T) float64 {
		t.Helper()
		samples, err := server.Query("endpoint:bad_since:timestamp{" + oneOf + "}")
		if err != nil || len(samples) != 1 {
			t.Fatal(samples, err)
		}
		return samples[0].Value
	}
	for _, story := range []struct {
		name string
		is   func(t *testing.T)
		want []string
	}{
		{"a fifth of the probes fail", func(t *testing.T) {
			for range 14 {
				cloud.Break(t, "connect_refused", "gaap/ap-shanghai/public")
				server.pass(t, 1)
				cloud.Mend(t)
				server.pass(t, 4)
			}
		}, []string{"on-call ProberErrorBudgetBurnFast"}},
		{"maintenance", func(t *testing.T) {
			scene.Relist(t, func(all []map[string]any) []map[string]any {
				for _, e := range all {
					if e["id"] == other {
						e["maintenance"] = []any{map[string]any{"from": time.Now().Add(-time.Hour), "to": time.Now().Add(time.Hour), "why": "patches"}}
					}
				}
				return all
			})
			server.await(t, "the time of maintenance", `max(endpoint_maintenance{product="kms",region="cn-heyuan",network="public"})`, 1)
			cloud.Break(t, "connect_refused", other)
			server.pass(t, 30)
		}, nil},
		{"the resolver is gone while an endpoint is down", func(t *testing.T) {
			cloud.Break(t, "connect_refused", one)
			called(t, "ProberEndpointDown")
			began := since(t)
			cloud.Break(t, "resolver_unavailable_servfail", other) // which is all that is asked
			called(t, "ProberVantageOffline")
			server.pass(t, 20)
			cloud.Mend(t)
			cloud.Break(t, "connect_refused", one)
			server.await(t, "that it is down still", "count(endpoint:up:quorum == 0)", 1)
			server.pass(t, 20)
			if now := since(t); now != began {
				t.Errorf("it is down since %v, and was since %v before the resolver was gone", now, began)
			}
		}, []string{down, offline}},
		{"the certificate ends while it is down", func(t *testing.T) {
			cloud.Break(t, "connect_refused", one)
			called(t, "ProberEndpointDown")
			cloud.Break(t, "cert_expired", one)
			server.await(t, "the other reason", `clamp_max(sum(endpoint_failures_total{`+oneOf+`,reason="cert_expired"} > 0), 1)`, 1)
			server.pass(t, 20)
		}, []string{down}},
		{"the server is restarted", func(t *testing.T) {
			cloud.Break(t, "connect_refused", one)
			called(t, "ProberEndpointDown")
			began := since(t)
			server.Restart(whole)
			server.await(t, "that it is down still", "count(endpoint:up:quorum == 0)", 1)
			server.pass(t, 20)
			if now := since(t); now != began {
				t.Errorf("it is down since %v, and was since %v before the restart", now, began)
			}
		}, []string{down}},
		{"it leaves the list while it is down", func(t *testing.T) {
			cloud.Break(t, "connect_refused", one)
			called(t, "ProberEndpointDown")
			scene.Relist(t, func(all []map[string]any) []map[string]any {
				return slices.DeleteFunc(all, func(e map[string]any) bool { return e["id"] == one })
			})
			scene.Ended(t)
		}, []string{down}},
	} {
		t.Run(story.name, func(t *testing.T) {
			receiver.forget()
			all := scene.Told(t, func() { story.is(t) })
			if got := lines(all); !slices.Equal(got, story.want) {
				t.Errorf("told: %q, want %q", got, story.want)
			}
		})
	}
}

// A mail says to who reads it at night what is down, since when, why, what tells whose fault it is, and where to look.
func TestAMailSaysAllThatIsNeeded(t *testing.T) {
	t.Parallel()
	needs.Patience(t, "takes a minute of a Prometheus, an Alertmanager and a prober")
	scene := StartScene(t)
	all := scene.Told(t, func() {
		scene.Cloud.Break(t, "connect_refused", "ecs/eu-west-1/public")
		scene.Called(t, 0, "ProberEndpointDown")
	})
	mails := scene.Receiver.Mails()
	if len(mails) != len(all) || len(mails) != 2 {
		t.Fatalf("%d mails of %d messages: %+v", len(mails), len(all), mails)
	}
	began := scene.Receiver.All()[0].Firing()[0].Notes["description"]
	_, began, _ = strings.Cut(began, "It has been in trouble since ")
	began, _, _ = strings.Cut(began, ".")
	for i, want := range []struct {
		subject string
		text    []string
	}{
		{
			"ecs.eu-west-1.aliyuncs.com (ecs, eu-west-1, public) is down",
			[]string{
				"ecs.eu-west-1.aliyuncs.com fails. It has been in trouble since " + began, "The most frequent reason is connect/refused",
				`"prober explain connect/refused" says what it means and whose fault it usually is.`, "Its page on a prober is /endpoints/ecs/eu-west-1/public.",
				"This cannot wait. It was told at 20", "UTC, as ProberEndpointDown.", "What to do: docs/runbooks/down.md#proberendpointdown",
			},
		},
		{"No longer told: ecs.eu-west-1.aliyuncs.com (ecs, eu-west-1, public) is down", []string{"It was told from 20", "That is over, or cannot be told any more"}},
	} {
		m := mails[i]
		text := strings.Join(strings.Fields(m.Text), " ")
		t.Log(m.Subject + "\n" + m.Text)
		if m.To != "on-call@example.com" || m.Subject != want.subject {
			t.Errorf("to %s: %q, want %q", m.To, m.Subject, want.subject)
		}
		for _, part := range want.text {
			if !strings.Contains(text, part) {
				t.Errorf("the text does not say %q: %s", part, text)
			}
		}
	}
	if len(began) < len("2006-01-02 15:04:05") {
		t.Errorf("it is down since %q", began)
	}
}
