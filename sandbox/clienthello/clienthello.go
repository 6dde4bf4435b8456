// Package clienthello reads what a TLS or SSL client says first.
//
// It is the sandbox's own reader, written from the RFCs alone and sharing nothing with
// the prober's writer of such messages, so that an error in one cannot hide an error in
// the other. It reads the SSLv2 form (RFC 6101, appendix E) and the form of SSLv3 and
// TLS (RFC 5246, section 7.4.1.2; RFC 8446, section 4.1.2), which may be split over
// several records.
package clienthello

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"golang.org/x/crypto/cryptobyte"
)

// Version is a protocol version as it stands on the wire.
type Version uint16

// The versions, from SSL 2.0 to TLS 1.3.
const (
	SSLv2 Version = 0x0002
	SSLv3 Version = 0x0300
	TLS10 Version = 0x0301
	TLS11 Version = 0x0302
	TLS12 Version = 0x0303
	TLS13 Version = 0x0304
)

// String returns the name that the catalogue uses, or the number in hex.
func (v Version) String() string {
	switch v {
	case SSLv2:
		return "SSLv2"
	case SSLv3:
		return "SSLv3"
	case TLS10:
		return "TLS1.0"
	case TLS11:
		return "TLS1.1"
	case TLS12:
		return "TLS1.2"
	case TLS13:
		return "TLS1.3"
	}
	return fmt.Sprintf("%#04x", uint16(v))
}

// Hello is what was said.
type Hello struct {
	// V2Format: the message has the form of SSLv2, whatever version it asks for.
	V2Format bool
	// Legacy is the version field of the message; in TLS 1.3 it says 1.2.
	Legacy Version
	// Supported is the content of the extension supported_versions; nil without it.
	Supported  []Version
	ServerName string
	ALPN       []string
	// Suites are the cipher suites; those of SSLv2 have three bytes.
	Suites []uint32
	// Size is the length of the whole message in bytes without record headers.
	Size int
}

// Offers tells whether the client offers v.
func (h Hello) Offers(v Version) bool {
	if h.Supported != nil {
		return slices.Contains(h.Supported, v)
	}
	if h.V2Format && v == SSLv2 {
		return h.Legacy == SSLv2
	}
	// Without the extension the field is the highest version (RFC 8446, section 4.2.1);
	// nobody means SSLv3 by saying TLS.
	return v == h.Legacy || (v >= TLS10 && v < h.Legacy && v <= TLS12)
}

// ErrNotTLS means that the first bytes are neither TLS nor SSL; [Read] returns them too.
var ErrNotTLS = errors.New("not a TLS or SSL hello")

// maxSize bounds a hello, in bytes: more than any client sends, within what a
// handshake message may be.
const maxSize = 64 << 10

// Read reads one hello and returns it with all the bytes that it took from r, also
// when it fails: they are to be handed on to a TLS server.
func Read(r io.Reader) (Hello, []byte, error) {
	var taken bytes.Buffer
	h, err := read(io.TeeReader(r, &taken))
	return h, taken.Bytes(), err
}

func read(in io.Reader) (Hello, error) {
	head, err := next(in, 5)
	if err != nil {
		return Hello{}, fmt.Errorf("reading a record header: %w", err)
	}
	switch {
	case head[0]&0x80 != 0 && head[2] == 1:
		return readV2(in, head)
	case head[0] == 22 && head[1] == 3:
		return readHandshake(in, head)
	}
	return Hello{}, ErrNotTLS
}

// next reads exactly n bytes.
func next(in io.Reader, n int) ([]byte, error) {
	p := make([]byte, n)
	_, err := io.ReadFull(in, p)
	return p, err
}

// readHandshake gathers handshake bytes from records until the message is whole.
func readHandshake(in io.Reader, head []byte) (Hello, error) {
	var message []byte
	for {
		if head[0] != 22 {
			return Hello{}, fmt.Errorf("record type %d inside a hello", head[0])
		}
		length := int(head[3])<<8 | int(head[4])
		if length == 0 || length > 1<<14 {
			return Hello{}, fmt.Errorf("handshake record of %d bytes", length)
		}
		body, err := next(in, length)
		if err != nil {
			return Hello{}, fmt.Errorf("reading a record of %d bytes: %w", length, err)
		}
		message = append(message, body...)
		if len(message) >= 4 {
			size := 4 + (int(message[1])<<16 | int(message[2])<<8 | int(message[3]))
			if message[0] != 1 || size > maxSize {
				return Hello{}, fmt.Errorf("handshake message of type %d and %d bytes", message[0], size)
			}
			if len(message) >= size {
				return Parse(message[:size])
			}
		}
		if head, err = next(in, 5); err != nil {
			return Hello{}, fmt.Errorf("reading a record header: %w", err)
		}
	}
}

var errSyntax = errors.New("the ClientHello breaks its grammar")

// Parse reads a ClientHello message: type, length, body.
func Parse(message []byte) (Hello, error) {
	h := Hello{Size: len(message)}
	s := cryptobyte.String(message)
	var kind uint8
	var body, session, suites, compressions cryptobyte.String
	var version uint16
	if !s.ReadUint8(&kind) || kind != 1 || !s.ReadUint24LengthPrefixed(&body) || !s.Empty() ||
		!body.ReadUint16(&version) || !body.Skip(32) || !body.ReadUint8LengthPrefixed(&session) ||
		!body.ReadUint16LengthPrefixed(&suites) || !body.ReadUint8LengthPrefixed(&compressions) {
		return h, errSyntax
	}
	h.Legacy = Version(version)
	for !suites.Empty() {
		var suite uint16
		if !suites.ReadUint16(&suite) {
			return h, errSyntax
		}
		h.Suites = append(h.Suites, uint32(suite))
	}
	if body.Empty() {
		return h, nil // SSLv3 and old TLS have no extensions
	}
	var extensions cryptobyte.String
	if !body.ReadUint16LengthPrefixed(&extensions) || !body.Empty() {
		return h, errSyntax
	}
	for !extensions.Empty() {
		var id uint16
		var data cryptobyte.String
		if !extensions.ReadUint16(&id) || !extensions.ReadUint16LengthPrefixed(&data) || !h.extension(id, data) {
			return h, errSyntax
		}
	}
	return h, nil
}

// extension takes in one extension; false means that it breaks its grammar.
func (h *Hello) extension(id uint16, data cryptobyte.String) bool {
	var list cryptobyte.String
	switch id {
	case 0: // server_name, RFC 6066, section 3
		if !data.ReadUint16LengthPrefixed(&list) {
			return false
		}
		for !list.Empty() {
			var kind uint8
			var name cryptobyte.String
			if !list.ReadUint8(&kind) || !list.ReadUint16LengthPrefixed(&name) {
				return false
			}
			if kind == 0 && h.ServerName == "" {
				h.ServerName = string(name)
			}
		}
	case 16: // application_layer_protocol_negotiation, RFC 7301
		if !data.ReadUint16LengthPrefixed(&list) {
			return false
		}
		for !list.Empty() {
			var name cryptobyte.String
			if !list.ReadUint8LengthPrefixed(&name) {
				return false
			}
			h.ALPN = append(h.ALPN, string(name))
		}
	case 43: // supported_versions, RFC 8446, section 4.2.1
		if !data.ReadUint8LengthPrefixed(&list) {
			return false
		}
		h.Supported = []Version{}
		for !list.Empty() {
			var v uint16
			if !list.ReadUint16(&v) {
				return false
			}
			h.Supported = append(h.Supported, Version(v))
		}
	}
	return true
}

// readV2 reads the SSLv2 form, whose record has a two-byte header.
func readV2(in io.Reader, head []byte) (Hello, error) {
	length := int(head[0]&0x7f)<<8 | int(head[1])
	if length < 9 {
		return Hello{}, fmt.Errorf("SSLv2 hello of %d bytes", length)
	}
	rest, err := next(in, length-3)
	if err != nil {
		return Hello{}, fmt.Errorf("reading an SSLv2 hello of %d bytes: %w", length, err)
	}
	h := Hello{V2Format: true, Size: length}
	s := cryptobyte.String(append(head[3:], rest...))
	var version, suitesLen, sessionLen, challengeLen uint16
	var suites, session, challenge []byte
	if !s.ReadUint16(&version) || !s.ReadUint16(&suitesLen) || !s.ReadUint16(&sessionLen) ||
		!s.ReadUint16(&challengeLen) || !s.ReadBytes(&suites, int(suitesLen)) ||
		!s.ReadBytes(&session, int(sessionLen)) || !s.ReadBytes(&challenge, int(challengeLen)) ||
		!s.Empty() || len(suites)%3 != 0 {
		return h, errSyntax
	}
	h.Legacy = Version(version)
	for ; len(suites) > 0; suites = suites[3:] {
		h.Suites = append(h.Suites, uint32(suites[0])<<16|uint32(suites[1])<<8|uint32(suites[2]))
	}
	return h, nil
}
