package report

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"
)

// Seconds is a duration that is written as a number of seconds, to the microsecond.
type Seconds time.Duration

// String returns the duration as people read it, such as "1.2s".
func (s Seconds) String() string {
	d := time.Duration(s)
	switch {
	case d >= time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(time.Microsecond).String()
}

// MarshalJSON writes a number of seconds with at most six digits after the point.
func (s Seconds) MarshalJSON() ([]byte, error) {
	d := time.Duration(s).Round(time.Microsecond)
	return strconv.AppendFloat(nil, d.Seconds(), 'f', -1, 64), nil
}

// UnmarshalJSON reads a number of seconds.
func (s *Seconds) UnmarshalJSON(b []byte) error {
	var f float64
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	if math.Abs(f) > math.MaxInt64/2e9 {
		return fmt.Errorf("%s seconds are too many", b)
	}
	*s = Seconds(time.Duration(math.Round(f*1e6)) * time.Microsecond)
	return nil
}
