package monitor

import (
	"testing"

	"prober/monitor/fixture"
	"prober/probe/reason"
	"prober/suspicion"
)

// What is broken changes, and what was told of one thing must not make the next one be told wrongly.
func TestScenariosOneAfterAnother(t *testing.T) {
	const (
		resets, portal    = "ecs/us-east-1/public=vantage_offline_reset", "ecs/us-east-1/public=vantage_offline_portal"
		servfail, nothing = "ecs/us-east-1/public=resolver_unavailable_servfail", "ecs/us-east-1/public=resolver_unavailable_nxdomain"
		refused, expired  = "gaap/*/public=connect_refused", "gaap/*/public=cert_expired"
		other             = "ecs/*/public=tls_reset kms/*/public=tls_reset"
		well              = ""
	)
	type phase struct {
		faults        string
		fail, unknown int // endpoints in these states; of seven, one of which is unknown whatever happens
		cause         suspicion.Cause
	}
	g := fixture.NewGround(t)
	for name, story := range map[string][]phase{
		"a network that comes and goes, each time another way": {
			{well, 0, 1, suspicion.None},
			{resets, 0, 7, suspicion.Resets},
			{well, 0, 1, suspicion.None},
			{servfail, 0, 7, suspicion.Lookups},
			{well, 0, 1, suspicion.None},
			{portal, 0, 7, suspicion.Portal},
			{well, 0, 1, suspicion.None},
			{nothing, 0, 7, suspicion.Lookups},
			{well, 0, 1, suspicion.None},
		},
		"a network that is broken in one way after another": {
			{well, 0, 1, suspicion.None}, {resets, 0, 7, suspicion.Resets}, {servfail, 0, 7, suspicion.Lookups}, {portal, 0, 7, suspicion.Portal}, {resets, 0, 7, suspicion.Resets}, {well, 0, 1, suspicion.None},
		},
		"a provider that dies while the network is broken": {
			{resets, 0, 7, suspicion.Resets}, {refused, 0, 3, suspicion.None}, {refused, 2, 1, suspicion.None}, {well, 0, 1, suspicion.None},
		},
		"a provider that is down, and then no resolver": {
			{expired, 2, 1, suspicion.None}, {expired + " " + servfail, 0, 7, suspicion.Lookups}, {expired, 0, 3, suspicion.None}, {expired, 2, 1, suspicion.None}, {well, 0, 1, suspicion.None},
		},
		"a provider that is down, and then a portal before all": {
			{other, 4, 1, suspicion.None}, {portal, 0, 7, suspicion.Portal}, {other, 0, 5, suspicion.None}, {other, 4, 1, suspicion.None}, {well, 0, 1, suspicion.None},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newPlay(t, g, scenario{}, g.Cloud.Resolvers(), nil)
			for i, p := range story {
				g.Heal(t)
				g.Break(t, p.faults)
				was := r.failed()
				r.round(t, 0)
				got, counted := r.now(), r.failed()-was
				cause, _ := r.m.vantage.state()
				if got[reason.Fail] != p.fail || got[reason.Unknown] != p.unknown || cause != p.cause || (counted > 0) != (p.fail > 0) {
					t.Errorf("phase %d: %d fail and %d are unknown, want %d and %d; %d failures were counted, cause %q, want %q:\n%s", i, got[reason.Fail], got[reason.Unknown], p.fail, p.unknown, counted, cause, p.cause, r)
				}
			}
		})
	}
}
