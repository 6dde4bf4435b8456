package sandbox

import (
	"crypto/tls"
	"net"

	"prober/catalog"
	"prober/sandbox/clienthello"
	"prober/sandbox/imitation"
	"prober/sandbox/nameserver"
	"prober/sandbox/pki"
)

// behaviour is what an endpoint does otherwise than usual. The zero value is clean;
// each part is looked at where it applies, in the order of the fields.
type behaviour struct {
	// dns is what the name servers do about the host.
	dns nameserver.Behaviour
	// everything is what the name servers do about every question, whatever it is about.
	everything nameserver.AnswerFunc
	// controlClosed makes the control take no connection.
	controlClosed bool
	// spare is what is at the endpoint's second address.
	spare spareUse
	// talk is what comes in place of the first bytes of an endpoint of kind tcp, once the client has said its own.
	talk func(c *connection, expected []byte)
	// asked is what an endpoint of kind dns makes of the question that its list has.
	asked func(expected *catalog.DNSQuestion) nameserver.AnswerFunc
	// accept takes over a TLS connection before a byte is read.
	accept func(*connection)
	// hello is called with the ClientHello; true means that it took over.
	hello func(*connection, clienthello.Hello) bool
	// wrap changes what goes over the wire below TLS.
	wrap func(*connection, net.Conn) net.Conn
	// shownAs is the host whose certificate is shown; empty: the endpoint's.
	shownAs string
	// certificate is the kind of certificate that is shown.
	certificate pki.Kind
	// second is the kind that clients of RSA alone are shown; Good for the same.
	second pki.Kind
	// versions are the versions of TLS that are served, oldest first; nil: by the rules.
	versions []clienthello.Version
	// spareVersions are the versions that are served at the second address; nil: the same.
	spareVersions []clienthello.Version
	// tls changes the configuration of the handshake.
	tls func(*tls.Config)
	// secured takes over before the request is read.
	secured func(*connection, net.Conn)
	// request takes over after the request was read.
	request func(*exchange)
	// plainServed lets plain HTTP through to the API.
	plainServed bool
	// mangle is what a hop before the API makes of text.
	mangle func(string) string
	// only are the requests that mangle and plainServed are about; nil: all.
	only func(*exchange) bool
	// bound is what the API binds a ciphertext to; nil: to the whole of its context.
	bound *imitation.Binding
	// edit changes the API's reply.
	edit func(*exchange)
	// wire puts the reply on the wire in its own way; the connection is closed after it.
	wire func(*exchange)
	// delay is added to the sandbox's latency.
	delay Latency
}

// spareUse is what is done with the second address of an endpoint.
type spareUse uint8

const (
	spareUnused    spareUse = iota // nothing listens: connections are refused
	spareServes                    // it serves like the first
	spareBlackHole                 // SYNs are dropped
)
