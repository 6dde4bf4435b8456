package hello_test

import (
	"bytes"
	"slices"
	"testing"

	"prober/probe/hello"
)

func TestLacksRenegotiationInfo(t *testing.T) {
	of := func(version uint16, extensions ...extension) []byte {
		return helloFields{version: version, suite: 0xc02f, extensions: extensions}.message()
	}
	info, other := extension{0xff01, []byte{0}}, extension{11, []byte{1, 0}}
	in := func(message []byte, size int) []byte { return record(22, message, size) }
	for name, tt := range map[string]struct {
		sent []byte
		want bool
	}{
		"without extensions":           {in(of(0x0303), 0), true},
		"with another one":             {in(of(0x0303, other), 0), true},
		"with it":                      {in(of(0x0303, info), 0), false},
		"behind another one":           {in(of(0x0303, other, info), 0), false},
		"of TLS 1.0":                   {in(of(0x0301), 0), true},
		"of SSLv3":                     {in(of(0x0300), 0), false},
		"of TLS 1.3":                   {in(of(0x0303, extension{43, []byte{3, 4}}), 0), false},
		"in records of one byte":       {in(of(0x0303, other), 1), true},
		"behind a warning":             {append(alert(1, 112), in(of(0x0303), 0)...), true},
		"before a certificate":         {slices.Concat(in(of(0x0303), 0), in([]byte{11, 0, 0, 3, 0, 0, 0}, 0)), true},
		"cut short":                    {bytes.TrimSuffix(in(of(0x0303, other), 0), []byte{0}), false},
		"with something behind it all": {in(append(of(0x0303), 0), 0), true},
		"no ServerHello":               {in([]byte{11, 0, 0, 3, 0, 0, 0}, 0), false},
		"no TLS":                       {[]byte("HTTP/1.1 400 Bad Request"), false},
		"nothing":                      {nil, false},
	} {
		if got := hello.LacksRenegotiationInfo(tt.sent); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// TestForbidden has extensions that OpenSSL and GnuTLS both end the handshake at, and some that one of them takes.
func TestForbidden(t *testing.T) {
	for _, tt := range []struct {
		number          uint16
		of12, of13, two string // what it is called in a ServerHello of TLS 1.2 and 1.3, and of 1.2 behind another
	}{
		{1, "max_fragment_length", "max_fragment_length", "max_fragment_length"},
		{10, "", "supported_groups", ""},
		{12, "srp", "srp", "srp"},
		{13, "signature_algorithms", "signature_algorithms", "signature_algorithms"},
		{14, "use_srtp", "use_srtp", "use_srtp"},
		{22, "", "encrypt_then_mac", ""},
		{41, "pre_shared_key", "", "pre_shared_key"},
		{42, "early_data", "early_data", "early_data"},
		{44, "cookie", "", "cookie"}, // a HelloRetryRequest has it
		{45, "psk_key_exchange_modes", "psk_key_exchange_modes", "psk_key_exchange_modes"},
		{49, "post_handshake_auth", "post_handshake_auth", "post_handshake_auth"},
		{51, "key_share", "", "key_share"},
		{0, "", "", ""},
		{5, "", "", ""},
		{16, "", "", ""},
		{23, "", "", ""},
		{35, "", "", ""},
		{0x1234, "", "", ""},
		{0xff01, "", "", ""},
	} {
		strange, other, versions := extension{tt.number, []byte{0, 1, 0}}, extension{11, []byte{1, 0}}, extension{43, []byte{3, 4}}
		of := func(extensions ...extension) string {
			return hello.Forbidden(record(22, helloFields{version: 0x0303, suite: 0xc02f, extensions: extensions}.message(), 0))
		}
		if got := []string{of(strange), of(versions, strange), of(other, strange)}; !slices.Equal(got, []string{tt.of12, tt.of13, tt.two}) {
			t.Errorf("extension %d: %q", tt.number, got)
		}
	}
	if got := hello.Forbidden([]byte("HTTP/1.1 400 Bad Request")); got != "" {
		t.Error(got)
	}
}
