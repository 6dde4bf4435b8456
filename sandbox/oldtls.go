package sandbox

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"time"

	"prober/sandbox/clienthello"
	"prober/sandbox/pki"
)

// oldSuite is TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 (RFC 5289), all that such a server has.
const oldSuite = 0xc02b

const recordChangeCipherSpec, recordApplicationData = 20, 23

// withExtensions serves TLS 1.2 alone, with a ServerHello whose extensions are these; crypto/tls sends its own. The
// handshake is that of RFC 5246, section 7.3, as far as one suite needs it.
func withExtensions(extensions ...byte) func(*connection, clienthello.Hello) bool {
	return func(c *connection, h clienthello.Hello) bool {
		switch {
		case !h.Offers(clienthello.TLS12):
			return fatalAlert(70)(c, h)
		case !slices.Contains(h.Suites, oldSuite):
			return fatalAlert(40)(c, h)
		}
		_ = c.tcp.SetDeadline(time.Now().Add(helloTimeout))
		conn, err := c.shakeOldTLS(extensions)
		if err != nil {
			c.drain()
			return true
		}
		c.record.secured()
		c.serveHTTP(conn)
		_ = conn.Close()
		return true
	}
}

// shakeOldTLS makes the handshake behind a ClientHello.
func (c *connection) shakeOldTLS(extensions []byte) (*oldTLS, error) {
	if len(extensions) > 0 {
		extensions = append([]byte{0, byte(len(extensions))}, extensions...)
	}
	transcript := withoutHeads(c.greeting)
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil || len(transcript) < 38 {
		return nil, errors.Join(err, io.ErrUnexpectedEOF)
	}
	client, server := transcript[6:38:38], randomBytes(32)
	certificate, err := c.e.s.ca.Certificate(c.e.Host, pki.Good, c.e.s.cfg.Now())
	if err != nil {
		return nil, err
	}
	parameters := append([]byte{3, 0, 23, 65}, key.PublicKey().Bytes()...) // named curve P-256
	signed := sha256.Sum256(slices.Concat(client, server, parameters))
	signer, ok := certificate.PrivateKey.(crypto.Signer)
	if !ok {
		return nil, errors.New("the certificate's key does not sign")
	}
	signature, err := signer.Sign(rand.Reader, signed[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	var list []byte
	for _, der := range certificate.Certificate {
		list = append(append(list, uint24(len(der))...), der...)
	}
	flight := slices.Concat(
		handshake(2, slices.Concat([]byte{3, 3}, server, []byte{0, oldSuite >> 8, oldSuite & 0xff, 0}, extensions)),
		handshake(11, append(uint24(len(list)), list...)),
		handshake(12, slices.Concat(parameters, []byte{4, 3, byte(len(signature) >> 8), byte(len(signature))}, signature)), // SHA-256 with ECDSA
		handshake(14, nil))
	c.send(tlsRecord(recordHandshake, clienthello.TLS12, flight))
	transcript = append(transcript, flight...)

	conn := &oldTLS{Conn: c.tcp}
	exchanged, err := conn.expect(recordHandshake)
	if err != nil || len(exchanged) < 5 {
		return nil, errors.Join(err, io.ErrUnexpectedEOF)
	}
	peer, err := ecdh.P256().NewPublicKey(exchanged[5:])
	if err != nil {
		return nil, err
	}
	shared, err := key.ECDH(peer)
	if err != nil {
		return nil, err
	}
	master := prf(shared, "master secret", slices.Concat(client, server), 48)
	keys := prf(master, "key expansion", slices.Concat(server, client), 40)
	if _, err := conn.expect(recordChangeCipherSpec); err != nil {
		return nil, err
	}
	if err := errors.Join(conn.in.use(keys[:16], keys[32:36]), conn.out.use(keys[16:32], keys[36:])); err != nil {
		return nil, err
	}
	transcript = append(transcript, exchanged...)
	finished, err := conn.expect(recordHandshake)
	if err != nil {
		return nil, err
	}
	transcript = append(transcript, finished...)
	sum := sha256.Sum256(transcript)
	c.send(tlsRecord(recordChangeCipherSpec, clienthello.TLS12, []byte{1}))
	return conn, conn.write(recordHandshake, handshake(20, prf(master, "server finished", sum[:], 12)))
}

// withoutHeads joins the content of records.
func withoutHeads(records []byte) (content []byte) {
	for len(records) >= 5 {
		n := min(int(binary.BigEndian.Uint16(records[3:])), len(records)-5)
		content, records = append(content, records[5:5+n]...), records[5+n:]
	}
	return content
}

// prf is the pseudorandom function of TLS 1.2 (RFC 5246, section 5).
func prf(secret []byte, label string, seed []byte, n int) (out []byte) {
	sum := func(parts ...[]byte) []byte {
		h := hmac.New(sha256.New, secret)
		h.Write(slices.Concat(parts...))
		return h.Sum(nil)
	}
	seed = append([]byte(label), seed...)
	for a := sum(seed); len(out) < n; a = sum(a) {
		out = append(out, sum(a, seed)...)
	}
	return out[:n]
}

// oldTLS is a connection of TLS 1.2 with [oldSuite].
type oldTLS struct {
	net.Conn
	in, out halfOldTLS
	rest    []byte // read and not taken
}

// halfOldTLS is what one side's records are sealed with (RFC 5288, section 3).
type halfOldTLS struct {
	aead     cipher.AEAD // nil before there are keys
	salt     []byte
	sequence uint64
}

func (h *halfOldTLS) use(key, salt []byte) error {
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	h.salt = salt
	h.aead, err = cipher.NewGCM(block)
	return err
}

// next returns the additional data of the next record.
func (h *halfOldTLS) next(kind byte, n int) []byte {
	data := binary.BigEndian.AppendUint64(nil, h.sequence)
	h.sequence++
	return append(data, kind, 3, 3, byte(n>>8), byte(n))
}

// expect reads a record of a kind.
func (c *oldTLS) expect(kind byte) ([]byte, error) {
	const explicit = 8 // bytes of the nonce
	head := make([]byte, 5)
	if _, err := io.ReadFull(c.Conn, head); err != nil {
		return nil, err
	}
	content := make([]byte, binary.BigEndian.Uint16(head[3:]))
	if _, err := io.ReadFull(c.Conn, content); err != nil {
		return nil, err
	}
	if c.in.aead != nil {
		n := len(content) - explicit - c.in.aead.Overhead()
		if n < 0 {
			return nil, io.ErrUnexpectedEOF
		}
		var err error
		if content, err = c.in.aead.Open(nil, slices.Concat(c.in.salt, content[:explicit]), content[explicit:], c.in.next(head[0], n)); err != nil {
			return nil, err
		}
	}
	if head[0] != kind { // an alert, as a rule close_notify
		return nil, io.EOF
	}
	return content, nil
}

// Read implements net.Conn.
func (c *oldTLS) Read(p []byte) (n int, err error) {
	for len(c.rest) == 0 {
		if c.rest, err = c.expect(recordApplicationData); err != nil {
			return 0, err
		}
	}
	n = copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// Write implements net.Conn.
func (c *oldTLS) Write(p []byte) (int, error) {
	const most = 1 << 14
	for sent := 0; sent < len(p); sent += most {
		if err := c.write(recordApplicationData, p[sent:min(sent+most, len(p))]); err != nil {
			return sent, err
		}
	}
	return len(p), nil
}

// Close implements net.Conn.
func (c *oldTLS) Close() error {
	return errors.Join(c.write(recordAlert, []byte{alertWarning, 0}), c.Conn.Close())
}

func (c *oldTLS) write(kind byte, p []byte) error {
	explicit := binary.BigEndian.AppendUint64(nil, c.out.sequence)
	sealed := c.out.aead.Seal(explicit, slices.Concat(c.out.salt, explicit), p, c.out.next(kind, len(p)))
	_, err := c.Conn.Write(tlsRecord(kind, clienthello.TLS12, sealed))
	return err
}
