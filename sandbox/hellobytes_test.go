package sandbox_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"time"
)

// helloSSLv3 is a ClientHello of SSL 3.0 that offers RC4 and 3DES (RFC 6101, section 5.6.1.2).
func helloSSLv3() []byte {
	body := append([]byte{3, 0}, make([]byte, 32)...)
	body = append(body, 0, 0, 4, 0, 5, 0, 10, 1, 0)
	message := append([]byte{1, 0, 0, byte(len(body))}, body...)
	return append([]byte{22, 3, 0, 0, byte(len(message))}, message...)
}

// helloSSLv2 is a CLIENT-HELLO of SSL 2.0 that offers RC4 with MD5.
func helloSSLv2() []byte {
	body := []byte{1, 0, 2, 0, 3, 0, 0, 0, 16, 1, 0, 0x80}
	body = append(body, make([]byte, 16)...)
	return append([]byte{0x80, byte(len(body))}, body...)
}

// helloTLS12 is a small ClientHello of TLS 1.2 without server name: one suite, one group,
// one signature algorithm.
func helloTLS12() []byte {
	extensions := slices.Concat(
		[]byte{0, 10, 0, 4, 0, 2, 0, 23}, // supported_groups: P-256
		[]byte{0, 11, 0, 2, 1, 0},        // ec_point_formats: uncompressed
		[]byte{0, 13, 0, 4, 0, 2, 4, 3},  // signature_algorithms: ecdsa_secp256r1_sha256
		[]byte{0xff, 1, 0, 1, 0},         // renegotiation_info
	)
	body := append([]byte{3, 3}, make([]byte, 32)...)
	body = append(body, 0, 0, 2, 0xc0, 0x2b, 1, 0, 0, byte(len(extensions)))
	body = append(body, extensions...)
	message := append([]byte{1, 0, 0, byte(len(body))}, body...)
	return append([]byte{22, 3, 1, 0, byte(len(message))}, message...)
}

// sayHello sends bytes and returns the first record or so of the answer.
func sayHello(w *witness, hello []byte) ([]byte, error) {
	c, err := net.Dial("tcp", netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), w.e.Port("https")).String())
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	check(c.SetDeadline(time.Now().Add(patience)))
	if _, err := c.Write(hello); err != nil {
		return nil, err
	}
	answer := make([]byte, 64)
	n, err := io.ReadAtLeast(c, answer, 11)
	if errors.Is(err, io.ErrUnexpectedEOF) { // an alert is shorter
		err = nil
	}
	return answer[:n], err
}

// sslExpectation expects ordinary TLS to be well, and a hello to be answered in this way
// while the fault is on, and with an alert or nothing at a clean endpoint.
func sslExpectation(hello []byte, accepted func(answer []byte) bool) expectation {
	return expectation{
		check: func(s seen) string {
			if problem := healthy(s); problem != "" {
				return problem
			}
			answer, err := sayHello(s.by, hello)
			if err != nil || !accepted(answer) {
				return fmt.Sprintf("answered with %x, %v", answer, err)
			}
			clean := &witness{s: s.by.s, e: neighbour(s.by.s.Catalog(), s.by.e)}
			if answer, _ := sayHello(clean, hello); accepted(answer) {
				return fmt.Sprintf("a clean endpoint answers %x", answer)
			}
			return ""
		},
	}
}

// smallHelloAnswered tells whether the endpoint answers a small hello of TLS 1.2 with a
// ServerHello of that version.
func smallHelloAnswered(w *witness) bool {
	answer, err := sayHello(w, helloTLS12())
	return err == nil && len(answer) > 10 && answer[0] == 22 && answer[5] == 2 && answer[9] == 3 && answer[10] == 3
}
