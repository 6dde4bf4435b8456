package server

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"time"

	"prober/sandbox/nameserver"
)

// maxHosts is what the five digits of a host name can count.
const maxHosts = 100_000

// addresses are those of the HTTPS servers. Several, because a client that closes first
// leaves each of its ports in TIME_WAIT for a while towards the same address.
func addresses() []netip.Addr {
	list := make([]netip.Addr, 8)
	for i := range list {
		list[i] = netip.AddrFrom4([4]byte{127, 77, 0, byte(i + 1)})
	}
	return list
}

// Start serves hosts until stop is called, on ports that the system chooses.
func Start(hosts int) (w *World, stop func(), err error) {
	if hosts < 1 || hosts > maxHosts {
		return nil, nil, fmt.Errorf("%d hosts: want 1 to %d", hosts, maxHosts)
	}
	leaf, authority, err := certificates(time.Now())
	if err != nil {
		return nil, nil, err
	}
	names, err := nameserver.Start(nameserver.Config{Answer: answers(hosts, addresses())})
	if err != nil {
		return nil, nil, err
	}
	listeners, port, err := listen(addresses())
	if err != nil {
		_ = names.Close()
		return nil, nil, err
	}
	web := &http.Server{
		Handler:           http.HandlerFunc(reply),
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{leaf}, MinVersion: tls.VersionTLS13},
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0), // a client tells what went wrong
	}
	web.Protocols = new(http.Protocols)
	web.Protocols.SetHTTP1(true)
	for _, l := range listeners {
		go func() { _ = web.ServeTLS(l, "", "") }()
	}
	w = &World{Resolver: names.Addr(), Port: port, Authority: authority, Hosts: hosts}
	return w, func() { _ = names.Close(); _ = web.Close() }, nil
}

// listen opens one port on every address.
func listen(on []netip.Addr) ([]net.Listener, uint16, error) {
	const attempts = 20 // another program may hold on a later address what was free on the first
	var errs error
	for range attempts {
		listeners, port, err := listenOnce(on)
		if err == nil {
			return listeners, port, nil
		}
		errs = errors.Join(errs, err)
	}
	return nil, 0, fmt.Errorf("no port is free on all of %v: %w", on, errs)
}

func listenOnce(on []netip.Addr) (listeners []net.Listener, port uint16, err error) {
	for _, a := range on {
		l, err := net.ListenTCP("tcp4", net.TCPAddrFromAddrPort(netip.AddrPortFrom(a, port)))
		if err != nil {
			for _, open := range listeners {
				_ = open.Close()
			}
			return nil, 0, err
		}
		port = l.Addr().(*net.TCPAddr).AddrPort().Port()
		listeners = append(listeners, l)
	}
	return listeners, port, nil
}
