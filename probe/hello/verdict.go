package hello

import "fmt"

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
func (v Verdict) String() string {
	if int(v) < len(verdictWords) {
		return verdictWords[v]
	}
	return fmt.Sprintf("undefined(%d)", uint8(v))
}

// MarshalText writes the word of String.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads a word written by MarshalText.
func (v *Verdict) UnmarshalText(text []byte) error {
	for i, word := range verdictWords {
		if word == string(text) {
			*v = Verdict(i)
			return nil
		}
	}
	return fmt.Errorf("unknown verdict %q", text)
}
