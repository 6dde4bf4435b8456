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

// Handshake message types (IANA, TLS HandshakeType).
const (
	messageCertificate     = 11
	messageServerHelloDone = 14
)

// Flight sends a hello for v and returns the answer and, where the server chooses TLS
// 1.2 or less, the certificates that it sends in the clear: in DER, leaf first. They are nil
// where none came. The alert is the one by which the server ended the handshake behind its
// ServerHello; else the zero Alert.
func (s *Scanner) Flight(ctx context.Context, addr netip.AddrPort, serverName string, v Version, variant Variant) (a Answer, chain [][]byte, end Alert) {
	stopped := s.on(ctx, addr, func(conn net.Conn) Answer {
		var kept bytes.Buffer
		a = s.exchange(&keeping{conn, io.TeeReader(conn, &kept)}, v, variant, serverName)
		if a.Kind == Chosen && v <= TLS12 {
			chain, end = flight(io.MultiReader(&kept, conn))
		}
		return a
	})
	return stopped, chain, end
}

// keeping is a connection whose reads are kept.
type keeping struct {
	net.Conn
	from io.Reader
}

func (k *keeping) Read(p []byte) (int, error) { return k.from.Read(p) }

// flight reads records up to the end of a server's first flight (RFC 5246, section 7.3), and no more than 64 KiB, and
// returns the certificates in it and the alert that ended it before.
func flight(r io.Reader) (chain [][]byte, end Alert) {
	r = io.LimitReader(r, limit.AnswerBytes)
	var messages cryptobyte.String
	for {
		header := make([]byte, 5)
		if _, err := io.ReadFull(r, header); err != nil {
			return chain, end
		}
		fragment := make([]byte, int(header[3])<<8|int(header[4]))
		if _, err := io.ReadFull(r, fragment); err != nil {
			return chain, end
		}
		switch {
		case header[0] == typeAlert && len(fragment) >= 2 && fragment[0] != levelFatal: // a warning
			continue
		case header[0] == typeAlert && len(fragment) >= 2:
			return chain, Alert{Level: fragment[0], Description: fragment[1]}
		case header[0] != typeHandshake:
			return chain, end
		}
		messages = append(messages, fragment...)
		for {
			in := messages
			var kind uint8
			var body, list, der cryptobyte.String
			if !in.ReadUint8(&kind) || !in.ReadUint24LengthPrefixed(&body) {
				break // the next record has more
			}
			messages = in
			switch {
			case kind == messageServerHelloDone:
				return chain, end
			case kind == messageCertificate && chain == nil && body.ReadUint24LengthPrefixed(&list):
				for list.ReadUint24LengthPrefixed(&der) {
					chain = append(chain, der)
				}
			}
		}
	}
}
