package hello

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"

	"golang.org/x/crypto/cryptobyte"
)

// Message types of SSLv2 (Hickman, "The SSL Protocol", 1995).
const (
	sslv2Error       = 0
	sslv2ClientHello = 1
	sslv2ServerHello = 4
)

// sslv2Cipher is a cipher kind of SSLv2: three bytes on the wire.
type sslv2Cipher struct {
	kind uint32
	name string
}

var sslv2Ciphers = []sslv2Cipher{
	{0x010080, "SSL_CK_RC4_128_WITH_MD5"},
	{0x020080, "SSL_CK_RC4_128_EXPORT40_WITH_MD5"},
	{0x030080, "SSL_CK_RC2_128_CBC_WITH_MD5"},
	{0x040080, "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5"},
	{0x050080, "SSL_CK_IDEA_128_CBC_WITH_MD5"},
	{0x060040, "SSL_CK_DES_64_CBC_WITH_MD5"},
	{0x0700c0, "SSL_CK_DES_192_EDE3_CBC_WITH_MD5"},
}

// helloSSLv2 makes a CLIENT-HELLO of SSLv2 with a 16-byte challenge. RFC 6176 forbids
// sending one in earnest; asking is the only way to learn that a server still answers.
func helloSSLv2(random io.Reader) []byte {
	var b cryptobyte.Builder
	b.AddUint8(sslv2ClientHello)
	b.AddUint16(SSLv2.Wire())
	b.AddUint16(uint16(3 * len(sslv2Ciphers)))
	b.AddUint16(0)  // no session id
	b.AddUint16(16) // length of the challenge
	for _, c := range sslv2Ciphers {
		b.AddUint24(c.kind)
	}
	b.AddBytes(take(random, 16))
	message := b.BytesOrPanic()
	return append([]byte{0x80, byte(len(message))}, message...)
}

// classifySSLv2 reads the answer to a hello of SSLv2. A record of SSLv3 or TLS in answer
// to it is not SSLv2: servers that know the old form of the hello answer so.
func classifySSLv2(in *bufio.Reader) Answer {
	first, err := in.Peek(1)
	if err != nil {
		return ended(err, first, nil)
	}
	if isContentType(first[0]) {
		return classifyTLS(SSLv2, nil, in)
	}
	if first[0]&0x80 == 0 { // only escaped data may come with a header of three bytes
		return notTLS(in)
	}
	head, err := in.Peek(3)
	if err != nil {
		return ended(err, head, nil)
	}
	length := int(binary.BigEndian.Uint16(head) & 0x7fff)
	switch {
	case head[2] == sslv2Error && length == 3:
		message, err := in.Peek(5)
		if err != nil {
			return ended(err, message, nil)
		}
		return Answer{Kind: SSLv2Refusal, Evidence: fmt.Sprintf("SSLv2 ERROR 0x%04x", binary.BigEndian.Uint16(message[3:]))}
	case head[2] == sslv2ServerHello:
		return serverHelloSSLv2(in, length)
	}
	return notTLS(in)
}

// serverHelloSSLv2 reads a SERVER-HELLO: type, session-id-hit, certificate-type, version,
// and the lengths of certificate, cipher specs and connection id. The fixed part and
// lengths that add up to the record's are enough; the certificate need not arrive.
func serverHelloSSLv2(in *bufio.Reader, length int) Answer {
	const header, fixed = 2, 11
	if length < fixed {
		return malformed("SSLv2 SERVER-HELLO of %d bytes", length)
	}
	head, err := in.Peek(header + fixed)
	if err != nil {
		return ended(err, head, nil)
	}
	fields := head[header:]
	version := binary.BigEndian.Uint16(fields[3:])
	certificate := int(binary.BigEndian.Uint16(fields[5:]))
	specs := int(binary.BigEndian.Uint16(fields[7:]))
	connection := int(binary.BigEndian.Uint16(fields[9:]))
	switch {
	case version != SSLv2.Wire():
		return malformed("SSLv2 SERVER-HELLO with version 0x%04x", version)
	case fixed+certificate+specs+connection != length, specs%3 != 0:
		return malformed("SSLv2 SERVER-HELLO whose lengths do not add up")
	}
	a := Answer{Kind: Chosen, Version: version, Evidence: "SSLv2 SERVER-HELLO"}
	if specs == 0 {
		a.Note = "no cipher is left to choose, and the protocol is on all the same (CVE-2015-3197)"
		return a
	}
	if _, err := in.Discard(header + fixed + certificate); err == nil {
		if spec, err := in.Peek(3); err == nil {
			a.Suite = sslv2CipherName(uint32(spec[0])<<16 | uint32(spec[1])<<8 | uint32(spec[2]))
		}
	}
	return a
}

func sslv2CipherName(kind uint32) string {
	for _, c := range sslv2Ciphers {
		if c.kind == kind {
			return c.name
		}
	}
	return fmt.Sprintf("0x%06x", kind)
}
