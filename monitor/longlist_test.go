package monitor

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"prober/catalog"
	"prober/needs"
	"prober/probe"
	"prober/probe/reason"
)

// longList has n endpoints in regions of a given size.
func longList(n, inRegion int) []probe.Target {
	list := make([]probe.Target, n)
	for i := range list {
		region := fmt.Sprintf("region-%05d", i/inRegion)
		product := fmt.Sprintf("product-%d", i%inRegion%7)
		list[i] = probe.Target{
			Endpoint: catalog.Endpoint{
				ID: fmt.Sprintf("%s/%s/public/host-%05d", product, region, i), Product: product, Region: region, Network: catalog.Public,
				Host: fmt.Sprintf("host-%05d.%s.example.com", i, region), Lifecycle: catalog.Active,
			},
			Product: catalog.Product{ID: product, Name: product, Provider: "example", APIStyle: catalog.StyleNone},
		}
	}
	return list
}

// A long list makes a page of a bounded size, whatever its endpoints are like, and what is wrong is
// told by what it is: not by ten thousand rows.
func TestALongListMakesASmallPage(t *testing.T) {
	const most, endpoints = 1 << 20, 10_000
	whole := needs.All() // the worst alone takes a third of a second
	for _, inRegion := range []int{40, 1, endpoints} {
		if inRegion != 40 && !whole {
			continue
		}
		list := longList(endpoints, inRegion)
		for name, find := range map[string]func(i int) reason.Reason{
			"well": func(int) reason.Reason { return reason.None },
			"one is down": func(i int) reason.Reason {
				return []reason.Reason{reason.None, reason.VerifyServerError}[(i+1)/endpoints]
			},
			"all fail alike": func(int) reason.Reason { return reason.VerifyServerError },
			"all fail, each for another reason than the next": func(i int) reason.Reason {
				return []reason.Reason{reason.TLSCertUsage, reason.VerifyServerError, reason.VerifyRedirect, reason.VerifyNotAPI, reason.HeadersBareLF, reason.ProberLimit}[i%6]
			},
		} {
			if worst := inRegion == 40 && strings.HasPrefix(name, "all fail, each"); !worst && !whole {
				continue
			}
			m, c := monitorOf(t, list, func(c *Config) { c.Detail = DetailRegion })
			long := strings.Repeat("detail ", 40)
			for i, x := range list {
				o := okObservation(x, c.Now())
				if r := find(i); r != reason.None {
					o = badObservation(x, c.Now(), r)
					o.Detail, o.Reproduce = long, "curl "+long+long
				}
				m.list.Load().byID[x.Endpoint.ID].observe(&o, intake{counts: true, history: 15})
			}
			began := time.Now()
			reply := get(t, m, "/")
			for reply.Code == http.StatusServiceUnavailable { // a busy machine takes longer than a client waits
				reply = get(t, m, "/")
			}
			body := reply.Body.String()
			t.Logf("%d in a region, %s: %d KB in %v", inRegion, name, len(body)>>10, time.Since(began).Round(time.Millisecond))
			if len(body) > most {
				t.Errorf("%d in a region, %s: %d bytes", inRegion, name, len(body))
			}
			if name == "one is down" && !strings.Contains(body, "1 of 10000 active endpoints is down: "+list[endpoints-1].Endpoint.ID) {
				t.Errorf("the one that is down is not told: %.900s", body)
			}
		}
	}
}
