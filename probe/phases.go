package probe

import (
	"encoding/json"
	"time"

	"prober/probe/reason"
)

// Phases are the times an address took, phase by phase. A phase that was not reached is
// 0; Reached tells which were. They add up to Total: the resolve time of the endpoint
// counts for each of its addresses.
type Phases struct {
	Resolve, Connect, TLS, Request, Headers, Body, Total time.Duration
	Reached                                              reason.Phase // the last phase begun
}

func (p Phases) sum() time.Duration {
	return p.Resolve + p.Connect + p.TLS + p.Request + p.Headers + p.Body
}

// TimedPhases are the phases that take time of the endpoint's, in their order.
func TimedPhases() []reason.Phase {
	return []reason.Phase{reason.Resolve, reason.Connect, reason.TLS, reason.Request, reason.Headers, reason.Body}
}

// Took returns how long a phase took, and false when it was not reached or left out.
func (p Phases) Took(ph reason.Phase) (time.Duration, bool) {
	at := p.at(ph)
	if at == nil {
		return 0, false
	}
	return *at, ph <= p.Reached && (*at > 0 || ph == p.Reached)
}

// at is where the time of a phase is kept; nil for one that takes none.
func (p *Phases) at(ph reason.Phase) *time.Duration {
	times := [...]*time.Duration{
		reason.Resolve: &p.Resolve, reason.Connect: &p.Connect, reason.TLS: &p.TLS,
		reason.Request: &p.Request, reason.Headers: &p.Headers, reason.Body: &p.Body,
	}
	if int(ph) >= len(times) {
		return nil
	}
	return times[ph]
}

// MarshalJSON writes an object of the phases that were reached and "total", in seconds.
func (p Phases) MarshalJSON() ([]byte, error) {
	m := map[string]reason.Seconds{"total": reason.Seconds(p.Total)}
	for _, ph := range TimedPhases() {
		if d, ok := p.Took(ph); ok {
			m[ph.String()] = reason.Seconds(d)
		}
	}
	return json.Marshal(m)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Phases) UnmarshalJSON(b []byte) error {
	var m map[string]reason.Seconds
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	*p = Phases{Total: m["total"].Duration()}
	for _, ph := range TimedPhases() {
		if d, ok := m[ph.String()]; ok {
			*p.at(ph), p.Reached = d.Duration(), ph
		}
	}
	return nil
}
