package hello

import (
	"encoding/binary"
	"slices"
)

// LacksRenegotiationInfo reports whether what a server sent begins with a ServerHello of TLS 1.0 to 1.2 without the
// extension by which it says that it binds a renegotiation to what went before it (RFC 5746, section 3.6). False where
// the beginning does not reach to the end of the ServerHello. The client must have asked for it.
func LacksRenegotiationInfo(sent []byte) bool {
	h, whole := greeting(sent)
	return whole && h.version >= TLS10.Wire() && h.negotiated() <= TLS12.Wire() && !slices.Contains(h.extensions, extRenegotiationInfo)
}

// Forbidden returns the name of the first extension in such a beginning that has no place in a ServerHello of its version, or
// answers none that a hello of this program asks with; empty where there is none. OpenSSL and GnuTLS end the handshake at
// each of them. Extensions that nobody knows are none: they pass over those.
func Forbidden(sent []byte) (name string) {
	h, whole := greeting(sent)
	if !whole {
		return ""
	}
	return h.forbidden()
}

// greeting reads the ServerHello or HelloRetryRequest that begins what a server sent, behind alerts.
func greeting(sent []byte) (h serverHello, whole bool) {
	var message []byte
	for len(sent) >= 5 && sent[1] == 3 && (sent[0] == typeHandshake || sent[0] == typeAlert) {
		n := min(int(binary.BigEndian.Uint16(sent[3:])), len(sent)-5)
		if sent[0] == typeHandshake {
			message = append(message, sent[5:5+n]...)
		}
		sent = sent[5+n:]
	}
	if len(message) < 4 || message[0] != messageServerHello {
		return h, false
	}
	length := int(message[1])<<16 | int(binary.BigEndian.Uint16(message[2:]))
	if len(message) < 4+length {
		return h, false
	}
	h = parseServerHello(message[4 : 4+length])
	return h, h.whole
}

// strangers are extensions that a server may not send in a ServerHello: up to TLS 1.2, of TLS 1.3, or ever, since no hello
// here has them.
var strangers = []struct {
	number   uint16
	name     string
	from, to Version
}{
	{1, "max_fragment_length", TLS10, TLS13},
	{extSupportedGroups, "supported_groups", TLS13, TLS13},
	{12, "srp", TLS10, TLS13},
	{extSignatures, "signature_algorithms", TLS10, TLS13},
	{14, "use_srtp", TLS10, TLS13},
	{extEncryptThenMAC, "encrypt_then_mac", TLS13, TLS13},
	{41, "pre_shared_key", TLS10, TLS12},
	{42, "early_data", TLS10, TLS13},
	{extCookie, "cookie", TLS10, TLS12},
	{extPSKModes, "psk_key_exchange_modes", TLS10, TLS13},
	{49, "post_handshake_auth", TLS10, TLS13},
	{extKeyShare, "key_share", TLS10, TLS12},
}

func (h *serverHello) forbidden() (name string) {
	for _, s := range strangers {
		if v := h.negotiated(); v >= s.from.Wire() && v <= s.to.Wire() && slices.Contains(h.extensions, s.number) {
			return s.name
		}
	}
	return ""
}
