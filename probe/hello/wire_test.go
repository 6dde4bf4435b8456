package hello_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"prober/probe/hello"
)

// This file holds the other side of the wire, written apart from the package under test
// so that a mistake there is not mirrored here: a reader of ClientHellos and the answers
// servers give.

// parsedHello is a ClientHello as a server reads it.
type parsedHello struct {
	version    hello.Version // what it asks about
	record     uint16
	legacy     uint16
	sessionID  []byte
	suites     []uint16
	compress   []byte
	extensions []uint16 // in order
	data       map[uint16][]byte
	sni        string
	shares     []uint16 // groups in key_share
	message    int      // length of the handshake message with its header
}

// parseHello reads a hello and refuses any whose lengths do not add up exactly.
func parseHello(b []byte) (p parsedHello, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("hello is cut short: %v", r)
		}
	}()
	if b[0]&0x80 != 0 {
		return parseSSLv2(b)
	}
	if b[0] != 22 {
		return p, fmt.Errorf("record type %d", b[0])
	}
	p.record = binary.BigEndian.Uint16(b[1:])
	if int(binary.BigEndian.Uint16(b[3:])) != len(b)-5 {
		return p, errors.New("record length is wrong")
	}
	m := b[5:]
	p.message = len(m)
	if m[0] != 1 || int(m[1])<<16|int(binary.BigEndian.Uint16(m[2:])) != len(m)-4 {
		return p, errors.New("message header is wrong")
	}
	m = m[4:]
	p.legacy = binary.BigEndian.Uint16(m)
	m = m[2+32:]
	p.sessionID, m = m[1:1+m[0]], m[1+m[0]:]
	n := binary.BigEndian.Uint16(m)
	for s := m[2 : 2+n]; len(s) > 0; s = s[2:] {
		p.suites = append(p.suites, binary.BigEndian.Uint16(s))
	}
	m = m[2+n:]
	p.compress, m = m[1:1+m[0]], m[1+m[0]:]
	p.version = hello.SSLv3 + hello.Version(p.legacy-0x0300)
	if len(m) == 0 {
		return p, nil
	}
	if int(binary.BigEndian.Uint16(m)) != len(m)-2 {
		return p, errors.New("length of the extensions is wrong")
	}
	p.data = map[uint16][]byte{}
	for m = m[2:]; len(m) > 0; {
		number, n := binary.BigEndian.Uint16(m), binary.BigEndian.Uint16(m[2:])
		if _, twice := p.data[number]; twice {
			return p, fmt.Errorf("extension %d comes twice", number)
		}
		p.extensions = append(p.extensions, number)
		p.data[number] = m[4 : 4+n]
		m = m[4+n:]
	}
	if d, ok := p.data[0]; ok {
		if int(binary.BigEndian.Uint16(d)) != len(d)-2 || d[2] != 0 || int(binary.BigEndian.Uint16(d[3:])) != len(d)-5 {
			return p, errors.New("server_name is wrong")
		}
		p.sni = string(d[5:])
	}
	if d, ok := p.data[43]; ok {
		if !bytes.Equal(d, []byte{2, 3, 4}) {
			return p, fmt.Errorf("supported_versions % x", d)
		}
		p.version = hello.TLS13
	}
	if d, ok := p.data[51]; ok {
		if int(binary.BigEndian.Uint16(d)) != len(d)-2 {
			return p, errors.New("key_share is wrong")
		}
		for d = d[2:]; len(d) > 0; {
			p.shares = append(p.shares, binary.BigEndian.Uint16(d))
			d = d[4+binary.BigEndian.Uint16(d[2:]):]
		}
	}
	return p, nil
}

func parseSSLv2(b []byte) (parsedHello, error) {
	if int(binary.BigEndian.Uint16(b)&0x7fff) != len(b)-2 || b[2] != 1 || b[3] != 0 || b[4] != 2 {
		return parsedHello{}, errors.New("SSLv2 header is wrong")
	}
	specs, session, challenge := binary.BigEndian.Uint16(b[5:]), binary.BigEndian.Uint16(b[7:]), binary.BigEndian.Uint16(b[9:])
	if 11+int(specs)+int(session)+int(challenge) != len(b) || specs%3 != 0 || challenge < 16 {
		return parsedHello{}, errors.New("SSLv2 lengths are wrong")
	}
	return parsedHello{version: hello.SSLv2, message: len(b) - 2}, nil
}

// record puts a body into records of at most size bytes; size 0 means one record.
func record(kind byte, body []byte, size int) []byte {
	if size == 0 {
		size = max(len(body), 1)
	}
	var out []byte
	for first := true; first || len(body) > 0; first = false {
		n := min(size, len(body))
		out = append(out, kind, 3, 3, byte(n>>8), byte(n))
		out = append(out, body[:n]...)
		body = body[n:]
	}
	return out
}

func alert(level, description byte) []byte { return record(21, []byte{level, description}, 0) }

func fatal(description byte) reply { return reply{data: alert(2, description), end: endEOF} }

// extension is one of a ServerHello's.
type extension struct {
	number uint16
	data   []byte
}

// helloFields are what a ServerHello is made of.
type helloFields struct {
	version     uint16
	random      []byte // nil: zeros
	session     []byte
	suite       uint16
	compression byte
	extensions  []extension // nil: no extension block at all
}

// message returns the handshake message.
func (f helloFields) message() []byte {
	random := f.random
	if random == nil {
		random = make([]byte, 32)
	}
	b := binary.BigEndian.AppendUint16(nil, f.version)
	b = append(b, random...)
	b = append(append(b, byte(len(f.session))), f.session...)
	b = binary.BigEndian.AppendUint16(b, f.suite)
	b = append(b, f.compression)
	if f.extensions != nil {
		var e []byte
		for _, x := range f.extensions {
			e = binary.BigEndian.AppendUint16(e, x.number)
			e = binary.BigEndian.AppendUint16(e, uint16(len(x.data)))
			e = append(e, x.data...)
		}
		b = binary.BigEndian.AppendUint16(b, uint16(len(e)))
		b = append(b, e...)
	}
	return append([]byte{2, 0, byte(len(b) >> 8), byte(len(b))}, b...)
}

// choose makes a whole ServerHello of v with one of its usual suites.
func choose(v hello.Version) helloFields {
	f := helloFields{version: v.Wire(), suite: 0x002f}
	switch v {
	case hello.TLS12:
		f.suite, f.extensions = 0xc02f, []extension{{0xff01, []byte{0}}}
	case hello.TLS13:
		f.version, f.suite = 0x0303, 0x1301
		f.extensions = []extension{{43, []byte{3, 4}}, {51, append([]byte{0, 29, 0, 32}, make([]byte, 32)...)}}
	}
	return f
}

// retry makes a HelloRetryRequest that names a group.
func retry(group uint16) helloFields {
	random := sha256.Sum256([]byte("HelloRetryRequest"))
	return helloFields{
		version: 0x0303, random: random[:], suite: 0x1301,
		extensions: []extension{{43, []byte{3, 4}}, {51, binary.BigEndian.AppendUint16(nil, group)}},
	}
}

func (f helloFields) withRandomTail(tail string) helloFields {
	f.random = append(bytes.Repeat([]byte{7}, 32-len(tail)), tail...)
	return f
}

// send answers with a ServerHello in one record and then waits, as servers do.
func (f helloFields) send() reply { return reply{data: record(22, f.message(), 0)} }

// serverHelloSSLv2 makes an SSLv2 SERVER-HELLO with a certificate of 8 bytes.
func serverHelloSSLv2(specs ...uint32) []byte {
	b := []byte{4, 0, 1, 0, 2, 0, 8, 0, byte(3 * len(specs)), 0, 16}
	b = append(b, "certific"...)
	for _, s := range specs {
		b = append(b, byte(s>>16), byte(s>>8), byte(s))
	}
	b = append(b, make([]byte, 16)...)
	return append([]byte{0x80, byte(len(b))}, b...)
}
