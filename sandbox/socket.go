package sandbox

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// socket is a bound TCP socket that package net knows nothing of.
type socket struct {
	once sync.Once
	fd   int
	err  error
}

// Close closes the socket; it may be called again.
func (s *socket) Close() error {
	s.once.Do(func() { s.err = syscall.Close(s.fd) })
	return s.err
}

// bindOnly binds a socket to an address, port 0 letting the system choose, and does not
// listen: the kernel answers connections with RST. With reuse the address may be one on
// which closed connections still linger.
func bindOnly(at netip.AddrPort, reuse bool) (*socket, uint16, error) {
	family, address := syscall.AF_INET6, syscall.Sockaddr(&syscall.SockaddrInet6{Port: int(at.Port()), Addr: at.Addr().As16()})
	if at.Addr().Is4() {
		family, address = syscall.AF_INET, &syscall.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}
	}
	fd, err := syscall.Socket(family, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, 0, fmt.Errorf("opening a socket: %w", err)
	}
	s := &socket{fd: fd}
	if reuse {
		if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
			return nil, 0, errors.Join(fmt.Errorf("preparing to bind %v: %w", at, err), s.Close())
		}
	}
	if err := syscall.Bind(fd, address); err != nil {
		return nil, 0, errors.Join(fmt.Errorf("binding %v: %w", at, err), s.Close())
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("reading the name of %v: %w", at, err), s.Close())
	}
	switch name := name.(type) {
	case *syscall.SockaddrInet4:
		return s, uint16(name.Port), nil
	case *syscall.SockaddrInet6:
		return s, uint16(name.Port), nil
	}
	return nil, 0, errors.Join(fmt.Errorf("binding %v: unexpected address family", at), s.Close())
}

// blackHole is an address at which the SYN of a client is dropped: a listener that
// accepts nothing, with its queue filled by connections of its own. Linux drops what
// comes when the accept queue is full (listen(2); net.ipv4.tcp_abort_on_overflow off).
type blackHole struct {
	socket *socket
	filler []net.Conn
}

// fillTimeout is how long a connection may take until the queue counts as full; on
// loopback one that is accepted takes microseconds.
const fillTimeout = 20 * time.Millisecond

func openBlackHole(at netip.AddrPort) (*blackHole, error) {
	s, _, err := bindOnly(at, true)
	if err != nil {
		return nil, err
	}
	b := &blackHole{socket: s}
	if err := syscall.Listen(s.fd, 0); err != nil {
		return nil, errors.Join(fmt.Errorf("listening at %v: %w", at, err), b.Close())
	}
	const most = 16
	for range most {
		c, err := net.DialTimeout("tcp", at.String(), fillTimeout)
		if err != nil {
			return b, nil // full
		}
		b.filler = append(b.filler, c)
	}
	return nil, errors.Join(fmt.Errorf("the queue of %v does not fill up", at), b.Close())
}

// Close gives the address back.
func (b *blackHole) Close() error {
	var errs []error
	for _, c := range b.filler {
		errs = append(errs, c.Close())
	}
	return errors.Join(append(errs, b.socket.Close())...)
}
