package hello

import (
	"encoding/json"
	"strings"
	"time"
)

// Result is what was found out about one version at one address.
type Result struct {
	Version Version `json:"-"` // the key in JSON
	Verdict Verdict `json:"verdict"`
	// Evidence is the answer the verdict rests on, in one line: the alert and its level,
	// the message, the first bytes in hex, or why there was no answer.
	Evidence string `json:"evidence"`
	// Suite is the IANA name of the suite the server chose, 0x and four digits if it has
	// none here; empty when the server chose none.
	Suite string `json:"suite"`
	// Tries is the number of connections that were spent on this version, without one that
	// the context cut short.
	Tries int `json:"tries"`
	// RTT is the time from writing the hello to the first byte of the deciding answer; 0
	// when no byte came.
	RTT time.Duration `json:"-"`
	// Note says what else a reader must know, in one line: a breach of the protocol, an
	// earlier answer that differed, why a refusal proves nothing, or that the verdict is
	// about the default host since the version has no server name. Empty if nothing.
	Note string `json:"note,omitempty"`
	// WithoutSNI is what a hello without a server name got, where the answer with one was
	// about the name; empty when that was not asked.
	WithoutSNI string `json:"-"`
}

// Silent reports whether a version is undecided because nothing came to its hellos.
func (r Result) Silent() bool {
	return r.Verdict == Inconclusive && strings.HasPrefix(r.Evidence, Silence.String())
}

// Table holds the result of each version, indexed by Version.
type Table [versionCount]Result

// MarshalJSON writes an object with the name of each version as a key.
func (t Table) MarshalJSON() ([]byte, error) {
	byName := make(map[Version]Result, len(t))
	for i, r := range t {
		byName[Version(i)] = r
	}
	return json.Marshal(byName)
}

// UnmarshalJSON reads what MarshalJSON wrote, and passes over versions that do not exist.
func (t *Table) UnmarshalJSON(b []byte) error {
	var byName map[string]Result
	if err := json.Unmarshal(b, &byName); err != nil {
		return err
	}
	for _, v := range Versions() {
		t[v] = byName[v.String()]
		t[v].Version = v
	}
	return nil
}
