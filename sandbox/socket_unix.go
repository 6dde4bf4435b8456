//go:build unix

package sandbox

import "syscall"

// handle is what the system calls a socket by.
type handle = int

// openHandle opens a socket that no program started meanwhile inherits.
func openHandle(family int) (handle, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fd, err := syscall.Socket(family, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(fd)
	}
	return fd, err
}

func closeHandle(h handle) error { return syscall.Close(h) }

// bindBesideClosed lets a socket be bound to an address on which closed connections still linger.
func bindBesideClosed(h handle) error {
	return syscall.SetsockoptInt(h, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
}
