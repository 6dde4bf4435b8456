package reason

import (
	"fmt"
	"slices"
	"strings"
)

// Doc is the documentation of a reason.
type Doc struct {
	Phase   Phase   // where it is found
	Word    string  // unique within the phase
	Outcome Outcome // the outcome of an address that shows it
	Blame   Blame   // whose fault it usually is
	Kind    Kind    // what sort of thing is wrong
	Tool    Tool    // what shows it
	// Transient: it is of the network, and may be gone at the next attempt. A broken rule
	// never is.
	Transient bool
	Meaning   string // what was seen, one sentence without a capital or a full stop
	Advice    string // what to do about it, in the same form
}

// Doc returns the documentation of r; the zero Doc for None.
func (r Reason) Doc() Doc {
	if r >= end {
		return Doc{}
	}
	return docs[r]
}

// Phase returns the phase in which r is found.
func (r Reason) Phase() Phase { return r.Doc().Phase }

// Word returns the word of r, as metrics and JSON show it beside its phase.
func (r Reason) Word() string { return r.Doc().Word }

// Blame returns whose fault r usually is.
func (r Reason) Blame() Blame { return r.Doc().Blame }

// Kind returns what sort of thing is wrong.
func (r Reason) Kind() Kind { return r.Doc().Kind }

// Tool returns what shows r.
func (r Reason) Tool() Tool { return r.Doc().Tool }

// Transient reports whether r is of the network and may be gone at the next attempt.
func (r Reason) Transient() bool { return r.Doc().Transient }

// Outcome returns the outcome of an address that shows r; OK for None.
func (r Reason) Outcome() Outcome {
	if r == None {
		return OK
	}
	return r.Doc().Outcome
}

// String returns "phase/word", as in "tls/cert_expired", and "" for None.
func (r Reason) String() string {
	if r == None {
		return ""
	}
	d := r.Doc()
	return d.Phase.String() + "/" + d.Word
}

// MarshalText writes "phase/word".
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (r *Reason) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*r = None
		return nil
	}
	got, err := Parse(string(b))
	if err == nil {
		*r = got
	}
	return err
}

// All returns every reason but None, in the order of the phases.
func All() []Reason {
	all := make([]Reason, 0, end-1)
	for r := None + 1; r < end; r++ {
		all = append(all, r)
	}
	return all
}

// Parse reads a reason written as "phase/word", or as the bare word where only one
// phase has it. The error lists the candidates of an ambiguous word.
func Parse(s string) (Reason, error) {
	var matches []string
	found := None
	for _, r := range All() {
		if r.String() == s {
			return r, nil
		}
		if r.Word() == s {
			found = r
			matches = append(matches, r.String())
		}
	}
	switch len(matches) {
	case 0:
		return None, &UnknownError{"reason", s}
	case 1:
		return found, nil
	}
	return None, fmt.Errorf("reason %q is found in several phases: %s", s, strings.Join(matches, ", "))
}

// FaultName returns the name of the sandbox fault that causes r: its word where
// that is unique, else "phase_word" (connect_refused).
func (r Reason) FaultName() string {
	if slices.ContainsFunc(All(), func(other Reason) bool { return other != r && other.Word() == r.Word() }) {
		return r.Phase().String() + "_" + r.Word()
	}
	return r.Word()
}
