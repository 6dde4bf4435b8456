package suspicion

import (
	"cmp"

	"prober/catalog"
	"prober/probe"
	"prober/probe/reason"
)

// Once gathers what one look at many endpoints shows, where there is no round before it to go by. The
// zero value has seen nothing. It is not safe for concurrent use.
type Once struct {
	census  Census
	prints  map[catalog.Scheme]string // who answers in place of the endpoints
	reached bool
}

// See takes in what was seen of an endpoint of a provider; empty: whoever has the zone.
func (s *Once) See(provider string, o *probe.Observation) {
	if !o.Endpoint.Lifecycle.IsActive() {
		return
	}
	said := Read(o)
	if first, ok := s.prints[o.Scheme]; ok && said.Print != "" && first != said.Print {
		said.Trouble = Reached // another one than answers for the others
	}
	switch {
	case said.Trouble == Reached, o.Vouched:
		s.reached = true
	case said.Trouble.Tells():
		s.census.Add(Place{cmp.Or(provider, probe.ZoneOf(o.Endpoint.Host)), o.Endpoint.Region}, said)
		if said.Print != "" && s.prints == nil {
			s.prints = map[catalog.Scheme]string{}
		}
		if said.Print != "" {
			s.prints[o.Scheme] = said.Print
		}
	}
}

// Reached reports whether an answer came from beyond this prober's network, so that nothing that fails is
// its own.
func (s *Once) Reached() bool { return s.reached }

// Doubt is whether all that can tell fails and yet is no more than one provider's, so that nothing
// tells it from trouble of the prober's own network.
func (s *Once) Doubt() Doubt {
	if s.reached {
		return NoDoubt
	}
	return s.census.Doubt()
}

// Cause is what is suspected of the prober's own network once all is seen; None: nothing is.
func (s *Once) Cause() Cause {
	if s.reached || !s.census.Broken() {
		return None
	}
	return s.census.Cause()
}

// Excuse takes back the failure of an endpoint that the prober's own network explains. A name that
// was denied by a resolver that can tell stays so.
func Excuse(o *probe.Observation) {
	if o.Outcome == reason.Fail && Read(o).Trouble.Tells() {
		TakeBack(o)
	}
}

// TakeBack takes back a verdict on an endpoint.
func TakeBack(o *probe.Observation) {
	own, why := "network", reason.ProberVantageOffline
	if Read(o).Trouble == OutOfTime {
		own, why = "clock", reason.ProberClock
	}
	o.Detail = "this prober's own " + own + " is suspected; it found " + o.Reason.String() + ": " + o.Detail
	o.Before, o.Outcome, o.Reason, o.Alike = o.Reason, reason.Unknown, why, true
	for i := range o.Addresses {
		o.Addresses[i].Outcome = reason.Unknown
	}
}
