package load

import (
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/net/dns/dnsmessage"
)

// answer is a DNS message with id 7, packed.
func answer(tb testing.TB, code dnsmessage.RCode, bodies ...dnsmessage.ResourceBody) []byte {
	tb.Helper()
	name := dnsmessage.MustNewName("h00000.bench.test.")
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: 7, Response: true, RCode: code},
		Questions: []dnsmessage.Question{{Name: name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}},
	}
	for _, b := range bodies {
		m.Answers = append(m.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: name, Class: dnsmessage.ClassINET}, Body: b,
		})
	}
	packed, err := m.Pack()
	if err != nil {
		tb.Fatal(err)
	}
	return packed
}

func TestFirstAddress(t *testing.T) {
	four := &dnsmessage.AResource{A: [4]byte{127, 77, 0, 1}}
	six := &dnsmessage.AAAAResource{AAAA: [16]byte{15: 1}}
	alias := &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName("x.bench.test.")}
	whole := answer(t, dnsmessage.RCodeSuccess, four)
	tests := []struct {
		name    string
		message []byte
		id      uint16
		want    string
		err     error // nil: no error
	}{
		{"IPv4", whole, 7, "127.77.0.1", nil},
		{"IPv6", answer(t, dnsmessage.RCodeSuccess, six), 7, "::1", nil},
		{"behind an alias", answer(t, dnsmessage.RCodeSuccess, alias, four), 7, "127.77.0.1", nil},
		{"none", answer(t, dnsmessage.RCodeSuccess), 7, "", errNoAddress},
		{"alias alone", answer(t, dnsmessage.RCodeSuccess, alias), 7, "", errNoAddress},
		{"no such name", answer(t, dnsmessage.RCodeNameError), 7, "", errAnswer},
		{"another id", whole, 8, "", errAnswer},
		{"empty", nil, 7, "", errAnswer},
	}
	if _, err := firstAddress(whole[:len(whole)-2], 7); err == nil {
		t.Error("a message that is cut: no error")
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := firstAddress(test.message, test.id)
			switch {
			case test.err == nil && (err != nil || got != netip.MustParseAddr(test.want)):
				t.Errorf("%v, %v; want %s", got, err, test.want)
			case !errors.Is(err, test.err):
				t.Errorf("error %v; want %v", err, test.err)
			}
		})
	}
}

func FuzzFirstAddress(f *testing.F) {
	f.Add(answer(f, dnsmessage.RCodeSuccess, &dnsmessage.AResource{A: [4]byte{127, 77, 0, 1}}))
	f.Fuzz(func(t *testing.T, message []byte) {
		if a, err := firstAddress(message, 7); err == nil && !a.IsValid() {
			t.Errorf("no address and no error for %x", message)
		}
	})
}

func TestReadReply(t *testing.T) {
	tests := []struct {
		name, text string
		want       error
	}{
		{"whole", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", nil},
		{"no body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", nil},
		{"cut in the body", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", io.EOF},
		{"cut in the header section", "HTTP/1.1 200 OK\r\nContent-Le", io.EOF},
		{"another status", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", errReply},
		{"no length", "HTTP/1.1 200 OK\r\n\r\n", errReply},
		{"no number", "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n", errReply},
		{"larger than the buffer", "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + strings.Repeat("x", 9999), errReply},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(test.text), iotest.OneByteReader(strings.NewReader(test.text))} {
				if err := readReply(r); !errors.Is(err, test.want) {
					t.Errorf("error %v; want %v", err, test.want)
				}
			}
		})
	}
}
