// Package server is what the loops of this module probe: a name server and HTTPS servers
// on loopback addresses, under as many host names as are asked for.
//
// It must run in a process of its own, so that its work is not counted as the client's.
package server

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
)

// World is all that a client must know to reach the servers. It is passed between
// processes as JSON.
type World struct {
	// Resolver knows the host names: one A record each, and no AAAA record.
	Resolver netip.AddrPort `json:"resolver"`
	// Port is where every host serves HTTPS.
	Port uint16 `json:"port"`
	// Authority is the certificate of the servers' authority in PEM form.
	Authority string `json:"authority"`
	// Hosts is the number of host names.
	Hosts int `json:"hosts"`
}

// domain holds the host names; ".test" is reserved (RFC 6761, section 6.2).
const domain = "bench.test"

// Host returns the name of host i of [0, Hosts).
func (w *World) Host(i int) string { return fmt.Sprintf("h%05d.%s", i, domain) }

// Roots returns the authority as the only trusted root.
func (w *World) Roots() (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(w.Authority)) {
		return nil, errors.New("the world's authority is no certificate in PEM form")
	}
	return pool, nil
}
