package hello

import (
	"fmt"
	"slices"
)

// renegotiationSCSV is the signalling value of RFC 5746. Some servers reset a hello
// that has neither it nor the extension. It is offered, and can never be chosen.
const renegotiationSCSV = 0x00ff

// Offered returns the suites of the hello that Hello makes of the same arguments, in
// order, the renegotiation signalling value included. It is empty for SSLv2, whose
// ciphers have three bytes and whose server does not choose one.
func Offered(v Version, variant Variant) []uint16 {
	switch {
	case v == SSLv2 || v >= versionCount:
		return nil
	case v == TLS13 && (variant == Short || variant == Small):
		return []uint16{0x1301, 0x1302, 0x1303}
	case v == TLS13:
		return slices.Clone(tls13Suites)
	case variant == Short && v == TLS12:
		return offer([]uint16{
			0xc030, 0xc02f, 0xc02c, 0xc02b, 0xcca8, 0xcca9, 0x009f, 0x009e, 0x009d, 0x009c,
			0xc028, 0xc027, 0xc014, 0xc013, 0x003d, 0x003c, 0x0035, 0x002f, 0x000a,
		})
	case variant == Short:
		return offer([]uint16{
			0xc00a, 0xc009, 0xc014, 0xc013, 0x0039, 0x0033, 0x0038, 0x0032, 0x0088, 0x0045,
			0x0035, 0x002f, 0xc008, 0xc012, 0x0016, 0x000a, 0x0005, 0x0004, 0x0009,
		})
	case variant == Small:
		return offer(smallOffer(v))
	case variant == Rare && v == TLS12:
		return offer(smallOffer(v), obsoleteSuites, rareModernSuites, preSharedModernSuites, keylessSuites)
	case variant == Rare:
		return offer(smallOffer(v), keylessSuites, rareOldSuites)
	case v == TLS12:
		return offer(modernSuites, classicSuites)
	}
	return offer(classicSuites, obsoleteSuites)
}

// offer joins lists of at most 127 suites, for some servers refuse more than 128, and ends
// them with the renegotiation signalling value.
func offer(lists ...[]uint16) []uint16 {
	return slices.Concat(append(lists, []uint16{renegotiationSCSV})...)
}

// smallOffer lists suites of which nearly every server of the version has one.
func smallOffer(v Version) []uint16 {
	if v == TLS12 {
		return []uint16{0xc02f, 0xc030, 0xc02b, 0xc02c, 0xcca8, 0x009c, 0xc013, 0xc014, 0x002f, 0x0035}
	}
	return []uint16{0xc013, 0xc014, 0xc009, 0xc00a, 0x0033, 0x002f, 0x0035, 0x000a, 0x0005}
}

// SuiteName returns the name of a suite of SSLv3 to TLS 1.3, or 0x and four digits for
// one that no hello of this package offers.
func SuiteName(id uint16) string {
	if name, ok := suiteNames[id]; ok {
		return name
	}
	return fmt.Sprintf("0x%04x", id)
}
