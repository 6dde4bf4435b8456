package report

// Level says how binding a requirement is, in the words of RFC 2119 and one more.
type Level string

// The levels, most binding first; see [Levels].
const (
	// Must: a document states it.
	Must Level = "MUST"
	// Should: a document recommends it, or public sources other than the documents show it.
	Should Level = "SHOULD"
	// Info: nothing is demanded; what is seen is written down.
	Info Level = "REPORT"
)

// Levels lists the levels, most binding first.
func Levels() []Level { return []Level{Must, Should, Info} }
