package exchange

import (
	"syscall"

	"prober/errno"
)

// GoneBy returns the error number in err that says that a connection is gone without a FIN, or
// could not be made, because somebody on the way or at its end said so; 0 if there is none. That
// is a RST, or what a router answered by ICMP: whatever it says, it is no fault of this machine's.
func GoneBy(err error) syscall.Errno {
	for _, number := range append(icmpErrnos(), syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EHOSTUNREACH, syscall.ENETUNREACH) {
		if errno.Is(err, number) {
			return number
		}
	}
	return 0
}
