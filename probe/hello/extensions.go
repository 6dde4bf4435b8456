package hello

import (
	"io"

	"golang.org/x/crypto/cryptobyte"
)

// Extension numbers (IANA, TLS ExtensionType Values).
const (
	extServerName        = 0
	extStatusRequest     = 5
	extSupportedGroups   = 10
	extPointFormats      = 11
	extSignatures        = 13
	extALPN              = 16
	extTimestamps        = 18
	extPadding           = 21
	extEncryptThenMAC    = 22
	extExtendedMaster    = 23
	extRecordSize        = 28
	extSessionTicket     = 35
	extSupportedVersions = 43
	extCookie            = 44
	extPSKModes          = 45
	extCertSignatures    = 50
	extKeyShare          = 51
	extRenegotiationInfo = 0xff01
)

// Named groups that are spoken of by name here (IANA, TLS Supported Groups).
const (
	groupP256   = 23
	groupX25519 = 29
)

// extensions makes the extension list of a hello for TLS 1.0 to 1.3, without padding.
// An empty extension never comes last: some servers answer that with decode_error.
func extensions(v Version, variant Variant, name string, random io.Reader) []byte {
	var b cryptobyte.Builder
	if name != "" {
		addServerName(&b, name)
	}
	if v != TLS13 && variant != Small || variant == Short {
		addExtension(&b, extExtendedMaster, func(*cryptobyte.Builder) {})
	}
	if variant == Short {
		addCommon(&b)
	}
	addExtension(&b, extSupportedGroups, func(b *cryptobyte.Builder) { addList16(b, groups(v, variant)) })
	if v != TLS13 || variant == Short {
		addExtension(&b, extPointFormats, func(b *cryptobyte.Builder) {
			b.AddBytes([]byte{3, 0, 1, 2}) // uncompressed, and the two compressed ones
		})
	}
	if v >= TLS12 { // RFC 5246 section 7.4.1.4.1: not to be sent below TLS 1.2
		addExtension(&b, extSignatures, func(b *cryptobyte.Builder) { addList16(b, signatures(variant)) })
	}
	if v == TLS13 {
		addTLS13(&b, variant, random)
	}
	return b.BytesOrPanic()
}

// addCommon adds what many clients send besides, and some server may not do without.
func addCommon(b *cryptobyte.Builder) {
	for _, flag := range []uint16{extSessionTicket, extEncryptThenMAC, extTimestamps} {
		addExtension(b, flag, func(*cryptobyte.Builder) {})
	}
	addExtension(b, extStatusRequest, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 0, 0, 0, 0}) }) // of any OCSP responder
	addExtension(b, extRecordSize, func(b *cryptobyte.Builder) { b.AddUint16(1 << 14) })
	addExtension(b, extALPN, func(b *cryptobyte.Builder) {
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			for _, protocol := range []string{"h2", "http/1.1"} {
				b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(protocol)) })
			}
		})
	})
}

func addServerName(b *cryptobyte.Builder, name string) {
	addExtension(b, extServerName, func(b *cryptobyte.Builder) {
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			b.AddUint8(0) // host_name
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(name)) })
		})
	})
}

// addTLS13 adds what RFC 8446 section 9.2 makes mandatory for a handshake with
// (EC)DHE.
func addTLS13(b *cryptobyte.Builder, variant Variant, random io.Reader) {
	addExtension(b, extSupportedVersions, func(b *cryptobyte.Builder) {
		b.AddBytes([]byte{2, 3, 4}) // TLS 1.3 and no other
	})
	addExtension(b, extPSKModes, func(b *cryptobyte.Builder) {
		b.AddBytes([]byte{1, 1}) // psk_dhe_ke; some servers fail without it
	})
	addExtension(b, extKeyShare, func(b *cryptobyte.Builder) {
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			switch variant {
			case KeyShare:
				addShare(b, groupX25519, take(random, 32)) // any 32 bytes are a public key
				addShare(b, groupP256, p256Point())
			case Short:
				addShare(b, groupX25519, take(random, 32))
			}
		})
	})
}

func addShare(b *cryptobyte.Builder, group uint16, key []byte) {
	b.AddUint16(group)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(key) })
}

// p256Point returns the base point of P-256 (FIPS 186-4 section D.1.2.3), uncompressed: a
// valid public key, and one whose private key (1) is no secret, since no handshake is
// completed with it.
func p256Point() []byte {
	return []byte{
		4,
		0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
		0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
		0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16,
		0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
	}
}

// groups lists the key exchange groups of a hello. Below TLS 1.3 it is every curve that
// was registered with RFC 4492 and 7027 and the finite-field groups of RFC 7919;
// for TLS 1.3 also the SM2 curve of RFC 8998, the Brainpool curves of RFC 8734 and the
// post-quantum groups. Naming a group costs two bytes, and a server that accepts a
// single group only must find it. With key shares the post-quantum groups are left out,
// since a server that prefers one would ask for its share and go no further.
func groups(v Version, variant Variant) []uint16 {
	switch {
	case variant == Small || v == TLS13 && variant == Short:
		return []uint16{groupX25519, groupP256, 24, 25}
	case v == TLS13:
		classical := []uint16{groupX25519, groupP256, 24, 25, 30, 256, 257, 258, 259, 260, 31, 32, 33, 41}
		if variant == KeyShare {
			return classical
		}
		return append(classical, 0x11ec, 0x11eb, 0x11ed, 0x0200, 0x0201, 0x0202)
	}
	return []uint16{
		groupX25519, groupP256, 24, 25, 30, 28, 27, 26, 22, 14, 13, 12, 11, 10, 9,
		21, 20, 19, 18, 17, 16, 15, 256, 257, 258,
	}
}

// signatures lists the signature schemes of a hello (IANA, TLS SignatureScheme): ECDSA,
// EdDSA, RSA-PSS, RSA PKCS#1 and DSA with every hash, and SM2.
func signatures(variant Variant) []uint16 {
	if variant == Small {
		return []uint16{0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201, 0x0203}
	}
	return []uint16{
		0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806,
		0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0302, 0x0202, 0x0708,
	}
}

// pad appends the padding extension of RFC 7685 where the length of the hello is one
// that load balancers were seen to hang on: handshake messages of 256 to 511 bytes, and
// records whose length is 10 or 14 modulo 256 (F5, article K53322151), counted
// with or without their headers to be safe. before is the length of the body so far
// without the extensions. Padding is never empty and comes last.
func pad(list []byte, before int) []byte {
	const messageHeader, extensionHeader = 4, 4
	length := messageHeader + before + len(list)
	if !badLength(length) {
		return list
	}
	padding := max(1, 512-length-extensionHeader)
	for badLength(length + extensionHeader + padding) {
		padding++
	}
	var b cryptobyte.Builder
	b.AddBytes(list)
	addExtension(&b, extPadding, func(b *cryptobyte.Builder) { b.AddBytes(make([]byte, padding)) })
	return b.BytesOrPanic()
}

// badLength tells the lengths of a handshake message, header included, to stay clear of.
func badLength(length int) bool {
	const messageHeader, recordHeader = 4, 5
	if length >= 256 && length < 512 {
		return true
	}
	for _, counted := range [...]int{length - messageHeader, length, length + recordHeader} {
		if rest := counted % 256; rest == 10 || rest == 14 {
			return true
		}
	}
	return false
}

func addExtension(b *cryptobyte.Builder, number uint16, data func(*cryptobyte.Builder)) {
	b.AddUint16(number)
	b.AddUint16LengthPrefixed(data)
}

func addList16(b *cryptobyte.Builder, list []uint16) {
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		for _, n := range list {
			b.AddUint16(n)
		}
	})
}

// take reads n bytes from random. Bytes that cannot be read are zero.
func take(random io.Reader, n int) []byte {
	out := make([]byte, n)
	if random == nil {
		return out
	}
	got, err := io.ReadFull(random, out)
	if err != nil {
		clear(out[got:])
	}
	return out
}
