package sandbox

import (
	"context"
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
	own     *catalog.Own   // what its list says of how it is probed; may be nil
	api     *imitation.API // nil for a web site
	plain   plainMode

	addresses []netip.Addr // where it is served, without the spare one
	spare     netip.Addr   // a second address, used by some faults
	https     port
	http      port

	fault atomic.Pointer[spec] // the zero spec: clean
	extra closers              // what the present fault has open
}

// newEndpoint prepares the nth endpoint of its product.
func newEndpoint(s *Sandbox, e catalog.Endpoint, p catalog.Product, v6 bool, nth int) *endpoint {
	ep := &endpoint{
		Endpoint: e, s: s, product: p, own: p.OwnOf(&e), plain: plainModeOf(p, nth),
		addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1")},
		spare:     netip.MustParseAddr("127.0.0.2"),
	}
	ep.fault.Store(&spec{})
	switch {
	case e.Network == catalog.VPC:
		ep.addresses = []netip.Addr{netip.MustParseAddr("127.1.0.1")}
		ep.spare = netip.MustParseAddr("127.1.0.2")
	case v6:
		ep.addresses = append(ep.addresses, netip.IPv6Loopback())
	}
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
	if e.api, err = newAPI(e.s, e); err != nil {
		return err
	}
	if e.kind() != catalog.KindHTTP {
		return e.https.find(e.addresses, e.main())
	}
	plain := e.serving(catalog.HTTP)
	if e.plain == plainClosed {
		plain = reserved
	}
	return errors.Join(e.https.find(e.addresses, e.main()), e.http.find(e.addresses, plain))
}

// main returns what listens at the endpoint's own port: the one for TLS where it speaks HTTP.
func (e *endpoint) main() opener {
	switch e.kind() {
	case catalog.KindTCP:
		return e.serving(catalog.SchemeTCP)
	case catalog.KindDNS:
		return e.asked
	case catalog.KindHTTP, catalog.KindTLS:
	}
	return e.serving(catalog.HTTPS)
}

// ports are where the endpoint is served.
func (e *endpoint) ports() catalog.Ports {
	p := catalog.Ports{HTTPS: e.https.number, HTTP: e.http.number}
	switch e.kind() {
	case catalog.KindTLS:
		p.TLS = e.https.number
	case catalog.KindTCP:
		p.TCP = e.https.number
	case catalog.KindDNS:
		p.DNS = e.https.number
	case catalog.KindHTTP:
	}
	return p
}

func (e *endpoint) kind() catalog.Kind { return kindOf(e.own) }

// serving returns what listens at an address and serves each connection.
func (e *endpoint) serving(scheme catalog.Scheme) opener {
	return accepting(func(tcp *net.TCPConn) {
		c := &connection{tcp: tcp, e: e, scheme: scheme}
		e.s.wg.Go(func() {
			defer c.close()
			defer context.AfterFunc(e.s.closing, c.close)()
			c.serve()
		})
	})
}

// behaviour returns what the endpoint does wrong at this moment: what the whole sandbox does, or it alone.
func (e *endpoint) behaviour() behaviour {
	if o := e.s.outage.Load(); o != nil {
		return o.behaviour
	}
	return e.fault.Load().behaviour
}

// apply makes f the endpoint's fault; with the zero spec, and with one for which not
// everything can be opened, it is clean.
func (e *endpoint) apply(f *spec) error {
	e.s.faults.Lock()
	defer e.s.faults.Unlock()
	if e.s.closing.Err() != nil {
		return errors.New("the sandbox is closed")
	}
	err := e.closeExtra()
	if failed := e.openExtra(f.behaviour); failed != nil {
		err, f = errors.Join(err, failed, e.closeExtra()), &spec{}
	}
	e.fault.Store(f)
	e.s.zone.Set(e.Host, e.named())
	return errors.Join(err, e.s.suffer(e.ID, f))
}

// named is what DNS does to the name: what the endpoint's fault says, or that of another one which
// shares the name.
func (e *endpoint) named() nameserver.Behaviour {
	for _, of := range append([]*endpoint{e}, e.s.served.Load().byHost[e.Host]...) {
		if b := of.fault.Load().behaviour.dns; !b.Clean() {
			return b
		}
	}
	return nameserver.Behaviour{}
}

// openExtra opens what b needs beyond the endpoint's own ports.
func (e *endpoint) openExtra(b behaviour) error {
	var err error
	switch b.spare {
	case spareServes:
		err = e.openMore(e.https, e.main(), e.spare)
		if e.kind() != catalog.KindHTTP {
			return err
		}
		if e.plain != plainClosed || b.plainServed { // as at the first
			err = errors.Join(err, e.openMore(e.http, e.serving(catalog.HTTP), e.spare))
		}
	case spareBlackHole:
		err = e.openMore(e.https, blackHole, e.spare)
		if e.kind() == catalog.KindHTTP {
			err = errors.Join(err, e.openMore(e.http, blackHole, e.spare))
		}
	}
	if b.plainServed && e.plain == plainClosed {
		err = errors.Join(err, e.http.Close(), e.openMore(e.http, e.serving(catalog.HTTP), e.addresses...))
	}
	return err
}

// openMore opens the number of one of the endpoint's ports on further addresses.
func (e *endpoint) openMore(own port, open opener, addresses ...netip.Addr) error {
	more := &port{number: own.number}
	e.extra = append(e.extra, more)
	return more.openAt(addresses, open)
}

// closeExtra closes what openExtra opened, and reserves the plain port again.
func (e *endpoint) closeExtra() error {
	err := e.extra.Close()
	e.extra = nil
	if e.plain == plainClosed && e.kind() == catalog.KindHTTP && e.http.open == nil && e.s.closing.Err() == nil {
		err = errors.Join(err, e.http.openAt(e.addresses, reservedAgain))
	}
	return err
}

func (e *endpoint) close() error {
	return errors.Join(e.closeExtra(), e.https.Close(), e.http.Close())
}
