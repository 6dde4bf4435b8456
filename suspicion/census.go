package suspicion

// Cause is what is wrong with the prober's own network, or its clock, as far as the results show. It
// is the label of prober_vantage_suspicion.
type Cause string

// The causes.
const (
	None    Cause = ""
	Lookups Cause = "resolver"     // no name resolves
	Silence Cause = "silence"      // nothing answers, or there is no way anywhere
	Resets  Cause = "reset"        // connections are refused or reset
	Portal  Cause = "interception" // one answers in place of all
	Clock   Cause = "clock"        // no certificate is good at this time
	Mixed   Cause = "mixed"        // more than one of these
)

// Causes are all of them.
func Causes() []Cause {
	return []Cause{Clock, Portal, Mixed, Resets, Lookups, Silence}
}

// Own is what is suspected.
func (c Cause) Own() string {
	if c == Clock {
		return "clock"
	}
	return "network"
}

// Suspect is what may be broken, for people.
func (c Cause) Suspect() string {
	if c == Lookups {
		return "resolver or network"
	}
	return c.Own()
}

// Advice says what to look at, in a sentence.
func (c Cause) Advice() string {
	return map[Cause]string{
		Lookups: "Look at --resolver or resolv.conf, and at the way to the resolver.",
		Silence: "Look at this machine's network and its way out.",
		Resets:  "Look at the firewall or proxy on this machine's way out.",
		Portal:  "Look for a log-in page or a proxy that answers in place of the endpoints.",
		Clock:   "Set this machine's clock (NTP).",
		Mixed:   "Look at this machine's network, its way out and its resolver.",
	}[c]
}

// Words says what is wrong in a sentence's part.
func (c Cause) Words() string {
	return map[Cause]string{
		Lookups: "no name resolves",
		Silence: "nothing answers",
		Resets:  "every connection is refused or reset",
		Portal:  "one answers in place of all",
		Clock:   "no certificate is good at the time that its clock shows",
		Mixed:   "everything fails, in more than one way",
	}[c]
}

// Place is where an endpoint stands, as far as that tells what fails together.
type Place struct{ Provider, Region string }

// Census counts the endpoints that can tell, by what they say. The zero value is empty.
type Census struct {
	Unrouted  int // to which this machine has no way at all: they tell nothing of the others
	tell      int
	decided   int // by controls
	by        [numTroubles]int
	beyond    int    // where controls are well, which cannot tell of what failed
	stranger  string // who answers in place of the first of them
	strange   int    // in place of how many
	providers map[string]bool
	regions   map[Place]bool
}

// Add counts an endpoint by what it says.
func (c *Census) Add(at Place, said Reading) {
	if said.Trouble == Unrouted {
		c.Unrouted++
		return
	}
	if c.providers == nil {
		c.providers, c.regions = map[string]bool{}, map[Place]bool{}
	}
	c.tell++
	c.by[said.Trouble]++
	if said.Decided {
		c.decided++
	}
	if said.Beyond {
		c.beyond++
	}
	if c.stranger == "" {
		c.stranger = said.Stranger
	}
	if said.Stranger != "" && said.Stranger == c.stranger {
		c.strange++
	}
	c.providers[at.Provider], c.regions[at] = true, true
}

// Words count what endpoints say at a time, as far as that shows a cause. The zero value is empty.
type Words struct {
	by      [numTroubles]int
	decided int
}

// Add counts an endpoint by what it says, so many times: -1 where it no longer says so.
func (w *Words) Add(said Reading, times int) {
	w.by[said.Trouble] += times
	if said.Decided {
		w.decided += times
	}
}

// Census is that of those which fail as a broken network has them.
func (w *Words) Census() Census {
	c := Census{Unrouted: w.by[Unrouted], decided: w.decided}
	for t, n := range w.by {
		if t := Trouble(t); t.Tells() && t != Unrouted {
			c.by[t], c.tell = n, c.tell+n
		}
	}
	return c
}

// Tell is how many were counted that tell something.
func (c *Census) Tell() int { return c.tell }

// Decided is how many of them controls have decided about.
func (c *Census) Decided() int { return c.decided }

// Providers is of how many providers they are.
func (c *Census) Providers() int { return len(c.providers) }

// Of is how many of them say one thing.
func (c *Census) Of(t Trouble) int { return c.by[t] }

// Doubt is whether something that was not probed could tell that all of these fail from trouble of the
// prober's own network, and what.
func (c *Census) Doubt() Doubt {
	switch {
	case c.tell == 0 || c.Broken():
		return NoDoubt
	case c.by[Unresolved]+c.by[Unconnected]+c.by[CutOff] > c.beyond:
		return NoControl
	default:
		return BeyondControls
	}
}

// minRegions is the least number of regions in which all must fail in one telling way before a list of
// one provider shows a broken network.
const minRegions = 3

// Broken reports whether that all of these fail at once is the prober's network. What controls have
// decided is. Otherwise two providers do not fail together, and where the endpoints of one do it is
// told as such, but where something else is likelier: where some names no longer resolve and the
// others, from a cache, lead nowhere, an uplink that is gone behind a resolver; where one stranger
// answers in place of all, a portal.
func (c *Census) Broken() bool {
	switch names := c.by[Unresolved]; {
	case c.tell == 0:
		return false
	case c.decided > 0, len(c.providers) > 1:
		return true
	default:
		uplink, portal := names > 0 && names < c.tell, c.strange == c.tell
		return (uplink || portal) && len(c.regions) >= minRegions
	}
}

// Cause is the one that all of these have in common.
func (c *Census) Cause() Cause {
	if c.tell == 0 && c.Unrouted > 0 {
		return Silence
	}
	for t, cause := range map[Trouble]Cause{Unresolved: Lookups, Unconnected: Silence, CutOff: Resets, Intercepted: Portal, OutOfTime: Clock} {
		if c.by[t] == c.tell {
			return cause
		}
	}
	return Mixed
}
