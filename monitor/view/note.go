package view

import (
	"strings"
	"time"

	"prober/monitor/phrase"
)

// Note is something that is wrong with the prober itself, for people: it stands before what is told
// of the endpoints, because it says how far that can be relied upon.
type Note struct {
	What   string    // "The prober is overloaded"; the beginning of a sentence
	Why    string    // "turns are skipped", a part of one; may be empty
	Advice string    // whole sentences on what to do; may be empty
	Since  time.Time // zero: not known
	Blinds bool      // while it lasts nothing can be told about the endpoints
	Lags   bool      // while it lasts what is told may be late, so that nothing looks well
	Quiet  bool      // it is nothing for the first line
}

// Words are the note in whole sentences.
func (n Note) Words() string {
	var b strings.Builder
	if n.Why != "" {
		b.WriteString(phrase.Upper(n.Why) + ".")
	}
	if n.Advice != "" {
		b.WriteString(" " + n.Advice)
	}
	return strings.TrimSpace(b.String())
}
