package hello

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/netip"

	"golang.org/x/crypto/cryptobyte"

	"prober/limit"
)

// messageCertificate is a handshake message type (IANA, TLS HandshakeType).
const messageCertificate = 11

// Flight sends the main hello for v and returns the answer and, where the server chooses TLS
// 1.2 or less, the certificates that it sends in the clear: in DER, leaf first. They are nil
// where none came.
func (s *Scanner) Flight(ctx context.Context, addr netip.AddrPort, serverName string, v Version) (a Answer, chain [][]byte) {
	stopped := s.on(ctx, addr, func(conn net.Conn) Answer {
		var kept bytes.Buffer
		a = s.exchange(&keeping{conn, io.TeeReader(conn, &kept)}, v, Main, serverName)
		if a.Kind == Chosen && v <= TLS12 {
			chain = certificates(io.MultiReader(&kept, conn))
		}
		return a
	})
	return stopped, chain
}

// keeping is a connection whose reads are kept.
type keeping struct {
	net.Conn
	from io.Reader
}

func (k *keeping) Read(p []byte) (int, error) { return k.from.Read(p) }

// certificates reads records up to the end of the first Certificate message (RFC 5246, section
// 7.4.2), and no more than 64 KiB.
func certificates(r io.Reader) (chain [][]byte) {
	r = io.LimitReader(r, limit.AnswerBytes)
	var messages []byte
	for {
		header := make([]byte, 5)
		if _, err := io.ReadFull(r, header); err != nil || header[0] != typeHandshake {
			return nil
		}
		fragment := make([]byte, int(header[3])<<8|int(header[4]))
		if _, err := io.ReadFull(r, fragment); err != nil {
			return nil
		}
		messages = append(messages, fragment...)
		for in := cryptobyte.String(messages); ; {
			var kind uint8
			var body, list, der cryptobyte.String
			if !in.ReadUint8(&kind) || !in.ReadUint24LengthPrefixed(&body) {
				break // the next record has more
			}
			if kind != messageCertificate {
				continue
			}
			if !body.ReadUint24LengthPrefixed(&list) {
				return nil
			}
			for list.ReadUint24LengthPrefixed(&der) {
				chain = append(chain, der)
			}
			return chain
		}
	}
}
