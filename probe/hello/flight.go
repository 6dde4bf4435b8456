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

// Flight is what a server sends behind its ServerHello up to TLS 1.2, in the clear.
type Flight struct {
	Certificates [][]byte // in DER, leaf first; nil where none came
	End          Alert    // by which the server ended the handshake; else the zero Alert
	Whole        bool     // the flight came to its end: the server did its part
}

// Flight sends a hello for v and returns the answer and, where the server chooses TLS
// 1.2 or less, what comes behind it.
func (s *Scanner) Flight(ctx context.Context, addr netip.AddrPort, serverName string, v Version, variant Variant) (a Answer, f Flight) {
	stopped := s.on(ctx, addr, func(conn net.Conn) Answer {
		var kept bytes.Buffer
		a = s.exchange(&keeping{conn, io.TeeReader(conn, &kept)}, v, variant, serverName)
		if a.Kind == Chosen && v <= TLS12 {
			f = flight(io.MultiReader(&kept, conn))
		}
		return a
	})
	return stopped, f
}

// keeping is a connection whose reads are kept.
type keeping struct {
	net.Conn
	from io.Reader
}

func (k *keeping) Read(p []byte) (int, error) { return k.from.Read(p) }

// flight reads records up to the end of a server's first flight (RFC 5246, section 7.3), and no more than 64 KiB, and
// returns what is in it.
func flight(r io.Reader) (f Flight) {
	r = io.LimitReader(r, limit.AnswerBytes)
	var messages cryptobyte.String
	for {
		header := make([]byte, 5)
		if _, err := io.ReadFull(r, header); err != nil {
			return f
		}
		fragment := make([]byte, int(header[3])<<8|int(header[4]))
		if _, err := io.ReadFull(r, fragment); err != nil {
			return f
		}
		switch {
		case header[0] == typeAlert && len(fragment) >= 2 && fragment[0] != levelFatal: // a warning
			continue
		case header[0] == typeAlert && len(fragment) >= 2:
			f.End = Alert{Level: fragment[0], Description: fragment[1]}
			return f
		case header[0] != typeHandshake:
			return f
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
				f.Whole = true
				return f
			case kind == messageCertificate && f.Certificates == nil && body.ReadUint24LengthPrefixed(&list):
				for list.ReadUint24LengthPrefixed(&der) {
					f.Certificates = append(f.Certificates, der)
				}
			}
		}
	}
}
