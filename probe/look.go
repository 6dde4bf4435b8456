package probe

import (
	"net/netip"

	"prober/catalog"
	"prober/probe/command"
	"prober/probe/reason"
)

// LookCommand returns a command line with standard tools that goes as far at an address as a probe of t does, and shows what it
// shows where nothing is wrong: a connection, a handshake, an answer or a reply. It carries no key and no signature, as that
// of a finding; it is empty for a request that no command line can hold.
func (p *Prober) LookCommand(t Target, addr netip.Addr) string {
	p, t = p.as(t)
	to := t.to(addr)
	switch {
	case t.Scheme == catalog.SchemeDNS && t.Own != nil && t.Own.DNS != nil:
		return command.Dig(to, t.Own.DNS.Name, typeOfQuestion(t.Own.DNS).String())
	case t.Until == reason.Connect, t.Scheme == catalog.SchemeTCP && (t.Own == nil || t.Own.TCP == nil):
		return command.Open(to)
	case t.Scheme == catalog.SchemeTCP:
		send, _ := t.Own.TCP.Send.Bytes() // it was checked with the list
		return command.Talk(to, send)
	case t.Until == reason.TLS:
		return t.asClient(command.Handshake(to, t.name(), p.cfg.RootsFile, ""))
	case t.Signed:
		return p.self(t, addr, "--signed")
	}
	return t.asClient(p.httpCommand(t, to, reason.Finding{}))
}
