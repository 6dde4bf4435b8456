package reason

import (
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// Words are a reason as JSON shows it: the phase and the word apart. Types that show one
// embed them into what they encode, and keep the [Reason] itself.
type Words struct {
	Phase Phase  `json:"phase"`
	Word  string `json:"reason"`
}

// Words returns the two words of r; both are empty for None.
func (r Reason) Words() Words { return Words{r.Phase(), r.Word()} }

// Decode reads JSON into v, a type without methods of its own whose reason JSON shows by its
// words, and the reason that they name into r.
func Decode(b []byte, v any, r *Reason) error {
	var w Words
	if err := json.Unmarshal(b, v); err != nil {
		return err
	}
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	if w.Word == "" {
		*r = None
		return nil
	}
	return r.UnmarshalText([]byte(w.Phase.String() + "/" + w.Word))
}

// MarshalJSON writes the phase and the word of the reason, the detail and the command.
func (f Finding) MarshalJSON() ([]byte, error) {
	type plain Finding
	return json.Marshal(struct {
		Words
		plain
	}{f.Reason.Words(), plain(f)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *Finding) UnmarshalJSON(b []byte) error {
	type plain Finding
	return Decode(b, (*plain)(f), &f.Reason)
}

// Seconds is a duration that JSON shows as a number of seconds.
type Seconds time.Duration

// Duration returns s as what it is.
func (s Seconds) Duration() time.Duration { return time.Duration(s) }

// String returns the duration as people read it, such as "1.2s".
func (s Seconds) String() string {
	unit := time.Microsecond
	switch d := time.Duration(s); {
	case d >= time.Second:
		unit = 100 * time.Millisecond
	case d >= time.Millisecond:
		unit = 100 * time.Microsecond
	}
	return time.Duration(s).Round(unit).String()
}

// MarshalJSON writes the number, to the nanosecond.
func (s Seconds) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(s).Seconds()) }

// UnmarshalJSON reads a number.
func (s *Seconds) UnmarshalJSON(b []byte) error {
	var f float64
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	if math.Abs(f) > math.MaxInt64/2e9 {
		return fmt.Errorf("%s seconds are too many", b)
	}
	*s = Seconds(math.Round(f * 1e9))
	return nil
}
