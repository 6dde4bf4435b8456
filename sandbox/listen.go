package sandbox

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
)

// haveIPv6 tells whether this machine can listen on ::1.
func haveIPv6() bool {
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		return false
	}
	return l.Close() == nil
}

// port is one port number on several addresses. The zero port is on none.
type port struct {
	number uint16
	open   closers
}

// opener takes an address, port 0 letting the system choose, and returns the port that it got.
type opener func(at netip.AddrPort) (io.Closer, uint16, error)

// tries is how often a port that is free on every address is looked for.
const tries = 50

// find opens a port number that is free on all the addresses: one that the system chooses, or, where
// it gives only such as are taken on another address, any that needs no privilege. (The system gives
// none on which connections ended lately.)
func (p *port) find(addresses []netip.Addr, open opener) error {
	const lowest, highest = 10_000, 65_535
	var err error
	for i := range tries {
		p.number = 0
		if i >= tries/2 {
			p.number = uint16(lowest + rand.N(highest-lowest+1)) //nolint:gosec // it fits, and nobody is kept out by it
		}
		if err = p.openAt(addresses, open); err == nil {
			return nil
		}
		if noneLeft(err) {
			return err
		}
	}
	return fmt.Errorf("no port is free on all of %v: %w", addresses, err)
}

// openAt opens the port number on all the addresses or on none.
func (p *port) openAt(addresses []netip.Addr, open opener) error {
	for _, a := range addresses {
		c, number, err := open(netip.AddrPortFrom(a, p.number))
		if err != nil {
			return errors.Join(err, p.Close())
		}
		p.open, p.number = append(p.open, c), number
	}
	return nil
}

// Close gives the port back; it may be called again.
func (p *port) Close() error {
	err := p.open.Close()
	p.open = nil
	return err
}

// closers are closed together.
type closers []io.Closer

// Close closes all of them once.
func (cs closers) Close() error {
	var errs []error
	for _, c := range cs {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// listener accepts connections at one address until it is closed.
type listener struct {
	tcp  *net.TCPListener
	done chan struct{}
}

// accepting returns what accepts connections at an address. serve must not block.
func accepting(serve func(*net.TCPConn)) opener {
	return func(at netip.AddrPort) (io.Closer, uint16, error) {
		if !at.Addr().IsLoopback() {
			return nil, 0, fmt.Errorf("listening at %v: not a loopback address", at)
		}
		tcp, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(at))
		if err != nil {
			return nil, 0, err
		}
		l := &listener{tcp: tcp, done: make(chan struct{})}
		go l.accept(serve)
		return l, tcp.Addr().(*net.TCPAddr).AddrPort().Port(), nil
	}
}

func (l *listener) accept(serve func(*net.TCPConn)) {
	defer close(l.done)
	for {
		c, err := l.tcp.AcceptTCP()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			serve(c)
		}
	}
}

// Close stops accepting and waits for the accepting goroutine.
func (l *listener) Close() error {
	err := l.tcp.Close()
	<-l.done
	return err
}
