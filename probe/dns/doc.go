// Package dns asks one resolver one question and keeps the message as evidence.
//
// A stub resolver hides what a prober needs to know: which response code came, through
// which chain of aliases, with which TTL, from which resolver, over which transport and
// how fast. This package shows all of it and gives a verdict in the words of package
// reason. It has two levels:
//
//   - [Client.Query]: one question (RFC 1035) to one resolver. A fresh connected UDP socket
//     and a random id per question, EDNS(0) with 1232 bytes (RFC 6891), TCP when the answer
//     is truncated (RFC 7766). A datagram may get lost, so it is sent once more when half of the
//     time has passed in silence. Packets that do not answer the question are counted and
//     waited out, never believed. The answer says when any of this happened.
//   - [Client.Lookup]: the addresses of a host. A and AAAA at once, from one such socket (each by
//     itself where a resolver takes only one question from a port), the next resolver when
//     one is silent or fails, a control question to tell a dead resolver from a dead name,
//     and one verdict over everything.
//
// Neither returns a Go error: what went wrong is part of the answer, with a reason.
//
// There is no cache and no search list: names are absolute. Letter case is not randomised
// (the "0x20" draft): some servers answer in lower case, and random id, random port and the
// comparison of the question already stand between a forger and the answer.
package dns
