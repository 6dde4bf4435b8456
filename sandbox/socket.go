package sandbox

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// socket is a TCP socket that package net knows nothing of.
type socket struct{ handle handle }

func (s socket) Close() error { return closeHandle(s.handle) }

// reserved takes an address and does not listen: the kernel answers connections with RST,
// and nobody else gets the port.
func reserved(at netip.AddrPort) (io.Closer, uint16, error) { return bind(at, false) }

// reservedAgain is reserved for an address on which closed connections may still linger.
func reservedAgain(at netip.AddrPort) (io.Closer, uint16, error) { return bind(at, true) }

// bind binds a socket to an address; with reuse it may be one on which closed connections
// still linger.
func bind(at netip.AddrPort, reuse bool) (socket, uint16, error) {
	family, address := syscall.AF_INET6, syscall.Sockaddr(&syscall.SockaddrInet6{Port: int(at.Port()), Addr: at.Addr().As16()})
	if at.Addr().Is4() {
		family, address = syscall.AF_INET, &syscall.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}
	}
	h, err := openHandle(family)
	if err != nil {
		return socket{}, 0, fmt.Errorf("opening a socket: %w", err)
	}
	s := socket{h}
	number, err := s.bind(address, reuse)
	if err != nil {
		return socket{}, 0, errors.Join(fmt.Errorf("binding %v: %w", at, err), s.Close())
	}
	return s, number, nil
}

// bind returns the port that the socket got.
func (s socket) bind(address syscall.Sockaddr, reuse bool) (uint16, error) {
	if reuse {
		if err := bindBesideClosed(s.handle); err != nil {
			return 0, err
		}
	}
	if err := syscall.Bind(s.handle, address); err != nil {
		return 0, err
	}
	bound, err := syscall.Getsockname(s.handle)
	if err != nil {
		return 0, err
	}
	if v4, ok := bound.(*syscall.SockaddrInet4); ok {
		return uint16(v4.Port), nil
	}
	return uint16(bound.(*syscall.SockaddrInet6).Port), nil
}

// fillTimeout is how long a connection may take until the queue counts as full; on
// loopback one that is accepted takes microseconds.
const fillTimeout = 20 * time.Millisecond

// blackHole takes an address and drops the SYNs of clients: it is a listener that accepts
// nothing, with its queue filled by connections of its own. Linux drops what comes when the
// accept queue is full (listen(2); net.ipv4.tcp_abort_on_overflow off).
func blackHole(at netip.AddrPort) (io.Closer, uint16, error) {
	s, number, err := bind(at, true)
	if err != nil {
		return nil, 0, err
	}
	hole := closers{s}
	if err := syscall.Listen(s.handle, 0); err != nil {
		return nil, 0, errors.Join(fmt.Errorf("listening at %v: %w", at, err), hole.Close())
	}
	const most = 16
	for range most {
		c, err := net.DialTimeout("tcp", at.String(), fillTimeout)
		if err != nil {
			return hole, number, nil // full
		}
		hole = append(hole, c)
	}
	return nil, 0, errors.Join(fmt.Errorf("the queue of %v does not fill up", at), hole.Close())
}
