package nameserver

import (
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// A CAA record is read however its parts are set apart, and what is none is told as such.
func TestReadCAA(t *testing.T) {
	for text, want := range map[string]string{
		`0 issue "ca.test"`:        "\x00\x05issueca.test",
		" 128  iodef\t mailto:a@b": "\x80\x05iodefmailto:a@b",
		`0 issue "a  \"b\" \200"`:  "\x00\x05issuea  \"b\" \xc8",
		`0 0 "x"`:                  "\x00\x010x",
		"0 issue":                  "",
		"256 issue x":              "",
	} {
		got := ""
		if r, ok := read("CAA", text).(*dnsmessage.UnknownResource); ok {
			got = string(r.Data)
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
