package files

import "time"

// Waiting is r, but waits no longer than most.
func (r Reader) Waiting(most time.Duration) Reader {
	r.most = most
	return r
}

// WriteTo writes to what stands at a path, and waits no longer than most.
var WriteTo = writeTo

// Fill writes a file.
var Fill = fill
