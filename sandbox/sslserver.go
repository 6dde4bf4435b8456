package sandbox

import (
	"crypto/rand"
	"slices"

	"prober/sandbox/clienthello"
	"prober/sandbox/pki"
)

// The sandbox speaks SSL as far as a scanner listens: to the end of the server's first
// flight. No library does; the messages are those of RFC 6101 and of the SSLv2 draft
// (Hickman, The SSL Protocol, 1995).

// onlySSLv2 answers SSLv2 and refuses everything else.
func onlySSLv2(c *connection, h clienthello.Hello) bool {
	if alsoSSLv2(c, h) {
		return true
	}
	return fatalAlert(70)(c, h)
}

// onlySSLv3 answers SSLv3 to everything but SSLv2.
func onlySSLv3(c *connection, h clienthello.Hello) bool {
	if h.V2Format && h.Legacy == clienthello.SSLv2 {
		return fatalAlert(70)(c, h)
	}
	c.answerSSLv3(h)
	return true
}

// alsoSSLv2 answers hellos of SSLv2 and leaves others.
func alsoSSLv2(c *connection, h clienthello.Hello) bool {
	if !h.Offers(clienthello.SSLv2) {
		return false
	}
	c.send(c.serverHelloSSLv2(h))
	c.hold()
	return true
}

// alsoSSLv3 answers hellos that ask for SSLv3 at most and leaves others.
func alsoSSLv3(c *connection, h clienthello.Hello) bool {
	if h.Legacy != clienthello.SSLv3 {
		return false
	}
	c.answerSSLv3(h)
	return true
}

// answerSSLv3 answers with SSLv3.
func (c *connection) answerSSLv3(h clienthello.Hello) {
	suite, ok := pickSuite(h.Suites)
	if !ok {
		fatalAlert(40)(c, h)
		return
	}
	c.answerInPlain(clienthello.SSLv3, suite, pki.Good)
}

// onlyDHE chooses an ordinary suite of TLS 1.2 with a key exchange that crypto/tls does not
// speak, and refuses who does not offer it.
func onlyDHE(c *connection, h clienthello.Hello) bool {
	const suite = 0x009f // TLS_DHE_RSA_WITH_AES_256_GCM_SHA384
	if h.Legacy < clienthello.TLS12 || !slices.Contains(h.Suites, suite) {
		return fatalAlert(40)(c, h)
	}
	c.answerInPlain(clienthello.TLS12, suite, pki.RSA)
	return true
}

// answerInPlain sends ServerHello, Certificate and ServerHelloDone and waits.
func (c *connection) answerInPlain(v clienthello.Version, suite uint32, k pki.Kind) {
	hello := []byte{byte(v >> 8), byte(v)}
	hello = append(hello, randomBytes(32)...)
	hello = append(hello, 0, byte(suite>>8), byte(suite), 0) // no session id; no compression
	var certificates []byte
	for _, der := range c.chain(k) {
		certificates = append(append(certificates, uint24(len(der))...), der...)
	}
	flight := handshake(2, hello)
	flight = append(flight, handshake(11, append(uint24(len(certificates)), certificates...))...)
	flight = append(flight, handshake(14, nil)...)
	c.send(tlsRecord(recordHandshake, v, flight))
	c.hold()
}

// serverHelloSSLv2 is SERVER-HELLO with every cipher that the client offered.
func (c *connection) serverHelloSSLv2(h clienthello.Hello) []byte {
	var certificate []byte
	if chain := c.chain(pki.Good); len(chain) > 0 {
		certificate = chain[0]
	}
	id := randomBytes(16)
	var ciphers []byte
	for _, s := range h.Suites {
		ciphers = append(ciphers, byte(s>>16), byte(s>>8), byte(s))
	}
	body := []byte{4, 0, 1, 0, 2} // SERVER-HELLO, no session hit, X.509, version
	for _, n := range []int{len(certificate), len(ciphers), len(id)} {
		body = append(body, byte(n>>8), byte(n))
	}
	body = append(append(append(body, certificate...), ciphers...), id...)
	return append([]byte{0x80 | byte(len(body)>>8), byte(len(body))}, body...)
}

// chain returns the endpoint's certificates of a kind; none if they cannot be made.
func (c *connection) chain(k pki.Kind) [][]byte {
	cert, err := c.e.s.ca.Certificate(c.e.Host, k, c.e.s.cfg.Now())
	if err != nil {
		return nil
	}
	return cert.Certificate
}

// pickSuite chooses the first suite that is none of the signalling values
// TLS_EMPTY_RENEGOTIATION_INFO_SCSV and TLS_FALLBACK_SCSV.
func pickSuite(offered []uint32) (uint32, bool) {
	for _, s := range offered {
		if s != 0x00ff && s != 0x5600 && s <= 0xffff {
			return s, true
		}
	}
	return 0, false
}

func handshake(kind byte, body []byte) []byte {
	return append(append([]byte{kind}, uint24(len(body))...), body...)
}

func uint24(n int) []byte { return []byte{byte(n >> 16), byte(n >> 8), byte(n)} }

// randomBytes returns n bytes from crypto/rand, which cannot fail.
func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}
