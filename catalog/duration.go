package catalog

import "time"

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
	if n.kind == text && d.UnmarshalText([]byte(n.text)) == nil && *d > 0 {
		return true
	}
	b.fail(n.offset, at.path(), "%s is not a duration; want a number above 0 with its unit, as 300ms, 2s or 1m30s", n.shown())
	return false
}
