// Package webport is the port at which strangers ask: a bounded number of connections, each with
// the time it may take, in front of any handler.
//
// A process that works besides serving must not stop working because somebody asks too much, too
// slowly or for too long. So the port takes a fixed number of connections, and when they are all
// taken the one that is least missed makes room: those who ask for what is vital get in whatever
// the others do. What changes something is done for pages of this machine only.
//
// TLS and authentication are the business of whoever serves on the [Listener].
package webport
