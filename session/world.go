package session

import (
	"net/netip"
	"slices"
	"strings"
)

// The words for the two kinds of prefixes of a closed world.
const (
	worldPublic  = "public"
	worldPrivate = "private"
)

// ParseWorld reads a closed world, which a prober needs for a sandbox that stands by itself:
// "public=PREFIX,private=PREFIX", each any number of times. Only these addresses may then be
// dialled, so that an answer of DNS that leads out of the world is seen and goes nowhere.
// The empty text is the internet. Errors are of type [*UsageError].
func ParseWorld(text string) (public, private []netip.Prefix, err error) {
	if text == "" {
		return nil, nil, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		kind, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		prefix, err := netip.ParsePrefix(value)
		switch {
		case err != nil || kind != worldPublic && kind != worldPrivate:
			return nil, nil, Usagef("--world %q: want public=PREFIX or private=PREFIX, as public=127.0.0.0/24", part)
		case prefix.Addr().Is4In6():
			return nil, nil, Usagef("--world %q: want %s=%s", part, kind, unmapped(prefix))
		case slices.Contains(public, prefix) || slices.Contains(private, prefix):
			return nil, nil, Usagef("--world: %s is given twice", prefix)
		case prefix != prefix.Masked():
			return nil, nil, Usagef("--world %q: bits are set behind the prefix; want %s=%s", part, kind, prefix.Masked())
		case kind == worldPublic:
			public = append(public, prefix)
		default:
			private = append(private, prefix)
		}
	}
	for _, p := range private {
		if i := slices.IndexFunc(public, p.Overlaps); i >= 0 {
			return nil, nil, Usagef("--world: public=%s and private=%s overlap; an address is one or the other", public[i], p)
		}
	}
	return public, private, nil
}

// unmapped is the prefix of IPv4 addresses that one of IPv6 stands for.
func unmapped(p netip.Prefix) netip.Prefix {
	return netip.PrefixFrom(p.Addr().Unmap(), max(0, p.Bits()-96))
}

// WorldOf is the text that [ParseWorld] reads.
func WorldOf(public, private []netip.Prefix) string {
	var parts []string
	for _, p := range public {
		parts = append(parts, worldPublic+"="+p.String())
	}
	for _, p := range private {
		parts = append(parts, worldPrivate+"="+p.String())
	}
	return strings.Join(parts, ",")
}
