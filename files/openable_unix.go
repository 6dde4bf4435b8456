//go:build unix

package files

import "syscall"

// Openable is how many files and connections this process may have open, as far as the system tells.
func Openable() (most uint64, known bool) {
	var r syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r); err != nil {
		return 0, false
	}
	return r.Cur, true
}
