package session

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Vantage is the name that people give the place that is measured from. It becomes the value of a
// label, and stands on pages and in reports.
type Vantage string

// Set takes a name of 1 to 63 printable characters. It is what the flag package wants of a value.
func (v *Vantage) Set(s string) error {
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }
	if n := utf8.RuneCountInString(s); n == 0 || n > 63 || s != strings.TrimSpace(s) || strings.ContainsFunc(s, unprintable) {
		return errors.New("want a name of 1 to 63 printable characters, without blanks around it")
	}
	*v = Vantage(s)
	return nil
}

// String implements fmt.Stringer.
func (v *Vantage) String() string { return string(*v) }

// Type is the word that stands for a value in the help of a command.
func (v *Vantage) Type() string { return "NAME" }
