// Package sandbox is a cloud on loopback that can be broken in named ways.
//
// It serves every endpoint of a catalogue under its own host name: two DNS servers, a
// certificate authority, one HTTPS and one HTTP port an endpoint, imitations of the APIs
// behind them, and for each defect that the project claims to detect a [Fault] that
// shows it. Nothing listens on or talks to an address that is not loopback.
//
// Public names lead to 127.0.0.1 and, where the machine has it, ::1; names of private
// networks to 127.1.0.1. Faults that need a second address use 127.0.0.2 and 127.1.0.2;
// connect/unreachable uses 127.255.255.255. [Sandbox.Public] and [Sandbox.Private] say
// which prefixes stand for what. Addresses such as 10.0.0.1 are answered by DNS for the
// sake of clients that must not dial them.
//
// A clean sandbox keeps every rule of the catalogue, at whatever date its clock shows:
// versions of TLS go off on the day they are to. Plain HTTP is refused where the
// documents say HTTPS only, in the various ways seen at the real services. Endpoints of
// API style none answer 200 "ok", or what their list expects, as far as that can be made up; those of
// kind tcp say the bytes, and those of kind dns are servers of the one name, that their lists expect.
//
// A fault belongs to one endpoint, is named after the reason that it causes, and can be
// put on and taken off while clients are connected, in Go or over the management API
// (see [Sandbox.Management]). Variants are unusual but correct, and must not be taken
// for defects. For reasons that no fault causes see [WithoutFault].
//
// How it is put together: nameserver answers DNS, pki issues certificates, clienthello
// reads what TLS clients say, imitation answers API calls and speaks every API error. This
// package owns the ports and what goes wrong on them: a fault is a [Fault] with a scope,
// which is what it asks of the catalogue, and a behaviour, which is a set of hooks along the
// way of a connection. The files fault_list_*.go, breach_list.go and variant_list.go hold
// all of them, and misbehave_*.go and edit_reply.go the hooks. It needs Linux: all of 127.0.0.0/8 is local there, and a full accept
// queue drops SYNs.
package sandbox
