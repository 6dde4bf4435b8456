package hello

import "fmt"

// Version is a protocol version that can be asked about.
type Version uint8

// The versions, oldest first.
const (
	SSLv2 Version = iota // Hickman, 1995; prohibited by RFC 6176
	SSLv3                // RFC 6101; prohibited by RFC 7568
	TLS10                // RFC 2246; deprecated by RFC 8996
	TLS11                // RFC 4346; deprecated by RFC 8996
	TLS12                // RFC 5246
	TLS13                // RFC 8446
	versionCount
)

var versionNames = [versionCount]string{"SSLv2", "SSLv3", "TLS1.0", "TLS1.1", "TLS1.2", "TLS1.3"}

// Versions returns all versions, oldest first.
func Versions() []Version { return []Version{SSLv2, SSLv3, TLS10, TLS11, TLS12, TLS13} }

// String returns the name used in tables and JSON, as in "TLS1.2".
func (v Version) String() string { return word(versionNames[:], v) }

// MarshalText writes the name of String.
func (v Version) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads a name written by MarshalText.
func (v *Version) UnmarshalText(text []byte) error {
	return parse("TLS version", versionNames[:], text, v)
}

// Wire returns the number of v in a ServerHello, 0x0303 for TLS 1.2.
func (v Version) Wire() uint16 {
	if v == SSLv2 {
		return 0x0002
	}
	return 0x0300 + uint16(v-SSLv3)
}

// wireName names the version number of a ServerHello; numbers without a name in hex.
func wireName(wire uint16) string {
	for _, v := range Versions() {
		if v.Wire() == wire {
			return v.String()
		}
	}
	if isDraft(wire) {
		return fmt.Sprintf("TLS1.3 draft %d", wire&0xff)
	}
	return fmt.Sprintf("version 0x%04x", wire)
}

// isDraft tells the version numbers that drafts of TLS 1.3 used (RFC 8446 section 4.2.1 before its publication).
func isDraft(wire uint16) bool { return wire>>8 == 0x7f }
