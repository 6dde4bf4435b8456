package hello

import "time"

// Result is what was found out about one version at one address.
type Result struct {
	Version Version
	Verdict Verdict
	// Evidence is the answer the verdict rests on, in one line: the alert and its level,
	// the message, the first bytes in hex, or why there was no answer.
	Evidence string
	// Suite is the IANA name of the suite the server chose, 0x and four digits if it has
	// none here; empty when the server chose none.
	Suite string
	// Tries is the number of connections that were spent on this version, without one that
	// the context cut short.
	Tries int
	// RTT is the time from writing the hello to the first byte of the deciding answer; 0
	// when no byte came.
	RTT time.Duration
	// Note says what else a reader must know, in one line: a breach of the protocol, an
	// earlier answer that differed, why a refusal proves nothing, or that the verdict is
	// about the default host since the version has no server name. Empty if nothing.
	Note string
	// WithoutSNI is what a hello without a server name got, where the answer with one was
	// about the name; empty when that was not asked.
	WithoutSNI string
}

// Table holds the result of each version, indexed by Version.
type Table [versionCount]Result

// Of returns the result of v; an inconclusive one for a version that does not exist.
func (t Table) Of(v Version) Result {
	if v >= versionCount {
		return Result{Version: v}
	}
	return t[v]
}
