package reason

import (
	"fmt"
	"slices"
)

// Outcome says how a probe, one of its addresses, or a whole endpoint came out.
type Outcome uint8

// The outcomes. The zero value is Unknown: nothing was decided.
const (
	// Unknown: nothing could be decided; never counts against availability.
	Unknown Outcome = iota
	// OK: everything that was looked at is as it should be.
	OK
	// Degraded: it works, with a defect that some clients meet.
	Degraded
	// Fail: it does not work.
	Fail
)

// Worse reports whether o says more against an endpoint than other does where both were
// found: a failure above what could not be told, that above a defect, and a defect above
// what is fine. What could not be told may be a failure, so it must not pass for a defect.
//
// It is the one order in which findings about the same thing compete. It is no arithmetic:
// how the outcomes of several addresses add up is the caller's to say.
func (o Outcome) Worse(other Outcome) bool { return o.rank() > other.rank() }

func (o Outcome) rank() int {
	switch o {
	case Degraded:
		return 1
	case Unknown:
		return 2
	case Fail:
		return 3
	}
	return 0
}

var outcomeWords = [...]string{Unknown: "unknown", OK: "ok", Degraded: "degraded", Fail: "fail"}

// String returns the word used in tables, JSON and metrics.
func (o Outcome) String() string { return word(outcomeWords[:], o) }

// MarshalText writes the word of String.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads a word written by MarshalText.
func (o *Outcome) UnmarshalText(b []byte) error {
	return parse("outcome", outcomeWords[:], b, o)
}

// Phase is the part of a probe in which something was found.
type Phase uint8

// The phases, in the order in which a probe goes through them.
const (
	// NoPhase: nothing was found.
	NoPhase Phase = iota
	// Resolve: from the first DNS question to the last answer.
	Resolve
	// Connect: the TCP handshake.
	Connect
	// TLS: from the ClientHello to the finished handshake and the verdict on the certificates.
	TLS
	// Request: writing the request and waiting for the first byte of the reply.
	Request
	// Headers: from the first byte of the reply to the end of its header section.
	Headers
	// Body: from the end of the header section to the end of the body.
	Body
	// Verify: judging what was received; takes no time of the endpoint's.
	Verify
	// Prober: the prober or its vantage point, not the endpoint.
	Prober
)

var phaseWords = [...]string{
	NoPhase: "", Resolve: "resolve", Connect: "connect", TLS: "tls", Request: "request",
	Headers: "headers", Body: "body", Verify: "verify", Prober: "prober",
}

// String returns the word used in tables, JSON and metrics; empty for NoPhase.
func (p Phase) String() string { return word(phaseWords[:], p) }

// MarshalText writes the word of String.
func (p Phase) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a word written by MarshalText.
func (p *Phase) UnmarshalText(b []byte) error {
	return parse("phase", phaseWords[:], b, p)
}

// Blame says whose fault a finding usually is.
type Blame uint8

// The parties that can be at fault.
const (
	// NoBlame: nothing was found.
	NoBlame Blame = iota
	// Target: the endpoint, its DNS zone, its certificate or its API.
	Target
	// Path: the network between the prober and the endpoint.
	Path
	// Resolver: the recursive resolver that was asked.
	Resolver
	// Middlebox: something on the path that answers in the endpoint's place.
	Middlebox
	// Self: the prober, its machine or its configuration.
	Self
)

var blameWords = [...]string{
	NoBlame: "", Target: "target", Path: "path", Resolver: "resolver", Middlebox: "middlebox", Self: "prober",
}

// String returns the word used in tables and JSON; empty for NoBlame.
func (b Blame) String() string { return word(blameWords[:], b) }

// MarshalText writes the word of String.
func (b Blame) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalText reads a word written by MarshalText.
func (b *Blame) UnmarshalText(t []byte) error {
	return parse("blame", blameWords[:], t, b)
}

func word[T ~uint8](words []string, v T) string {
	if int(v) < len(words) {
		return words[v]
	}
	return fmt.Sprintf("undefined(%d)", v)
}

func parse[T ~uint8](kind string, words []string, text []byte, v *T) error {
	i := slices.Index(words, string(text))
	if i < 0 {
		return &UnknownError{kind, string(text)}
	}
	*v = T(i)
	return nil
}

// UnknownError is a word of the vocabulary that this program does not know: a newer one may.
type UnknownError struct{ Kind, Word string }

// Error implements error.
func (e *UnknownError) Error() string { return fmt.Sprintf("unknown %s %q", e.Kind, e.Word) }
