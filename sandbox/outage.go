package sandbox

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/netip"
	"slices"

	"prober/sandbox/nameserver"
)

// controlHost is a name that concerns no endpoint, of a server that takes connections as long as
// the network is in order. Resolvers that stand between answer names of .test by themselves.
const controlHost = "control.example.org"

// controlAddress is where it stands.
func controlAddress() netip.Addr { return netip.AddrFrom4([4]byte{127, 0, 0, 1}) }

// control is the host of the control, for the zone.
func control() nameserver.Host {
	return nameserver.Host{Name: controlHost, V4: []netip.Addr{controlAddress()}}
}

// openControl listens for connections to the control.
func (s *Sandbox) openControl() error {
	if err := s.control.find([]netip.Addr{controlAddress()}, s.takingConnections()); err != nil {
		return fmt.Errorf("opening the control: %w", err)
	}
	return nil
}

// takingConnections takes connections and says nothing over them.
func (s *Sandbox) takingConnections() opener {
	return accepting(func(tcp *net.TCPConn) {
		s.wg.Go(func() {
			hangUp := func() { _ = tcp.Close() } // the client may have done so first
			defer hangUp()
			defer context.AfterFunc(s.closing, hangUp)()
			_, _ = io.CopyN(io.Discard, tcp, 1) // until the client goes, or speaks
		})
	})
}

// suffer makes the sandbox suffer what the faults of its endpoints do to all of it. The caller
// holds s.faults.
func (s *Sandbox) suffer(id string, f *spec) error {
	before := s.outage.Load()
	delete(s.outages, id)
	if f.Whole {
		s.outages[id] = f
	}
	if len(s.outages) == 0 {
		s.outage.Store(nil)
		s.zone.SetEverything(nil)
		return s.setControl(before != nil && before.behaviour.controlClosed, false)
	}
	first := s.outages[slices.Min(slices.Collect(maps.Keys(s.outages)))]
	s.outage.Store(first)
	s.zone.SetEverything(first.behaviour.everything)
	return s.setControl(before != nil && before.behaviour.controlClosed, first.behaviour.controlClosed)
}

// setControl opens or closes the control, whose port stays its own.
func (s *Sandbox) setControl(was, closed bool) error {
	if was == closed {
		return nil
	}
	open := reservedAgain
	if !closed {
		open = s.takingConnections()
	}
	if err := s.control.Close(); err != nil {
		return err
	}
	return s.control.openAt([]netip.Addr{controlAddress()}, open)
}

// Controls returns what a client may take for a sign that resolver and network are in order, each
// as NAME:PORT. It takes connections and says nothing.
func (s *Sandbox) Controls() []string {
	return []string{fmt.Sprintf("%s:%d", controlHost, s.control.number)}
}
