package pki

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"strings"
	"time"
)

// Kind says what is particular about a certificate or about the chain sent with it.
type Kind uint8

// The kinds. The zero value is right in every way.
const (
	Good Kind = iota // leaf and intermediate

	// Wrong in one way.
	Expired           // notAfter was yesterday
	NotYetValid       // notBefore is tomorrow
	WrongHost         // issued for another name
	CommonNameOnly    // the host is in the subject's common name alone, see RFC 6125
	WrongCommonName   // another host is in the subject's common name alone
	ShallowWildcard   // a wildcard one label short: covers siblings of the parent only
	SelfSigned        // signed by its own key
	UnknownRoot       // a whole chain to a root that nobody trusts
	Incomplete        // the intermediate is not sent
	ClientOnly        // extended key usage: client authentication only
	IssuerNotCA       // the certificate above the leaf is no CA
	ConstrainedIssuer // the intermediate may issue for other domains only
	Revoked           // a stapled OCSP response says revoked
	WeakRSA           // RSA with 1024 bits
	SHA1              // the leaf is signed with SHA-1
	BrokenSignature   // a bit of the leaf's signature is flipped
	Unparseable       // the leaf is not DER at all
	WeakIntermediate  // the intermediate has an RSA key of 1024 bits
	RunningOut        // five of 90 days are left
	ExpiredRSA        // notAfter was yesterday, and the key is RSA
	WrongKeyID        // the authority key identifier is that of another key
	WrongIssuer       // another certificate of the issuer's name is sent
	Decoy             // the same, with the issuer's key identifier, in front of the issuer
	MustStaple        // demands a stapled OCSP response, and there is none
	StapledOld        // a stapled OCSP response says good, and ended yesterday
	NoSigning         // the key usage permits key agreement alone
	NameConstrained   // the intermediate has constraints of registered ids, which crypto/x509 cannot check

	// Unusual and right.
	RSA          // RSA with 2048 bits
	WithRoot     // the root is sent too
	Disordered   // an unrelated certificate stands between leaf and intermediate
	ManyNames    // a thousand names
	Wildcard     // covered by a wildcard for the last label
	StapledGood  // a stapled OCSP response says good
	ShortLived   // six days, as RFC 9773 clients use them
	UpperCaseSAN // the name is in capitals; DNS names have no case
	ExpiredTwin  // the root is sent too, signed by an older root that ran out
)

// identify chooses the names of a leaf for host.
func (k Kind) identify(host string) (commonName string, names []string) {
	switch k {
	case WrongHost:
		return "other.sandbox.test", []string{"other.sandbox.test"}
	case CommonNameOnly:
		return host, nil
	case WrongCommonName:
		return "other.sandbox.test", nil
	case ShallowWildcard:
		return host, []string{"*." + parent(parent(host))}
	case Wildcard:
		return host, []string{"*." + parent(host)}
	case UpperCaseSAN:
		return host, []string{strings.ToUpper(host)}
	case ManyNames:
		for i := range 1000 {
			names = append(names, fmt.Sprintf("host%d.sandbox.test", i))
		}
		return host, append(names, host)
	}
	return host, []string{host}
}

// validity chooses the dates of a leaf.
func (k Kind) validity(now time.Time) (from, to time.Time) {
	const day = 24 * time.Hour
	switch k {
	case Expired, ExpiredRSA:
		return now.Add(-90 * day), now.Add(-day)
	case NotYetValid:
		return now.Add(day), now.Add(90 * day)
	case RunningOut:
		return now.Add(-85 * day), now.Add(5 * day)
	case ShortLived:
		return now.Add(-day), now.Add(5 * day)
	}
	return now.Add(-day), now.Add(89 * day)
}

func (k Kind) keyUsage() x509.KeyUsage {
	if k == NoSigning {
		return x509.KeyUsageKeyAgreement
	}
	return x509.KeyUsageDigitalSignature
}

// extensions are those that crypto/x509 has no field for.
func (k Kind) extensions() []pkix.Extension {
	if k == MustStaple { // TLS feature status_request, RFC 7633
		return []pkix.Extension{{Id: []int{1, 3, 6, 1, 5, 5, 7, 1, 24}, Value: []byte{0x30, 3, 2, 1, 5}}}
	}
	return nil
}

func (k Kind) usage() x509.ExtKeyUsage {
	if k == ClientOnly {
		return x509.ExtKeyUsageClientAuth
	}
	return x509.ExtKeyUsageServerAuth
}
