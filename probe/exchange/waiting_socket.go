//go:build unix && !aix

package exchange

import (
	"net"
	"syscall"
)

// bytesWaiting reports whether the kernel holds bytes of conn that nobody has read. It
// does not wait: the socket is asked once and nothing is taken from it. Connections on
// top of another (as *tls.Conn) are followed down by their NetConn method; of those that
// lead to no socket nothing is known, and the answer is false.
func bytesWaiting(conn net.Conn) bool {
	for {
		if socket, ok := conn.(syscall.Conn); ok {
			return socketReadable(socket)
		}
		outer, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			return false
		}
		conn = outer.NetConn()
	}
}

func socketReadable(socket syscall.Conn) bool {
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	waiting := false
	err = raw.Control(func(fd uintptr) {
		var one [1]byte
		n, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		waiting = err == nil && n > 0
	})
	return err == nil && waiting
}
