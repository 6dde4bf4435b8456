package exchange

import (
	"time"

	"golang.org/x/sys/unix"
)

// deliveryOf asks the kernel about a socket. What is held of a stream that nobody can read yet, though
// nothing is there to be read, is what came beyond a hole.
func deliveryOf(fd int) Delivery {
	info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
	if err != nil || info.State == closed {
		return Delivery{}
	}
	queued, err := unix.IoctlGetInt(fd, unix.SIOCOUTQ)
	if err != nil {
		return Delivery{}
	}
	unsent, err := unix.IoctlGetInt(fd, unix.SIOCOUTQNSD)
	if err != nil {
		return Delivery{}
	}
	readable, err := unix.IoctlGetInt(fd, unix.SIOCINQ)
	if err != nil {
		return Delivery{}
	}
	return Delivery{
		known:   true,
		unacked: queued - unsent, unsent: unsent, again: int(info.Retransmits),
		silence: milliseconds(info.Last_ack_recv), rto: time.Duration(info.Rto) * time.Microsecond,
		gap: readable == 0 && info.Rcv_ooopack > 0 && held(fd) > 0, unheard: milliseconds(info.Last_data_recv),
	}
}

// closed is the state of a connection that is no more (TCP_CLOSE in include/net/tcp_states.h): its queues are gone.
const closed = 7

func milliseconds(n uint32) time.Duration { return time.Duration(n) * time.Millisecond }

// held is the memory of what came to a socket and was not read (SK_MEMINFO_RMEM_ALLOC, the first of
// SO_MEMINFO); 0 where the kernel does not say.
func held(fd int) int {
	n, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_MEMINFO)
	if err != nil {
		return 0
	}
	return n
}
