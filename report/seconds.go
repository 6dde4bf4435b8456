package report

import (
	"strconv"
	"time"

	"prober/probe/reason"
)

// Seconds is a duration that is written as a number of seconds, to the microsecond.
type Seconds time.Duration

// String returns the duration as people read it, such as "1.2s".
func (s Seconds) String() string { return reason.Seconds(s).String() }

// MarshalJSON writes a number of seconds with at most six digits after the point.
func (s Seconds) MarshalJSON() ([]byte, error) {
	d := time.Duration(s).Round(time.Microsecond)
	return strconv.AppendFloat(nil, d.Seconds(), 'f', -1, 64), nil
}

// UnmarshalJSON reads a number of seconds.
func (s *Seconds) UnmarshalJSON(b []byte) error {
	var exact reason.Seconds
	err := exact.UnmarshalJSON(b)
	*s = Seconds(exact.Duration().Round(time.Microsecond))
	return err
}
