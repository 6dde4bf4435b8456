package probe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"

	"prober/errno"
	"prober/probe/exchange"
	"prober/probe/reason"
)

// Dialer opens a TCP connection to exactly one address.
type Dialer func(ctx context.Context, addr netip.AddrPort) (net.Conn, error)

// dialTCP is the Dialer of the machine: no name lookup, no fallback to another address,
// no keep-alive probes on connections that live for one exchange.
func dialTCP(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	d := net.Dialer{KeepAlive: -1}
	c, err := d.DialTCP(ctx, "tcp", netip.AddrPort{}, addr)
	if err != nil {
		return nil, err // a nil *net.TCPConn in a net.Conn would not be nil
	}
	return c, nil
}

// routeMissing reports whether this machine has no route to addr, which no packet is
// sent for: connecting a UDP socket only asks the kernel's routing table.
func routeMissing(addr netip.AddrPort) bool {
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(addr))
	if err == nil {
		_ = c.Close()
		return false
	}
	return isNoRoute(err) || errno.Is(err, syscall.EAFNOSUPPORT)
}

// isNoRoute reports whether err is what the kernel says where its routing table leads nowhere: EACCES
// for a route that prohibits, EINVAL for one into a black hole. All but the last of them may come from
// elsewhere as well.
func isNoRoute(err error) bool {
	return errno.Is(err, syscall.ENETUNREACH) || errno.Is(err, syscall.EHOSTUNREACH) ||
		errno.Is(err, syscall.EADDRNOTAVAIL) || errno.Is(err, syscall.EACCES) || errno.Is(err, syscall.EINVAL)
}

// connectFinding says why a connection to addr could not be made. noRoute tells whether
// the machine lacks a route to it.
func connectFinding(ctx context.Context, addr netip.AddrPort, err error, noRoute func(netip.AddrPort) bool) reason.Finding {
	detail := errnoText(err)
	unreachable := errno.Is(err, syscall.ENETUNREACH) || errno.Is(err, syscall.EHOSTUNREACH)
	switch {
	case canceled(ctx):
		return reason.ProberCanceled.Found("the probe was cut short")
	case errno.Is(err, syscall.ECONNREFUSED):
		return reason.ConnectRefused.Found(addr.String() + ": " + detail)
	case errno.Is(err, syscall.ECONNRESET):
		return reason.ConnectReset.Found(addr.String() + ": " + detail)
	case errno.Is(err, syscall.EMFILE), errno.Is(err, syscall.ENFILE):
		return reason.ProberFDExhausted.Found(detail)
	case errno.Is(err, syscall.EAFNOSUPPORT), isNoRoute(err) && noRoute(addr):
		why := reason.ProberVantageNoIPv4
		if addr.Addr().Is6() {
			why = reason.ProberVantageNoIPv6
		}
		return why.Found("this machine has no route to " + addr.Addr().String())
	case errno.Is(err, syscall.EADDRNOTAVAIL), errno.Is(err, syscall.EADDRINUSE): // the kernel says either where every port is taken
		return reason.ProberPortsExhausted.Found(detail)
	case unreachable:
		return reason.ConnectUnreachable.Found(addr.String() + ": " + detail)
	case errno.Is(err, syscall.EACCES) && addr.Addr().Is4():
		return reason.ProberInternal.Found("this machine does not permit the connection to " + addr.String() + ": " + detail)
	case exchange.GoneBy(err) != 0:
		return reason.ConnectUnreachable.Found(addr.String() + ": " + detail)
	case isTimeout(err):
		return reason.ConnectTimeout.Found(addr.String() + " did not answer")
	case errno.Is(err, syscall.EPERM):
		return reason.ProberInternal.Found("this machine does not permit the connection to " + addr.String() + ": " + detail)
	}
	return reason.ProberInternal.Found("connecting to " + addr.String() + ": " + detail)
}

// canceled reports whether ctx was cancelled, for whatever cause. A deadline of the
// caller's is a bound on waiting like the prober's own, and what it ends is a timeout.
func canceled(ctx context.Context) bool { return errors.Is(ctx.Err(), context.Canceled) }

// isTimeout reports whether err says that a deadline passed.
func isTimeout(err error) bool {
	var ne net.Error
	return errors.Is(err, context.DeadlineExceeded) || errno.Is(err, syscall.ETIMEDOUT) || errors.As(err, &ne) && ne.Timeout()
}

// errnoText is the system's own word for err, without the addresses that net puts around it.
func errnoText(err error) string {
	var number syscall.Errno
	if errors.As(err, &number) {
		return number.Error()
	}
	return err.Error()
}
