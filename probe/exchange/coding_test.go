package exchange

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"testing"
)

// TestCodingWords: what is wrong with a body that cannot be decoded is told without the words of Go's packages.
func TestCodingWords(t *testing.T) {
	var zipped, deflated bytes.Buffer
	for _, w := range []interface {
		Write(b []byte) (int, error)
		Close() error
	}{gzip.NewWriter(&zipped), zlib.NewWriter(&deflated)} {
		_, _ = w.Write([]byte("hello, hello, hello"))
		_ = w.Close()
	}
	z, d := zipped.String(), deflated.String()
	for _, tt := range []struct{ coding, body, want string }{
		{"gzip", "hello", "the body does not begin as that coding does"},
		{"gzip", "<html><body>an error</body></html>", "the body does not begin as that coding does"},
		{"gzip", d, "the body does not begin as that coding does"},
		{"deflate", z, "the body does not begin as that coding does"},
		{"gzip", "\x1f", "the body does not begin as that coding does"},
		{"gzip", z[:5], "the compressed data break off"},
		{"gzip", z[:len(z)-3], "the compressed data break off"},
		{"deflate", d[:len(d)-3], "the compressed data break off"},
		{"gzip", z[:len(z)-8] + "\x00\x00\x00\x00\x00\x00\x00\x00", "the checksum of what was decoded is another one"},
		{"deflate", d[:len(d)-4] + "\x00\x00\x00\x00", "the checksum of what was decoded is another one"},
		{"gzip", z[:10] + "\xff\xff\xff\xff", "the compressed data are damaged at byte 1 of them"},
		{"gzip", z + "xy", "2 bytes follow the end of the compressed data"},
		{"foo", z, "no coding has that name"},
	} {
		_, err := undo(tt.coding, []byte(tt.body), 1000)
		if err == nil || codingWords(err) != tt.want {
			t.Errorf("%s %q: %v, want %q", tt.coding, tt.body, err, tt.want)
		}
	}
}
