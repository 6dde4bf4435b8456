// Package filelock locks a file for one process, in whatever way the system has for it. Such a lock ends with the process
// at the latest, however that ends, so that what is found unlocked was left.
package filelock

import "errors"

// ErrTaken says that another one has the lock.
var ErrTaken = errors.New("somebody else has the lock")
