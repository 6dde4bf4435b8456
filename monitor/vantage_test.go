package monitor

import (
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// fourRegions are four endpoints in as many regions; the last is closed.
func fourRegions() []probe.Target {
	list := []probe.Target{
		target("ecs/a/public", "a.example.com"), target("ecs/b/public", "b.example.com"),
		target("kms/c/public", "c.example.com"), target("kms/d/public", "d.example.com"),
	}
	list[3].Endpoint.Lifecycle = catalog.Closed
	return list
}

func TestVantage(t *testing.T) {
	const none = reason.None
	silent := reason.ConnectTimeout
	offline := reason.ProberVantageOffline
	type step struct {
		endpoint int
		found    reason.Reason
		want     reason.Reason
	}
	tests := []struct {
		name  string
		steps []step
	}{
		{"all silent", []step{{0, silent, silent}, {1, silent, silent}, {2, silent, offline}, {0, silent, offline}, {3, silent, offline}}},
		{"unreachable is as good", []step{{0, silent, silent}, {1, reason.ConnectUnreachable, reason.ConnectUnreachable}, {2, silent, offline}}},
		{"not while some are not probed yet", []step{{0, silent, silent}, {0, silent, silent}, {1, silent, silent}, {1, silent, silent}}},
		{"one answers", []step{{0, silent, silent}, {1, none, none}, {2, silent, silent}, {0, silent, silent}}},
		{"one refuses: packets come back", []step{{0, silent, silent}, {1, reason.ConnectRefused, reason.ConnectRefused}, {2, silent, silent}}},
		{"different phases", []step{{0, silent, silent}, {1, reason.ResolveTimeout, reason.ResolveTimeout}, {2, silent, silent}}},
		{"all lookups silent", []step{{0, reason.ResolveTimeout, reason.ResolveTimeout}, {1, reason.ResolveTimeout, reason.ResolveTimeout}, {2, reason.ResolveTimeout, offline}}},
		{"all fail with a certificate", []step{{0, reason.TLSCertExpired, reason.TLSCertExpired}, {1, reason.TLSCertExpired, reason.TLSCertExpired}, {2, reason.TLSCertExpired, reason.TLSCertExpired}}},
		{"it ends with the first answer", []step{{0, silent, silent}, {1, silent, silent}, {2, silent, offline}, {1, none, none}, {0, silent, silent}, {1, silent, offline}}},
		{"an unknown result says nothing", []step{{0, silent, silent}, {1, silent, silent}, {2, reason.ProberRateLimited, reason.ProberRateLimited}, {2, silent, offline}, {2, reason.ProberRateLimited, reason.ProberRateLimited}, {0, silent, offline}}},
		{"a closed endpoint that answers ends nothing", []step{{0, silent, silent}, {1, silent, silent}, {2, silent, offline}, {3, none, none}, {0, silent, offline}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list := fourRegions()
			m, _ := monitorOf(t, list, nil)
			for i, s := range tt.steps {
				x := list[s.endpoint]
				o := okObservation(x, epoch.Add(time.Duration(i)*time.Second))
				if s.found != none {
					o = badObservation(x, o.Started, s.found)
				}
				feed(t, m, o)
				if got, _ := m.Status(x.Endpoint.ID); got.reason != s.want || got.Outcome != s.want.Outcome() {
					t.Fatalf("step %d: %v %v, want %v", i, got.Outcome, got.reason, s.want)
				}
			}
		})
	}
}

func TestAListOfFewRegionsCannotSuspectTheVantage(t *testing.T) {
	list := fourRegions()[:2]
	m, _ := monitorOf(t, list, nil)
	for _, x := range append(list, list...) {
		feed(t, m, badObservation(x, epoch, reason.ConnectTimeout))
		if s, _ := m.Status(x.Endpoint.ID); s.Outcome != reason.Fail {
			t.Errorf("%s is %v: an outage of a provider's two regions must be reported", s.ID, s.Outcome)
		}
	}
}

func TestVantageAfterAReload(t *testing.T) {
	list := fourRegions()
	m, _ := monitorOf(t, list, nil)
	for _, x := range list[:3] {
		feed(t, m, badObservation(x, epoch, reason.ConnectTimeout))
	}
	if !m.vantage.suspected() {
		t.Fatal("not suspected")
	}
	gone := m.list.Load().byID[list[0].Endpoint.ID]
	more := append(list[1:], target("gaap/e/public", "e.example.com"))
	if err := m.Apply(more); err != nil {
		t.Fatal(err)
	}
	if m.vantage.suspected() {
		t.Error("still suspected although nothing is known about an endpoint that was added")
	}
	m.record(gone, ptr(okObservation(list[0], epoch))) // a probe of the removed one ends
	feed(t, m, badObservation(more[3], epoch, reason.ConnectTimeout))
	if !m.vantage.suspected() {
		t.Error("not suspected although all of the new list are silent")
	}
}

func TestTheVantageIsShown(t *testing.T) {
	list := fourRegions()
	m, _ := monitorOf(t, list, nil)
	for _, x := range list[:3] {
		feed(t, m, badObservation(x, epoch, reason.ConnectTimeout))
	}
	if text := expose(t, m); !strings.Contains(text, "\nprober_vantage_offline 1\n") {
		t.Error("prober_vantage_offline is not 1")
	}
	if body := get(t, m, "/").Body.String(); !strings.Contains(body, "own network is suspected") {
		t.Error("the page does not say so")
	}
}
