package hello

import (
	"io"
	"net/netip"
	"strings"

	"golang.org/x/crypto/cryptobyte"
)

// Hello returns the bytes that ask a server about v: one record holding one ClientHello
// that offers v and nothing else, to be sent with a single write (F5 load balancers were
// seen to fail when the record header travels alone).
//
// The server name goes into the server_name extension unless the variant is NoSNI, the
// version is SSLv2 or SSLv3, which have no extensions, or RFC 6066 section 3 leaves it
// no form: an IP address, an empty name, one over 255 bytes or not in ASCII. A
// final dot is removed, as the RFC asks.
//
// Random bytes are read from random; those it cannot give stay zero, which does no harm
// in a handshake that nobody completes. FALLBACK_SCSV (RFC 7507) and GREASE (RFC 8701)
// are never sent: either can make a good server answer differently.
func Hello(v Version, variant Variant, serverName string, random io.Reader) []byte {
	if v == SSLv2 {
		return helloSSLv2(random)
	}
	name := sniName(serverName)
	if variant == NoSNI {
		name = ""
	}
	body := clientHello(v, variant, name, random)

	record := uint16(0x0301) // RFC 8446 section 5.1: in the first hello, for compatibility
	if v == SSLv3 {
		record = 0x0300
	}
	var b cryptobyte.Builder
	b.AddUint8(typeHandshake)
	b.AddUint16(record)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		b.AddUint8(messageClientHello)
		b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(body) })
	})
	return b.BytesOrPanic()
}

// clientHello makes the body of the handshake message (RFC 5246 section 7.4.1.2).
func clientHello(v Version, variant Variant, name string, random io.Reader) []byte {
	var b cryptobyte.Builder
	legacy := v.Wire()
	sessionID := 0
	if v == TLS13 {
		legacy = TLS12.Wire()
		if variant != Small {
			sessionID = 32 // RFC 8446 appendix D.4: makes it pass middleboxes
		}
	}
	b.AddUint16(legacy)
	b.AddBytes(take(random, 32))
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(take(random, sessionID)) })
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		for _, id := range Offered(v, variant) {
			b.AddUint16(id)
		}
	})
	b.AddUint8(1) // one compression method
	b.AddUint8(0) // null
	if v == SSLv3 {
		return b.BytesOrPanic()
	}
	list := extensions(v, variant, name, random)
	fixed := b.BytesOrPanic()
	if variant != Small {
		list = pad(list, len(fixed)+2)
	}
	var whole cryptobyte.Builder
	whole.AddBytes(fixed)
	whole.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(list) })
	return whole.BytesOrPanic()
}

// sniName returns the form of a server name that RFC 6066 section 3 allows, or "".
func sniName(name string) string {
	name = strings.TrimSuffix(name, ".")
	literal := strings.TrimSuffix(strings.TrimPrefix(name, "["), "]")
	if _, err := netip.ParseAddr(literal); err == nil {
		return ""
	}
	if len(name) > 255 {
		return ""
	}
	for i := range len(name) {
		if name[i] <= ' ' || name[i] > '~' {
			return ""
		}
	}
	return name
}
