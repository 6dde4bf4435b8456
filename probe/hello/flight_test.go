package hello

import (
	"bytes"
	"slices"
	"testing"
)

// handshakeRecords puts messages into records of at most n bytes.
func handshakeRecords(n int, messages ...[]byte) (out []byte) {
	for part := range slices.Chunk(slices.Concat(messages...), n) {
		out = append(append(out, typeHandshake, 3, 3, byte(len(part)>>8), byte(len(part))), part...)
	}
	return out
}

func TestFlight(t *testing.T) {
	serverHello := []byte{messageServerHello, 0, 0, 3, 1, 2, 3}
	two := []byte{messageCertificate, 0, 0, 12, 0, 0, 9, 0, 0, 2, 'a', 'b', 0, 0, 1, 'c'}
	done, both := []byte{messageServerHelloDone, 0, 0, 0}, [][]byte{[]byte("ab"), []byte("c")}
	alert, fatal := []byte{typeAlert, 3, 3, 0, 2, 2, 40}, Alert{Level: 2, Description: 40}
	for _, tt := range []struct {
		name string
		in   []byte
		want [][]byte
		end  Alert
	}{
		{"one record", handshakeRecords(99, serverHello, two), both, Alert{}},
		{"a record a byte", handshakeRecords(1, serverHello, two), both, Alert{}},
		{"to its end, and more", slices.Concat(handshakeRecords(99, serverHello, two, done), alert), both, Alert{}},
		{"cut", handshakeRecords(99, serverHello, two[:9]), nil, Alert{}},
		{"a wrong length", handshakeRecords(99, []byte{messageCertificate, 0, 0, 3, 0, 0, 9}), nil, Alert{}},
		{"an alert", alert, nil, fatal},
		{"an alert behind the certificates", slices.Concat(handshakeRecords(99, serverHello, two), alert), both, fatal},
		{"a warning before the certificates", slices.Concat(handshakeRecords(99, serverHello), []byte{typeAlert, 3, 3, 0, 2, 1, 112}, handshakeRecords(99, two, done)), both, Alert{}},
		{"nothing", nil, nil, Alert{}},
	} {
		f := flight(bytes.NewReader(tt.in))
		if !slices.EqualFunc(f.Certificates, tt.want, bytes.Equal) || f.End != tt.end || f.Whole != bytes.Contains(tt.in, done) {
			t.Errorf("%s: %q %v %v, want %q %v", tt.name, f.Certificates, f.End, f.Whole, tt.want, tt.end)
		}
	}
}

func FuzzFlight(f *testing.F) {
	f.Add(handshakeRecords(3, []byte{messageCertificate, 0, 0, 7, 0, 0, 4, 0, 0, 1, 'a'}))
	f.Fuzz(func(t *testing.T, in []byte) {
		total := 0
		for _, der := range flight(bytes.NewReader(in)).Certificates {
			total += len(der)
		}
		if total > len(in) {
			t.Errorf("%d bytes out of %d", total, len(in))
		}
	})
}

// FuzzSealed reads what a server of TLS 1.3 may send once it is decrypted, and its ServerHello.
func FuzzSealed(f *testing.F) {
	f.Add([]byte{messageCertificate, 0, 0, 10, 0, 0, 0, 6, 0, 0, 1, 'a', 0, 0})
	f.Add(append(make([]byte, 34), 0, 0x13, 1, 0, 0, 8, 0, extKeyShare, 0, 4, 0, groupX25519, 0, 0))
	f.Fuzz(func(t *testing.T, in []byte) {
		total := 0
		chain, done := certificates13(in)
		for _, der := range chain {
			total += len(der)
		}
		_, _, share := shareOf(in)
		if total > len(in) || len(share) > len(in) || !done && chain != nil {
			t.Errorf("%d bytes of certificates and %d of a share out of %d", total, len(share), len(in))
		}
	})
}
