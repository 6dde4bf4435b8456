//go:build unix

package filelock

import (
	"errors"
	"os"
	"syscall"
)

// Take takes the lock of a file and never waits: it is [ErrTaken] where somebody has it. Another error says that the file
// system has no locks.
func Take(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrTaken
	}
	return err
}
