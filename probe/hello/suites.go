package hello

import "fmt"

// suite is a cipher suite: its number and its name in the IANA registry, or the name
// in use where the registry has none.
type suite struct {
	id   uint16
	name string
}

// renegotiationSCSV is the signalling value of RFC 5746. Some servers reset a hello
// that has neither it nor the extension. It is offered, and can never be chosen.
const renegotiationSCSV = 0x00ff

// maxSuites bounds the suites of one hello: some servers refuse more than 128.
const maxSuites = 128

// Offered returns the suites of the hello that Hello makes of the same arguments, in
// order, the renegotiation signalling value included. It is empty for SSLv2, whose
// ciphers have three bytes and whose server does not choose one.
func Offered(v Version, variant Variant) []uint16 {
	switch {
	case v == SSLv2 || v >= versionCount:
		return nil
	case v == TLS13 && variant == Short, v == TLS13 && variant == Small:
		return []uint16{0x1301, 0x1302, 0x1303}
	case v == TLS13:
		return ids(tls13Suites)
	}
	var offer []uint16
	switch {
	case variant == Short && v == TLS12:
		offer = []uint16{
			0xc030, 0xc02f, 0xc02c, 0xc02b, 0xcca8, 0xcca9, 0x009f, 0x009e, 0x009d, 0x009c,
			0xc028, 0xc027, 0xc014, 0xc013, 0x003d, 0x003c, 0x0035, 0x002f, 0x000a,
		}
	case variant == Short:
		offer = []uint16{
			0xc00a, 0xc009, 0xc014, 0xc013, 0x0039, 0x0033, 0x0038, 0x0032, 0x0088, 0x0045,
			0x0035, 0x002f, 0xc008, 0xc012, 0x0016, 0x000a, 0x0005, 0x0004, 0x0009,
		}
	case variant == Small:
		offer = smallOffer(v)
	case variant == Rare && v == TLS12:
		offer = append(smallOffer(v), ids(obsoleteSuites, rareModernSuites, preSharedModernSuites, keylessSuites)...)
	case variant == Rare:
		offer = append(smallOffer(v), ids(keylessSuites, rareOldSuites)...)
	case v == TLS12:
		offer = ids(modernSuites, classicSuites)
	default:
		offer = ids(classicSuites, obsoleteSuites)
	}
	return append(offer, renegotiationSCSV)
}

// smallOffer lists suites of which nearly every server of the version has one.
func smallOffer(v Version) []uint16 {
	if v == TLS12 {
		return []uint16{0xc02f, 0xc030, 0xc02b, 0xc02c, 0xcca8, 0x009c, 0xc013, 0xc014, 0x002f, 0x0035}
	}
	return []uint16{0xc013, 0xc014, 0xc009, 0xc00a, 0x0033, 0x002f, 0x0035, 0x000a, 0x0005}
}

func ids(lists ...[]suite) []uint16 {
	out := make([]uint16, 0, maxSuites)
	for _, list := range lists {
		for _, s := range list {
			out = append(out, s.id)
		}
	}
	return out
}

// SuiteName returns the name of a suite of SSLv3 to TLS 1.3, or 0x and four digits for
// one that no hello of this package offers.
func SuiteName(id uint16) string {
	for _, list := range [][]suite{
		tls13Suites, modernSuites, classicSuites, obsoleteSuites,
		rareModernSuites, preSharedModernSuites, keylessSuites, rareOldSuites,
	} {
		for _, s := range list {
			if s.id == id {
				return s.name
			}
		}
	}
	return fmt.Sprintf("0x%04x", id)
}
