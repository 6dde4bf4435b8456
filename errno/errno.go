// Package errno tells the error numbers of systems apart by one set of names. Windows has numbers of
// its own for what sockets and disks say, which the constants of package syscall by the names of
// POSIX do not equal there: a refused connection is no syscall.ECONNREFUSED. Whoever asks [Is] instead
// of errors.Is is answered alike everywhere.
package errno

import (
	"errors"
	"runtime"
	"syscall"
)

// Is reports whether err is, or wraps, the error of the system's that POSIX calls by this name.
func Is(err error, name syscall.Errno) bool { return is(runtime.GOOS, err, name) }

func is(system string, err error, name syscall.Errno) bool {
	if errors.Is(err, name) {
		return true
	}
	var native syscall.Errno
	return system == "windows" && errors.As(err, &native) && windows()[native] == name
}

// windows are the numbers of Windows that have a name of POSIX ("Windows Sockets Error Codes", "System
// Error Codes" of Microsoft's documents).
func windows() map[syscall.Errno]syscall.Errno {
	return map[syscall.Errno]syscall.Errno{
		4:     syscall.EMFILE,       // ERROR_TOO_MANY_OPEN_FILES
		19:    syscall.EROFS,        // ERROR_WRITE_PROTECT
		39:    syscall.ENOSPC,       // ERROR_HANDLE_DISK_FULL
		112:   syscall.ENOSPC,       // ERROR_DISK_FULL
		267:   syscall.ENOTDIR,      // ERROR_DIRECTORY
		10013: syscall.EACCES,       // WSAEACCES, what a firewall says
		10024: syscall.EMFILE,       // WSAEMFILE
		10035: syscall.EAGAIN,       // WSAEWOULDBLOCK
		10040: syscall.EMSGSIZE,     // WSAEMSGSIZE
		10047: syscall.EAFNOSUPPORT, // WSAEAFNOSUPPORT
		10048: syscall.EADDRINUSE,   // WSAEADDRINUSE
		10049: syscall.EADDRNOTAVAIL,
		10050: syscall.ENETDOWN,
		10051: syscall.ENETUNREACH,
		10052: syscall.ENETRESET, // WSAENETRESET, a time to live that ran out
		10053: syscall.ECONNABORTED,
		10054: syscall.ECONNRESET,
		10055: syscall.ENOBUFS,
		10058: syscall.EPIPE, // WSAESHUTDOWN
		10060: syscall.ETIMEDOUT,
		10061: syscall.ECONNREFUSED,
		10064: syscall.EHOSTDOWN,
		10065: syscall.EHOSTUNREACH,
	}
}
