package sandbox

import "syscall"

// handle is what the system calls a socket by.
type handle = syscall.Handle

// openHandle opens a socket that no program started meanwhile inherits.
func openHandle(family int) (handle, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	h, err := syscall.Socket(family, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(h)
	}
	return h, err
}

func closeHandle(h handle) error { return syscall.Closesocket(h) }

// bindBesideClosed has nothing to do: closed connections that linger keep nobody from an address here, and SO_REUSEADDR
// would let two processes have one.
func bindBesideClosed(handle) error { return nil }
