package history

import (
	"time"

	"prober/probe"
	"prober/probe/reason"
)

// Step is the time that a roll-up is about.
type Step time.Duration

// The steps, finest first. Roll-ups begin at multiples of their step since 1970, in UTC.
const (
	FiveMinutes = Step(5 * time.Minute)
	Hour        = Step(time.Hour)
	Day         = Step(24 * time.Hour)
)

// Steps are all of them, finest first.
func Steps() []Step { return []Step{FiveMinutes, Hour, Day} }

// Duration is the length of the step.
func (s Step) Duration() time.Duration { return time.Duration(s) }

// number counts the steps from 1970 to the one that t lies in.
func (s Step) number(t time.Time) int64 { return t.Unix() / s.seconds() }

func (s Step) seconds() int64 { return int64(time.Duration(s) / time.Second) }

// start is when a step of this number begins.
func (s Step) start(number int64) time.Time { return time.Unix(number*s.seconds(), 0).UTC() }

// Rollup sums up the probes of one endpoint that began within one step.
type Rollup struct {
	Start time.Time
	Step  Step
	Sums
}

// End is when the step ends.
func (r *Rollup) End() time.Time { return r.Start.Add(r.Step.Duration()) }

// Sums are what the probes of one endpoint add up to.
type Sums struct {
	Counts Counts
	// Total is the time from the first DNS question to the end of the reply, a sample for each
	// address that answered in full, as the metric endpoint_probe_duration_seconds has it.
	Total Latency
	// Phases are the times of the phases that were completed, by [reason.Phase], a sample for each
	// address, as the metric endpoint_phase_duration_seconds has them. Where the list is long the
	// roll-ups of a day are without.
	Phases [reason.Body + 1]Stat
}

// Of sums up one observation.
func Of(o *probe.Observation) Sums {
	var s Sums
	s.Counts[o.Outcome]++
	for t := range Timings(o) {
		if t.Phase == reason.NoPhase {
			s.Total.Observe(t.Took)
			continue
		}
		s.Phases[t.Phase].add(Stat{1, max(t.Took, 0)})
	}
	return s
}

// Add adds what other probes add up to.
func (s *Sums) Add(other *Sums) {
	s.Counts.Add(other.Counts)
	s.Total.add(&other.Total)
	for p := range s.Phases {
		s.Phases[p].add(other.Phases[p])
	}
}
