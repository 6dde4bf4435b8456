package hello

import (
	"fmt"
	"time"
)

// Answer is what came back for one hello. It says what the server did; what that means
// for the version is for a Scanner to judge, from all answers together.
type Answer struct {
	Kind Kind
	// Version is the version number of the ServerHello (0x0303 for TLS 1.2), with the
	// supported_versions extension taken into account; 0 if there was none.
	Version uint16
	// Suite is the name of the chosen suite, as in Result; empty if there was none.
	Suite string
	// Alert is the alert that decided; the zero Alert if there was none.
	Alert Alert
	// Sentinel is the downgrade sentinel in the ServerHello.
	Sentinel Sentinel
	// UnofferedSuite is set where a ServerHello of another version also names a suite that
	// was not offered, so that it is worth less.
	UnofferedSuite bool
	// Evidence describes the answer in one line.
	Evidence string
	// Note names a breach of the protocol, in one line; empty if there was none.
	Note string
	// RTT is the time from writing the hello to the first byte of the answer. Classify
	// does not measure it.
	RTT time.Duration

	late bool // the time ran out before the answer ended
}

// tookAll tells whether all of the time was waited, for an answer that shows nothing: none, or one of
// which too little came.
func (a Answer) tookAll() bool { return a.Kind == Silence || a.Kind == Partial && a.late }

// ServerHello tells whether the server answered with a ServerHello or HelloRetryRequest
// that can be used, whatever version it chose.
func (a Answer) ServerHello() bool {
	switch a.Kind {
	case Chosen, Retry, Lower, Higher:
		return true
	}
	return false
}

// chosen tells whether the server chose the version asked for.
func (a Answer) chosen() bool { return a.Kind == Chosen || a.Kind == Retry }

// Kind is the closed list of what can come back for a hello.
type Kind uint8

// The kinds of answer. The zero value is Stopped.
const (
	// Stopped: the context ended, or the pace was refused, before an answer came.
	Stopped Kind = iota
	// NotReached: there was no connection: refused, unreachable, timed out, or the prober
	// itself could not open one.
	NotReached
	// Silence: the connection stood and not one byte came until the timeout.
	Silence
	// Reset: the connection was reset before any byte of an answer.
	Reset
	// Closed: the connection was closed before any byte of an answer.
	Closed
	// Partial: part of an answer that shows nothing came, and then an end or silence.
	Partial
	// WarningOnly: warning alerts came, and then an end.
	WarningOnly
	// NotTLS: what came is not TLS, such as HTTP or the banner of another protocol.
	NotTLS
	// Flood: records or bytes without end, and no ServerHello among the first of them.
	Flood
	// Malformed: TLS records came whose content breaks the protocol, such as a ServerHello
	// that chooses a suite that was not offered.
	Malformed
	// Alerted: an alert ended the handshake.
	Alerted
	// SSLv2Refusal: an ERROR message of SSLv2.
	SSLv2Refusal
	// Chosen: a ServerHello with the version asked for.
	Chosen
	// Retry: a HelloRetryRequest that chooses TLS 1.3.
	Retry
	// Lower: a ServerHello with a version below the one asked for, or a draft of TLS 1.3.
	Lower
	// Higher: a ServerHello with a version above the one asked for.
	Higher
	kindCount
)

var kindWords = [kindCount]string{
	"stopped", "not-reached", "silence", "reset", "closed", "partial", "warning-only", "not-tls", "flood",
	"malformed", "alerted", "sslv2-refusal", "chosen", "retry", "lower", "higher",
}

// String returns the kind in one word.
func (k Kind) String() string { return word(kindWords[:], k) }

// Sentinel is the value by which a server of TLS 1.2 or 1.3 marks a ServerHello of a
// lower version (RFC 8446 section 4.1.3), so that an attacker on the path cannot
// pretend that the server knows nothing better. It proves that the server can do more.
type Sentinel uint8

// The sentinels.
const (
	NoSentinel    Sentinel = iota
	SentinelTLS12          // the server has TLS 1.3 and negotiated TLS 1.2
	SentinelTLS11          // the server has TLS 1.2 or 1.3 and negotiated less
)

// malformed makes the answer of the kind Malformed.
func malformed(format string, args ...any) Answer {
	return Answer{Kind: Malformed, Evidence: fmt.Sprintf(format, args...)}
}
