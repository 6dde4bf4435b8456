package sandbox

import (
	"bytes"
	"testing"

	"prober/sandbox/clienthello"
)

// handshakeIn joins the payloads of the handshake records at the start of p.
func handshakeIn(t testing.TB, p []byte) (messages []byte, sizes []int, rest []byte) {
	t.Helper()
	for len(p) > 0 && p[0] == recordHandshake {
		n := int(p[3])<<8 | int(p[4])
		messages, sizes, p = append(messages, p[5:5+n]...), append(sizes, n), p[5+n:]
	}
	return messages, sizes, p
}

func TestRefragment(t *testing.T) {
	one := tlsRecord(recordHandshake, clienthello.TLS12, []byte("0123456789"))
	two := tlsRecord(recordHandshake, clienthello.TLS12, []byte("abc"))
	change := tlsRecord(20, clienthello.TLS12, []byte{1})
	for _, test := range []struct {
		name  string
		in    []byte
		n     int
		sizes []int
		done  bool
	}{
		{"split", one, 4, []int{4, 4, 2}, false},
		{"join", append(bytes.Clone(one), two...), 0, []int{13}, false},
		{"join and split", append(bytes.Clone(one), two...), 12, []int{12, 1}, false},
		{"up to the change of cipher", append(append(bytes.Clone(one), change...), two...), 4, []int{4, 4, 2}, true},
		{"nothing", nil, 4, nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, done, err := refragment(test.in, test.n)
			if err != nil || done != test.done {
				t.Fatalf("done %v, %v", done, err)
			}
			want, _, wantRest := handshakeIn(t, test.in)
			got, sizes, rest := handshakeIn(t, out)
			if !bytes.Equal(got, want) || !bytes.Equal(rest, wantRest) || len(sizes) != len(test.sizes) {
				t.Fatalf("%x, records of %v", out, sizes)
			}
			for i, n := range test.sizes {
				if sizes[i] != n {
					t.Errorf("records of %v, want %v", sizes, test.sizes)
				}
			}
		})
	}
	for _, in := range [][]byte{one[:3], one[:8]} {
		if _, _, err := refragment(in, 4); err == nil {
			t.Errorf("%x: no error", in)
		}
	}
}

// FuzzRefragment: whole records come out with the same bytes in them.
func FuzzRefragment(f *testing.F) {
	f.Add(tlsRecord(recordHandshake, clienthello.TLS12, []byte("0123456789")), 3)
	f.Fuzz(func(t *testing.T, in []byte, n int) {
		if n < 0 || n > 1<<14 {
			return
		}
		out, _, err := refragment(in, n)
		if err != nil {
			return
		}
		want, _, wantRest := handshakeIn(t, in)
		got, _, rest := handshakeIn(t, out)
		if !bytes.Equal(got, want) || !bytes.Equal(rest, wantRest) {
			t.Errorf("%x in records of %d: %x", in, n, out)
		}
	})
}
