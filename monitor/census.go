package monitor

import (
	"cmp"

	"prober/catalog"
	"prober/probe"
)

// cause is what is wrong with the prober's own network, or its clock, as far as the results show. It is the
// label of prober_vantage_suspicion.
type cause string

const (
	noCause      cause = ""
	causeLookups cause = "resolver"     // no name resolves
	causeSilence cause = "silence"      // nothing answers
	causeResets  cause = "reset"        // connections are refused or reset
	causePortal  cause = "interception" // one answers in place of all
	causeClock   cause = "clock"        // no certificate is good at this time
	causeMixed   cause = "mixed"        // more than one of these
)

// causes are all of them.
func causes() []cause {
	return []cause{causeClock, causePortal, causeMixed, causeResets, causeLookups, causeSilence}
}

// own is what is suspected.
func (c cause) own() string {
	if c == causeClock {
		return "clock"
	}
	return "network"
}

// suspect is what may be broken, for people.
func (c cause) suspect() string {
	switch c {
	case causeLookups:
		return "resolver or network"
	default:
		return c.own()
	}
}

// advice says what to look at, in a sentence.
func (c cause) advice() string {
	return map[cause]string{
		causeLookups: "Look at --resolver or resolv.conf, and at the way to the resolver.",
		causeSilence: "Look at this machine's network and its way out.",
		causeResets:  "Look at the firewall or proxy on this machine's way out.",
		causePortal:  "Look for a log-in page or a proxy that answers in place of the endpoints.",
		causeClock:   "Set this machine's clock (NTP).",
		causeMixed:   "Look at this machine's network, its way out and its resolver.",
	}[c]
}

// words says what is wrong in a sentence's part.
func (c cause) words() string {
	return map[cause]string{
		causeLookups: "no name resolves",
		causeSilence: "nothing answers",
		causeResets:  "every connection is refused or reset",
		causePortal:  "one answers in place of all",
		causeClock:   "no certificate is good at the time that its clock shows",
		causeMixed:   "everything fails, some by the name and some by the connection",
	}[c]
}

// census counts the endpoints that can tell, by what they say.
type census struct {
	tell      int
	decided   int // by controls
	by        [numTroubles]int
	providers map[string]bool
	regions   map[[2]string]bool
}

func (c *census) add(t *probe.Target, s *standing) {
	if c.providers == nil {
		c.providers, c.regions = map[string]bool{}, map[[2]string]bool{}
	}
	c.tell++
	c.by[s.trouble]++
	if s.decided {
		c.decided++
	}
	c.providers[providerOf(t)] = true
	c.regions[[2]string{providerOf(t), t.Endpoint.Region}] = true
}

// minVantageRegions is the least number of regions in which names and connections must fail
// together before a list of one provider shows a broken network.
const minVantageRegions = 3

// broken reports whether that all of these fail at once is the prober's network. What controls have
// decided is. Otherwise two providers do not fail together, and where the endpoints of one do it is
// told as such: only where some names no longer resolve and the others, from a cache, lead nowhere,
// an uplink that is gone behind a resolver is likelier.
func (c *census) broken() bool {
	switch names := c.by[unresolved]; {
	case c.tell == 0:
		return false
	case c.decided > 0, len(c.providers) > 1:
		return true
	default:
		return names > 0 && names < c.tell && len(c.regions) >= minVantageRegions
	}
}

func (c *census) cause() cause {
	for t, cause := range map[trouble]cause{unresolved: causeLookups, unconnected: causeSilence, cutOff: causeResets, intercepted: causePortal, outOfTime: causeClock} {
		if c.by[t] == c.tell {
			return cause
		}
	}
	return causeMixed
}

// providerOf is who runs an endpoint: the provider of its product, or where the list names none,
// whoever has the zone.
func providerOf(t *probe.Target) string {
	return cmp.Or(t.Product.Provider, probe.ZoneOf(t.Endpoint.Host))
}

// canTell reports whether an endpoint is one that is judged by.
func canTell(t *probe.Target) bool { return lifecycleOf(t) == catalog.Active }
