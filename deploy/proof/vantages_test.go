package proof

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"prober/needs"
)

// Two shards at each of two vantages, two agents, one server, one page: an endpoint that fails from one place is not down,
// one that fails from both is, the network of a vantage is no endpoint's outage, and a server that is gone leaves
// nothing known.
func TestManyProbersTellOneStory(t *testing.T) {
	t.Parallel()
	needs.Patience(t, "takes minutes of three Prometheus servers and four probers")
	binary := Built(t)
	receiver := &Receiver{}
	release := Releases()[0]
	server, stopServer := StartReceiver(t, release, StartAlertmanager(t, receiver))
	page := StartPage(t, binary, server)
	clouds := map[string]*Cloud{}
	for _, vantage := range []string{"berlin", "oslo"} {
		clouds[vantage] = StartCloud(t, binary)
		var probers [2]*Prober
		for i := range probers {
			probers[i] = StartProber(t, binary, clouds[vantage], append(some(), "--shard", fmt.Sprintf("%d/2", i+1))...)
		}
		StartAgent(t, release, vantage, probers, server)
	}
	server.await(t, "two results of every endpoint", "count(endpoint:vantages_fresh:count == 2)", 12)
	counts := func() map[string]int {
		found := map[string]int{}
		for _, e := range page.Endpoints(t) {
			if e.Stale {
				e.Outcome = "stale"
			}
			found[e.Outcome]++
		}
		return found
	}
	const id = "kms/cn-heyuan/public"
	one := func() shown {
		all := page.Endpoints(t)
		if i := slices.IndexFunc(all, func(e shown) bool { return e.ID == id }); i >= 0 {
			return all[i]
		}
		return shown{}
	}
	says := func(path string, texts ...string) {
		t.Helper()
		_, text := page.Get(t, path)
		for _, want := range texts {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q:\n%s", path, want, text)
			}
		}
	}
	await := func(what string, missing func() string) { t.Helper(); Until(t, what, missing) }

	await("all of it on the page", func() string {
		if c := counts(); c["ok"] != 12 {
			return fmt.Sprint(c)
		}
		if _, text := page.Get(t, "/"); !strings.Contains(text, "4 probers of 2 vantages (berlin, oslo)") { // one place was heard of first
			return text
		}
		return ""
	})
	says("/", "All 12 active endpoints are up", "4 probers of 2 vantages (berlin, oslo)")

	clouds["oslo"].Break(t, "connect_refused", id)
	await("what one vantage sees", func() string {
		if e := one(); e.Outcome != "degraded" || e.Detail != "1 of 2 vantages find it down" || e.Reason != "refused" {
			return fmt.Sprint(e)
		}
		return ""
	})
	says("/", "1 of 2 vantages find it down")
	says("/endpoints/"+id, `id="vantages"`, "berlin", "oslo", "<code>connect/refused</code>", "of 24 hours")
	// That is a ticket, and spends no budget: what would have called somebody long before is not even pending.
	await("a ticket", func() string {
		alerts, err := server.Alerts()
		if err != nil || !slices.ContainsFunc(alerts, func(a Alert) bool { return a.Labels["alertname"] == "ProberEndpointPartlyDown" && a.State == "firing" }) {
			return fmt.Sprint(alerts, err)
		}
		if i := slices.IndexFunc(alerts, func(a Alert) bool { return a.Labels["severity"] == "critical" }); i >= 0 {
			t.Errorf("%v is to call somebody", alerts[i])
		}
		return ""
	})
	if spent, err := server.Query(`max(product_region:failures_per_probe:ratio_rate1h{product="kms",region="cn-heyuan",network="public"})`); err != nil || len(spent) != 1 || spent[0].Value != 0 {
		t.Errorf("%v %v of the probes count against the error budget, want none", spent, err)
	}

	clouds["berlin"].Break(t, "connect_refused", id)
	await("what both see", func() string {
		if e := one(); e.Outcome != "fail" || e.Detail != "2 of 2 vantages find it down" {
			return fmt.Sprint(e)
		}
		return ""
	})
	says("/", id, "connect/refused")
	// A shorter outage is told of by what it spends of the budget alone.
	await("a call", func() string {
		if calls := Calls(receiver.All()); !slices.ContainsFunc(calls, func(m Message) bool { return m.Alert == "ProberEndpointDown" }) {
			return fmt.Sprint(calls)
		}
		return ""
	})
	for _, c := range clouds {
		c.Mend(t)
	}
	await("an end of it", func() string {
		if c := counts(); c["ok"] != 12 {
			return fmt.Sprint(c)
		}
		return ""
	})

	clouds["oslo"].Break(t, "vantage_offline_reset", id)
	await("the vantage's own trouble", func() string {
		if c := counts(); c["unknown"] != 12 {
			return fmt.Sprint(c)
		}
		return ""
	})
	says("/", "own network is suspected", "antage oslo (reset)", "1 of 2 vantages cannot tell")
	if alerts, err := server.Alerts(); err != nil || slices.ContainsFunc(alerts, func(a Alert) bool {
		name := a.Labels["alertname"]
		return strings.HasSuffix(name, "Down") && name != "ProberEndpointPartlyDown" // which goes on for ten minutes after it
	}) {
		t.Errorf("%v %v, want nothing down", alerts, err)
	}

	stopServer()
	await("that the server is gone", func() string {
		if c := counts(); c["stale"] != 12 {
			return fmt.Sprint(c)
		}
		return ""
	})
	says("/", "The Prometheus server does not answer")
	if status, text := page.Get(t, "/-/ready"); status != 503 || !strings.Contains(text, "does not answer") {
		t.Errorf("ready: %d %s", status, text)
	}
	for _, m := range Calls(receiver.All()) {
		if want := map[string][]string{"on-call": {"ProberEndpointDown"}, "working-hours": {"ProberEndpointPartlyDown", "ProberVantageOffline"}}; !slices.Contains(want[m.To], m.Alert) {
			t.Errorf("somebody is told of %s", m)
		}
	}
}
