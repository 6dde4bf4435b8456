package monitor

import (
	"prober/probe"
	"prober/probe/reason"
)

// networkTrouble is what one result says about the network between prober and endpoint.
type networkTrouble uint8

const (
	noResult     networkTrouble = iota // not probed yet, or the result says nothing
	reached                            // an answer came from beyond the prober's network
	lookupSilent                       // no DNS answer in time
	unconnected                        // no TCP connection: silence, or no way there
	numTroubles
)

// troubleOf reads a result as the prober gave it.
func troubleOf(o *probe.Observation) networkTrouble {
	switch o.Reason {
	case reason.ResolveTimeout:
		return lookupSilent
	case reason.ConnectTimeout, reason.ConnectUnreachable:
		if o.Outcome == reason.Fail {
			return unconnected
		}
	}
	if o.Outcome == reason.Unknown {
		return noResult
	}
	return reached
}
