package sandbox

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
)

// haveIPv6 tells whether this machine can listen on ::1.
func haveIPv6() bool {
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		return false
	}
	return l.Close() == nil
}

// port is one port number on several addresses.
type port struct {
	port uint16

	mu   sync.Mutex
	open []closer
}

// tries is how often a port that is free on every address is looked for.
const tries = 50

// openPort listens on one port number, chosen by the system, on all the addresses.
func openPort(addresses []netip.Addr, serve func(*net.TCPConn)) (*port, error) {
	return findPort(addresses, func(at netip.AddrPort) (closer, uint16, error) {
		l, err := listenAt(at, serve)
		if err != nil {
			return nil, 0, err
		}
		return l, l.addr().Port(), nil
	})
}

// reservePort takes a port number without listening on it: connections are refused,
// and nobody else gets the number.
func reservePort(addresses []netip.Addr) (*port, error) {
	return findPort(addresses, func(at netip.AddrPort) (closer, uint16, error) { return bindOnly(at, false) })
}

func findPort(addresses []netip.Addr, open func(netip.AddrPort) (closer, uint16, error)) (*port, error) {
	var last error
	for range tries {
		p := &port{}
		for _, a := range addresses {
			c, number, err := open(netip.AddrPortFrom(a, p.port))
			if err != nil {
				last = errors.Join(err, p.Close())
				p = nil
				break
			}
			p.open = append(p.open, c)
			p.port = number
		}
		if p != nil {
			return p, nil
		}
	}
	return &port{}, fmt.Errorf("no port is free on all of %v: %w", addresses, last)
}

// Close gives the port back; it may be called again.
func (p *port) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, c := range p.open {
		errs = append(errs, c.Close())
	}
	p.open = nil
	return errors.Join(errs...)
}

func (p *port) closed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.open) == 0
}

// reserveAgain takes the port number back after Close.
func (p *port) reserveAgain(addresses []netip.Addr) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range addresses {
		c, _, err := bindOnly(netip.AddrPortFrom(a, p.port), true)
		if err != nil {
			return err
		}
		p.open = append(p.open, c)
	}
	return nil
}

// listener accepts connections at one address until it is closed.
type listener struct {
	tcp  *net.TCPListener
	done chan struct{}
}

// listenAt accepts connections at an address; port 0 lets the system choose. serve must
// not block.
func listenAt(at netip.AddrPort, serve func(*net.TCPConn)) (*listener, error) {
	if !at.Addr().IsLoopback() {
		return nil, fmt.Errorf("listening at %v: not a loopback address", at)
	}
	tcp, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(at))
	if err != nil {
		return nil, err
	}
	l := &listener{tcp: tcp, done: make(chan struct{})}
	go func() {
		defer close(l.done)
		for {
			c, err := tcp.AcceptTCP()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err == nil {
				serve(c)
			}
		}
	}()
	return l, nil
}

func (l *listener) addr() netip.AddrPort { return l.tcp.Addr().(*net.TCPAddr).AddrPort() }

// Close stops accepting and waits for the accepting goroutine.
func (l *listener) Close() error {
	err := l.tcp.Close()
	<-l.done
	return err
}
