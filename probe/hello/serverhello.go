package hello

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
)

// Handshake message types (IANA, TLS HandshakeType).
const (
	messageHelloRequest = 0
	messageClientHello  = 1
	messageServerHello  = 2
)

// serverHello holds the fields of a ServerHello or HelloRetryRequest that tell the
// version. Fields that were not reached are zero.
type serverHello struct {
	version     uint16
	random      []byte
	suite       uint16
	compression uint8
	selected    uint16 // of the supported_versions extension; 0 without one
	group       uint16 // of the key_share extension of a HelloRetryRequest; 0 without one

	extensions []uint16 // their numbers, in order

	sawSuite bool // the message reaches to the suite
	whole    bool // the message is complete and well-formed
}

// parseServerHello reads as much of a ServerHello body (RFC 8446 section 4.1.3, RFC 5246
// section 7.4.1.3) as body holds. The result is whole only if nothing is missing, nothing is
// left over and every length adds up.
func parseServerHello(body []byte) serverHello {
	var h serverHello
	in := cryptobyte.String(body)
	var session, extensions cryptobyte.String
	if !in.ReadUint16(&h.version) || !in.ReadBytes(&h.random, 32) || !in.ReadUint8LengthPrefixed(&session) ||
		len(session) > 32 || !in.ReadUint16(&h.suite) {
		return h
	}
	h.sawSuite = true
	if !in.ReadUint8(&h.compression) {
		return h
	}
	if in.Empty() { // extensions are optional up to TLS 1.2
		h.whole = true
		return h
	}
	if !in.ReadUint16LengthPrefixed(&extensions) {
		return h
	}
	h.whole = h.readExtensions(extensions) && in.Empty()
	return h
}

func (h *serverHello) readExtensions(in cryptobyte.String) bool {
	for !in.Empty() {
		var number uint16
		var data cryptobyte.String
		if !in.ReadUint16(&number) || !in.ReadUint16LengthPrefixed(&data) || slices.Contains(h.extensions, number) {
			return false
		}
		h.extensions = append(h.extensions, number)
		switch number {
		case extSupportedVersions:
			if !data.ReadUint16(&h.selected) || !data.Empty() || h.selected == 0 {
				return false
			}
		case extKeyShare:
			if h.isRetry() && (!data.ReadUint16(&h.group) || !data.Empty()) {
				return false
			}
		}
	}
	return true
}

// isRetry tells a HelloRetryRequest, whose random is the hash of its name (RFC 8446
// section 4.1.3).
func (h *serverHello) isRetry() bool {
	magic := sha256.Sum256([]byte("HelloRetryRequest"))
	return slices.Equal(h.random, magic[:])
}

func (h *serverHello) sentinel() Sentinel {
	if len(h.random) != 32 {
		return NoSentinel
	}
	switch string(h.random[24:]) {
	case "DOWNGRD\x01":
		return SentinelTLS12
	case "DOWNGRD\x00":
		return SentinelTLS11
	}
	return NoSentinel
}

// negotiated returns the version the server chose: supported_versions overrides the
// version field (RFC 8446 section 4.2.1).
func (h *serverHello) negotiated() uint16 {
	if h.selected != 0 {
		return h.selected
	}
	return h.version
}

// answer says what h, an answer to a hello for v that offered these suites, is. A hello
// that is not whole is taken for what it shows if it shows version and suite.
func (h *serverHello) answer(v Version, offered []uint16) Answer {
	if isDraft(h.version) && len(h.random) == 32 { // drafts up to 21 have a layout of their own
		h.selected, h.sawSuite, h.whole = 0, true, true
	}
	if !h.sawSuite {
		return malformed("ServerHello with lengths that do not add up")
	}
	if h.isRetry() && h.selected == 0 {
		return malformed("HelloRetryRequest without supported_versions")
	}
	version := h.negotiated()
	a := Answer{Version: version, Suite: SuiteName(h.suite), Sentinel: h.sentinel()}
	a.Evidence = "ServerHello " + wireName(version)
	if h.isRetry() {
		a.Evidence = "HelloRetryRequest " + wireName(version)
	}
	known := h.suite != renegotiationSCSV && slices.Contains(offered, h.suite)
	switch {
	case isDraft(version):
		a.Kind, a.Suite = Lower, ""
	case version>>8 != 3:
		return malformed("ServerHello with version 0x%04x", version)
	case version == v.Wire():
		if breach := h.breach(v, known); breach != "" {
			return malformed("%s, %s", a.Evidence, breach)
		}
		a.Kind = Chosen
		if name := h.forbidden(); name != "" {
			a.Note = fmt.Sprintf("breaks the protocol: the extension %s has no place in this ServerHello", name)
		}
		if h.isRetry() {
			a.Kind = Retry
		}
		return a
	case version < v.Wire():
		a.Kind = Lower
	default:
		a.Kind = Higher
		a.Note = fmt.Sprintf("breaks the protocol: answers a hello for %s with %s", v, wireName(version))
	}
	a.UnofferedSuite = !known && !isDraft(version) && v != SSLv2
	if a.UnofferedSuite {
		a.Evidence += fmt.Sprintf(" with suite %s, which was not offered", a.Suite)
	}
	return a
}

// breach names what makes a ServerHello with the right version unfit to prove anything;
// empty if nothing does.
func (h *serverHello) breach(v Version, known bool) string {
	switch {
	case v == TLS13 && h.selected == 0:
		return "without the supported_versions extension"
	case v != TLS13 && h.selected != 0:
		return "with a supported_versions extension that was not asked for"
	case !known:
		return fmt.Sprintf("suite %s, which was not offered", SuiteName(h.suite))
	case h.compression != 0:
		return fmt.Sprintf("compression method %d, which was not offered", h.compression)
	case v != TLS13 && h.isRetry():
		return "a HelloRetryRequest below TLS 1.3"
	case h.isRetry() && h.group != 0 && !slices.Contains(groups(TLS13, Main), h.group):
		return fmt.Sprintf("key exchange group 0x%04x, which was not offered", h.group)
	}
	return ""
}
