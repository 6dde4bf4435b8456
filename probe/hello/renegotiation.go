package hello

import "encoding/binary"

// LacksRenegotiationInfo reports whether what a server sent begins with a ServerHello of TLS 1.0 to 1.2 without the
// extension by which it says that it binds a renegotiation to what went before it (RFC 5746, section 3.6). False where
// the beginning does not reach to the end of the ServerHello. The client must have asked for it.
func LacksRenegotiationInfo(sent []byte) bool {
	var message []byte
	for len(sent) >= 5 && sent[1] == 3 && (sent[0] == typeHandshake || sent[0] == typeAlert) {
		n := min(int(binary.BigEndian.Uint16(sent[3:])), len(sent)-5)
		if sent[0] == typeHandshake {
			message = append(message, sent[5:5+n]...)
		}
		sent = sent[5+n:]
	}
	if len(message) < 4 || message[0] != messageServerHello {
		return false
	}
	length := int(message[1])<<16 | int(binary.BigEndian.Uint16(message[2:]))
	if len(message) < 4+length {
		return false
	}
	h := parseServerHello(message[4 : 4+length])
	return h.whole && h.version >= TLS10.Wire() && h.negotiated() <= TLS12.Wire() && !h.renegotiates
}
