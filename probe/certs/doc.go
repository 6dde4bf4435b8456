// Package certs judges the certificates that a server shows: what they say ([Facts]), whether
// they lead to a trusted root for a host, and what their dates say ([Judge]).
//
// crypto/x509 answers yes or no, and stops at the first cause; most causes it calls an
// unknown authority. Here all that is wrong is listed, the most telling first, each with a
// reason of its own. Nothing is fetched: an intermediate that a server leaves out is
// missing, and a revocation is known from the server's own stapled response or not at all.
package certs
