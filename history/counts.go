package history

import "prober/probe/reason"

// numOutcomes is the number of outcomes.
const numOutcomes = int(reason.Fail) + 1

// Counts are numbers of probes by how they came out.
type Counts [numOutcomes]uint64

// Add adds the other counts.
func (c *Counts) Add(other Counts) {
	for o := range c {
		c[o] += other[o]
	}
}

// All is the number of probes.
func (c *Counts) All() uint64 { return c.Known() + c[reason.Unknown] }

// Known is the number of probes that decided something.
func (c *Counts) Known() uint64 { return c[reason.OK] + c[reason.Degraded] + c[reason.Fail] }

// Share is which part of the probes that decided something found the endpoint up (ok or
// degraded), from 0 to 1; false when none did.
func (c *Counts) Share() (float64, bool) {
	known := c.Known()
	if known == 0 {
		return 0, false
	}
	return float64(c[reason.OK]+c[reason.Degraded]) / float64(known), true
}

// Worst is the worst outcome among those that were decided, and false when none was. It is what one
// cell of a strip shows.
func (c *Counts) Worst() (reason.Outcome, bool) {
	for _, o := range []reason.Outcome{reason.Fail, reason.Degraded, reason.OK} {
		if c[o] > 0 {
			return o, true
		}
	}
	return reason.Unknown, false
}
