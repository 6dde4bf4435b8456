package history

import (
	"errors"
	"time"
)

// Store keeps a copy of a history for the next process. Its methods are called by one goroutine at a
// time, but Evidence, which may be called at any time.
type Store interface {
	// Load yields what an earlier process has kept. An error that is a *Trouble of kind Corrupt
	// leaves the store to be replaced.
	Load(into *Loading) error
	// Write writes all of a batch, or nothing.
	Write(b *Batch) error
	// Evidence reads that of an incident; ErrNoEvidence where there is none.
	Evidence(incident int64) ([]byte, error)
	// Replace puts what cannot be used aside, without losing it, and goes on with an empty store.
	Replace() (aside string, err error)
	// Bytes is the size of the store, as far as it is known.
	Bytes() int64
	Close() error
}

// Kind is what is wrong with a store.
type Kind string

// The kinds.
const (
	Full    Kind = "full"    // no space is left, on the disk or within the limit
	Corrupt Kind = "corrupt" // what was read is no history
	Newer   Kind = "newer"   // a later version of this program wrote it, and says that this one cannot read it
	Denied  Kind = "denied"  // it may not be read or written
	IO      Kind = "io"      // whatever else the system says
)

// Kinds are all of them.
func Kinds() []Kind { return []Kind{Corrupt, Denied, Full, IO, Newer} }

// Trouble is an error of a store.
type Trouble struct {
	Kind Kind
	Err  error
}

func (t *Trouble) Error() string { return t.Err.Error() }

func (t *Trouble) Unwrap() error { return t.Err }

// kindOf is what kind of error one is.
func kindOf(err error) Kind {
	var t *Trouble
	if errors.As(err, &t) {
		return t.Kind
	}
	return IO
}

// Batch is what is written at once.
type Batch struct {
	Now   time.Time
	Began time.Time // the run of this process

	// Results are the results since the last batch, as bytes that [Loading.Results] reads, and
	// Sequence is that of the last of them.
	Results  []byte
	Sequence uint64
	// Settled is the sequence up to which no results are needed any more, because all endpoints
	// have them.
	Settled uint64

	Endpoints []Saved
	Counters  map[string]uint64 // of the prober

	// Oldest are when the oldest things begin that are worth keeping: roll-ups, by Steps, and
	// whatever else.
	OldestRollups [3]time.Time
	Oldest        time.Time

	waiting uint64 // number of the results
}

// Saved is one endpoint as a store has it.
type Saved struct {
	Number     int64
	ID, Series string
	State      State
	Counters   Counters
	Sequence   uint64 // of the last result in it
	Rollups    []SavedRollup
	Changes    []Change
	Incidents  []SavedIncident
	Facts      []byte // what a monitor knows of it besides; nil: the store keeps what it has
}

// SavedRollup is a roll-up as a store has it.
type SavedRollup struct {
	Step  Step
	Start time.Time
	Sums  *Sums  // what the columns show; nil when it is loaded
	Body  []byte // all of it
}

// SavedIncident is an incident as a store has it.
type SavedIncident struct {
	Incident        // its Untold nil: the store keeps what it has
	Evidence []byte // nil: the store keeps what it has
}
