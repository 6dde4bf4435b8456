package hello

// Variant is one of the hellos that can be sent to ask about the same version. Some
// servers refuse a hello for what else it contains, so a refusal counts only when
// different hellos meet it.
type Variant uint8

// The variants. Those a version has no use for are the same as Main.
const (
	// Main offers nearly every suite that servers were seen to choose, at most 128, and
	// for TLS 1.3 an empty key share, which makes the server name a group at no cost.
	Main Variant = iota
	// Short offers about 20 common suites: some servers drop longer lists. It has all extensions of
	// common clients, for some servers do not do without one.
	Short
	// Rare offers the suites that Main has no room for: pre-shared keys, SRP, Kerberos,
	// GOST, export grade. A few common ones are among them, so that a server that merely
	// dropped the hellos before has something to choose. TLS 1.3 has none.
	Rare
	// KeyShare is Main for TLS 1.3 with an X25519 and a P-256 key share.
	KeyShare
	// NoSNI is Main without a server name.
	NoSNI
	// Small is a hello of less than 200 bytes, without padding and with the fewest
	// extensions that work. A server or middlebox that answers it and not Main does not
	// tolerate large or new hellos. Server names over 64 bytes make it longer.
	Small
	variantCount
)

var variantNames = [variantCount]string{"main", "short", "rare", "key-share", "no-sni", "small"}

// Variants returns all variants.
func Variants() []Variant { return []Variant{Main, Short, Rare, KeyShare, NoSNI, Small} }

// String returns the name of the variant, as in "key-share".
func (x Variant) String() string { return word(variantNames[:], x) }

// variantsToTry lists the hellos sent about v, in order, while the answers stay open.
func variantsToTry(v Version) [3]Variant {
	switch v {
	case SSLv2:
		return [3]Variant{Main, Main, Main}
	case TLS13:
		return [3]Variant{Main, KeyShare, Short}
	}
	return [3]Variant{Main, Short, Rare}
}
