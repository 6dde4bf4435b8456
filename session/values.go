package session

import (
	"errors"
	"strings"
)

// List is a flag that can be given several times, or once with commas.
type List []string

// String implements flag.Value.
func (l *List) String() string { return strings.Join(*l, ",") }

// Set implements flag.Value.
func (l *List) Set(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part == "" {
			return errors.New("empty value")
		}
		*l = append(*l, part)
	}
	return nil
}

// Verbatim is a repeatable flag whose values may hold commas.
type Verbatim []string

// String implements flag.Value.
func (l *Verbatim) String() string { return strings.Join(*l, " ") }

// Set implements flag.Value.
func (l *Verbatim) Set(s string) error {
	*l = append(*l, s)
	return nil
}

// Given is a text flag that may be left out but not be given empty: the unset variable of a
// script must not pass for a flag that nobody wanted.
type Given string

// String implements flag.Value.
func (g *Given) String() string { return string(*g) }

// Set implements flag.Value.
func (g *Given) Set(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New("the value is empty: give one, or leave the flag out")
	}
	*g = Given(s)
	return nil
}
