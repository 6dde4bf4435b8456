package filelock

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// Take takes the lock of a file and never waits: it is [ErrTaken] where somebody has it. Another error says that the file
// system has no locks. Windows keeps others from what is locked, so that is a byte far behind all content.
func Take(f *os.File) error {
	at := windows.Overlapped{OffsetHigh: 1 << 30}
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return ErrTaken
	}
	return err
}
