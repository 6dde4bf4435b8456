package monitor

import (
	"prober/probe"
	"prober/probe/reason"
)

// timedPhase numbers the phases of which times are shown.
type timedPhase int

// The timed phases, in the order in which a probe goes through them.
const (
	resolvePhase timedPhase = iota
	connectPhase
	tlsPhase
	requestPhase
	headersPhase
	bodyPhase
	numTimedPhases
)

func (p timedPhase) String() string { return p.phase().String() }

func (p timedPhase) phase() reason.Phase { return reason.Resolve + reason.Phase(p) }

// phaseTimes are the times of one address in microseconds; 0 where a phase was not reached.
type phaseTimes [numTimedPhases]uint32

func timesOf(p probe.Phases) phaseTimes {
	return phaseTimes{
		micros(p.Resolve), micros(p.Connect), micros(p.TLS),
		micros(p.Request), micros(p.Headers), micros(p.Body),
	}
}
