package sandbox

import (
	"errors"
	"net"
	"net/netip"
	"sync/atomic"

	"prober/catalog"
	"prober/sandbox/imitation"
	"prober/sandbox/nameserver"
)

// endpoint is one endpoint of the catalogue, served.
type endpoint struct {
	catalog.Endpoint
	s       *Sandbox
	product catalog.Product
	api     func() (*imitation.API, error) // nil for a web site
	plain   plainMode

	addresses []netip.Addr // where it is served, without the spare one
	spare     netip.Addr   // a second address, used by some faults
	https     *port
	http      *port

	fault atomic.Pointer[spec] // nil: clean
	extra []closer             // what the present fault has open
}

type closer interface{ Close() error }

// newEndpoint prepares the nth endpoint of its product.
func newEndpoint(s *Sandbox, e catalog.Endpoint, p catalog.Product, v6 bool, nth int) *endpoint {
	ep := &endpoint{
		Endpoint: e, s: s, product: p, plain: plainModeOf(p, nth),
		addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1")},
		spare:     netip.MustParseAddr("127.0.0.2"),
		https:     &port{}, http: &port{},
	}
	switch {
	case e.Network == catalog.VPC:
		ep.addresses = []netip.Addr{netip.MustParseAddr("127.1.0.1")}
		ep.spare = netip.MustParseAddr("127.1.0.2")
	case v6:
		ep.addresses = append(ep.addresses, netip.IPv6Loopback())
	}
	ep.api = newAPI(s, ep)
	return ep
}

// host returns what DNS says of the endpoint when it is clean.
func (e *endpoint) host() nameserver.Host {
	h := nameserver.Host{Name: e.Host, Spare: e.spare}
	for _, a := range e.addresses {
		if a.Is4() {
			h.V4 = append(h.V4, a)
		} else {
			h.V6 = append(h.V6, a)
		}
	}
	return h
}

// open starts listening for both schemes.
func (e *endpoint) open() error {
	var err error
	if e.https, err = openPort(e.addresses, e.serve(catalog.HTTPS)); err != nil {
		return err
	}
	if e.plain == plainClosed {
		e.http, err = reservePort(e.addresses)
	} else {
		e.http, err = openPort(e.addresses, e.serve(catalog.HTTP))
	}
	return err
}

// serve returns the function that takes care of one accepted connection.
func (e *endpoint) serve(scheme catalog.Scheme) func(*net.TCPConn) {
	return func(tcp *net.TCPConn) {
		c := &connection{tcp: tcp, e: e, scheme: scheme}
		if !e.s.conns.add(tcp) {
			_ = tcp.Close()
			return
		}
		e.s.wg.Go(func() {
			defer e.s.conns.remove(tcp)
			defer c.close()
			c.serve()
		})
	}
}

// behaviour returns what the endpoint does wrong at this moment.
func (e *endpoint) behaviour() behaviour {
	if f := e.fault.Load(); f != nil {
		return f.behaviour
	}
	return behaviour{}
}

// apply makes f the endpoint's fault; nil makes it clean. Callers hold Sandbox.faults.
func (e *endpoint) apply(f *spec) error {
	errs := []error{e.closeExtra()}
	e.fault.Store(nil)
	e.s.zone.Set(e.Host, nameserver.Behaviour{})
	if f == nil {
		return errors.Join(errs...)
	}
	if err := e.openExtra(f.behaviour); err != nil {
		return errors.Join(append(errs, err, e.closeExtra())...)
	}
	e.fault.Store(f)
	e.s.zone.Set(e.Host, f.behaviour.dns)
	return errors.Join(errs...)
}

// openExtra opens what b needs beyond the endpoint's own ports.
func (e *endpoint) openExtra(b behaviour) error {
	for _, p := range []struct {
		port   *port
		scheme catalog.Scheme
	}{{e.https, catalog.HTTPS}, {e.http, catalog.HTTP}} {
		at := netip.AddrPortFrom(e.spare, p.port.port)
		var c closer
		var err error
		switch b.spare {
		case spareServes:
			c, err = listenAt(at, e.serve(p.scheme))
		case spareBlackHole:
			c, err = openBlackHole(at)
		default:
			continue
		}
		if err != nil {
			return err
		}
		e.extra = append(e.extra, c)
	}
	if b.plainServed && e.plain == plainClosed {
		if err := e.http.Close(); err != nil {
			return err
		}
		for _, a := range e.addresses {
			c, err := listenAt(netip.AddrPortFrom(a, e.http.port), e.serve(catalog.HTTP))
			if err != nil {
				return err
			}
			e.extra = append(e.extra, c)
		}
	}
	return nil
}

// closeExtra closes what openExtra opened, and reserves the plain port again.
func (e *endpoint) closeExtra() error {
	var errs []error
	for _, c := range e.extra {
		errs = append(errs, c.Close())
	}
	e.extra = nil
	if e.plain == plainClosed && e.http.closed() && e.s.closing.Err() == nil {
		errs = append(errs, e.http.reserveAgain(e.addresses))
	}
	return errors.Join(errs...)
}

func (e *endpoint) close() error {
	return errors.Join(e.closeExtra(), e.https.Close(), e.http.Close())
}
