package hello

import (
	"fmt"
	"slices"
)

// Verdict says whether a server accepts a version.
type Verdict uint8

// The verdicts. The zero value is Inconclusive: nothing was proved.
const (
	// Inconclusive: the answers prove neither that the version is accepted nor that it is
	// refused.
	Inconclusive Verdict = iota
	// Accepted: the server chose the version.
	Accepted
	// Rejected: the server was there, spoke TLS and refused the version.
	Rejected
)

var verdictWords = [...]string{Inconclusive: "inconclusive", Accepted: "accepted", Rejected: "rejected"}

// String returns the word used in tables and JSON.
func (v Verdict) String() string { return word(verdictWords[:], v) }

// MarshalText writes the word of String.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads a word written by MarshalText.
func (v *Verdict) UnmarshalText(text []byte) error {
	return parse("verdict", verdictWords[:], text, v)
}

// word returns the word of a value of an enum.
func word[T ~uint8](words []string, v T) string {
	if int(v) < len(words) {
		return words[v]
	}
	return fmt.Sprintf("undefined(%d)", v)
}

// parse reads a word of an enum of this kind into v.
func parse[T ~uint8](kind string, words []string, text []byte, v *T) error {
	i := slices.Index(words, string(text))
	if i < 0 {
		return fmt.Errorf("unknown %s %q", kind, text)
	}
	*v = T(i)
	return nil
}
