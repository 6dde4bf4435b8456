package catalog

import (
	"regexp"
	"time"
)

// durationForm is the form of a time; what has it and cannot be read is too long.
var durationForm = regexp.MustCompile(`^([0-9]+(\.[0-9]*)?(h|m|s|ms|us|µs|ns))+$`)

// Duration is a time as a list has it: "300ms", "2s", "1m30s".
type Duration time.Duration

// MarshalText writes it as a list has it.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Duration) UnmarshalText(text []byte) error {
	took, err := time.ParseDuration(string(text))
	*d = Duration(took)
	return err
}

// bindNode implements [bindable].
func (d *Duration) bindNode(b *binder, n *node, at *place) bool {
	var err error
	if n.kind == text {
		if err = d.UnmarshalText([]byte(n.text)); err == nil && *d > 0 {
			return true
		}
	}
	if err != nil && durationForm.MatchString(n.text) {
		b.fail(n.offset, at.path(), "%s is longer than any time that can be given here", n.shown())
		return false
	}
	b.fail(n.offset, at.path(), "%s is not a duration; want a number above 0 with its unit, as 300ms, 2s or 1m30s", n.shown())
	return false
}
