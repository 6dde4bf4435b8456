package files

import "time"

// Waiting is r, but waits no longer than most.
func (r Reader) Waiting(most time.Duration) Reader {
	r.most = most
	return r
}

// Fill writes a file.
var Fill = fill
