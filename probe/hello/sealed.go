package hello

import (
	"bufio"
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"hash"
	"io"
	"net"
	"net/netip"

	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/cryptobyte"

	"prober/limit"
)

// KeyKind is a kind of key that a server's certificate may have.
type KeyKind uint8

// The kinds. The zero value is AnyKey.
const (
	AnyKey   KeyKind = iota
	RSAKey           // signs with RSA-PSS
	ECDSAKey         // or EdDSA
)

// schemes are the signature schemes of TLS 1.3 that such a key signs a handshake with.
func (k KeyKind) schemes() []uint16 {
	switch k {
	case RSAKey:
		return []uint16{0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b}
	case ECDSAKey:
		return []uint16{0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x081a, 0x081b, 0x081c}
	case AnyKey:
	}
	return signatures(Main)
}

// Sealed returns the certificates that a server sends in a handshake of TLS 1.3, in DER, leaf
// first, by a key of this kind; nil where none came. TLS 1.3 encrypts them: the handshake is
// followed that far, without a look at whether the server has the key, which is not made out by
// what is said of the certificates. The alert is the one by which the server ended the handshake
// behind its ServerHello, as JSSE does where it has no certificate; else the zero Alert.
func (s *Scanner) Sealed(ctx context.Context, addr netip.AddrPort, serverName string, kind KeyKind) (chain [][]byte, end Alert) {
	s.on(ctx, addr, func(conn net.Conn) Answer {
		chain, end = sealed(conn, serverName, kind)
		return Answer{}
	})
	return chain, end
}

func sealed(conn io.ReadWriter, serverName string, kind KeyKind) ([][]byte, Alert) {
	keys := map[uint16]*ecdh.PrivateKey{}
	for group, curve := range map[uint16]ecdh.Curve{groupX25519: ecdh.X25519(), groupP256: ecdh.P256()} {
		key, err := curve.GenerateKey(rand.Reader)
		if err != nil {
			return nil, Alert{}
		}
		keys[group] = key
	}
	asked := sealedHello(serverName, kind, keys)
	head := []byte{typeHandshake, 3, 1, byte(len(asked) >> 8), byte(len(asked))}
	if _, err := conn.Write(append(head, asked...)); err != nil {
		return nil, Alert{}
	}
	in := bufio.NewReader(io.LimitReader(conn, limit.AnswerBytes))
	chosen := serverHelloFrom(in)
	open, err := newOpener(asked, chosen, keys)
	if err != nil {
		return nil, Alert{}
	}
	var messages []byte
	for {
		content, err := open.next(in)
		if err != nil {
			var end lastAlert
			errors.As(err, &end)
			return nil, Alert(end)
		}
		messages = append(messages, content...)
		if chain, done := certificates13(messages); done {
			return chain, Alert{}
		}
	}
}

// sealedHello is a ClientHello of TLS 1.3 (RFC 8446, section 4.1.2) with the message's head.
func sealedHello(serverName string, kind KeyKind, keys map[uint16]*ecdh.PrivateKey) []byte {
	var b cryptobyte.Builder
	b.AddUint8(messageClientHello)
	b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) {
		b.AddUint16(TLS12.Wire())
		b.AddBytes(take(rand.Reader, 32))
		b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(take(rand.Reader, 32)) })
		addList16(b, []uint16{aes128, aes256, chacha20})
		b.AddBytes([]byte{1, 0})
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			if name := sniName(serverName); name != "" {
				addServerName(b, name)
			}
			addExtension(b, extSupportedGroups, func(b *cryptobyte.Builder) { addList16(b, []uint16{groupX25519, groupP256}) })
			addExtension(b, extSignatures, func(b *cryptobyte.Builder) { addList16(b, kind.schemes()) })
			addExtension(b, extCertSignatures, func(b *cryptobyte.Builder) { addList16(b, signatures(Main)) })
			addExtension(b, extSupportedVersions, func(b *cryptobyte.Builder) { b.AddBytes([]byte{2, 3, 4}) })
			addExtension(b, extPSKModes, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 1}) })
			addExtension(b, extKeyShare, func(b *cryptobyte.Builder) {
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
					for _, group := range []uint16{groupX25519, groupP256} {
						addShare(b, group, keys[group].PublicKey().Bytes())
					}
				})
			})
		})
	})
	return b.BytesOrPanic()
}

// Suites of TLS 1.3 (RFC 8446, appendix B.4).
const (
	aes128   = 0x1301
	aes256   = 0x1302
	chacha20 = 0x1303
)

// serverHelloFrom reads the records up to the end of the ServerHello, and returns that with its
// head; nil where something else comes.
func serverHelloFrom(in *bufio.Reader) (message []byte) {
	for {
		kind, content, err := readRecord(in)
		if err != nil || kind != typeHandshake {
			return nil
		}
		message = append(message, content...)
		if len(message) >= 4 {
			switch size := 4 + int(message[1])<<16 + int(binary.BigEndian.Uint16(message[2:])); {
			case message[0] != messageServerHello || len(message) > size:
				return nil
			case len(message) == size:
				return message
			}
		}
	}
}

// readRecord reads a record, and passes over the ChangeCipherSpec records that TLS 1.3 sends for
// middleboxes.
func readRecord(in *bufio.Reader) (kind byte, content []byte, err error) {
	for {
		kind, length, err := recordHeader(in)
		if err != nil {
			return 0, nil, err
		}
		content = make([]byte, length)
		if _, err := io.ReadFull(in, content); err != nil {
			return 0, nil, err
		}
		if kind != typeChangeCipherSpec {
			return kind, content, nil
		}
	}
}

// opener decrypts the records of a server's handshake (RFC 8446, section 5.2).
type opener struct {
	seal     cipher.AEAD
	iv       []byte
	sequence uint64
}

// newOpener derives the keys (RFC 8446, section 7.1) from the two hellos and the client's keys.
func newOpener(asked, chosen []byte, keys map[uint16]*ecdh.PrivateKey) (*opener, error) {
	if len(chosen) < 4 {
		return nil, errNotTLS
	}
	suite, group, share := shareOf(chosen[4:])
	key := keys[group]
	if key == nil {
		return nil, errNotTLS
	}
	peer, err := key.Curve().NewPublicKey(share)
	if err != nil {
		return nil, err
	}
	shared, err := key.ECDH(peer)
	if err != nil {
		return nil, err
	}
	newHash, size := sha256.New, 16
	switch suite {
	case aes128:
	case aes256:
		newHash, size = sha512.New384, 32
	case chacha20:
		size = 32
	default:
		return nil, errNotTLS
	}
	secret, err := serverSecret(newHash, shared, append(asked, chosen...))
	if err != nil {
		return nil, err
	}
	k, err := expandLabel(newHash, secret, "key", nil, size)
	if err != nil {
		return nil, err
	}
	o := &opener{}
	if o.iv, err = expandLabel(newHash, secret, "iv", nil, 12); err != nil {
		return nil, err
	}
	if suite == chacha20 {
		o.seal, err = chacha20poly1305.New(k)
		return o, err
	}
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, err
	}
	o.seal, err = cipher.NewGCM(block)
	return o, err
}

// serverSecret is the server_handshake_traffic_secret.
func serverSecret(newHash func() hash.Hash, shared, transcript []byte) ([]byte, error) {
	none, sum := newHash(), newHash()
	sum.Write(transcript)
	early, err := hkdf.Extract(newHash, make([]byte, none.Size()), nil)
	if err != nil {
		return nil, err
	}
	derived, err := expandLabel(newHash, early, "derived", none.Sum(nil), none.Size())
	if err != nil {
		return nil, err
	}
	handshake, err := hkdf.Extract(newHash, shared, derived)
	if err != nil {
		return nil, err
	}
	return expandLabel(newHash, handshake, "s hs traffic", sum.Sum(nil), sum.Size())
}

// expandLabel is HKDF-Expand-Label.
func expandLabel(newHash func() hash.Hash, secret []byte, label string, context []byte, size int) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddUint16(uint16(size)) //nolint:gosec // a key or a digest
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte("tls13 " + label)) })
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(context) })
	return hkdf.Expand(newHash, secret, string(b.BytesOrPanic()), size)
}

// shareOf returns the suite of a ServerHello's body and the server's key share; zero where it has
// none, as a HelloRetryRequest.
func shareOf(body []byte) (suite, group uint16, share []byte) {
	in := cryptobyte.String(body)
	var session, extensions cryptobyte.String
	if !in.Skip(2+32) || !in.ReadUint8LengthPrefixed(&session) || !in.ReadUint16(&suite) || !in.Skip(1) || !in.ReadUint16LengthPrefixed(&extensions) {
		return 0, 0, nil
	}
	for !extensions.Empty() {
		var number uint16
		var data, key cryptobyte.String
		if !extensions.ReadUint16(&number) || !extensions.ReadUint16LengthPrefixed(&data) {
			return 0, 0, nil
		}
		if number == extKeyShare && data.ReadUint16(&group) && data.ReadUint16LengthPrefixed(&key) && data.Empty() {
			return suite, group, key
		}
	}
	return 0, 0, nil
}

// next reads a record and returns the part of handshake messages in it.
func (o *opener) next(in *bufio.Reader) ([]byte, error) {
	kind, sealed, err := readRecord(in)
	if err != nil {
		return nil, err
	}
	if kind == typeAlert && len(sealed) == 2 { // in the clear
		return nil, lastAlert{Level: sealed[0], Description: sealed[1]}
	}
	nonce := bytes.Clone(o.iv)
	for i := range 8 {
		nonce[4+i] ^= byte(o.sequence >> (56 - 8*i))
	}
	o.sequence++
	head := []byte{kind, 3, 3, byte(len(sealed) >> 8), byte(len(sealed))}
	content, err := o.seal.Open(nil, nonce, sealed, head)
	if err != nil {
		return nil, err
	}
	content = bytes.TrimRight(content, "\x00") // padding
	if len(content) == 3 && content[2] == typeAlert {
		return nil, lastAlert{Level: content[0], Description: content[1]}
	}
	if len(content) == 0 || content[len(content)-1] != typeHandshake {
		return nil, errNotTLS
	}
	return content[:len(content)-1], nil
}

// lastAlert is the alert by which a server ended a handshake.
type lastAlert Alert

func (e lastAlert) Error() string { return Alert(e).String() }

// certificates13 returns the certificates of the first Certificate message (RFC 8446, section
// 4.4.2); done is false while it is not complete.
func certificates13(messages []byte) (chain [][]byte, done bool) {
	for in := cryptobyte.String(messages); ; {
		var kind uint8
		var body, context, list, der, extensions cryptobyte.String
		if !in.ReadUint8(&kind) || !in.ReadUint24LengthPrefixed(&body) {
			return nil, false
		}
		if kind != messageCertificate {
			continue
		}
		if !body.ReadUint8LengthPrefixed(&context) || !body.ReadUint24LengthPrefixed(&list) {
			return nil, true
		}
		for list.ReadUint24LengthPrefixed(&der) && list.ReadUint16LengthPrefixed(&extensions) {
			chain = append(chain, der)
		}
		return chain, true
	}
}
